#ifndef ENGRAM_REDUCTION_H
#define ENGRAM_REDUCTION_H
// Payne and Hanek, "Radian reduction for trigonometric functions", ACM SIGNUM Newsletter 18 (1983): x * 2/pi modulo 4
// needs only the window of 2/pi whose bits meet the mantissa of x. Exact for every finite double.
#include "trigonometric.h"

/// 2/pi, the bits after the point.
static const uint64_t engram_two_over_pi[20] = {
    0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
    0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4,
    0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d};

/// 64 bits of 2/pi from `position` on (0: the first bit after the point; negative: the zeros before it).
ENGRAM_INLINE uint64_t two_over_pi_bits(int position) {
  int word = position >> 6, shift = position & 63;
  uint64_t a = word >= 0 && word < 20 ? engram_two_over_pi[word] : 0;
  uint64_t b = word + 1 >= 0 && word + 1 < 20 ? engram_two_over_pi[word + 1] : 0;
  return shift == 0 ? a : (a << shift) | (b >> (64 - shift));
}

/// The angle of a finite |x| > SHORT_ARGUMENT.
static engram_angle exact_angle(double x) {
  uint64_t u = bits_of(x);
  int exponent = (int)((u >> 52) & 0x7ff) - 1075;  // |x| = mantissa * 2^exponent
  uint64_t mantissa = (u & 0x000fffffffffffffu) | 0x0010000000000000u;
  // Bits of 2/pi whose weight times 2^exponent is 4 or more only add multiples of 4: the window starts behind them.
  int start = exponent - 2;
  uint64_t w0 = two_over_pi_bits(start), w1 = two_over_pi_bits(start + 64), w2 = two_over_pi_bits(start + 128);
  unsigned __int128 p2 = (unsigned __int128)mantissa * w2;
  unsigned __int128 p1 = (unsigned __int128)mantissa * w1 + (uint64_t)(p2 >> 64);
  uint64_t top = mantissa * w0 + (uint64_t)(p1 >> 64);
  uint64_t middle = (uint64_t)p1, bottom = (uint64_t)p2;
  // top.middle.bottom is x * 2/pi modulo 4: two bits of quarter, then the fraction.
  uint64_t quarter = top >> 62;
  unsigned __int128 fraction = ((unsigned __int128)((top << 2) | (middle >> 62)) << 64) | ((middle << 2) | (bottom >> 62));
  bool negative = (fraction >> 127) != 0;  // round to the nearest quarter
  quarter += negative ? 1 : 0;
  if (negative) fraction = -fraction;
  uint64_t high_bits = (uint64_t)(fraction >> 64);
  int shift = high_bits != 0 ? __builtin_clzll(high_bits) : 64;
  fraction <<= shift;
  uint64_t leading = (uint64_t)(fraction >> 64), following = (uint64_t)fraction;
  // 53 bits each; the weight of the first bit is 2^-(shift + 1).
  double unit = from_bits((uint64_t)(1023 - 53 - shift) << 52);
  double h = (double)(leading >> 11) * unit;
  double l = (double)(((leading & 0x7ff) << 42) | (following >> 22)) * (unit * 0x1p-53);
  double error;
  double r = two_product(h, 0x1.921fb54442d18p+0, &error);
  double rest = error + (h * 0x1.1a62633145c07p-54 + l * 0x1.921fb54442d18p+0);
  engram_angle angle;
  angle.high = fast_two_sum(r, rest, &angle.low);
  if (negative != (x < 0.0)) {
    angle.high = -angle.high;
    angle.low = -angle.low;
  }
  angle.quarter = (x < 0.0 ? (uint64_t)0 - quarter : quarter) & 3;
  return angle;
}

ENGRAM_INLINE bool is_long_argument(double x) { return absolute(x) > SHORT_ARGUMENT; }

#endif
