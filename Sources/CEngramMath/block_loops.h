// The body of one instruction set: included by blocks_*.c, which define BLOCK_TABLE, BLOCK_NAME, BLOCK_LANES (doubles in a
// vector) and BLOCK_INTERLEAVE (vectors that heavy loops have in flight).
#include "arcs.h"
#include "blocks.h"
#include "division.h"
#include "exponential.h"
#include "hyperbolic.h"
#include "logarithm.h"
#include "operations.h"
#include "philox.h"
#include "power.h"
#include "trigonometric.h"

// Operands may be the result's own lanes (in place) but never overlap otherwise, hence assume_safety; without it the
// compiler tests for overlap and falls back to scalar code. HEAVY loops take BLOCK_INTERLEAVE vectors at a time, and blocks
// are padded to as many lanes, so that they never end in scalar code.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"  // unoptimised and sanitised builds keep the loops scalar
#define LOOP_STRING(text) _Pragma(#text)
#define HEAVY_LOOP_OF(lanes) LOOP_STRING(clang loop vectorize(assume_safety) vectorize_width(lanes) interleave_count(BLOCK_INTERLEAVE))
#define LIGHT _Pragma("clang loop vectorize(assume_safety)") for (int32_t i = 0; i < n; i++)
#define HEAVY HEAVY_LOOP_OF(BLOCK_LANES) for (int32_t i = 0; i < n; i++)
#else
#define LIGHT for (int32_t i = 0; i < n; i++)
#define HEAVY for (int32_t i = 0; i < n; i++)
#endif
#define SCALAR for (int32_t i = 0; i < n; i++)

#define SIGNATURE(name) static void name(void *dv, const void *av, const void *bv, const void *cv, int32_t n)
#define UNUSED_C (void)cv
#define UNUSED_BC (void)bv, (void)cv

#define DEFINE_UNARY(op, R, T, LOOP, formula) \
  SIGNATURE(op##_v) {                         \
    UNUSED_BC;                                \
    R *d = dv;                                \
    const T *a = av;                          \
    LOOP {                                    \
      T x = a[i];                             \
      d[i] = formula;                         \
    }                                         \
  }
#define DEFINE_BINARY_AS(name, R, T, LOOP, formula, X, Y) \
  SIGNATURE(name) {                                       \
    UNUSED_C;                                             \
    R *d = dv;                                            \
    const T *a = av, *b = bv;                             \
    T a0 = a[0], b0 = b[0];                               \
    (void)a0, (void)b0;                                   \
    LOOP {                                                \
      T x = X, y = Y;                                     \
      d[i] = formula;                                     \
    }                                                     \
  }
#define DEFINE_BINARY(op, R, T, LOOP, formula)                 \
  DEFINE_BINARY_AS(op##_vv, R, T, LOOP, formula, a[i], b[i])   \
  DEFINE_BINARY_AS(op##_sv, R, T, LOOP, formula, a0, b[i])     \
  DEFINE_BINARY_AS(op##_vs, R, T, LOOP, formula, a[i], b0)
#define DEFINE_TERNARY_AS(name, R, T, LOOP, formula, X, Y, Z) \
  SIGNATURE(name) {                                           \
    R *d = dv;                                                \
    const T *a = av, *b = bv, *c = cv;                        \
    T a0 = a[0], b0 = b[0], c0 = c[0];                        \
    (void)a0, (void)b0, (void)c0;                             \
    LOOP {                                                    \
      T x = X, y = Y, z = Z;                                  \
      d[i] = formula;                                         \
    }                                                         \
  }
#define DEFINE_TERNARY(op, R, T, LOOP, formula)                        \
  DEFINE_TERNARY_AS(op##_vvv, R, T, LOOP, formula, a[i], b[i], c[i])   \
  DEFINE_TERNARY_AS(op##_svv, R, T, LOOP, formula, a0, b[i], c[i])     \
  DEFINE_TERNARY_AS(op##_vsv, R, T, LOOP, formula, a[i], b0, c[i])     \
  DEFINE_TERNARY_AS(op##_ssv, R, T, LOOP, formula, a0, b0, c[i])       \
  DEFINE_TERNARY_AS(op##_vvs, R, T, LOOP, formula, a[i], b[i], c0)     \
  DEFINE_TERNARY_AS(op##_svs, R, T, LOOP, formula, a0, b[i], c0)       \
  DEFINE_TERNARY_AS(op##_vss, R, T, LOOP, formula, a[i], b0, c0)

// Not where both x and y are uniform: then the first operation is no operation of the block.
#define DEFINE_PAIR(op, formula)                                                \
  DEFINE_TERNARY_AS(op##_vvv, double, double, LIGHT, formula, a[i], b[i], c[i]) \
  DEFINE_TERNARY_AS(op##_svv, double, double, LIGHT, formula, a0, b[i], c[i])   \
  DEFINE_TERNARY_AS(op##_vsv, double, double, LIGHT, formula, a[i], b0, c[i])   \
  DEFINE_TERNARY_AS(op##_vvs, double, double, LIGHT, formula, a[i], b[i], c0)   \
  DEFINE_TERNARY_AS(op##_svs, double, double, LIGHT, formula, a0, b[i], c0)     \
  DEFINE_TERNARY_AS(op##_vss, double, double, LIGHT, formula, a[i], b0, c0)

UNARY_OPERATIONS(DEFINE_UNARY)
BINARY_OPERATIONS(DEFINE_BINARY)
TERNARY_OPERATIONS(DEFINE_TERNARY)
PAIR_OPERATIONS(DEFINE_PAIR)

// ------------------------------------------------------------------ operations that look at the whole block first

#define DEFINE_CIRCULAR(op, short_form, full_form)                 \
  SIGNATURE(op##_v) {                                              \
    UNUSED_BC;                                                     \
    double *d = dv;                                                \
    const double *a = av;                                          \
    uint64_t beyond = 0;                                           \
    LIGHT beyond |= (uint64_t)(absolute(a[i]) > SHORT_ARGUMENT);   \
    if (beyond != 0) {                                             \
      SCALAR d[i] = full_form(a[i]);                               \
    } else {                                                       \
      HEAVY d[i] = short_form(a[i]);                               \
    }                                                              \
  }
DEFINE_CIRCULAR(SIN, short_sin, engram_sin)
DEFINE_CIRCULAR(COS, short_cos, engram_cos)
DEFINE_CIRCULAR(TAN, short_tan, engram_tan)

#define DEFINE_FLOORING(op, from, full_form)                                     \
  SIGNATURE(op##_vv) {                                                           \
    UNUSED_C;                                                                    \
    double *d = dv;                                                              \
    const double *a = av, *b = bv;                                               \
    uint64_t beyond = 0;                                                         \
    LIGHT beyond |= (uint64_t)!has_short_remainder(a[i], b[i]);                  \
    if (beyond != 0) {                                                           \
      SCALAR d[i] = full_form(a[i], b[i]);                                       \
    } else {                                                                     \
      HEAVY d[i] = from(a[i], b[i], short_remainder(a[i], b[i]));                \
    }                                                                            \
  }
DEFINE_FLOORING(FLOOR_MOD, floor_mod_from, engram_floor_mod)
DEFINE_FLOORING(FLOOR_DIV, floor_div_from, engram_floor_div)

SIGNATURE(FLOAT_TO_INT_v) {
  UNUSED_BC;
  int64_t *d = dv;
  const double *a = av;
  uint64_t beyond = 0;
  LIGHT beyond |= (uint64_t)!(absolute(a[i]) < 0x1p51);
  if (beyond != 0) {
    SCALAR d[i] = float_to_int(a[i]);
  } else {
    LIGHT d[i] = small_float_to_int(a[i]);
  }
}

SIGNATURE(TIMESTEP_vv) {
  double quotient[ENGRAM_BLOCK];
  const double *a = av, *b = bv;
  LIGHT quotient[i] = timestep_quotient(a[i], b[i]);
  FLOAT_TO_INT_v(dv, quotient, bv, cv, n);
}

SIGNATURE(TIMESTEP_vs) {
  double quotient[ENGRAM_BLOCK];
  const double *a = av, *b = bv;
  double dt = b[0];
  LIGHT quotient[i] = timestep_quotient(a[i], dt);
  FLOAT_TO_INT_v(dv, quotient, bv, cv, n);
}

SIGNATURE(STEP_START_vv) {
  UNUSED_C;
  double *d = dv;
  const int64_t *a = av;
  const double *b = bv;
  SCALAR d[i] = step_start(a[i], b[i]);
}

SIGNATURE(INT_TO_FLOAT_v) {
  UNUSED_BC;
  double *d = dv;
  const int64_t *a = av;
  uint64_t beyond = 0;
  LIGHT beyond |= (uint64_t)a[i] + ((uint64_t)1 << 51);
  if (beyond >> 52 != 0) {
    SCALAR d[i] = (double)a[i];
  } else {
    LIGHT d[i] = from_bits((uint64_t)a[i] + 0x4338000000000000u) - ROUNDER;
  }
}

// ------------------------------------------------------------------------------------------------- columns and lanes

#define DEFINE_COLUMN(type, E, L, lane_of, element_of)                                   \
  SIGNATURE(load_##type) {                                                               \
    UNUSED_BC;                                                                           \
    L *d = dv;                                                                           \
    const E *a = av;                                                                     \
    LIGHT { E v = a[i]; d[i] = lane_of; }                                                \
  }                                                                                      \
  SIGNATURE(store_##type) {                                                              \
    UNUSED_BC;                                                                           \
    E *d = dv;                                                                           \
    const L *a = av;                                                                     \
    LIGHT { L v = a[i]; d[i] = element_of; }                                             \
  }                                                                                      \
  SIGNATURE(store_where_##type) {                                                        \
    (void)bv;                                                                            \
    E *d = dv;                                                                           \
    const L *a = av;                                                                     \
    const int64_t *c = cv;                                                               \
    LIGHT { L v = a[i]; E old = d[i]; d[i] = c[i] != 0 ? element_of : old; }             \
  }
DEFINE_COLUMN(float64, double, double, v, v)
DEFINE_COLUMN(float32, float, double, (double)v, (float)v)
DEFINE_COLUMN(int32, int32_t, int64_t, (int64_t)v, (int32_t)(uint32_t)(uint64_t)v)
DEFINE_COLUMN(int64, int64_t, int64_t, v, v)
DEFINE_COLUMN(boolean, uint8_t, int64_t, (int64_t)(v != 0), (uint8_t)(v != 0))

static void fill(uint64_t *d, uint64_t value, int32_t n) { LIGHT d[i] = value; }

static uint64_t any(const uint64_t *lanes, int32_t n) {
  uint64_t found = 0;
  LIGHT found |= lanes[i];
  return found;
}

// ------------------------------------------------------------------------------------------------------------ random

static void uniform_pairs(double *d, uint64_t key, uint64_t first_pair, uint64_t counter, int32_t n) {
  HEAVY {
    engram_words w = philox(key, first_pair + (uint64_t)i, counter);
    d[2 * i] = unit_interval(w.word[0], w.word[1]);
    d[2 * i + 1] = unit_interval(w.word[2], w.word[3]);
  }
}

static void normal_pairs(double *d, uint64_t key, uint64_t first_pair, uint64_t counter, int32_t n) {
  HEAVY {
    double even, odd;
    normal_pair(philox(key, first_pair + (uint64_t)i, counter), &even, &odd);
    d[2 * i] = even;
    d[2 * i + 1] = odd;
  }
}

static void uniform_list(double *d, uint64_t key, const int64_t *elements, uint64_t counter, int32_t n) {
  HEAVY d[i] = uniform_at(key, (uint64_t)elements[i], counter, counter >> 48);
}

static void normal_list(double *d, uint64_t key, const int64_t *elements, uint64_t counter, int32_t n) {
  HEAVY d[i] = normal_at(key, (uint64_t)elements[i], counter);
}

typedef double double_vector __attribute__((vector_size(BLOCK_LANES * 8)));
typedef int64_t integer_vector __attribute__((vector_size(BLOCK_LANES * 8)));
#define COUNTED_VECTORS 4

/// Some vectors at a time see the whole table, so that their counts stay in registers. A true comparison is -1 in each lane.
static void count_below(int64_t *d, const double *u, const double *table, int32_t entries, int32_t n) {
  int32_t i = 0;
  for (; i + COUNTED_VECTORS * BLOCK_LANES <= n; i += COUNTED_VECTORS * BLOCK_LANES) {
    double_vector drawn[COUNTED_VECTORS];
    integer_vector counts[COUNTED_VECTORS] = {{0}};
    memcpy(drawn, u + i, sizeof drawn);
    for (int32_t k = 0; k < entries; k++)
      for (int32_t v = 0; v < COUNTED_VECTORS; v++) counts[v] -= (integer_vector)(drawn[v] >= table[k]);
    memcpy(d + i, counts, sizeof counts);
  }
  for (; i < n; i++) {
    d[i] = 0;
    for (int32_t k = 0; k < entries; k++) d[i] += u[i] >= table[k];
  }
}

static uint64_t outside(const int64_t *indices, int64_t count, int32_t n) {
  // Both differences are negative where an index is too small or too large.
  uint64_t found = 0;
  uint64_t last = (uint64_t)count - 1;
  LIGHT found |= (uint64_t)indices[i] | (last - (uint64_t)indices[i]);
  return found >> 63;
}

static uint64_t outside_narrow(const int32_t *indices, int64_t count, int32_t n) {
  uint32_t found = 0;
  uint32_t last = count > INT32_MAX ? INT32_MAX : (uint32_t)count - 1;
  LIGHT found |= (uint32_t)indices[i] | (last - (uint32_t)indices[i]);
  return found >> 31;
}

// ------------------------------------------------------------------------------------------------------------- table

#define LIST_UNARY(op, R, T, LOOP, formula) [ENGRAM_##op] = {op##_v},
#define LIST_BINARY(op, R, T, LOOP, formula) [ENGRAM_##op] = {op##_vv, op##_sv, op##_vs},
#define LIST_TERNARY(op, R, T, LOOP, formula) \
  [ENGRAM_##op] = {op##_vvv, op##_svv, op##_vsv, op##_ssv, op##_vvs, op##_svs, op##_vss},
#define LIST_PAIR(op, formula) [ENGRAM_##op] = {op##_vvv, op##_svv, op##_vsv, 0, op##_vvs, op##_svs, op##_vss},

const engram_blocks BLOCK_TABLE = {
    .name = BLOCK_NAME,
    .padding = BLOCK_LANES * BLOCK_INTERLEAVE < 8 ? 8 : BLOCK_LANES * BLOCK_INTERLEAVE,
    .arithmetic =
        {
            UNARY_OPERATIONS(LIST_UNARY) BINARY_OPERATIONS(LIST_BINARY) TERNARY_OPERATIONS(LIST_TERNARY)
            PAIR_OPERATIONS(LIST_PAIR)
            [ENGRAM_SIN] = {SIN_v},
            [ENGRAM_COS] = {COS_v},
            [ENGRAM_TAN] = {TAN_v},
            [ENGRAM_FLOOR_MOD] = {FLOOR_MOD_vv},
            [ENGRAM_FLOOR_DIV] = {FLOOR_DIV_vv},
            [ENGRAM_FLOAT_TO_INT] = {FLOAT_TO_INT_v},
            [ENGRAM_INT_TO_FLOAT] = {INT_TO_FLOAT_v},
            [ENGRAM_TIMESTEP] = {TIMESTEP_vv, 0, TIMESTEP_vs},
            [ENGRAM_STEP_START] = {STEP_START_vv},
        },
    .load = {load_float64, load_float32, load_int32, load_int64, load_boolean},
    .store = {store_float64, store_float32, store_int32, store_int64, store_boolean},
    .store_where = {store_where_float64, store_where_float32, store_where_int32, store_where_int64, store_where_boolean},
    .fill = fill,
    .any = any,
    .uniform_pairs = uniform_pairs,
    .normal_pairs = normal_pairs,
    .uniform_list = uniform_list,
    .normal_list = normal_list,
    .count_below = count_below,
    .outside = outside,
    .outside_narrow = outside_narrow,
};
