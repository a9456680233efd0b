// Discrete distributions as functions of (key, element, step). Small means: inversion. Large means: W. Hörmann's transformed
// rejection, PTRS ("The transformed rejection method for generating Poisson random variables", 1993) and BTRS ("The
// generation of binomial random variates", 1993); attempt k takes the uniform numbers of attempts 2k and 2k + 1.
#include "distributions.h"

#include "engram_math.h"
#include "exponential.h"
#include "division.h"
#include "logarithm.h"
#include "philox.h"

#define LAST_UNIFORM (1.0 - 0x1p-53)
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

int engram_poisson_table(double lambda, double table[DISTRIBUTION_TABLE]) {
  double p = exp_of(-lambda), sum = p;
  int count = 0;
  while (count < DISTRIBUTION_TABLE) {
    table[count++] = sum;
    if (sum > LAST_UNIFORM) break;
    p *= lambda / (double)count;
    sum += p;
  }
  return count;
}

int64_t engram_poisson_inversion(double u, double lambda, double none) {
  double p = none, sum = none;
  int64_t k = 0;
  while (u >= sum && k < DISTRIBUTION_TABLE) {
    k++;
    p *= lambda / (double)k;
    sum += p;
  }
  return k;
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

static int64_t binomial_inversion(double u, double n, double p) {
  double odds = p / (1.0 - p);
  double term = exp_of(n * log1p_of(-p)), sum = term;
  double k = 0.0;
  while (u >= sum && k < n && k < DISTRIBUTION_TABLE) {
    k += 1.0;
    term *= (n - k + 1.0) / k * odds;
    sum += term;
  }
  return (int64_t)k;
}

int engram_binomial_table(double n, double p, double table[DISTRIBUTION_TABLE]) {
  double odds = p / (1.0 - p);
  double term = exp_of(n * log1p_of(-p)), sum = term;
  double k = 0.0;
  int count = 0;
  // The same sums as in binomial_inversion. The last value, n, needs no entry: it is what remains.
  while (count < DISTRIBUTION_TABLE && k < n) {
    table[count++] = sum;
    if (sum > LAST_UNIFORM) break;
    k += 1.0;
    term *= (n - k + 1.0) / k * odds;
    sum += term;
  }
  return count;
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
