// Random numbers for a block. Each lane's number is a function of (key, element, step) alone: how the elements are cut
// into blocks, or which others draw, changes nothing.
#include "distributions.h"
#include "machine.h"
#include "philox.h"

#include <string.h>

/// The key is a uniform operand; a plain slot number is understood too.
static uint64_t key_of(engram_block *b, int32_t operand) { return b->frame->scalars[operand < 0 ? ~operand : operand]; }

bool engram_draws_from_table(const engram_instruction *in) {
  return in->opcode == ENGRAM_RANDOM_POISSON || in->opcode == ENGRAM_RANDOM_BINOMIAL;
}

uint64_t engram_table_bytes(const engram_program *program) {
  uint64_t tables = 0;
  for (int32_t i = 0; i < program->instruction_count; i++) tables += engram_draws_from_table(&program->instructions[i]);
  return tables * sizeof(engram_distribution_table);
}

typedef void pair_loop(double *d, uint64_t key, uint64_t first_pair, uint64_t counter, int32_t pairs);
typedef void list_loop(double *d, uint64_t key, const int64_t *elements, uint64_t counter, int32_t n);

/// Numbers come in pairs of elements; a range that starts or ends inside a pair drops the other half.
static void draw_lanes(engram_block *b, pair_loop *pairs, list_loop *list, uint64_t key, uint64_t attempt, double *d) {
  uint64_t counter = step_counter((uint64_t)b->frame->step, attempt);
  if (b->list != NULL) {
    list(d, key, engram_block_elements(b), counter, b->lanes);
  } else if ((b->first & 1) == 0 && (b->lanes & 1) == 0) {
    pairs(d, key, (uint64_t)b->first >> 1, counter, b->lanes / 2);
  } else {
    double both[ENGRAM_BLOCK + 2];
    int32_t skip = (int32_t)(b->first & 1);
    pairs(both, key, (uint64_t)b->first >> 1, counter, (b->lanes + skip + 1) / 2);
    memcpy(d, both + skip, (size_t)b->lanes * 8);
  }
}

void engram_random_gaps(uint64_t key, uint64_t first, uint64_t step, double scale, double *gaps, int32_t n) {
  const engram_blocks *blocks = engram_current_blocks();
  double both[ENGRAM_BLOCK + 2];
  int32_t skip = (int32_t)(first & 1);
  blocks->uniform_pairs(both, key, first >> 1, step_counter(step, 0), (n + skip + 1) / 2);
  blocks->arithmetic[ENGRAM_NEG][0](gaps, both + skip, both, both, n);
  blocks->arithmetic[ENGRAM_LOG1P][0](gaps, gaps, gaps, gaps, n);
  blocks->arithmetic[ENGRAM_MUL][UNIFORM_B](gaps, gaps, &scale, gaps, n);
}

static void uniform_lanes(engram_block *b, uint64_t key, uint64_t attempt, double *d) {
  draw_lanes(b, b->blocks->uniform_pairs, b->blocks->uniform_list, key, attempt, d);
}

/// The table of a distribution that is the same for all lanes: the one made earlier by the same instruction, as long as it is
/// of the same distribution.
static const engram_distribution_table *table_of(engram_block *b, double trials, double parameter, engram_distribution_table *own) {
  engram_distribution_table *table = own;
  if (b->frame->tables != NULL) {
    table = b->frame->tables;
    for (int32_t i = 0; i < b->instruction; i++) table += engram_draws_from_table(&b->program->instructions[i]);
  } else {
    own->is_made = false;
  }
  if (!table->is_made || table->trials != trials || table->parameter != parameter) {
    table->trials = trials;
    table->parameter = parameter;
    table->entries = trials > 0.0 ? engram_binomial_table(trials, parameter, table->bounds) : engram_poisson_table(parameter, table->bounds);
    table->is_made = true;
  }
  return table;
}

/// One mean for all lanes: the distribution function is tabulated, or its constants made, once.
static void poisson_uniform(engram_block *b, uint64_t key, double lambda, int64_t *d) {
  if (!(lambda > 0.0)) {
    b->blocks->fill((uint64_t *)d, 0, b->lanes);
    return;
  }
  double *u = spare_block(b, 2);
  uniform_lanes(b, key, 0, u);
  if (lambda < POISSON_INVERSION_LIMIT) {
    engram_distribution_table own;
    const engram_distribution_table *table = table_of(b, 0.0, lambda, &own);
    b->blocks->count_below(d, u, table->bounds, table->entries, b->lanes);
    return;
  }
  double *v = spare_block(b, 1);
  uniform_lanes(b, key, 1, v);
  engram_ptrs ptrs = engram_ptrs_of(lambda);
  const int64_t *elements = engram_block_elements(b);
  for (int32_t i = 0; i < b->lanes; i++)
    d[i] = engram_poisson_rejection(&ptrs, key, (uint64_t)elements[i], (uint64_t)b->frame->step, u[i], v[i]);
}

static void poisson_lanes(engram_block *b, uint64_t key, const double *lambdas, int64_t *d) {
  double *u = spare_block(b, 2), *none = spare_block(b, 1);
  uniform_lanes(b, key, 0, u);
  b->blocks->arithmetic[ENGRAM_NEG][0](none, lambdas, lambdas, lambdas, b->padded);
  b->blocks->arithmetic[ENGRAM_EXP][0](none, none, none, none, b->padded);
  const int64_t *elements = engram_block_elements(b);
  for (int32_t i = 0; i < b->lanes; i++) {
    double lambda = lambdas[i];
    if (!(lambda > 0.0))
      d[i] = 0;
    else if (lambda < POISSON_INVERSION_LIMIT)
      d[i] = engram_poisson_inversion(u[i], lambda, none[i]);
    else
      d[i] = engram_random_poisson(key, (uint64_t)elements[i], (uint64_t)b->frame->step, lambda);
  }
}

/// The same trials and probability for all lanes and few successes: the distribution function is tabulated once.
static bool binomial_uniform(engram_block *b, uint64_t key, int32_t trials, int32_t probability, int64_t *d) {
  if (trials >= 0 || probability >= 0 || b->lanes < 2) return false;
  int64_t n;
  double p;
  memcpy(&n, &b->frame->scalars[~trials], sizeof n);
  memcpy(&p, &b->frame->scalars[~probability], sizeof p);
  if (n <= 0 || !(p > 0.0) || p >= 1.0) return false;
  bool flipped = p > 0.5;
  if (flipped) p = 1.0 - p;
  if (!((double)n * p < BINOMIAL_INVERSION_LIMIT)) return false;
  engram_distribution_table own;
  const engram_distribution_table *table = table_of(b, (double)n, p, &own);
  double *u = spare_block(b, 2);
  uniform_lanes(b, key, 0, u);
  b->blocks->count_below(d, u, table->bounds, table->entries, b->lanes);
  if (flipped)
    for (int32_t i = 0; i < b->lanes; i++) d[i] = n - d[i];
  return true;
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
  case ENGRAM_RANDOM_UNIFORM: uniform_lanes(b, key, 0, d); break;
  case ENGRAM_RANDOM_NORMAL: draw_lanes(b, b->blocks->normal_pairs, b->blocks->normal_list, key, 0, d); break;
  case ENGRAM_RANDOM_POISSON:
    if (in->a < 0 && b->lanes > 1) {
      double lambda;
      memcpy(&lambda, &b->frame->scalars[~in->a], sizeof lambda);
      poisson_uniform(b, key, lambda, d);
    } else {
      poisson_lanes(b, key, engram_operand_lanes(b, in->a, 0), d);
    }
    break;
  default:
    if (!binomial_uniform(b, key, in->a, in->c, d)) binomial_lanes(b, key, in->a, in->c, d);
    break;
  }
  b->registers[in->dst] = d;
}
