// The cable equation over a tree: elimination from the tips to one place, and substitution back (Hines 1984, "Efficient computation of
// branched nerve equations", Int. J. Bio-Medical Computing 15). What is kept of a place is its conductance to ground with all that hangs from it, so
// nothing is subtracted and no digit is lost, however large the conductances between places are.
#include "engram_math.h"
#include "ieee.h"

// Runs lie side by side so that the processor need not wait for the division of one of them.
#define LANES 4
#define INLINE static inline __attribute__((always_inline))

typedef struct {
  const double *restrict conductance;
  double *restrict own;
  double *restrict rhs;
} places;

/// What of its conductance to ground and of its current a place hands on to the next one.
INLINE void eliminate(places p, int64_t row, double *ground, double *current) {
  double o = p.own[row] + *ground;
  double b = p.rhs[row] + *current;
  double total = o + p.conductance[row];
  double share = p.conductance[row] / total;
  p.own[row] = share;
  p.rhs[row] = b / total;
  *ground = o * share;
  *current = b * share;
}

INLINE void eliminate_lanes(const int lanes, const engram_cable_run *runs, places p) {
  int64_t row[LANES], stride[LANES];
  double ground[LANES], current[LANES];
  int32_t shortest = runs[0].count;
  for (int lane = 0; lane < lanes; lane++) {
    row[lane] = runs[lane].first;
    stride[lane] = runs[lane].stride;
    ground[lane] = current[lane] = 0;
    if (runs[lane].count < shortest) shortest = runs[lane].count;
  }
  for (int32_t step = 0; step < shortest; step++) {
    for (int lane = 0; lane < lanes; lane++) {
      eliminate(p, row[lane], &ground[lane], &current[lane]);
      row[lane] += stride[lane];
    }
  }
  for (int lane = 0; lane < lanes; lane++) {
    for (int32_t step = shortest; step < runs[lane].count; step++) {
      eliminate(p, row[lane], &ground[lane], &current[lane]);
      row[lane] += stride[lane];
    }
  }
  for (int lane = 0; lane < lanes; lane++) {
    p.own[runs[lane].target] += ground[lane];
    p.rhs[runs[lane].target] += current[lane];
  }
}

INLINE void substitute(places p, int64_t row, double *value) {
  *value = p.rhs[row] + p.own[row] * *value;
  p.rhs[row] = *value;
}

INLINE void substitute_lanes(const int lanes, const engram_cable_run *runs, places p) {
  int64_t row[LANES], stride[LANES];
  double value[LANES];
  int32_t shortest = runs[0].count;
  for (int lane = 0; lane < lanes; lane++) {
    stride[lane] = -(int64_t)runs[lane].stride;
    row[lane] = runs[lane].first - stride[lane] * (runs[lane].count - 1);
    value[lane] = p.rhs[runs[lane].target];
    if (runs[lane].count < shortest) shortest = runs[lane].count;
  }
  for (int32_t step = 0; step < shortest; step++) {
    for (int lane = 0; lane < lanes; lane++) {
      substitute(p, row[lane], &value[lane]);
      row[lane] += stride[lane];
    }
  }
  for (int lane = 0; lane < lanes; lane++) {
    for (int32_t step = shortest; step < runs[lane].count; step++) {
      substitute(p, row[lane], &value[lane]);
      row[lane] += stride[lane];
    }
  }
}

void engram_cable_solve(
  const engram_cable_run *runs, const int32_t *batches, int32_t batch_count, int64_t root, const double *conductance, double *own, double *rhs) {
  const places p = {conductance, own, rhs};
  const engram_cable_run *next = runs;
  for (int32_t batch = 0; batch < batch_count; batch++) {
    switch (batches[batch]) {
      case 1: eliminate_lanes(1, next, p); break;
      case 2: eliminate_lanes(2, next, p); break;
      case 3: eliminate_lanes(3, next, p); break;
      default: eliminate_lanes(4, next, p); break;
    }
    next += batches[batch];
  }
  rhs[root] = rhs[root] / own[root];
  for (int32_t batch = batch_count - 1; batch >= 0; batch--) {
    next -= batches[batch];
    switch (batches[batch]) {
      case 1: substitute_lanes(1, next, p); break;
      case 2: substitute_lanes(2, next, p); break;
      case 3: substitute_lanes(3, next, p); break;
      default: substitute_lanes(4, next, p); break;
    }
  }
}

void engram_cable_finish(
  int64_t count, double step, const double *restrict values, const double *restrict capacitance, double *restrict v, double *restrict current) {
  for (int64_t row = 0; row < count; row++) {
    double value = values[row];
    current[row] = capacitance[row] * (value - v[row]) / step;
    v[row] = value;
  }
}
