// Gathers and scatters with indices of type INDEX, named by NAMED(name): included by columns.c for each width of indices.

#ifndef ENGRAM_COLUMN_LOOPS_H
#define ENGRAM_COLUMN_LOOPS_H

#define GATHER_LOOP(E, lane_type, lane)                                \
  {                                                                    \
    const E *base = column->base;                                      \
    lane_type *to = d;                                                 \
    for (int32_t i = 0; i < n; i++) {                                  \
      E v = base[indices[i]];                                          \
      to[i] = lane;                                                    \
    }                                                                  \
  }

#define PUT_LOOP(E, lane_type, element)                                        \
  {                                                                            \
    E *base = column->base;                                                    \
    const lane_type *from = values;                                            \
    for (int32_t i = 0; i < n; i++) {                                          \
      lane_type v = from[i];                                                   \
      if (mask == NULL || mask[i] != 0) base[indices[i]] = element;            \
    }                                                                          \
  }

#define ACCUMULATE_LOOP(E, lane_type, formula)                                 \
  {                                                                            \
    E *base = column->base;                                                    \
    const lane_type *from = values;                                            \
    if (mask == NULL) {                                                        \
      for (int32_t i = 0; i < n; i++) {                                        \
        lane_type x = (lane_type)base[indices[i]], y = from[i];                \
        base[indices[i]] = (E)(formula);                                       \
      }                                                                        \
    } else {                                                                   \
      /* Where the mask is not set, what was there is written back: no branch to be guessed wrong. */ \
      for (int32_t i = 0; i < n; i++) {                                        \
        E old = base[indices[i]];                                              \
        lane_type x = (lane_type)old, y = from[i];                             \
        E changed = (E)(formula);                                              \
        base[indices[i]] = mask[i] != 0 ? changed : old;                       \
      }                                                                        \
    }                                                                          \
  }                                                                            \
  break;

#define ACCUMULATE_FLOATS(E)                                  \
  switch (opcode) {                                           \
  case ENGRAM_SCATTER_ADD: ACCUMULATE_LOOP(E, double, x + y)  \
  case ENGRAM_SCATTER_SUB: ACCUMULATE_LOOP(E, double, x - y)  \
  case ENGRAM_SCATTER_MUL: ACCUMULATE_LOOP(E, double, x * y)  \
  default: ACCUMULATE_LOOP(E, double, x / y)                  \
  }

/// Integers wrap; a quotient is that of the reals, cut towards zero, as assigning it to the column would give.
#define ACCUMULATE_INTEGERS(E)                                                          \
  switch (opcode) {                                                                     \
  case ENGRAM_SCATTER_ADD: ACCUMULATE_LOOP(E, int64_t, (uint64_t)x + (uint64_t)y)       \
  case ENGRAM_SCATTER_SUB: ACCUMULATE_LOOP(E, int64_t, (uint64_t)x - (uint64_t)y)       \
  case ENGRAM_SCATTER_MUL: ACCUMULATE_LOOP(E, int64_t, (uint64_t)x * (uint64_t)y)       \
  default: ACCUMULATE_LOOP(E, int64_t, float_to_int((double)x / (double)y))             \
  }

#endif

static void NAMED(gather)(const engram_column *column, const INDEX *indices, void *d, int32_t n) {
  switch (column->type) {
  case ENGRAM_FLOAT32: GATHER_LOOP(float, double, (double)v) break;
  case ENGRAM_INT32: GATHER_LOOP(int32_t, int64_t, v) break;
  case ENGRAM_BOOL: GATHER_LOOP(uint8_t, int64_t, v != 0) break;
  default: GATHER_LOOP(uint64_t, uint64_t, v) break;
  }
}

/// In element order, so that the last of several writes to one place wins.
static void NAMED(put)(const engram_column *column, const INDEX *indices, const void *values, const int64_t *mask, int32_t n) {
  switch (column->type) {
  case ENGRAM_FLOAT32: PUT_LOOP(float, double, (float)v) break;
  case ENGRAM_INT32: PUT_LOOP(int32_t, int64_t, (int32_t)(uint32_t)(uint64_t)v) break;
  case ENGRAM_BOOL: PUT_LOOP(uint8_t, int64_t, v != 0) break;
  default: PUT_LOOP(uint64_t, uint64_t, v) break;
  }
}

static void NAMED(accumulate)(int32_t opcode, const engram_column *column, const INDEX *indices, const void *values,
                       const int64_t *mask, int32_t n) {
  switch (column->type) {
  case ENGRAM_FLOAT64: ACCUMULATE_FLOATS(double) break;
  case ENGRAM_FLOAT32: ACCUMULATE_FLOATS(float) break;
  case ENGRAM_INT32: ACCUMULATE_INTEGERS(int32_t) break;
  case ENGRAM_INT64: ACCUMULATE_INTEGERS(int64_t) break;
  default: {
    uint8_t *base = column->base;
    const int64_t *from = values;
    for (int32_t i = 0; i < n; i++) {
      if (mask != NULL && mask[i] == 0) continue;
      int64_t x = base[indices[i]] != 0, y = from[i];
      base[indices[i]] = opcode == ENGRAM_SCATTER_ADD   ? x + y != 0
                         : opcode == ENGRAM_SCATTER_SUB ? x - y != 0
                         : opcode == ENGRAM_SCATTER_MUL ? x * y != 0
                                                        : x != 0;
    }
  }
  }
}
