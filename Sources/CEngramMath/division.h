#ifndef ENGRAM_DIVISION_H
#define ENGRAM_DIVISION_H
// Division that rounds down, remainders, and conversions to integers that are defined for every input.
#include "ieee.h"

/// True where remainder_of's short way is exact: quotient below 2^53, and no product near the ends of the range.
ENGRAM_INLINE bool has_short_remainder(double x, double y) {
  double a = absolute(x), b = absolute(y);
  return a <= b * 0x1p52 && b > 0x1p-900 && a < 0x1p900 && b < 0x1p900;
}

/// |x| mod |y| with the short way: a quotient that is at most one too large, its product subtracted exactly.
ENGRAM_INLINE double short_remainder(double x, double y) {
  double a = absolute(x), b = absolute(y);
  double q = truncated(a / b);
  double e;
  double p = two_product(q, b, &e);
  double r = (a - p) - e;
  return r < 0.0 ? r + b : r;
}

/// |x| mod |y| for all numbers, by long division in integers.
static inline double long_remainder(double x, double y) {
  double a = absolute(x), b = absolute(y);
  if (x != x || y != y || a == ENGRAM_INFINITY || b == 0.0) return ENGRAM_NAN;
  if (a < b) return a;
  uint64_t ua = bits_of(a), ub = bits_of(b);
  int ea = (int)(ua >> 52), eb = (int)(ub >> 52);
  uint64_t ma = ua & 0x000fffffffffffffu, mb = ub & 0x000fffffffffffffu;
  if (ea != 0) ma |= (uint64_t)1 << 52; else ea = 1;
  if (eb != 0) mb |= (uint64_t)1 << 52; else eb = 1;
  int distance = ea - eb;
  uint64_t m = ma % mb;
  while (distance > 0 && m != 0) {
    int step = distance < 11 ? distance : 11;
    m = (m << step) % mb;
    distance -= step;
  }
  if (m == 0) return 0.0;
  // m * 2^(eb - 1075): at most 53 bits, no smaller than the last place of y, hence exact.
  int shift = __builtin_clzll(m) - 11;
  if (eb > shift) return from_bits(((m << shift) & 0x000fffffffffffffu) | ((uint64_t)(eb - shift) << 52));
  return from_bits(m << (eb - 1));
}

/// Python's %: r = |x| mod |y| gets the sign of the divisor.
ENGRAM_INLINE double floor_mod_from(double x, double y, double r) {
  bool differ = ((bits_of(x) ^ bits_of(y)) & SIGN_BIT) != 0;
  double m = differ && r != 0.0 ? absolute(y) - r : r;
  return with_sign(m, y);
}

/// Python's //, from the same remainder.
ENGRAM_INLINE double floor_div_from(double x, double y, double r) {
  double fm = with_sign(r, x);
  bool differ = r != 0.0 && ((bits_of(fm) ^ bits_of(y)) & SIGN_BIT) != 0;
  double d = (x - fm) / y - (differ ? 1.0 : 0.0);
  double f = floored(d);
  f = d - f > 0.5 ? f + 1.0 : f;
  f = d == 0.0 ? with_sign(0.0, x / y) : f;
  return y == 0.0 ? x / y : f;
}

ENGRAM_INLINE double floor_mod_of(double x, double y) {
  return floor_mod_from(x, y, has_short_remainder(x, y) ? short_remainder(x, y) : long_remainder(x, y));
}

ENGRAM_INLINE double floor_div_of(double x, double y) {
  return floor_div_from(x, y, has_short_remainder(x, y) ? short_remainder(x, y) : long_remainder(x, y));
}

// Integers wrap; a zero divisor gives 0, as the reference's arrays do.

ENGRAM_INLINE int64_t ifloor_div_of(int64_t x, int64_t y) {
  if (y == 0) return 0;
  if (y == -1) return (int64_t)(0u - (uint64_t)x);
  int64_t q = x / y;
  return q - ((x % y != 0) && ((x < 0) != (y < 0)));
}

ENGRAM_INLINE int64_t ifloor_mod_of(int64_t x, int64_t y) {
  if (y == 0 || y == -1) return 0;
  int64_t r = x % y;
  return r != 0 && ((r < 0) != (y < 0)) ? r + y : r;
}

/// x^y by squaring, wrapping; negative exponents truncate (1 / x^-y).
static inline int64_t ipow_of(int64_t x, int64_t y) {
  if (y < 0) return x == 1 ? 1 : x == -1 ? ((y & 1) != 0 ? -1 : 1) : 0;
  uint64_t result = 1, base = (uint64_t)x;
  for (uint64_t n = (uint64_t)y; n != 0; n >>= 1) {
    if ((n & 1) != 0) result *= base;
    base *= base;
  }
  return (int64_t)result;
}

/// Towards zero; saturating; NaN gives 0.
ENGRAM_INLINE int64_t float_to_int(double x) {
  bool fits = absolute(x) < 0x1p63;
  int64_t v = (int64_t)(fits ? x : 0.0);
  v = x >= 0x1p63 ? INT64_MAX : v;
  return x <= -0x1p63 ? INT64_MIN : v;
}

/// For |x| < 2^51, without the conversion instruction that narrow vectors lack.
ENGRAM_INLINE int64_t small_float_to_int(double x) {
  return (int64_t)(bits_of(truncated(x) + ROUNDER) - bits_of(ROUNDER));
}

ENGRAM_INLINE double timestep_quotient(double t, double dt) { return (t + 1e-3 * dt) / dt; }

/// The least t whose time step is not before `n`, for dt > 0: what a comparison of steps comes down to, since the step of t
/// never falls as t grows (sum, quotient and truncation are monotone). Positive just where n is, for the step of 0 is 0.
static inline double step_start(int64_t n, double dt) {
  // Doubles of one sign are ordered as their bits are.
  double sign = n > 0 ? 1.0 : -1.0;
  uint64_t near = 0, far = bits_of(ENGRAM_INFINITY);
  while (far - near > 1) {
    uint64_t middle = near + (far - near) / 2;
    bool reached = float_to_int(timestep_quotient(sign * from_bits(middle), dt)) >= n;
    if (reached == (n > 0)) far = middle;
    else near = middle;
  }
  bool last = n <= 0 && float_to_int(timestep_quotient(-ENGRAM_INFINITY, dt)) >= n;
  return n > 0 ? from_bits(far) : last ? -ENGRAM_INFINITY : -from_bits(near);
}

#endif
