#ifndef ENGRAM_TRIGONOMETRIC_H
#define ENGRAM_TRIGONOMETRIC_H
// sin, cos, tan. x = q pi/2 + r with r as a pair, |r| <= pi/4. The short reduction holds for |x| <= SHORT_ARGUMENT;
// larger arguments go through the exact one of reduction.h, element by element.
#include "ieee.h"

#define SHORT_ARGUMENT 823549.0
#define TWO_OVER_PI 0x1.45f306dc9c883p-1

/// q mod 4 in `quarter`; r = high + low.
typedef struct {
  uint64_t quarter;
  double high, low;
} engram_angle;

/// pi/2 is taken in parts of 33 bits, so that the products with q are exact.
ENGRAM_INLINE engram_angle short_angle(double x) {
  double shifted = x * TWO_OVER_PI + ROUNDER;
  double q = shifted - ROUNDER;
  double a = x - q * 0x1.921fb54400000p+0;
  double p = q * 0x1.0b4611a600000p-34;
  double b_error, c_error;
  double b = two_sum(a, -p, &b_error);
  double c = two_sum(b, -(q * 0x1.3198a2e000000p-69), &c_error);
  double rest = (b_error + c_error) - q * 0x1.b839a252049c1p-104;
  engram_angle angle;
  angle.quarter = bits_of(shifted) & 3;
  angle.high = fast_two_sum(c, rest, &angle.low);
  return angle;
}

/// sin(r) = high + *rest.
ENGRAM_INLINE double sine_parts(double high, double low, double *rest) {
  double z = high * high, z2 = z * z;
  double p = (0x1.1111111111110p-7 + z * -0x1.a01a01a019936p-13) +
             z2 * ((0x1.71de3a54605eep-19 + z * -0x1.ae64541266378p-26) +
                   z2 * (0x1.61217ec01749dp-33 + z * -0x1.ab17a79237a19p-41));
  double cube = z * high;
  *rest = cube * -0x1.5555555555555p-3 + (cube * (z * p) + low * (1.0 - 0.5 * z));
  return high;
}

/// cos(r) = high + *rest.
ENGRAM_INLINE double cosine_parts(double high, double low, double *rest) {
  double z = high * high, z2 = z * z, half = 0.5 * z;
  double p = (0x1.5555555555555p-5 + z * -0x1.6c16c16c16c16p-10) +
             z2 * ((0x1.a01a01a019d0ap-16 + z * -0x1.27e4fb7712bdfp-22) +
                   z2 * ((0x1.1eed8deb6d561p-29 + z * -0x1.9394b9c9c20a4p-37) + z2 * 0x1.ab783376962cfp-45));
  double w = 1.0 - half;
  *rest = ((1.0 - w) - half) + (z2 * p - high * low);
  return w;
}

/// sin(r + quarter pi/2) for the sine, quarter + 1 for the cosine.
ENGRAM_INLINE double sine_at(engram_angle angle, uint64_t turn) {
  double sine_rest, cosine_rest;
  double sine = sine_parts(angle.high, angle.low, &sine_rest) + sine_rest;
  double cosine = cosine_parts(angle.high, angle.low, &cosine_rest) + cosine_rest;
  uint64_t quarter = angle.quarter + turn;
  uint64_t odd = (uint64_t)0 - (quarter & 1);
  uint64_t value = (bits_of(cosine) & odd) | (bits_of(sine) & ~odd);
  return from_bits(value ^ ((quarter & 2) << 62));
}

/// sin / cos as a quotient of pairs, so that the errors of both do not add up.
ENGRAM_INLINE double tangent_at(engram_angle angle) {
  double st, ct;
  double s = sine_parts(angle.high, angle.low, &st);
  double c = cosine_parts(angle.high, angle.low, &ct);
  double sl, cl;
  double sh = fast_two_sum(s, st, &sl);
  double ch = fast_two_sum(c, ct, &cl);
  bool odd = (angle.quarter & 1) != 0;
  double nh = odd ? -ch : sh, nl = odd ? -cl : sl;
  double dh = odd ? sh : ch, dl = odd ? sl : cl;
  double q = nh / dh;
  double correction = (nl - q * dl) / dh;
  return q + correction;
}

// For |x| <= SHORT_ARGUMENT and NaN. The selects keep -0 and the smallest numbers as they are.
ENGRAM_INLINE double short_sin(double x) { return absolute(x) < 0x1p-27 ? x : sine_at(short_angle(x), 0); }
ENGRAM_INLINE double short_cos(double x) { return sine_at(short_angle(x), 1); }
ENGRAM_INLINE double short_tan(double x) { return absolute(x) < 0x1p-27 ? x : tangent_at(short_angle(x)); }

#endif
