#ifndef ENGRAM_POWER_H
#define ENGRAM_POWER_H
// x^y = exp(y log |x|) with log |x| as a pair of doubles (about 66 bits), then the sign and the cases of IEEE 754 / C99.
#include "exponential.h"
#include "ieee.h"
#include "logarithm.h"

ENGRAM_INLINE bool is_integer(double v) {
  double a = absolute(v);
  return a >= 0x1p52 || (a + 0x1p52) - 0x1p52 == a;
}

/// log x = high + *low for positive finite x.
ENGRAM_INLINE double log_pair(double x, double *low) {
  engram_binary b = split_exponent(x);
  double f = b.m - 1.0;
  double d = 2.0 + f;
  double d_low = f - (d - 2.0);
  double s = f / d;
  double e;
  double p = two_product(s, d, &e);
  double s_low = (((f - p) - e) - s * d_low) / d;
  double z_low;
  double z = two_product(s, s, &z_low);
  z_low += 2.0 * s * s_low;
  // 2 artanh s = 2 s + s z (2/3 + z Q(z)); 2/3 and what it multiplies are pairs, Q is not (relative error 2^-66).
  double z2 = z * z, z4 = z2 * z2;
  double q = ((0x1.999999999999ap-2 + z * 0x1.2492492492491p-2) +
              z2 * (0x1.c71c71c71cffap-3 + z * 0x1.745d174510f8dp-3)) +
             z4 * (((0x1.3b13b1bdcfb31p-3 + z * 0x1.1110df430665dp-3) +
                    z2 * (0x1.e1f81e418e626p-4 + z * 0x1.ac476873b3260p-4)) + z4 * 0x1.b8f089728de3fp-4);
  double c_low;
  double c = fast_two_sum(0x1.5555555555555p-1, z * q, &c_low);
  c_low += 0x1.5555555555555p-55;
  double t_low;
  double t = two_product(s, z, &t_low);
  t_low += s * z_low + s_low * z;
  double u_low;
  double u = two_product(t, c, &u_low);
  u_low += t * c_low + t_low * c;
  double l_low;
  double l = fast_two_sum(2.0 * s, u, &l_low);
  l_low += 2.0 * s_low + u_low;
  double k_low;
  double result = two_sum(b.k * LN2_HIGH, l, &k_low);
  k_low += b.k * LN2_LOW + l_low;
  return fast_two_sum(result, k_low, low);
}

ENGRAM_INLINE double pow_of(double x, double y) {
  double a = absolute(x);
  bool edge = !(a > 0.0) || a == ENGRAM_INFINITY;
  double log_low;
  double log_high = log_pair(edge ? 1.0 : a, &log_low);
  double low;
  double high = two_product(y, log_high, &low);
  low += y * log_low;
  bool within = absolute(high) < 760.0;
  low = within ? low : 0.0;
  high = high < -760.0 ? -760.0 : high;
  high = high > 712.0 ? 712.0 : high;
  double n = nearest_integer(high * LOG2_E);
  double r = (high - n * LN2_HIGH) - (n * LN2_LOW - low);
  double result = scale(1.0 + (r + r * r * exponential_tail(r)), n);

  bool grows = (a > 1.0) == (y > 0.0);
  result = edge || absolute(y) == ENGRAM_INFINITY ? (grows ? ENGRAM_INFINITY : 0.0) : result;
  result = a == 1.0 ? 1.0 : result;
  bool whole = is_integer(y);
  bool odd = whole && !is_integer(0.5 * y);
  result = odd ? with_sign(result, x) : result;
  result = x < 0.0 && a != ENGRAM_INFINITY && !whole ? ENGRAM_NAN : result;
  result = x != x || y != y ? x + y : result;
  return y == 0.0 || x == 1.0 ? 1.0 : result;
}

#endif
