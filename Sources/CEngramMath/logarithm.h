#ifndef ENGRAM_LOGARITHM_H
#define ENGRAM_LOGARITHM_H
// log, log1p, log10. x = 2^k m with m in [sqrt(1/2), sqrt 2); f = m - 1, s = f / (2 + f), log m = 2 artanh s.
#include "exponential.h"
#include "ieee.h"

#define SQRT_HALF_BITS 0x3fe6a09e667f3bcdu

typedef struct {
  double k;  // exponent
  double m;  // mantissa
} engram_binary;

/// Splits a positive finite x, denormal or not.
ENGRAM_INLINE engram_binary split_exponent(double x) {
  bool tiny = x < 0x1p-1022;
  double y = tiny ? x * 0x1p54 : x;
  uint64_t u = bits_of(y) - SQRT_HALF_BITS;
  uint64_t biased = (u + ((uint64_t)1024 << 52)) >> 52;
  engram_binary result;
  result.k = (from_bits(biased | 0x4330000000000000u) - (0x1p52 + 1024.0)) - (tiny ? 54.0 : 0.0);
  result.m = from_bits((u & 0x000fffffffffffffu) + SQRT_HALF_BITS);
  return result;
}

/// P(z) = (2 artanh(s) / s - 2) / z, z = s^2; error of the logarithm 2^-54.6.
ENGRAM_INLINE double artanh_tail(double z) {
  double z2 = z * z, z4 = z2 * z2;
  double a = 0x1.5555555555555p-1 + z * 0x1.9999999999d58p-2;
  double b = 0x1.249249242f0ap-2 + z * 0x1.c71c725c1a96ap-3;
  double c = 0x1.745cdb8fdb0aep-3 + z * 0x1.3b2153e79b56ap-3;
  double d = 0x1.0f4a99b0ac6fdp-3 + z * 0x1.101ea9139f7bfp-3;
  return (a + z2 * b) + z4 * (c + z2 * d);
}

/// log(2^k m + small error): `correction` is added where it keeps its bits.
ENGRAM_INLINE double log_of_parts(double k, double m, double correction) {
  double f = m - 1.0;
  double s = f / (2.0 + f);
  double z = s * s;
  double h = 0.5 * f * f;
  double tail = s * (h + z * artanh_tail(z));
  return k * LN2_HIGH - ((h - (tail + (k * LN2_LOW + correction))) - f);
}

/// The values of a logarithm at its edges: zero, negative numbers, infinity, NaN.
ENGRAM_INLINE double at_logarithm_edges(double x, double result) {
  result = x == ENGRAM_INFINITY ? x : result;
  result = x == 0.0 ? -ENGRAM_INFINITY : result;
  result = x < 0.0 ? ENGRAM_NAN : result;
  return x != x ? x : result;
}

ENGRAM_INLINE double log_of(double x) {
  engram_binary b = split_exponent(x);
  return at_logarithm_edges(x, log_of_parts(b.k, b.m, 0.0));
}

ENGRAM_INLINE double log1p_of(double x) {
  double c;
  double u = two_sum(1.0, x, &c);
  c = x > 0x1p60 ? 0.0 : c / u;
  engram_binary b = split_exponent(u);
  double result = at_logarithm_edges(u, log_of_parts(b.k, b.m, c));
  return absolute(x) < 0x1p-54 ? x : result;
}

ENGRAM_INLINE double log10_of(double x) {
  engram_binary b = split_exponent(x);
  double f = b.m - 1.0;
  double s = f / (2.0 + f);
  double z = s * s;
  double h = 0.5 * f * f;
  double high = upper_word(f - h);
  double low = ((f - high) - h) + s * (h + z * artanh_tail(z));
  double y = b.k * 0x1.34413509f6000p-2;  // log10(2), 40 bits
  double p = high * 0x1.bcb7b00000000p-2;  // 1 / ln 10, 21 bits
  double rest = b.k * 0x1.9fef311f12b36p-42 + ((low + high) * 0x1.526e50e32a6abp-26 + low * 0x1.bcb7b00000000p-2);
  double w = y + p;
  double result = (rest + ((y - w) + p)) + w;
  return at_logarithm_edges(x, result);
}

#endif
