// Discrete distributions as functions of (key, element, step). Small means: inversion. Large means: W. Hörmann's transformed
// rejection, PTRS ("The transformed rejection method for generating Poisson random variables", 1993) and BTRS ("The
// generation of binomial random variates", 1993); attempt k takes the uniform numbers of attempts 2k and 2k + 1.
#include "distributions.h"

#include "engram_math.h"
#include "exponential.h"
#include "division.h"
#include "logarithm.h"
#include "philox.h"

#define MOST_ATTEMPTS 32000
#define HALF_LOG_2PI 0x1.d67f1c864beb5p-1

/// log k! - [(k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2].
static double stirling_correction(double k) {
  static const double small[10] = {0x1.4c071bcda0a5bp-4, 0x1.52a9b923ea649p-5, 0x1.c579a268d80b3p-6, 0x1.54a2662fd78a9p-6,
                                   0x1.10b4e513fcbedp-6, 0x1.c6b167bebdf36p-7, 0x1.85d4d612e4a86p-7, 0x1.552805e7b3076p-7,
                                   0x1.2f4871b12ab64p-7, 0x1.10f9d4c0743a7p-7};
  if (k < 10.0) return small[(int)k];
  double m = k + 1.0, square = m * m;
  return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / m;
}

/// Far above the error of a sum of probabilities, far below any probability that one of many draws would notice.
#define DOUBTFUL 0x1p-40

/// The probabilities of 0, 1, ... become bounds for uniform numbers, which are multiples of 2^-53: u < bounds[k] just where
/// u < P(X <= k). Sums from below lose the upper tail in rounding (they stop short of 1, so that uniform numbers above them
/// would have no answer), hence above 1/2 each bound is what the probabilities behind it leave, small ones added first.
/// The bounds end where every uniform number is below.
static int bounds_of(const double *probabilities, int count, double bounds[DISTRIBUTION_TABLE]) {
  double behind[DISTRIBUTION_TABLE];
  double sum = 0.0;
  for (int k = count - 1; k >= 0; k--) {
    behind[k] = sum;
    sum += probabilities[k];
  }
  sum = 0.0;
  for (int k = 0; k < count; k++) {
    sum += probabilities[k];
    // 1 - u > behind[k] holds for multiples of 2^-53 just where 1 - u > behind[k] rounded down to one; the difference is exact.
    bounds[k] = sum <= 0.5 ? sum : 1.0 - floored(behind[k] * 0x1p53) * 0x1p-53;
    if (bounds[k] >= 1.0) return k;
  }
  return count;
}

static int64_t count_bounds(double u, const double *bounds, int count) {
  int64_t k = 0;
  while (k < count && u >= bounds[k]) k++;
  return k;
}

int engram_poisson_table(double lambda, double table[DISTRIBUTION_TABLE]) {
  double probabilities[DISTRIBUTION_TABLE];
  double p = exp_of(-lambda);
  for (int k = 0; k < DISTRIBUTION_TABLE; k++) {
    probabilities[k] = p;
    p *= lambda / (double)(k + 1);
  }
  return bounds_of(probabilities, DISTRIBUTION_TABLE, table);
}

int64_t engram_poisson_inversion(double u, double lambda, double none) {
  double p = none, sum = none;
  int64_t k = 0;
  while (u >= sum + DOUBTFUL) {
    k++;
    p *= lambda / (double)k;
    sum += p;
  }
  if (u < sum - DOUBTFUL) return k;
  double table[DISTRIBUTION_TABLE];
  int entries = engram_poisson_table(lambda, table);
  return count_bounds(u, table, entries);
}

engram_ptrs engram_ptrs_of(double lambda) {
  engram_ptrs ptrs;
  double b = 0.931 + 2.53 * square_root(lambda);
  ptrs.lambda = lambda;
  ptrs.b = b;
  ptrs.a = -0.059 + 0.02483 * b;
  ptrs.inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  ptrs.v_r = 0.9277 - 3.6224 / (b - 2.0);
  return ptrs;
}

int64_t engram_poisson_rejection(const engram_ptrs *ptrs, uint64_t key, uint64_t element, uint64_t step, double u, double v) {
  double lambda = ptrs->lambda, a = ptrs->a, b = ptrs->b;
  if (lambda >= 0x1p62) return lambda >= 0x1p63 ? INT64_MAX : (int64_t)lambda;
  for (uint64_t attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    if (attempt > 0) {
      u = uniform_at(key, element, step, 2 * attempt);
      v = uniform_at(key, element, step, 2 * attempt + 1);
    }
    double x = u - 0.5;
    double us = 0.5 - absolute(x);
    double k = floored((2.0 * a / us + b) * x + lambda + 0.43);
    if (us >= 0.07 && v <= ptrs->v_r) return float_to_int(k);
    if (k < 0.0 || !(k < 0x1p63) || (us < 0.013 && v > us)) continue;
    // log of the probability of k by Stirling's formula at k + 1, arranged so that large means cancel nothing.
    double distance = (k + 1.0) - lambda;
    double log_p = distance - (k + 0.5) * log1p_of(distance / lambda) - 0.5 * log_of(lambda) - HALF_LOG_2PI -
                   stirling_correction(k);
    if (log_of(v) + log_of(ptrs->inverse_alpha) - log_of(a / (us * us) + b) <= log_p) return (int64_t)k;
  }
  return (int64_t)lambda;
}

int64_t engram_random_poisson(uint64_t key, uint64_t element, uint64_t step, double lambda) {
  if (!(lambda > 0.0)) return 0;
  double u = uniform_at(key, element, step, 0);
  if (lambda < POISSON_INVERSION_LIMIT) return engram_poisson_inversion(u, lambda, exp_of(-lambda));
  engram_ptrs ptrs = engram_ptrs_of(lambda);
  return engram_poisson_rejection(&ptrs, key, element, step, u, uniform_at(key, element, step, 1));
}

/// P(X = 0), exact where halves are multiplied.
static double binomial_none(double n, double p) {
  return p == 0.5 ? from_bits((uint64_t)(1023 - (int64_t)n) << 52) : exp_of(n * log1p_of(-p));
}

int engram_binomial_table(double n, double p, double table[DISTRIBUTION_TABLE]) {
  double probabilities[DISTRIBUTION_TABLE];
  double odds = p / (1.0 - p);
  double term = binomial_none(n, p);
  int count = 0;
  while (count < DISTRIBUTION_TABLE && (double)count <= n) {
    probabilities[count++] = term;
    double k = (double)count;
    term *= (n - k + 1.0) / k * odds;
  }
  return bounds_of(probabilities, count, table);
}

static int64_t binomial_inversion(double u, double n, double p) {
  double odds = p / (1.0 - p);
  double term = binomial_none(n, p), sum = term;
  double k = 0.0;
  while (u >= sum + DOUBTFUL && k < n) {
    k += 1.0;
    term *= (n - k + 1.0) / k * odds;
    sum += term;
  }
  if (u < sum - DOUBTFUL) return (int64_t)k;
  double table[DISTRIBUTION_TABLE];
  int entries = engram_binomial_table(n, p, table);
  return count_bounds(u, table, entries);
}

/// p <= 1/2, n p >= 10.
static int64_t binomial_rejection(uint64_t key, uint64_t element, uint64_t step, double n, double p) {
  double ratio = p / (1.0 - p);
  double deviation = square_root(n * p * (1.0 - p));
  double b = 1.15 + 2.53 * deviation;
  double a = -0.0873 + 0.0248 * b + 0.01 * p;
  double centre = n * p + 0.5;
  double v_r = 0.92 - 4.2 / b;
  double alpha = (2.83 + 5.1 / b) * deviation;
  double mode = floored((n + 1.0) * p);
  for (uint64_t attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    double u = uniform_at(key, element, step, 2 * attempt) - 0.5;
    double v = uniform_at(key, element, step, 2 * attempt + 1);
    double us = 0.5 - absolute(u);
    double k = floored((2.0 * a / us + b) * u + centre);
    if (!(k >= 0.0 && k <= n)) continue;
    if (us >= 0.07 && v <= v_r) return (int64_t)k;
    double bound = (mode + 0.5) * log_of((mode + 1.0) / (ratio * (n - mode + 1.0))) +
                   (n + 1.0) * log1p_of((k - mode) / (n - k + 1.0)) +
                   (k + 0.5) * log_of(ratio * (n - k + 1.0) / (k + 1.0)) + stirling_correction(mode) +
                   stirling_correction(n - mode) - stirling_correction(k) - stirling_correction(n - k);
    if (log_of(v * alpha / (a / (us * us) + b)) <= bound) return (int64_t)k;
  }
  return (int64_t)(n * p);
}

int64_t engram_random_binomial(uint64_t key, uint64_t element, uint64_t step, int64_t n, double p) {
  if (n <= 0 || !(p > 0.0)) return 0;
  if (p >= 1.0) return n;
  if (p > 0.5) return n - engram_random_binomial(key, element, step, n, 1.0 - p);
  double trials = (double)n;
  if (trials * p < BINOMIAL_INVERSION_LIMIT) return binomial_inversion(uniform_at(key, element, step, 0), trials, p);
  int64_t k = binomial_rejection(key, element, step, trials, p);
  return k > n ? n : k;
}

int64_t engram_poisson_quantile(double u, double lambda, bool tabulated) {
  if (!(lambda > 0.0 && lambda < POISSON_INVERSION_LIMIT)) return -1;
  if (!tabulated) return engram_poisson_inversion(u, lambda, exp_of(-lambda));
  double table[DISTRIBUTION_TABLE];
  int entries = engram_poisson_table(lambda, table);
  return count_bounds(u, table, entries);
}

int64_t engram_binomial_quantile(double u, int64_t n, double p, bool tabulated) {
  if (!(n > 0 && p > 0.0 && p <= 0.5 && (double)n * p < BINOMIAL_INVERSION_LIMIT)) return -1;
  if (!tabulated) return binomial_inversion(u, (double)n, p);
  double table[DISTRIBUTION_TABLE];
  int entries = engram_binomial_table((double)n, p, table);
  return count_bounds(u, table, entries);
}

/// FNV-1a over the text, started from the seed, then the finaliser of SplitMix64 after each eight bytes and at the end.
uint64_t engram_random_key(uint64_t seed, const uint8_t *text, uint64_t length) {
  uint64_t h = seed + 0x9e3779b97f4a7c15u;
  for (uint64_t i = 0; i <= length; i++) {
    if (i == length || (i & 7) == 0) {
      h ^= h >> 30;
      h *= 0xbf58476d1ce4e5b9u;
      h ^= h >> 27;
      h *= 0x94d049bb133111ebu;
      h ^= h >> 31;
    }
    if (i < length) h = (h ^ text[i]) * 0x100000001b3u;
  }
  h ^= length;
  h *= 0x9e3779b97f4a7c15u;
  return h ^ (h >> 32);
}
