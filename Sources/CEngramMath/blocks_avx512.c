// The same loops for processors with avx512. No fused multiply-add is asked for, and contraction is off anyhow.
#include "blocks.h"
#if defined(ENGRAM_WIDE_BLOCKS)
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2"))), apply_to = function)
#include "ieee.h"
#define BLOCK_TABLE engram_blocks_avx512
#define BLOCK_NAME "avx512"
#define BLOCK_LANES 8
#define BLOCK_INTERLEAVE 2
#include "block_loops.h"
#pragma clang attribute pop
#endif
