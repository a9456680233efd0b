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

/// The run of numbers that a place is in.
static int64_t run_of(const engram_numbers *numbers, int64_t place) {
  int64_t low = 0, high = numbers->count;
  while (high - low > 1) {
    int64_t middle = low + (high - low) / 2;
    if (numbers->starts[middle] <= place)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/// What the random numbers of the block's elements depend on: their numbers in the whole.
///
/// room: for a block of them.
static const int64_t *drawn_elements(engram_block *b, int64_t *room) {
  const int64_t *elements = engram_block_elements(b);
  const engram_numbers *numbers = b->is_uniform ? NULL : b->frame->numbers;
  if (numbers == NULL) return elements;
  if (numbers->listed != NULL) {
    for (int32_t i = 0; i < b->lanes; i++) room[i] = numbers->listed[elements[i]];
    return room;
  }
  if (numbers->count == 0) return elements;
  int64_t run = 0, end = -1;
  for (int32_t i = 0; i < b->lanes; i++) {
    int64_t place = elements[i];
    if (place < numbers->starts[run] || place >= end) {
      run = run_of(numbers, place);
      end = run + 1 < numbers->count ? numbers->starts[run + 1] : INT64_MAX;
    }
    room[i] = numbers->numbers[run] + (place - numbers->starts[run]);
  }
  return room;
}

typedef void pair_loop(double *d, uint64_t key, uint64_t first_pair, uint64_t counter, int32_t pairs);
typedef void list_loop(double *d, uint64_t key, const int64_t *elements, uint64_t counter, int32_t n);

/// Numbers come in pairs of elements; consecutive ones that start or end inside a pair drop the other half.
static void draw_consecutive(pair_loop *pairs, uint64_t key, uint64_t first, uint64_t counter, double *d, int32_t n) {
  if ((first & 1) == 0 && (n & 1) == 0) {
    pairs(d, key, first >> 1, counter, n / 2);
  } else {
    double both[ENGRAM_BLOCK + 2];
    int32_t skip = (int32_t)(first & 1);
    pairs(both, key, first >> 1, counter, (n + skip + 1) / 2);
    memcpy(d, both + skip, (size_t)n * 8);
  }
}

/// Lanes with consecutive numbers that are worth a call of their own.
#define LONG_RUN 32

/// The same where the elements are the places from b->first on, in runs of consecutive numbers. False where the runs are short.
static bool draw_runs(engram_block *b, pair_loop *pairs, uint64_t key, uint64_t counter, double *d) {
  const engram_numbers *numbers = b->frame->numbers;
  if (b->list != NULL || numbers->listed != NULL || numbers->count == 0) return false;
  int64_t run = run_of(numbers, b->first);
  if ((run_of(numbers, b->first + b->lanes - 1) - run) * LONG_RUN > b->lanes) return false;
  for (int32_t done = 0; done < b->lanes; run++) {
    int64_t place = b->first + done, end = run + 1 < numbers->count ? numbers->starts[run + 1] : INT64_MAX;
    int32_t here = end - place < b->lanes - done ? (int32_t)(end - place) : b->lanes - done;
    draw_consecutive(pairs, key, (uint64_t)(numbers->numbers[run] + (place - numbers->starts[run])), counter, d + done, here);
    done += here;
  }
  return true;
}

static void draw_lanes(engram_block *b, pair_loop *pairs, list_loop *list, uint64_t key, uint64_t attempt, double *d) {
  uint64_t counter = step_counter((uint64_t)b->frame->step, attempt);
  bool has_numbers = b->frame->numbers != NULL && !b->is_uniform;
  if (has_numbers && draw_runs(b, pairs, key, counter, d)) return;
  if (b->list != NULL || has_numbers) {
    int64_t room[ENGRAM_BLOCK];
    list(d, key, drawn_elements(b, room), counter, b->lanes);
  } else {
    draw_consecutive(pairs, key, (uint64_t)b->first, counter, d, b->lanes);
  }
}

/// Gaps between successes, from the numbers in them.
static void gaps_of(const engram_blocks *blocks, double scale, double *gaps, int32_t n) {
  blocks->arithmetic[ENGRAM_NEG][0](gaps, gaps, gaps, gaps, n);
  blocks->arithmetic[ENGRAM_LOG1P][0](gaps, gaps, gaps, gaps, n);
  blocks->arithmetic[ENGRAM_MUL][UNIFORM_B](gaps, gaps, &scale, gaps, n);
}

void engram_random_gaps(uint64_t key, uint64_t first, uint64_t step, double scale, double *gaps, int32_t n) {
  const engram_blocks *blocks = engram_current_blocks();
  double both[ENGRAM_BLOCK + 2];
  int32_t skip = (int32_t)(first & 1);
  blocks->uniform_pairs(both, key, first >> 1, step_counter(step, 0), (n + skip + 1) / 2);
  memcpy(gaps, both + skip, (size_t)n * 8);
  gaps_of(blocks, scale, gaps, n);
}

int64_t engram_random_taken(uint64_t key, uint64_t row, uint64_t step, double p, int64_t stretch, int64_t count, int64_t first, int64_t end,
                            int32_t *taken) {
  const engram_blocks *blocks = engram_current_blocks();
  const double scale = 1.0 / engram_log1p(-p);
  const uint64_t counter = step_counter(step, 0);
  // What most stretches need; a few need some more.
  int64_t needed = ((int64_t)((double)stretch * p) + 8) & ~(int64_t)7;
  const int32_t each = (int32_t)(needed < ENGRAM_BLOCK ? needed : ENGRAM_BLOCK), more = 16;
  const int32_t together = ENGRAM_BLOCK / each;
  double gaps[ENGRAM_BLOCK], rest[16];
  int32_t *place = taken;
  const int64_t last = (end - 1) / stretch;
  for (int64_t k = first / stretch; k <= last; k += together) {
    int32_t here = (int32_t)(last - k + 1 < together ? last - k + 1 : together);
    // A stretch takes one draw more than it has candidates at most.
    for (int32_t i = 0; i < here; i++)
      blocks->uniform_pairs(gaps + i * each, key, (row >> 1) + (uint64_t)((k + i) * stretch), counter, each / 2);
    gaps_of(blocks, scale, gaps, here * each);
    for (int32_t i = 0; i < here; i++) {
      int64_t start = (k + i) * stretch, stop = start + stretch < count ? start + stretch : count, number = start - 1;
      const double *gap = gaps + i * each;
      int32_t left = each;
      uint64_t draw = row + 2 * (uint64_t)start;
      while (true) {
        if (left == 0) {
          draw += (uint64_t)(gap == rest + more ? more : each);
          blocks->uniform_pairs(rest, key, draw >> 1, counter, more / 2);
          gaps_of(blocks, scale, rest, more);
          gap = rest;
          left = more;
        }
        // A gap beyond the end, or infinite for a tiny p, ends the stretch.
        if (!(*gap < (double)(stop - number))) break;
        number += 1 + (int64_t)*gap++;
        left--;
        if (number >= stop || number >= end) break;
        *place = (int32_t)number;
        place += number >= first;
      }
    }
  }
  return place - taken;
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
  int64_t room[ENGRAM_BLOCK];
  const int64_t *elements = drawn_elements(b, room);
  for (int32_t i = 0; i < b->lanes; i++)
    d[i] = engram_poisson_rejection(&ptrs, key, (uint64_t)elements[i], (uint64_t)b->frame->step, u[i], v[i]);
}

static void poisson_lanes(engram_block *b, uint64_t key, const double *lambdas, int64_t *d) {
  double *u = spare_block(b, 2), *none = spare_block(b, 1);
  uniform_lanes(b, key, 0, u);
  b->blocks->arithmetic[ENGRAM_NEG][0](none, lambdas, lambdas, lambdas, b->padded);
  b->blocks->arithmetic[ENGRAM_EXP][0](none, none, none, none, b->padded);
  int64_t room[ENGRAM_BLOCK];
  const int64_t *elements = drawn_elements(b, room);
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
  int64_t room[ENGRAM_BLOCK];
  const int64_t *elements = drawn_elements(b, room);
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
