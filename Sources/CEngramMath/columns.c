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

/// True where an index lies outside the column.
static bool leaves(const engram_block *b, int32_t column, const int64_t *indices) {
  int64_t count = b->frame->columns[column].count;
  return count <= 0 || b->blocks->outside(indices, count, b->lanes) != 0;
}

/// True where all indices lie inside the column.
static bool within(engram_block *b, int32_t column, const int64_t *indices) {
  int64_t count = b->frame->columns[column].count;
  if (!leaves(b, column, indices)) return true;
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

#define INDEX int64_t
#define NAMED(name) name
#include "column_loops.h"
#undef INDEX
#undef NAMED
#define INDEX int32_t
#define NAMED(name) name##_narrow
#include "column_loops.h"
#undef INDEX
#undef NAMED

/// The index operand: int64 lanes, or int32 elements where the register is still narrow.
static const void *index_lanes(engram_block *b, int32_t operand, bool *narrow) {
  *narrow = operand >= 0 && is_narrow(b->registers[operand]);
  return *narrow ? (const void *)narrow_lanes(b->registers[operand]) : engram_operand_lanes(b, operand, 0);
}

static bool leaves_narrow(const engram_block *b, int32_t column, const int32_t *indices) {
  int64_t count = b->frame->columns[column].count;
  return count <= 0 || b->blocks->outside_narrow(indices, count, b->lanes) != 0;
}

static bool within_narrow(engram_block *b, int32_t column, const int32_t *indices) {
  int64_t count = b->frame->columns[column].count;
  if (!leaves_narrow(b, column, indices)) return true;
  for (int32_t i = 0; i < b->lanes; i++)
    if (indices[i] < 0 || indices[i] >= count) return engram_block_fault(b, column, indices[i], i);
  return true;
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
  if (in->opcode == ENGRAM_LOAD_ALIAS && column->type == ENGRAM_INT32 && ((uintptr_t)from & 3) == 0) {
    b->registers[in->dst] = narrow_tag((const int32_t *)from);
  } else if (wide) {
    memcpy(d, from, (size_t)b->lanes * 8);
  } else {
    b->blocks->load[column->type](d, from, NULL, NULL, b->lanes);
  }
  return true;
}

bool engram_run_gather(engram_block *b, const engram_instruction *in) {
  bool narrow;
  const void *indices = index_lanes(b, in->b, &narrow);
  void *d = own_block(b, in->dst);
  if (narrow) {
    if (!within_narrow(b, in->a, indices)) return false;
    gather_narrow(&b->frame->columns[in->a], indices, d, b->lanes);
  } else {
    if (!within(b, in->a, indices)) return false;
    gather(&b->frame->columns[in->a], indices, d, b->lanes);
  }
  b->registers[in->dst] = d;
  return true;
}

/// The lanes of a mask; NULL stands for everywhere. *never: a uniform mask that is 0.
static const int64_t *mask_lanes(engram_block *b, int32_t operand, bool *never) {
  *never = false;
  if (operand == EVERYWHERE) return NULL;
  if (operand >= 0) return register_lanes(b, operand);
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

/// Puts or accumulates at indices that are all inside the column.
static void scatter_inside(int32_t opcode, const engram_column *column, const void *indices, bool narrow, const void *values,
                           const int64_t *mask, int32_t n) {
  if (opcode == ENGRAM_SCATTER) {
    if (narrow) put_narrow(column, indices, values, mask, n);
    else put(column, indices, values, mask, n);
  } else if (narrow) {
    accumulate_narrow(opcode, column, indices, values, mask, n);
  } else {
    accumulate(opcode, column, indices, values, mask, n);
  }
}

/// An index outside matters only where the mask is set: the other lanes are left out.
static bool scatter_set_lanes(engram_block *b, const engram_instruction *in, const uint64_t *values, const int64_t *mask) {
  const engram_column *column = &b->frame->columns[in->dst];
  const int64_t *indices = engram_operand_lanes(b, in->b, 0);
  int64_t set_indices[ENGRAM_BLOCK];
  uint64_t set_values[ENGRAM_BLOCK];
  int32_t count = 0;
  for (int32_t i = 0; i < b->lanes; i++) {
    if (mask[i] == 0) continue;
    if ((uint64_t)indices[i] >= (uint64_t)column->count) return engram_block_fault(b, in->dst, indices[i], i);
    set_indices[count] = indices[i];
    set_values[count++] = values[i];
  }
  scatter_inside(in->opcode, column, set_indices, false, set_values, NULL, count);
  return true;
}

bool engram_run_scatter(engram_block *b, const engram_instruction *in) {
  bool never;
  const int64_t *mask = mask_lanes(b, in->c, &never);
  if (never) return true;
  const void *values = engram_operand_lanes(b, in->a, 1);
  const engram_column *column = &b->frame->columns[in->dst];
  bool narrow;
  const void *indices = index_lanes(b, in->b, &narrow);
  if (mask != NULL && (narrow ? leaves_narrow(b, in->dst, indices) : leaves(b, in->dst, indices)))
    return scatter_set_lanes(b, in, values, mask);
  if (mask == NULL && !(narrow ? within_narrow(b, in->dst, indices) : within(b, in->dst, indices))) return false;
  scatter_inside(in->opcode, column, indices, narrow, values, mask, b->lanes);
  return true;
}
