#ifndef ENGRAM_IEEE_H
#define ENGRAM_IEEE_H
// The ground everything in this room stands on: basic IEEE operations, bit patterns, error-free transformations.
// Every function is branch-free where a loop over it shall become vector code, and never contracted to fused operations:
// that is what makes the bits equal on every processor.
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("fp-contract=off")
#endif

#if defined(__FAST_MATH__)
#error "CEngramMath must not be compiled with fast-math: results would depend on the compiler"
#endif

#define ENGRAM_INLINE static inline __attribute__((always_inline, unused))

ENGRAM_INLINE uint64_t bits_of(double x) {
  uint64_t u;
  memcpy(&u, &x, sizeof u);
  return u;
}

ENGRAM_INLINE double from_bits(uint64_t u) {
  double x;
  memcpy(&x, &u, sizeof x);
  return x;
}

/// 1 or 0 as a double.
ENGRAM_INLINE double truth_of(int64_t x) { return x != 0 ? 1.0 : 0.0; }

#define ENGRAM_INFINITY __builtin_inf()
#define ENGRAM_NAN __builtin_nan("")
#define SIGN_BIT 0x8000000000000000u

ENGRAM_INLINE double absolute(double x) { return from_bits(bits_of(x) & ~SIGN_BIT); }

/// |x| with the sign of s.
ENGRAM_INLINE double with_sign(double x, double s) {
  return from_bits((bits_of(x) & ~SIGN_BIT) | (bits_of(s) & SIGN_BIT));
}

/// The correctly rounded square root, without the errno branch that would keep loops scalar.
ENGRAM_INLINE double square_root(double x) {
#if defined(__has_builtin)
#if __has_builtin(__builtin_elementwise_sqrt)
  return __builtin_elementwise_sqrt(x);
#else
  return __builtin_sqrt(x);
#endif
#else
  return __builtin_sqrt(x);
#endif
}

/// 1.5 * 2^52: adding it leaves the nearest integer in the low bits of the sum, for |x| < 2^51.
#define ROUNDER 0x1.8p52

/// The nearest integer (ties to even), |x| < 2^51.
ENGRAM_INLINE double nearest_integer(double x) { return (x + ROUNDER) - ROUNDER; }

/// 2^n for an integral -1022 <= n <= 1023.
ENGRAM_INLINE double power_of_two(double n) { return from_bits((bits_of(n + ROUNDER) << 52) + 0x3ff0000000000000u); }

/// x * 2^n in two steps, so that a denormal result is rounded once; integral |n| <= 2044.
ENGRAM_INLINE double scale(double x, double n) {
  double first = nearest_integer(0.5 * n);
  return (x * power_of_two(first)) * power_of_two(n - first);
}

/// Towards zero, for every x; keeps the sign of zero.
ENGRAM_INLINE double truncated(double x) {
  double a = absolute(x);
  double r = (a + 0x1p52) - 0x1p52;
  r = r > a ? r - 1.0 : r;
  return with_sign(a < 0x1p52 ? r : a, x);
}

ENGRAM_INLINE double floored(double x) {
  double a = absolute(x);
  double r = with_sign((a + 0x1p52) - 0x1p52, x);
  r = r > x ? r - 1.0 : r;
  return a < 0x1p52 ? with_sign(r, x) : x;
}

ENGRAM_INLINE double ceiled(double x) { return -floored(-x); }

/// s + *error is exactly a + b.
ENGRAM_INLINE double two_sum(double a, double b, double *error) {
  double s = a + b;
  double t = s - a;
  *error = (a - (s - t)) + (b - t);
  return s;
}

/// The same where |a| >= |b| or a is 0.
ENGRAM_INLINE double fast_two_sum(double a, double b, double *error) {
  double s = a + b;
  *error = b - (s - a);
  return s;
}

/// The leading 26 bits.
ENGRAM_INLINE double upper_half(double x) { return from_bits(bits_of(x) & ~(uint64_t)0x7ffffff); }

/// The leading 21 bits.
ENGRAM_INLINE double upper_word(double x) { return from_bits(bits_of(x) & ~(uint64_t)0xffffffff); }

/// p + *error is a * b to about 106 bits (Dekker's product, halves cut instead of rounded).
ENGRAM_INLINE double two_product(double a, double b, double *error) {
  double p = a * b;
  double ah = upper_half(a), al = a - ah;
  double bh = upper_half(b), bl = b - bh;
  *error = ((ah * bh - p) + ah * bl + al * bh) + al * bl;
  return p;
}

#endif
