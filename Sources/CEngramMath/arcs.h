#ifndef ENGRAM_ARCS_H
#define ENGRAM_ARCS_H
// atan, asin, acos.
#include "ieee.h"

#define PI_HALF_HIGH 0x1.921fb54442d18p+0
#define PI_HALF_LOW 0x1.1a62633145c07p-54

/// (atan(r) / r - 1) / z for r^2 = z <= 0.4375^2; error of the arc 2^-58.
ENGRAM_INLINE double arc_tangent_tail(double z) {
  double z2 = z * z, z4 = z2 * z2;
  double a = -0x1.5555555555555p-2 + z * 0x1.99999999998c5p-3;
  double b = -0x1.2492492485503p-3 + z * 0x1.c71c71bd2b8bcp-4;
  double c = -0x1.745d154c84f7ap-4 + z * 0x1.3b1375ce5bdc6p-4;
  double d = -0x1.110c9ce7b0572p-4 + z * 0x1.e170800a46210p-5;
  double e = -0x1.ab59b417b2d3fp-5 + z * 0x1.7001816fd063fp-5;
  double f = -0x1.0f62bba6a2558p-5 + z * 0x1.e4167464d3de8p-7;
  return (a + z2 * b) + z4 * ((c + z2 * d) + z4 * (e + z2 * f));
}

/// atan |x| = atan c + atan((|x| - c) / (1 + c |x|)) for the nearest c of 0, 1/2, 1, 3/2, infinity.
ENGRAM_INLINE double atan_of(double x) {
  double t = absolute(x);
  double n = t, d = 1.0, high = 0.0, low = 0.0;
  bool half = t >= 0.4375, one = t >= 0.6875, more = t >= 1.1875, far = t >= 2.4375;
  n = half ? 2.0 * t - 1.0 : n;
  d = half ? 2.0 + t : d;
  high = half ? 0x1.dac670561bb4fp-2 : high;
  low = half ? 0x1.a2b7f222f65e2p-56 : low;
  n = one ? t - 1.0 : n;
  d = one ? t + 1.0 : d;
  high = one ? 0x1.921fb54442d18p-1 : high;
  low = one ? 0x1.1a62633145c07p-55 : low;
  n = more ? t - 1.5 : n;
  d = more ? 1.0 + 1.5 * t : d;
  high = more ? 0x1.f730bd281f69bp-1 : high;
  low = more ? 0x1.007887af0cbbdp-56 : low;
  n = far ? -1.0 : n;
  d = far ? t : d;
  high = far ? PI_HALF_HIGH : high;
  low = far ? PI_HALF_LOW : low;
  double r = n / d;
  double z = r * r;
  double result = high + (r + (r * (z * arc_tangent_tail(z)) + low));
  return t < 0x1p-27 ? x : with_sign(result, x);
}

/// (asin(s) / s - 1) / z for s^2 = z <= 1/4; error of the arc 2^-57.4.
ENGRAM_INLINE double arc_sine_tail(double z) {
  double z2 = z * z, z4 = z2 * z2, z8 = z4 * z4;
  double a = 0x1.5555555555556p-3 + z * 0x1.3333333332ecap-4;
  double b = 0x1.6db6db6e31f13p-5 + z * 0x1.f1c71c1db0623p-6;
  double c = 0x1.6e8bb1c8209a2p-6 + z * 0x1.1c4d35cf95421p-6;
  double d = 0x1.c9cf07674736ap-7 + z * 0x1.782651caa6547p-7;
  double e = 0x1.52420b04b37bep-7 + z * 0x1.65a9c4dfcf8b2p-8;
  double f = 0x1.1d189408314eep-6 + z * -0x1.e6aaa8a0a04ccp-7;
  return ((a + z2 * b) + z4 * (c + z2 * d)) + z8 * ((e + z2 * f) + z4 * 0x1.d72b2bc8155f8p-6);
}

/// Near 1, asin and acos follow from s = sqrt((1 - |x|) / 2), whose rounding error is carried along.
typedef struct {
  bool near_zero;
  double s, error, tail;  // s cut to 26 bits and what it lacks; s z P(z), where near zero with s = x
} engram_arc;

ENGRAM_INLINE engram_arc arc_parts(double x) {
  double t = absolute(x);
  engram_arc arc;
  arc.near_zero = t < 0.5;
  double z = arc.near_zero ? x * x : 0.5 * (1.0 - t);
  double root = square_root(z);
  double s = upper_half(root);
  double error = (z - s * s) / (root + s);
  arc.s = s;
  arc.error = z == 0.0 ? 0.0 : error;
  arc.tail = (arc.near_zero ? x : root) * (z * arc_sine_tail(z));
  return arc;
}

ENGRAM_INLINE double asin_of(double x) {
  engram_arc arc = arc_parts(x);
  double far = PI_HALF_HIGH - 2.0 * arc.s;
  double error = (PI_HALF_HIGH - far) - 2.0 * arc.s;
  far = far + (error + (PI_HALF_LOW - 2.0 * (arc.error + arc.tail)));
  double result = arc.near_zero ? x + arc.tail : with_sign(far, x);
  result = absolute(x) > 1.0 ? ENGRAM_NAN : result;
  return absolute(x) < 0x1p-27 ? x : result;
}

ENGRAM_INLINE double acos_of(double x) {
  engram_arc arc = arc_parts(x);
  double near = PI_HALF_HIGH - (x - (PI_HALF_LOW - arc.tail));
  double positive = 2.0 * (arc.s + (arc.error + arc.tail));
  double two_s = 2.0 * arc.s;
  double high = 2.0 * PI_HALF_HIGH - two_s;
  double error = (2.0 * PI_HALF_HIGH - high) - two_s;
  double negative = high + (error + (2.0 * PI_HALF_LOW - 2.0 * (arc.error + arc.tail)));
  double result = arc.near_zero ? near : (x < 0.0 ? negative : positive);
  return absolute(x) > 1.0 ? ENGRAM_NAN : result;
}

#endif
