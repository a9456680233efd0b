// Nanoseconds per element of the block operations, per instruction set. Compiled and run by maths.sh.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engram_math.h"

#define COUNT 4096

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double numbers[COUNT], positive[COUNT], unit[COUNT], result[COUNT];
static int64_t integers[COUNT];
static int32_t indices[COUNT];
static engram_column columns[] = {
    {numbers, COUNT, ENGRAM_FLOAT64, 0}, {positive, COUNT, ENGRAM_FLOAT64, 0}, {unit, COUNT, ENGRAM_FLOAT64, 0},
    {result, COUNT, ENGRAM_FLOAT64, 0},  {integers, COUNT, ENGRAM_INT64, 0},   {indices, COUNT, ENGRAM_INT32, 0}};
enum { NUMBERS, POSITIVE, UNIT, RESULT, INTEGERS, INDICES };
static uint64_t scalars[8];

/// Best of many runs over all elements.
static double nanoseconds(const engram_instruction *code, int32_t count) {
  engram_program program = {code, count, 4, NULL};
  engram_frame frame = {.columns = columns, .scalars = scalars, .step = 5};
  uint64_t bytes = (engram_scratch_bytes(&program) + 63) & ~(uint64_t)63;
  frame.scratch = aligned_alloc(64, bytes);
  memset(frame.scratch, 0, bytes);
  double best = 1e9;
  for (int trial = 0; trial < 40; trial++) {
    double start = seconds();
    for (int k = 0; k < 8; k++)
      if (!engram_run_range(&program, &frame, 0, COUNT, ENGRAM_BLOCK, NULL)) abort();
    double taken = seconds() - start;
    if (taken < best) best = taken;
  }
  free(frame.scratch);
  return best / 8 / COUNT * 1e9;
}

static void row(const char *name, const engram_instruction *code, int32_t count) {
  static const char *sets[] = {"baseline", "avx2", "avx512"};
  printf("%-16s", name);
  for (int s = 0; s < 3; s++) {
    if (engram_force_instruction_set(sets[s]))
      printf(" %9.3f", nanoseconds(code, count));
    else
      printf(" %9s", "-");
  }
  printf("\n");
}

static void function(const char *name, int32_t opcode, int32_t input, int32_t output) {
  const engram_instruction code[] = {{ENGRAM_LOAD_ALIAS, 0, input, 0, 0},
                                     {ENGRAM_LOAD_ALIAS, 1, POSITIVE, 0, 0},
                                     {opcode, 2, 0, 1, 0},
                                     {ENGRAM_STORE, output, 2, 0, INT32_MIN}};
  row(name, code, 4);
}

#define ROW(name, ...)                                                     \
  do {                                                                     \
    const engram_instruction code[] = {__VA_ARGS__};                       \
    row(name, code, (int32_t)(sizeof code / sizeof code[0]));              \
  } while (0)

int main(void) {
  for (int i = 0; i < COUNT; i++) {
    indices[i] = (i * 1663) % COUNT;
    numbers[i] = -5 + 10.0 * indices[i] / COUNT;
    positive[i] = 0.5 + (double)i / COUNT;
    unit[i] = -1 + 2.0 * indices[i] / COUNT;
  }
  const double uniform[] = {0.9, 0.1, 0.01, 0.5, 20, 1000};
  memcpy(scalars, uniform, sizeof uniform);
  scalars[6] = 0x123456789abcdef0u;

  printf("%-16s %9s %9s %9s\n", "ns per element", "baseline", "avx2", "avx512");
  function("copy", ENGRAM_COPY, NUMBERS, RESULT);
  function("add", ENGRAM_ADD, NUMBERS, RESULT);
  function("divide", ENGRAM_DIV, NUMBERS, RESULT);
  function("sqrt", ENGRAM_SQRT, POSITIVE, RESULT);
  function("floor", ENGRAM_FLOOR, NUMBERS, RESULT);
  function("floor mod", ENGRAM_FLOOR_MOD, NUMBERS, RESULT);
  function("exp", ENGRAM_EXP, NUMBERS, RESULT);
  function("expm1", ENGRAM_EXPM1, NUMBERS, RESULT);
  function("exprel", ENGRAM_EXPREL, NUMBERS, RESULT);
  function("log", ENGRAM_LOG, POSITIVE, RESULT);
  function("log10", ENGRAM_LOG10, POSITIVE, RESULT);
  function("log1p", ENGRAM_LOG1P, POSITIVE, RESULT);
  function("sin", ENGRAM_SIN, NUMBERS, RESULT);
  function("cos", ENGRAM_COS, NUMBERS, RESULT);
  function("tan", ENGRAM_TAN, NUMBERS, RESULT);
  function("arcsin", ENGRAM_ASIN, UNIT, RESULT);
  function("arccos", ENGRAM_ACOS, UNIT, RESULT);
  function("arctan", ENGRAM_ATAN, NUMBERS, RESULT);
  function("sinh", ENGRAM_SINH, NUMBERS, RESULT);
  function("cosh", ENGRAM_COSH, NUMBERS, RESULT);
  function("tanh", ENGRAM_TANH, NUMBERS, RESULT);
  function("pow", ENGRAM_POW, POSITIVE, RESULT);
  function("float to int", ENGRAM_FLOAT_TO_INT, NUMBERS, INTEGERS);
  function("timestep", ENGRAM_TIMESTEP, NUMBERS, INTEGERS);
  ROW("v = a v + b g + c", {ENGRAM_LOAD_ALIAS, 0, NUMBERS, 0, 0}, {ENGRAM_LOAD_ALIAS, 1, POSITIVE, 0, 0}, {ENGRAM_MUL, 2, ~1, 1, 0},
      {ENGRAM_MUL_ADD, 2, ~0, 0, 2}, {ENGRAM_ADD, 2, 2, ~2, 0}, {ENGRAM_STORE, RESULT, 2, 0, INT32_MIN});
  ROW("gather", {ENGRAM_LOAD_ALIAS, 0, INDICES, 0, 0}, {ENGRAM_GATHER, 1, NUMBERS, 0, 0}, {ENGRAM_STORE, RESULT, 1, 0, INT32_MIN});
  ROW("scatter add", {ENGRAM_LOAD_ALIAS, 0, INDICES, 0, 0}, {ENGRAM_LOAD_ALIAS, 1, NUMBERS, 0, 0},
      {ENGRAM_SCATTER_ADD, RESULT, 1, 0, INT32_MIN});
  ROW("rand()", {ENGRAM_RANDOM_UNIFORM, 0, 0, ~6, 0}, {ENGRAM_STORE, RESULT, 0, 0, INT32_MIN});
  ROW("randn()", {ENGRAM_RANDOM_NORMAL, 0, 0, ~6, 0}, {ENGRAM_STORE, RESULT, 0, 0, INT32_MIN});
  ROW("poisson(0.5)", {ENGRAM_RANDOM_POISSON, 0, ~3, ~6, 0}, {ENGRAM_STORE, INTEGERS, 0, 0, INT32_MIN});
  ROW("poisson(20)", {ENGRAM_RANDOM_POISSON, 0, ~4, ~6, 0}, {ENGRAM_STORE, INTEGERS, 0, 0, INT32_MIN});
  ROW("poisson(1000)", {ENGRAM_RANDOM_POISSON, 0, ~5, ~6, 0}, {ENGRAM_STORE, INTEGERS, 0, 0, INT32_MIN});
  ROW("poisson(vector)", {ENGRAM_LOAD_ALIAS, 1, POSITIVE, 0, 0}, {ENGRAM_RANDOM_POISSON, 0, 1, ~6, 0},
      {ENGRAM_STORE, INTEGERS, 0, 0, INT32_MIN});
  return 0;
}
