#ifndef ENGRAM_MACHINE_H
#define ENGRAM_MACHINE_H
// One block in flight: registers, domain and fault. Shared by the halves of the register machine.
#include <stddef.h>

#include "blocks.h"

/// Bytes from one register to the next: a block and a cache line, so that equal lanes do not fall 4096 bytes apart.
#define REGISTER_BYTES (ENGRAM_BLOCK * 8 + 64)
/// Blocks for uniform operands that have to be spread out: three operands.
#define SPARE_BLOCKS 3
#define EVERYWHERE INT32_MIN

typedef struct {
  const engram_program *program;
  engram_frame *frame;
  const engram_blocks *blocks;
  engram_fault *fault;
  // The elements of the block: first, first + 1, ... or the list.
  int64_t first;
  const int32_t *list;
  int32_t lanes, padded;  // padded: lanes up to what loops take at a time, where whole vectors are cheaper than a remainder
  int32_t instruction;
  bool has_elements;
  bool is_uniform;       // what is the same for all elements is computed
  // In the scratch area:
  void **registers;      // where the lanes of each register are at present; tagged: int32 elements, see is_narrow
  uint8_t *fused;        // by instruction: its result goes straight into the column the next one stores to
  int64_t *elements;     // element numbers, once somebody asked
  uint8_t *own;          // the registers' own blocks
  uint8_t *spare;
} engram_block;

static inline void *own_block(const engram_block *b, int32_t r) { return b->own + (int64_t)r * REGISTER_BYTES; }
static inline void *spare_block(const engram_block *b, int32_t k) { return b->spare + (int64_t)k * REGISTER_BYTES; }

// A register loaded from an int32 column stays there until somebody needs lanes of 8 bytes: indices are used as they are.
// Its pointer is tagged in the lowest bit, which alignment leaves free.
static inline bool is_narrow(const void *p) { return ((uintptr_t)p & 1) != 0; }
static inline void *narrow_tag(const int32_t *p) { return (void *)((uintptr_t)p | 1); }
static inline const int32_t *narrow_lanes(const void *p) { return (const int32_t *)((uintptr_t)p & ~(uintptr_t)1); }

/// The lanes of register r, widened if they are not yet.
static inline void *register_lanes(engram_block *b, int32_t r) {
  void *p = b->registers[r];
  if (!is_narrow(p)) return p;
  b->registers[r] = own_block(b, r);
  b->blocks->load[ENGRAM_INT32](b->registers[r], narrow_lanes(p), NULL, NULL, b->lanes);
  return b->registers[r];
}

/// The element numbers of the block as int64 lanes.
const int64_t *engram_block_elements(engram_block *b);
/// The lanes of an operand, uniform ones spread out into spare block `spare`.
const void *engram_operand_lanes(engram_block *b, int32_t operand, int32_t spare);
/// Reports `index` of lane `lane` as out of bounds; always false.
bool engram_block_fault(engram_block *b, int32_t column, int64_t index, int32_t lane);

// Each runs one instruction of its family; false after a fault.
bool engram_run_load(engram_block *b, const engram_instruction *in);
bool engram_run_gather(engram_block *b, const engram_instruction *in);
bool engram_run_store(engram_block *b, const engram_instruction *in);
bool engram_run_store_scalar(engram_block *b, const engram_instruction *in);
bool engram_run_scatter(engram_block *b, const engram_instruction *in);
/// Whether an instruction may keep a table of its distribution.
bool engram_draws_from_table(const engram_instruction *in);
void engram_run_random(engram_block *b, const engram_instruction *in);

#endif
