// The same loops for processors with avx2. No fused multiply-add is asked for, and contraction is off anyhow.
#include "blocks.h"
#if defined(ENGRAM_WIDE_BLOCKS)
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx2,avx,sse4.2,popcnt"))), apply_to = function)
#include "ieee.h"
#define BLOCK_TABLE engram_blocks_avx2
#define BLOCK_NAME "avx2"
#define BLOCK_LANES 4
#define BLOCK_INTERLEAVE 4
#include "block_loops.h"
#pragma clang attribute pop
#endif
