#ifndef ENGRAM_NATIVE_H
#define ENGRAM_NATIVE_H
// What the C text of a kernel is written with, beside the headers above: one function per operation, made from the very lines
// that the register machine is made of, and the checks that come before a block. Compiled into the program only to be checked.
#include "arcs.h"
#include "division.h"
#include "engram_math.h"
#include "exponential.h"
#include "hyperbolic.h"
#include "logarithm.h"
#include "operations.h"
#include "philox.h"
#include "power.h"
#include "trigonometric.h"

#define SCALAR_UNARY(op, R, T, LOOP, formula) \
  ENGRAM_INLINE R op_##op(T x) { return formula; }
#define SCALAR_BINARY(op, R, T, LOOP, formula) \
  ENGRAM_INLINE R op_##op(T x, T y) { return formula; }
#define SCALAR_TERNARY(op, R, T, LOOP, formula) \
  ENGRAM_INLINE R op_##op(T x, T y, T z) { return formula; }
UNARY_OPERATIONS(SCALAR_UNARY)
BINARY_OPERATIONS(SCALAR_BINARY)
TERNARY_OPERATIONS(SCALAR_TERNARY)
ENGRAM_INLINE double op_FLOOR_MOD(double x, double y) { return floor_mod_of(x, y); }
ENGRAM_INLINE double op_FLOOR_DIV(double x, double y) { return floor_div_of(x, y); }
ENGRAM_INLINE int64_t op_FLOAT_TO_INT(double x) { return float_to_int(x); }
ENGRAM_INLINE double op_INT_TO_FLOAT(int64_t x) { return (double)x; }
ENGRAM_INLINE int64_t op_TIMESTEP(double t, double dt) { return float_to_int(timestep_quotient(t, dt)); }
ENGRAM_INLINE double op_STEP_START(int64_t n, double dt) { return step_start(n, dt); }
/// Lanes of either kind.
#define CHOOSE(mask, a, b) ((mask) != 0 ? (a) : (b))

/// Iterations touch no memory in common but what they read, which the compiler cannot know.
#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT
#endif
/// The same for loops with long formulas, which gain from several vectors in flight: 8 or 16 elements, so that few are left over for scalar code.
#if defined(__clang__) && defined(__AVX512F__)
#define INDEPENDENT_HEAVY _Pragma("clang loop vectorize(assume_safety) vectorize_width(8) interleave_count(2)")
#elif defined(__clang__) && defined(__AVX2__)
#define INDEPENDENT_HEAVY _Pragma("clang loop vectorize(assume_safety) vectorize_width(4) interleave_count(2)")
#elif defined(__clang__) && defined(__SSE2__)
#define INDEPENDENT_HEAVY _Pragma("clang loop vectorize(assume_safety) vectorize_width(2) interleave_count(4)")
#else
#define INDEPENDENT_HEAVY INDEPENDENT
#endif

/// A list that counts up by one is as good as a range.
ENGRAM_INLINE bool is_run(const int32_t *list, int32_t n) {
  if (n < 8 || (int64_t)list[n - 1] - list[0] != n - 1) return false;
  uint32_t differs = 0;
  uint32_t start = (uint32_t)list[0];
  for (int32_t i = 0; i < n; i++) differs |= (uint32_t)list[i] - (start + (uint32_t)i);
  return differs == 0;
}

/// Whether all indices lie in 0 ..< count.
ENGRAM_INLINE bool are_inside(const int32_t *indices, int32_t n, int64_t count) {
  uint32_t found = 0, last = count > INT32_MAX ? INT32_MAX : (uint32_t)count - 1;
  for (int32_t i = 0; i < n; i++) found |= (uint32_t)indices[i] | (last - (uint32_t)indices[i]);
  return count > 0 && found >> 31 == 0;
}
/// Has its highest bit set where an index is not in 0 ..< count.
ENGRAM_INLINE uint64_t leaves(int64_t index, int64_t count) { return (uint64_t)index | ((uint64_t)count - 1 - (uint64_t)index); }

/// The first byte lowest.
ENGRAM_INLINE uint64_t eight_bytes(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

/// Appends the elements whose byte is 1 (not 0): eight lanes are one word, whose lowest set bit is the next lane. `bytes` has
/// room for 8 more than n.
ENGRAM_INLINE int64_t pick_elements(uint8_t *bytes, int64_t first, const int32_t *list, int32_t n, int32_t *out) {
  int64_t found = 0;
  memset(bytes + n, 0, 8);
  for (int32_t i = 0; i < n; i += 8) {
    for (uint64_t word = eight_bytes(bytes + i); word != 0; word &= word - 1) {
      int32_t lane = i + (__builtin_ctzll(word) >> 3);
      out[found++] = list != NULL ? list[lane] : (int32_t)(first + lane);
    }
  }
  return found;
}

/// Numbers for the elements of a block, as draws.c gives them: pairs of elements share a counter. `d` has room for two more.
#define DEFINE_DRAWS(name, pair, one)                                                                                            \
  ENGRAM_INLINE const double *name##_range(double *d, uint64_t key, int64_t first, int64_t step, int32_t n) {                    \
    uint64_t counter = step_counter((uint64_t)step, 0), start = (uint64_t)first >> 1;                                            \
    int32_t skip = (int32_t)(first & 1), pairs = (n + skip + 1) / 2;                                                             \
    INDEPENDENT_HEAVY for (int32_t i = 0; i < pairs; i++) {                                                                            \
      engram_words w = philox(key, start + (uint64_t)i, counter);                                                                \
      double even, odd;                                                                                                          \
      pair;                                                                                                                      \
      d[2 * i] = even;                                                                                                           \
      d[2 * i + 1] = odd;                                                                                                        \
    }                                                                                                                            \
    return d + skip;                                                                                                             \
  }                                                                                                                              \
  ENGRAM_INLINE const double *name##_list(double *d, uint64_t key, const int32_t *list, int64_t step, int32_t n) {               \
    INDEPENDENT_HEAVY for (int32_t i = 0; i < n; i++) {                                                                          \
      uint64_t element = (uint64_t)(int64_t)list[i];                                                                             \
      d[i] = one;                                                                                                                \
    }                                                                                                                            \
    return d;                                                                                                                    \
  }
DEFINE_DRAWS(uniform, (even = unit_interval(w.word[0], w.word[1]), odd = unit_interval(w.word[2], w.word[3])),
             uniform_at(key, element, (uint64_t)step, 0))
DEFINE_DRAWS(normal, normal_pair(w, &even, &odd), normal_at(key, element, (uint64_t)step))

#endif
