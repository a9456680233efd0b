#ifndef ENGRAM_DISTRIBUTIONS_H
#define ENGRAM_DISTRIBUTIONS_H
#include <stdbool.h>
#include <stdint.h>

/// Means below this draw by inversion of the distribution function: one uniform number, attempt 0.
#define POISSON_INVERSION_LIMIT 25.0
#define DISTRIBUTION_TABLE 128
/// Expected successes below this draw a binomial number by inversion.
#define BINOMIAL_INVERSION_LIMIT 10.0

/// P(X <= k) for k = 0, 1, ..., until no uniform number can exceed it. Returns the number of entries. Counting the entries
/// <= u gives the smallest k with u < P(X <= k); every path gives what these very numbers give.
int engram_poisson_table(double lambda, double table[DISTRIBUTION_TABLE]);
/// The same for n trials of probability p <= 1/2.
int engram_binomial_table(double n, double p, double table[DISTRIBUTION_TABLE]);

/// A table that is kept, and what it was made for: trials (0: a Poisson distribution) and probability or mean.
typedef struct {
  double trials, parameter;
  double bounds[DISTRIBUTION_TABLE];
  int32_t entries;
  bool is_made;
} engram_distribution_table;

/// The smallest k with u < P(X <= k); `none` is P(X = 0).
int64_t engram_poisson_inversion(double u, double lambda, double none);

/// What PTRS needs to know of a mean >= POISSON_INVERSION_LIMIT.
typedef struct {
  double lambda, a, b, inverse_alpha, v_r;
} engram_ptrs;

engram_ptrs engram_ptrs_of(double lambda);
/// u and v: the uniform numbers of attempts 0 and 1.
int64_t engram_poisson_rejection(const engram_ptrs *ptrs, uint64_t key, uint64_t element, uint64_t step, double u, double v);

#endif
