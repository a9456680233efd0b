// Random numbers for a block. Each lane's number is a function of (key, element, step) alone: how the elements are cut
// into blocks, or which others draw, changes nothing.
#include "distributions.h"
#include "machine.h"

#include <string.h>

/// The key is a uniform operand; a plain slot number is understood too.
static uint64_t key_of(engram_block *b, int32_t operand) { return b->frame->scalars[operand < 0 ? ~operand : operand]; }

static void uniform_lanes(engram_block *b, uint64_t key, double *d) {
  uint64_t step = (uint64_t)b->frame->step;
  if (b->list != NULL) {
    b->blocks->uniform_list(d, key, engram_block_elements(b), step, b->lanes);
  } else if ((b->first & 1) == 0 && (b->lanes & 1) == 0) {
    b->blocks->uniform_pairs(d, key, (uint64_t)b->first >> 1, step, b->lanes / 2);
  } else {
    double pairs[ENGRAM_BLOCK + 2];
    int32_t skip = (int32_t)(b->first & 1);
    b->blocks->uniform_pairs(pairs, key, (uint64_t)b->first >> 1, step, (b->lanes + skip + 1) / 2);
    memcpy(d, pairs + skip, (size_t)b->lanes * 8);
  }
}

static void normal_lanes(engram_block *b, uint64_t key, double *d) {
  uint64_t step = (uint64_t)b->frame->step;
  if (b->list != NULL) {
    b->blocks->normal_list(d, key, engram_block_elements(b), step, b->lanes);
  } else if ((b->first & 1) == 0 && (b->lanes & 1) == 0) {
    b->blocks->normal_pairs(d, key, (uint64_t)b->first >> 1, step, b->lanes / 2);
  } else {
    double pairs[ENGRAM_BLOCK + 2];
    int32_t skip = (int32_t)(b->first & 1);
    b->blocks->normal_pairs(pairs, key, (uint64_t)b->first >> 1, step, (b->lanes + skip + 1) / 2);
    memcpy(d, pairs + skip, (size_t)b->lanes * 8);
  }
}

static void poisson_lanes(engram_block *b, uint64_t key, int32_t mean, int64_t *d) {
  if (mean < 0 && b->lanes >= 16) {
    double lambda;
    memcpy(&lambda, &b->frame->scalars[~mean], sizeof lambda);
    if (!(lambda > 0.0)) {
      b->blocks->fill((uint64_t *)d, 0, b->lanes);
      return;
    }
    if (lambda < POISSON_INVERSION_LIMIT) {
      double table[DISTRIBUTION_TABLE];
      int entries = engram_poisson_table(lambda, table);
      double *uniform = spare_block(b, 2);
      uniform_lanes(b, key, uniform);
      b->blocks->count_below(d, uniform, table, entries, b->lanes);
      return;
    }
  }
  const double *lambdas = engram_operand_lanes(b, mean, 0);
  const int64_t *elements = engram_block_elements(b);
  for (int32_t i = 0; i < b->lanes; i++)
    d[i] = engram_random_poisson(key, (uint64_t)elements[i], (uint64_t)b->frame->step, lambdas[i]);
}

static void binomial_lanes(engram_block *b, uint64_t key, int32_t trials, int32_t probability, int64_t *d) {
  const int64_t *n = engram_operand_lanes(b, trials, 0);
  const double *p = engram_operand_lanes(b, probability, 1);
  const int64_t *elements = engram_block_elements(b);
  for (int32_t i = 0; i < b->lanes; i++)
    d[i] = engram_random_binomial(key, (uint64_t)elements[i], (uint64_t)b->frame->step, n[i], p[i]);
}

void engram_run_random(engram_block *b, const engram_instruction *in) {
  uint64_t key = key_of(b, in->b);
  void *d = own_block(b, in->dst);
  switch (in->opcode) {
  case ENGRAM_RANDOM_UNIFORM: uniform_lanes(b, key, d); break;
  case ENGRAM_RANDOM_NORMAL: normal_lanes(b, key, d); break;
  case ENGRAM_RANDOM_POISSON: poisson_lanes(b, key, in->a, d); break;
  default: binomial_lanes(b, key, in->a, in->c, d); break;
  }
  b->registers[in->dst] = d;
}
