#ifndef ENGRAM_BLOCKS_H
#define ENGRAM_BLOCKS_H
// The loops of the register machine, compiled once per instruction set from block_loops.h.
#include "engram_math.h"

/// d <- op(a, b, c) for n lanes. What an operand's lanes are follows from the opcode; a uniform operand has one lane.
typedef void engram_kernel(void *d, const void *a, const void *b, const void *c, int32_t n);

/// Which operands are uniform: an index into the variants of a kernel.
enum { UNIFORM_A = 1, UNIFORM_B = 2, UNIFORM_C = 4 };

typedef struct {
  const char *name;
  /// Loops take this many lanes without a remainder: a power of two, at least 8.
  int32_t padding;
  /// By opcode and uniform operands. Variant 0 exists for every arithmetic opcode, the others where they pay.
  engram_kernel *arithmetic[ENGRAM_OPCODE_COUNT][8];
  /// By column type: column elements -> lanes, lanes -> column elements, the latter where mask lanes (c) are set.
  engram_kernel *load[5], *store[5], *store_where[5];
  void (*fill)(uint64_t *d, uint64_t value, int32_t n);
  /// Non-zero where a lane is.
  uint64_t (*any)(const uint64_t *lanes, int32_t n);
  /// Two numbers for each of `pairs` element pairs; counter: step and attempt.
  void (*uniform_pairs)(double *d, uint64_t key, uint64_t first_pair, uint64_t counter, int32_t pairs);
  void (*normal_pairs)(double *d, uint64_t key, uint64_t first_pair, uint64_t counter, int32_t pairs);
  void (*uniform_list)(double *d, uint64_t key, const int64_t *elements, uint64_t counter, int32_t n);
  void (*normal_list)(double *d, uint64_t key, const int64_t *elements, uint64_t counter, int32_t n);
  /// d[i] <- number of table entries <= u[i].
  void (*count_below)(int64_t *d, const double *u, const double *table, int32_t entries, int32_t n);
  /// Non-zero where an index is outside 0 ..< count.
  uint64_t (*outside)(const int64_t *indices, int64_t count, int32_t n);
  uint64_t (*outside_narrow)(const int32_t *indices, int64_t count, int32_t n);
} engram_blocks;

extern const engram_blocks engram_blocks_baseline;
#if defined(__x86_64__) && defined(__clang__)
#define ENGRAM_WIDE_BLOCKS 1
extern const engram_blocks engram_blocks_avx2;
extern const engram_blocks engram_blocks_avx512;
#endif

/// The table in use.
const engram_blocks *engram_current_blocks(void);

#endif
