// Loads, stores, gathers and scatters: everything that touches columns. No access leaves a column: each block's indices
// are checked before the first of them is used.
#include "division.h"
#include "machine.h"

#include <string.h>

static int64_t element_bytes(int32_t type) {
  switch (type) {
  case ENGRAM_FLOAT32:
  case ENGRAM_INT32: return 4;
  case ENGRAM_BOOL: return 1;
  default: return 8;
  }
}

bool engram_block_fault(engram_block *b, int32_t column, int64_t index, int32_t lane) {
  if (b->fault != NULL) {
    b->fault->instruction = b->instruction;
    b->fault->column = column;
    b->fault->index = index;
    b->fault->element = b->list != NULL ? b->list[lane] : b->first + lane;
  }
  return false;
}

/// True where all indices lie inside the column.
static bool within(engram_block *b, int32_t column, const int64_t *indices) {
  int64_t count = b->frame->columns[column].count;
  if (count > 0 && b->blocks->outside(indices, count, b->lanes) == 0) return true;
  for (int32_t i = 0; i < b->lanes; i++)
    if (indices[i] < 0 || indices[i] >= count) return engram_block_fault(b, column, indices[i], i);
  return true;
}

/// True where the block's own elements lie inside the column.
static bool has_block(engram_block *b, int32_t column) {
  int64_t count = b->frame->columns[column].count;
  if (b->list != NULL) return within(b, column, engram_block_elements(b));
  if (b->first < 0) return engram_block_fault(b, column, b->first, 0);
  if (b->first > count - b->lanes) {
    int64_t lane = count > b->first ? count - b->first : 0;
    return engram_block_fault(b, column, b->first + lane, (int32_t)lane);
  }
  return true;
}

#define GATHER_LOOP(E, lane_type, lane)                                \
  {                                                                    \
    const E *base = column->base;                                      \
    lane_type *to = d;                                                 \
    for (int32_t i = 0; i < n; i++) {                                  \
      E v = base[indices[i]];                                          \
      to[i] = lane;                                                    \
    }                                                                  \
  }

static void gather(const engram_column *column, const int64_t *indices, void *d, int32_t n) {
  switch (column->type) {
  case ENGRAM_FLOAT32: GATHER_LOOP(float, double, (double)v) break;
  case ENGRAM_INT32: GATHER_LOOP(int32_t, int64_t, v) break;
  case ENGRAM_BOOL: GATHER_LOOP(uint8_t, int64_t, v != 0) break;
  default: GATHER_LOOP(uint64_t, uint64_t, v) break;
  }
}

bool engram_run_load(engram_block *b, const engram_instruction *in) {
  const engram_column *column = &b->frame->columns[in->a];
  void *d = own_block(b, in->dst);
  b->registers[in->dst] = d;
  if (in->opcode == ENGRAM_LOAD_SCALAR) {
    if (column->count < 1) return engram_block_fault(b, in->a, 0, 0);
    b->blocks->load[column->type](d, column->base, NULL, NULL, 1);
    b->blocks->fill(d, *(uint64_t *)d, b->padded);
    return true;
  }
  if (!has_block(b, in->a)) return false;
  if (b->list != NULL) {
    gather(column, engram_block_elements(b), d, b->lanes);
    return true;
  }
  const uint8_t *from = (const uint8_t *)column->base + b->first * element_bytes(column->type);
  bool wide = column->type == ENGRAM_FLOAT64 || column->type == ENGRAM_INT64;
  if (in->opcode == ENGRAM_LOAD_ALIAS && wide && b->lanes == b->padded) {
    b->registers[in->dst] = (void *)from;
  } else if (wide) {
    memcpy(d, from, (size_t)b->lanes * 8);
  } else {
    b->blocks->load[column->type](d, from, NULL, NULL, b->lanes);
  }
  return true;
}

bool engram_run_gather(engram_block *b, const engram_instruction *in) {
  const int64_t *indices = engram_operand_lanes(b, in->b, 0);
  if (!within(b, in->a, indices)) return false;
  void *d = own_block(b, in->dst);
  gather(&b->frame->columns[in->a], indices, d, b->lanes);
  b->registers[in->dst] = d;
  return true;
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

/// In element order, so that the last of several writes to one place wins.
static void put(const engram_column *column, const int64_t *indices, const void *values, const int64_t *mask, int32_t n) {
  switch (column->type) {
  case ENGRAM_FLOAT32: PUT_LOOP(float, double, (float)v) break;
  case ENGRAM_INT32: PUT_LOOP(int32_t, int64_t, (int32_t)(uint32_t)(uint64_t)v) break;
  case ENGRAM_BOOL: PUT_LOOP(uint8_t, int64_t, v != 0) break;
  default: PUT_LOOP(uint64_t, uint64_t, v) break;
  }
}

/// The lanes of a mask; NULL stands for everywhere. *never: a uniform mask that is 0.
static const int64_t *mask_lanes(engram_block *b, int32_t operand, bool *never) {
  *never = false;
  if (operand == EVERYWHERE) return NULL;
  if (operand >= 0) return b->registers[operand];
  *never = b->frame->scalars[~operand] == 0;
  return NULL;
}

bool engram_run_store(engram_block *b, const engram_instruction *in) {
  const engram_column *column = &b->frame->columns[in->dst];
  bool never;
  const int64_t *mask = mask_lanes(b, in->c, &never);
  if (!has_block(b, in->dst)) return false;
  if (never) return true;
  const void *values = engram_operand_lanes(b, in->a, 0);
  if (b->list != NULL) {
    put(column, engram_block_elements(b), values, mask, b->lanes);
    return true;
  }
  uint8_t *to = (uint8_t *)column->base + b->first * element_bytes(column->type);
  if (mask != NULL) {
    b->blocks->store_where[column->type](to, values, NULL, mask, b->lanes);
  } else if (column->type == ENGRAM_FLOAT64 || column->type == ENGRAM_INT64) {
    if (to != values) memcpy(to, values, (size_t)b->lanes * 8);
  } else {
    b->blocks->store[column->type](to, values, NULL, NULL, b->lanes);
  }
  return true;
}

bool engram_run_store_scalar(engram_block *b, const engram_instruction *in) {
  const engram_column *column = &b->frame->columns[in->dst];
  if (column->count < 1) return engram_block_fault(b, in->dst, 0, 0);
  b->blocks->store[column->type](column->base, engram_operand_lanes(b, in->a, 0), NULL, NULL, 1);
  return true;
}

// ------------------------------------------------------------------------------------------------------ accumulation

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
      for (int32_t i = 0; i < n; i++) {                                        \
        if (mask[i] == 0) continue;                                            \
        lane_type x = (lane_type)base[indices[i]], y = from[i];                \
        base[indices[i]] = (E)(formula);                                       \
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

static void accumulate(int32_t opcode, const engram_column *column, const int64_t *indices, const void *values,
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

bool engram_run_scatter(engram_block *b, const engram_instruction *in) {
  bool never;
  const int64_t *mask = mask_lanes(b, in->c, &never);
  if (never) return true;
  const int64_t *indices = engram_operand_lanes(b, in->b, 0);
  if (mask == NULL) {
    if (!within(b, in->dst, indices)) return false;
  } else {
    int64_t count = b->frame->columns[in->dst].count;
    for (int32_t i = 0; i < b->lanes; i++)
      if (mask[i] != 0 && (uint64_t)indices[i] >= (uint64_t)count)
        return engram_block_fault(b, in->dst, indices[i], i);
  }
  const void *values = engram_operand_lanes(b, in->a, 1);
  const engram_column *column = &b->frame->columns[in->dst];
  if (in->opcode == ENGRAM_SCATTER) {
    put(column, indices, values, mask, b->lanes);
  } else {
    accumulate(in->opcode, column, indices, values, mask, b->lanes);
  }
  return true;
}
