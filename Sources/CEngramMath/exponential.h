#ifndef ENGRAM_EXPONENTIAL_H
#define ENGRAM_EXPONENTIAL_H
// exp, expm1, exprel. x = n ln 2 + r with |r| <= 0.3475, e^r = 1 + r + r^2 q(r); design figures: 0.97, 1.16, 1.76 ulp.
#include "ieee.h"

#define LOG2_E 0x1.71547652b82fep+0
#define LN2_HIGH 0x1.62e42fefa3800p-1  // 42 bits: n * LN2_HIGH is exact for |n| < 2^11
#define LN2_LOW 0x1.ef35793c76730p-45

/// q(r) = (e^r - 1 - r) / r^2, relative error of e^r 2^-61.9 (Estrin's scheme).
ENGRAM_INLINE double exponential_tail(double r) {
  double r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
  double a = 0.5 + r * 0x1.5555555555557p-3;
  double b = 0x1.5555555555557p-5 + r * 0x1.111111111002fp-7;
  double c = 0x1.6c16c16c1568ep-10 + r * 0x1.a01a01ac3868fp-13;
  double d = 0x1.a01a01aba7113p-16 + r * 0x1.71de014b13816p-19;
  double e = 0x1.27e4cf81308abp-22 + r * 0x1.af4fa8861b85cp-26;
  return ((a + r2 * b) + r4 * (c + r2 * d)) + r8 * (e + r2 * 0x1.1f874c40c6b91p-29);
}

ENGRAM_INLINE double exp_of(double x) {
  double y = x < -750.0 ? -750.0 : x;
  y = y > 710.0 ? 710.0 : y;
  double n = nearest_integer(y * LOG2_E);
  double r = (y - n * LN2_HIGH) - n * LN2_LOW;
  double p = 1.0 + (r + r * r * exponential_tail(r));
  return scale(p, n);
}

/// *n and the value of (e^y - 1) / 2^n, for -60 <= y <= 740.
ENGRAM_INLINE double expm1_unscaled(double y, double *exponent) {
  double n = nearest_integer(y * LOG2_E);
  double high = y - n * LN2_HIGH;
  double r = high - n * LN2_LOW;
  double c = (high - r) - n * LN2_LOW;
  double e;
  double m = n > 60.0 ? 60.0 : n;  // 1 - 2^-n is 1 beyond
  double s = two_sum(1.0 - power_of_two(-m), r, &e);
  *exponent = n;
  return s + (e + (r * r * exponential_tail(r) + c));
}

ENGRAM_INLINE double expm1_of(double x) {
  double y = x < -60.0 ? -60.0 : x;
  y = y > 740.0 ? 740.0 : y;
  double n;
  double p = expm1_unscaled(y, &n);
  double result = scale(p, n);
  return absolute(x) < 0x1p-54 ? x : result;
}

/// (e^x - 1) / x; the quotient is formed before scaling, since e^x overflows earlier than it does.
ENGRAM_INLINE double exprel_of(double x) {
  double y = x < -60.0 ? -60.0 : x;
  y = y > 740.0 ? 740.0 : y;
  double n;
  double p = expm1_unscaled(y, &n);
  double result = scale(p / x, n);
  result = x > 717.0 ? ENGRAM_INFINITY : result;
  return absolute(x) < 1e-16 ? 1.0 : result;
}

#endif
