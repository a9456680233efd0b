#ifndef ENGRAM_PHILOX_H
#define ENGRAM_PHILOX_H
// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
// Words of 32 bits live in lanes of 64, so that a vector multiplication gives both halves of each product.
#include "ieee.h"
#include "logarithm.h"
#include "trigonometric.h"

typedef struct {
  uint64_t word[4];  // each below 2^32
} engram_words;

ENGRAM_INLINE engram_words philox(uint64_t key, uint64_t counter_low, uint64_t counter_high) {
  const uint64_t low = 0xffffffffu;
  uint64_t c0 = counter_low & low, c1 = counter_low >> 32, c2 = counter_high & low, c3 = counter_high >> 32;
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
#if defined(__clang__)
#pragma clang loop unroll(full)
#endif
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = c0 * 0xD2511F53u, p1 = c2 * 0xCD9E8D57u;
    c0 = (p1 >> 32) ^ c1 ^ k0;
    c2 = (p0 >> 32) ^ c3 ^ k1;
    c1 = p1 & low;
    c3 = p0 & low;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  engram_words words = {{c0, c1, c2, c3}};
  return words;
}

/// The upper half of the counter: 48 bits of step, 16 of attempt.
ENGRAM_INLINE uint64_t step_counter(uint64_t step, uint64_t attempt) {
  return (step & 0x0000ffffffffffffu) | (attempt << 48);
}

/// [0, 1), 53 bits: 32 of one word and 21 of the other.
ENGRAM_INLINE double unit_interval(uint64_t a, uint64_t b) {
  double high = from_bits(a | 0x4330000000000000u) - 0x1p52;
  double low = from_bits((b >> 11) | 0x4330000000000000u) - 0x1p52;
  return high * 0x1p-32 + low * 0x1p-53;
}

/// (0, 1), 52 bits.
ENGRAM_INLINE double open_interval(uint64_t a, uint64_t b) {
  uint64_t mantissa = (a << 20) | (b >> 12);
  return from_bits(mantissa | 0x3ff0000000000000u) - (1.0 - 0x1p-53);
}

/// Element 2j takes words 0 and 1, element 2j + 1 words 2 and 3.
ENGRAM_INLINE double uniform_at(uint64_t key, uint64_t element, uint64_t step, uint64_t attempt) {
  engram_words w = philox(key, element >> 1, step_counter(step, attempt));
  bool odd = (element & 1) != 0;
  return unit_interval(odd ? w.word[2] : w.word[0], odd ? w.word[3] : w.word[1]);
}

/// Box-Muller: two independent standard normals from one block. u in (0, 1), turn in [0, 1).
ENGRAM_INLINE void normal_pair(engram_words w, double *even, double *odd) {
  double u = open_interval(w.word[0], w.word[1]);
  double turn = unit_interval(w.word[2], w.word[3]);
  engram_binary b = split_exponent(u);
  double radius = square_root(-2.0 * log_of_parts(b.k, b.m, 0.0));
  double shifted = 4.0 * turn + ROUNDER;
  double f = 4.0 * turn - (shifted - ROUNDER);  // quarter turns from the nearest axis, exact
  double high = f * 0x1.921fb54442d18p+0, low = f * 0x1.1a62633145c07p-54;
  double sr, cr;
  double s = sine_parts(high, low, &sr), c = cosine_parts(high, low, &cr);
  s = s + sr;
  c = c + cr;
  uint64_t quarter = bits_of(shifted);
  uint64_t swap = (uint64_t)0 - (quarter & 1);
  uint64_t cosine = (bits_of(s) & swap) | (bits_of(c) & ~swap);
  uint64_t sine = (bits_of(c) & swap) | (bits_of(s) & ~swap);
  *even = radius * from_bits(cosine ^ (((quarter + 1) & 2) << 62));
  *odd = radius * from_bits(sine ^ ((quarter & 2) << 62));
}

ENGRAM_INLINE double normal_at(uint64_t key, uint64_t element, uint64_t step) {
  double even, odd;
  normal_pair(philox(key, element >> 1, step_counter(step, 0)), &even, &odd);
  return (element & 1) != 0 ? odd : even;
}

#endif
