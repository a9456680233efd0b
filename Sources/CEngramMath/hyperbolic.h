#ifndef ENGRAM_HYPERBOLIC_H
#define ENGRAM_HYPERBOLIC_H
// sinh, cosh, tanh. |x| = n ln 2 + r; with w = 2^-2n, A = (1 - w) / 2, B = (1 + w) / 2:
//   sinh |x| = 2^n (A cosh r + B sinh r),   cosh |x| = 2^n (B cosh r + A sinh r).
// What the roundings of A and B lose is added back, so that no cancellation costs more than half a unit.
#include "exponential.h"
#include "ieee.h"

typedef struct {
  double n, w, r, c;      // exponent; 2^-2n; argument and the rounding error it carries
  double sine, cosine;    // sinh r - r, cosh r - 1
} engram_hyperbola;

ENGRAM_INLINE engram_hyperbola hyperbola(double t) {
  engram_hyperbola y;
  double n = nearest_integer(t * LOG2_E);
  double high = t - n * LN2_HIGH;
  double r = high - n * LN2_LOW;
  y.n = n;
  y.r = r;
  y.c = (high - r) - n * LN2_LOW;
  y.w = power_of_two(-2.0 * (n > 60.0 ? 60.0 : n));
  double z = r * r, z2 = z * z;
  double s = (0x1.5555555555555p-3 + z * 0x1.1111111111111p-7) +
             z2 * ((0x1.a01a01a01967ap-13 + z * 0x1.71de3a5abc8c6p-19) +
                   z2 * (0x1.ae642c13c8d5fp-26 + z * 0x1.61c0771ef2dc6p-33));
  double c = (0x1.5555555555555p-5 + z * 0x1.6c16c16c16c17p-10) +
             z2 * ((0x1.a01a01a019b4ap-16 + z * 0x1.27e4fb7a31eaap-22) +
                   z2 * (0x1.1eed79ca71f26p-29 + z * 0x1.94335cbe3879ep-37));
  y.sine = r * (z * s);
  y.cosine = 0.5 * z + z2 * c;
  return y;
}

/// sinh |x| / 2^n = s + *rest.
ENGRAM_INLINE double unscaled_sinh(engram_hyperbola y, double *rest) {
  double a = 0.5 - 0.5 * y.w, b = 0.5 + 0.5 * y.w;
  double e;
  double s = two_sum(a, 0.5 * y.r, &e);
  e += (0.5 - a) - 0.5 * y.w;
  *rest = 0.5 * y.w * y.r + (e + (a * y.cosine + b * (y.sine + y.c)));
  return s;
}

/// cosh |x| / 2^n = s + *rest; a r is taken as r / 2 - w r / 2, since r / 2 is exact.
ENGRAM_INLINE double unscaled_cosh(engram_hyperbola y, double *rest) {
  double a = 0.5 - 0.5 * y.w, b = 0.5 + 0.5 * y.w;
  double e;
  double s = two_sum(b, 0.5 * y.r, &e);
  e += 0.5 * y.w - (b - 0.5);
  *rest = (e - 0.5 * y.w * y.r) + (a * (y.sine + y.c) + b * y.cosine);
  return s;
}

ENGRAM_INLINE double sinh_of(double x) {
  double t = absolute(x);
  double rest;
  engram_hyperbola y = hyperbola(t > 712.0 ? 712.0 : t);
  double s = unscaled_sinh(y, &rest);
  return t < 0x1p-27 ? x : with_sign(scale(s + rest, y.n), x);
}

ENGRAM_INLINE double cosh_of(double x) {
  double t = absolute(x);
  double rest;
  engram_hyperbola y = hyperbola(t > 712.0 ? 712.0 : t);
  double s = unscaled_cosh(y, &rest);
  return scale(s + rest, y.n);
}

ENGRAM_INLINE double tanh_of(double x) {
  double t = absolute(x);
  double sr, cr, sl, cl;
  engram_hyperbola y = hyperbola(t > 20.0 ? 20.0 : t);
  double s = unscaled_sinh(y, &sr);
  double c = unscaled_cosh(y, &cr);
  double sh = two_sum(s, sr, &sl), ch = fast_two_sum(c, cr, &cl);
  double q = sh / ch;
  double result = q + (sl - q * cl) / ch;
  return t < 0x1p-27 ? x : with_sign(result, x);
}

#endif
