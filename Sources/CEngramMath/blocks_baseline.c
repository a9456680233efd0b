// What every processor of the architecture has.
#include "ieee.h"
#define BLOCK_TABLE engram_blocks_baseline
#define BLOCK_NAME "baseline"
#define BLOCK_LANES 2
#define BLOCK_INTERLEAVE 4
#include "block_loops.h"
