// Which instruction set runs: chosen once, at first use, from what the processor has. No bit of any result depends on it.
#include <stdatomic.h>
#include <string.h>

#include "blocks.h"

static bool processor_has(const engram_blocks *blocks) {
#if defined(ENGRAM_WIDE_BLOCKS)
  __builtin_cpu_init();
  if (blocks == &engram_blocks_avx512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx2");
  if (blocks == &engram_blocks_avx2) return __builtin_cpu_supports("avx2");
#endif
  return blocks == &engram_blocks_baseline;
}

/// Widest first.
static const engram_blocks *const candidates[] = {
#if defined(ENGRAM_WIDE_BLOCKS)
    &engram_blocks_avx512, &engram_blocks_avx2,
#endif
    &engram_blocks_baseline};

#define CANDIDATE_COUNT (sizeof candidates / sizeof candidates[0])

static _Atomic(const engram_blocks *) current;

const engram_blocks *engram_current_blocks(void) {
  const engram_blocks *blocks = atomic_load_explicit(&current, memory_order_acquire);
  if (blocks != NULL) return blocks;
  blocks = &engram_blocks_baseline;
  for (size_t i = 0; i < CANDIDATE_COUNT; i++) {
    if (processor_has(candidates[i])) {
      blocks = candidates[i];
      break;
    }
  }
  atomic_store_explicit(&current, blocks, memory_order_release);
  return blocks;
}

const char *engram_instruction_set(void) { return engram_current_blocks()->name; }

bool engram_force_instruction_set(const char *name) {
  for (size_t i = 0; i < CANDIDATE_COUNT; i++) {
    if (strcmp(candidates[i]->name, name) == 0 && processor_has(candidates[i])) {
      atomic_store_explicit(&current, candidates[i], memory_order_release);
      return true;
    }
  }
  return false;
}
