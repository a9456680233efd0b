// The scalar functions of engram_math.h: the same text as the block loops, one element at a time.
#include "engram_math.h"

#include "arcs.h"
#include "division.h"
#include "exponential.h"
#include "hyperbolic.h"
#include "logarithm.h"
#include "philox.h"
#include "power.h"
#include "reduction.h"
#include "trigonometric.h"

double engram_exp(double x) { return exp_of(x); }
double engram_expm1(double x) { return expm1_of(x); }
double engram_exprel(double x) { return exprel_of(x); }
double engram_log(double x) { return log_of(x); }
double engram_log10(double x) { return log10_of(x); }
double engram_log1p(double x) { return log1p_of(x); }

double engram_sin(double x) {
  if (!is_long_argument(x)) return short_sin(x);
  return absolute(x) == ENGRAM_INFINITY ? ENGRAM_NAN : sine_at(exact_angle(x), 0);
}

double engram_cos(double x) {
  if (!is_long_argument(x)) return short_cos(x);
  return absolute(x) == ENGRAM_INFINITY ? ENGRAM_NAN : sine_at(exact_angle(x), 1);
}

double engram_tan(double x) {
  if (!is_long_argument(x)) return short_tan(x);
  return absolute(x) == ENGRAM_INFINITY ? ENGRAM_NAN : tangent_at(exact_angle(x));
}

double engram_asin(double x) { return asin_of(x); }
double engram_acos(double x) { return acos_of(x); }
double engram_atan(double x) { return atan_of(x); }
double engram_sinh(double x) { return sinh_of(x); }
double engram_cosh(double x) { return cosh_of(x); }
double engram_tanh(double x) { return tanh_of(x); }
double engram_pow(double x, double y) { return pow_of(x, y); }
double engram_floor_mod(double x, double y) { return floor_mod_of(x, y); }
double engram_floor_div(double x, double y) { return floor_div_of(x, y); }
int64_t engram_ifloor_mod(int64_t x, int64_t y) { return ifloor_mod_of(x, y); }
int64_t engram_ifloor_div(int64_t x, int64_t y) { return ifloor_div_of(x, y); }
int64_t engram_timestep(double t, double dt) { return float_to_int(timestep_quotient(t, dt)); }

void engram_philox4x32(uint64_t key, uint64_t counter_low, uint64_t counter_high, uint32_t out[4]) {
  engram_words w = philox(key, counter_low, counter_high);
  for (int i = 0; i < 4; i++) out[i] = (uint32_t)w.word[i];
}

double engram_random_uniform(uint64_t key, uint64_t element, uint64_t step) { return uniform_at(key, element, step, 0); }
double engram_random_normal(uint64_t key, uint64_t element, uint64_t step) { return normal_at(key, element, step); }
