#ifndef ENGRAM_MATH_H
#define ENGRAM_MATH_H
// Arithmetic that gives the same bits everywhere: elementary functions, counter-based random numbers, and the register
// machine over blocks that executes kernels. Only IEEE + - * / sqrt, comparisons, selects and integer operations;
// contraction off; no libm on any path that reaches state.
#include <stdbool.h>
#include <stdint.h>

// ---------------------------------------------------------------------------------------------- elementary functions
double engram_exp(double x);
double engram_expm1(double x);
/// (e^x - 1) / x; 1 at 0.
double engram_exprel(double x);
double engram_log(double x);
double engram_log10(double x);
double engram_log1p(double x);
double engram_sin(double x);
double engram_cos(double x);
double engram_tan(double x);
double engram_asin(double x);
double engram_acos(double x);
double engram_atan(double x);
double engram_sinh(double x);
double engram_cosh(double x);
double engram_tanh(double x);
double engram_pow(double x, double y);
/// Remainder with the sign of the divisor (Python's %).
double engram_floor_mod(double x, double y);
/// floor(x / y) as Python's // gives it.
double engram_floor_div(double x, double y);
int64_t engram_ifloor_mod(int64_t x, int64_t y);
int64_t engram_ifloor_div(int64_t x, int64_t y);
/// Int64(trunc((t + 1e-3 dt) / dt)), saturating (FUN-24).
int64_t engram_timestep(double t, double dt);

// --------------------------------------------------------------------------------------------------- random numbers
// Philox4x32-10. key: 64-bit hash of (seed, object, purpose, call site). counter: element pair 64 bits, step 48, attempt 16.
void engram_philox4x32(uint64_t key, uint64_t counter_low, uint64_t counter_high, uint32_t out[4]);
/// Uniform in [0, 1).
double engram_random_uniform(uint64_t key, uint64_t element, uint64_t step);
/// Standard normal (Box-Muller).
double engram_random_normal(uint64_t key, uint64_t element, uint64_t step);
/// Poisson with mean lambda; 0 where lambda is not positive, saturated where it exceeds int64.
int64_t engram_random_poisson(uint64_t key, uint64_t element, uint64_t step, double lambda);
/// Binomial with n trials of probability p.
int64_t engram_random_binomial(uint64_t key, uint64_t element, uint64_t step, int64_t n, double p);
/// The smallest k with u < P(X <= k), as the draws above find it for small means: by searching, or in a table of the
/// distribution. -1 where they draw otherwise.
int64_t engram_poisson_quantile(double u, double lambda, bool tabulated);
/// p <= 1/2.
int64_t engram_binomial_quantile(double u, int64_t n, double p, bool tabulated);
/// log1p(-u) * scale for the uniform numbers u of the elements first ..< first + n, n <= ENGRAM_BLOCK: gaps between successes of
/// probability p, where scale is 1 / log1p(-p).
void engram_random_gaps(uint64_t key, uint64_t first, uint64_t step, double scale, double *gaps, int32_t n);
/// 64-bit hash that makes keys; not cryptographic.
/// Which of the numbers first ..< end, a part of 0 ..< count, are taken with probability p each, 0 < p < 1: ascending, into memory with room for
/// all and one more. What is taken does not depend on which are asked for.
///
/// Numbers come in stretches, whose length is even; each has a stream of draws of its own behind draw `row`, which is even.
/// Returns how many are taken.
int64_t engram_random_taken(uint64_t key, uint64_t row, uint64_t step, double p, int64_t stretch, int64_t count, int64_t first, int64_t end,
                            int32_t *taken);

uint64_t engram_random_key(uint64_t seed, const uint8_t *text, uint64_t length);

// -------------------------------------------------------------------------------------------- register machine: data
#define ENGRAM_BLOCK 512

typedef enum { ENGRAM_FLOAT64 = 0, ENGRAM_FLOAT32, ENGRAM_INT32, ENGRAM_INT64, ENGRAM_BOOL } engram_type;

/// One array bound to a program. Elements are read and written in place.
typedef struct {
  void *base;
  int64_t count;
  int32_t type;  // engram_type
  int32_t limit;  // greater than all elements of `brief`
  // The same elements as numbers of two bytes, for compiled code that reads them as indices; NULL: there are none.
  const uint16_t *brief;
} engram_column;

// All registers are blocks of 8-byte lanes: doubles, or int64 (integers, and booleans as 0/1).
// Operands a, b, c: >= 0 a register, < 0 the scalar slot ~operand (a value uniform over the elements).
typedef enum {
  // moves
  ENGRAM_LOAD,         // dst <- column[element], converted to the lane type; column number in a
  ENGRAM_LOAD_ALIAS,   // the same; the executor may let dst point into the column (no store to it while dst is in use);
                       // int32 indices loaded so are used by gathers and scatters without widening
  ENGRAM_LOAD_SCALAR,  // dst <- column[0] of column a (broadcast)
  ENGRAM_GATHER,       // dst <- column a at [b], b an int64 register; out of bounds -> error
  ENGRAM_STORE,        // column dst [element] <- a where c != 0 (c == INT32_MIN: everywhere), converted to the column type
  ENGRAM_STORE_SCALAR, // column dst [0] <- lane 0 of a (blocks of one element)
  ENGRAM_SCATTER,      // column dst at [b] <- a where c, in element order: the last wins
  ENGRAM_SCATTER_ADD,  // column dst at [b] += a where c, in element order
  ENGRAM_SCATTER_SUB,
  ENGRAM_SCATTER_MUL,
  ENGRAM_SCATTER_DIV,
  ENGRAM_ELEMENT,      // dst <- element number (int64)
  ENGRAM_COPY,         // dst <- a
  // doubles
  ENGRAM_ADD, ENGRAM_SUB, ENGRAM_MUL, ENGRAM_DIV, ENGRAM_NEG, ENGRAM_ABS, ENGRAM_FLOOR, ENGRAM_CEIL, ENGRAM_TRUNC,
  ENGRAM_SQRT, ENGRAM_SIGN, ENGRAM_FLOOR_DIV, ENGRAM_FLOOR_MOD, ENGRAM_POW, ENGRAM_MIN, ENGRAM_MAX,
  ENGRAM_CLIP,         // a clipped to [b, c]
  // two operations in one pass, rounded one after the other: (a op b) op c; RSUB and RDIV are c - (a op b) and c / (a op b)
  ENGRAM_ADD_ADD, ENGRAM_ADD_SUB, ENGRAM_ADD_RSUB, ENGRAM_ADD_MUL, ENGRAM_ADD_DIV, ENGRAM_ADD_RDIV,
  ENGRAM_SUB_ADD, ENGRAM_SUB_SUB, ENGRAM_SUB_RSUB, ENGRAM_SUB_MUL, ENGRAM_SUB_DIV, ENGRAM_SUB_RDIV,
  ENGRAM_MUL_ADD, ENGRAM_MUL_SUB, ENGRAM_MUL_RSUB, ENGRAM_MUL_MUL, ENGRAM_MUL_DIV, ENGRAM_MUL_RDIV,
  ENGRAM_DIV_ADD, ENGRAM_DIV_SUB, ENGRAM_DIV_RSUB, ENGRAM_DIV_MUL, ENGRAM_DIV_DIV, ENGRAM_DIV_RDIV,
  ENGRAM_MIX,          // float(a) * b + float(1 - a) * c for a boolean a, each operation rounded: b where a, else c, if both are finite
  ENGRAM_EXP, ENGRAM_EXPM1, ENGRAM_EXPREL, ENGRAM_LOG, ENGRAM_LOG10, ENGRAM_LOG1P, ENGRAM_SIN, ENGRAM_COS, ENGRAM_TAN,
  ENGRAM_ASIN, ENGRAM_ACOS, ENGRAM_ATAN, ENGRAM_SINH, ENGRAM_COSH, ENGRAM_TANH,
  ENGRAM_LT, ENGRAM_LE, ENGRAM_EQ, ENGRAM_NE,  // double, double -> 0/1 (greater: swap the operands)
  // integers (wrapping)
  ENGRAM_IADD, ENGRAM_ISUB, ENGRAM_IMUL, ENGRAM_INEG, ENGRAM_IABS, ENGRAM_ISIGN, ENGRAM_IFLOOR_DIV, ENGRAM_IFLOOR_MOD,
  ENGRAM_IPOW, ENGRAM_IMIN, ENGRAM_IMAX, ENGRAM_ICLIP, ENGRAM_ILT, ENGRAM_ILE, ENGRAM_IEQ, ENGRAM_INE,
  // booleans 0/1
  ENGRAM_AND, ENGRAM_OR, ENGRAM_NOT,
  // both lane kinds
  ENGRAM_SELECT,       // a != 0 ? b : c
  // conversions
  ENGRAM_INT_TO_FLOAT, // int64 or 0/1 -> double
  ENGRAM_BOOL_TO_FLOAT, // 0/1 -> double
  ENGRAM_FLOAT_TO_INT, // truncation towards zero, saturating, NaN -> 0
  ENGRAM_FLOAT_TO_BOOL, ENGRAM_INT_TO_BOOL,
  ENGRAM_ROUND_FLOAT32, // double rounded to float32 precision
  ENGRAM_WRAP_INT32,   // the lower 32 bits of an integer, with their sign
  ENGRAM_TIMESTEP,     // (t, dt) -> int64
  ENGRAM_STEP_START,   // (n, dt) -> the least t with TIMESTEP(t, dt) >= n, for dt > 0
  ENGRAM_HAS_REACHED,  // (t, start) -> TIMESTEP(t, dt) >= n, where start is STEP_START(n, dt)
  // random: b = scalar slot with the 64-bit key (its number, or ~number); draws are functions of (key, element, frame.step)
  ENGRAM_RANDOM_UNIFORM, ENGRAM_RANDOM_NORMAL,
  ENGRAM_RANDOM_POISSON,  // a = lambda
  ENGRAM_RANDOM_BINOMIAL, // a = n (int64), c = p (double)
  // user functions
  ENGRAM_CALL,         // dst <- function b (a number) of the c argument registers that follow in `extra` of the program at a
  ENGRAM_OPCODE_COUNT
} engram_opcode;

typedef struct {
  int32_t opcode;
  int32_t dst, a, b, c;
} engram_instruction;

typedef struct {
  const engram_instruction *instructions;
  int32_t instruction_count;
  int32_t register_count;
  const int32_t *extra;  // argument lists of ENGRAM_CALL
} engram_program;

/// Evaluates function `function` for `count` lanes; arguments and result are blocks of 8-byte lanes. False: there is no value,
/// and the program stops.
typedef bool (*engram_callback)(void *context, int32_t function, const void *const *arguments, int32_t argument_count,
                                const int64_t *elements, int32_t count, void *result);

/// Compiled code of a program: runs it for the elements first ..< first + count, or those of the list (NULL: none), and, where
/// `out` is not NULL, appends those for which the program's condition holds to it; *found gets their number.
///
/// Returns how many elements it did, a multiple of ENGRAM_BLOCK unless all: it leaves a block alone that would leave a column.
typedef int64_t (*engram_native)(const engram_column *columns, const uint64_t *scalars, int64_t step, int64_t first, const int32_t *list,
                                 int64_t count, int32_t *out, int64_t *found);

/// Numbers that elements have in a whole of which only some are here: those from place starts[r] on, up to that of the next run, have the
/// numbers from numbers[r] on. starts ascends and begins with 0. Where there is a list, it has the number of each place instead.
typedef struct {
  const int32_t *starts;
  const int32_t *numbers;
  int64_t count;
  const int64_t *listed;
} engram_numbers;

typedef struct {
  const engram_column *columns;
  uint64_t *scalars;        // bit patterns of doubles or int64
  int64_t step;             // the step part of random counters
  engram_callback callback;
  void *context;
  void *scratch;            // engram_scratch_bytes(program), 64-byte aligned; one per thread
  void *tables;             // engram_table_bytes(program), zeroed once, of this program alone and one per thread: tables of
                            // distributions, kept from call to call; NULL: they are made for each block
  engram_native native;     // does the program's blocks instead of its instructions; NULL: there is none
  const engram_numbers *numbers;  // what random numbers of elements depend on; NULL: their places
} engram_frame;

typedef struct {
  int32_t instruction;      // -1: no error
  int32_t column;           // -1: a callback had no value
  int64_t index;            // the offending index
  int64_t element;
} engram_fault;

uint64_t engram_scratch_bytes(const engram_program *program);
uint64_t engram_table_bytes(const engram_program *program);

// ----------------------------------------------------------------------------------------- register machine: running
// block: largest number of elements handled at once, 1...ENGRAM_BLOCK; 1 gives strictly sequential semantics.
// Returns false and fills fault (if not NULL) when an index was out of bounds or a callback had no value; what was written
// before stays written.

/// Elements first ..< first + count.
bool engram_run_range(const engram_program *program, engram_frame *frame, int64_t first, int64_t count, int32_t block,
                      engram_fault *fault);
/// The listed elements, in the given order.
bool engram_run_indices(const engram_program *program, engram_frame *frame, const int32_t *elements, int64_t count,
                        int32_t block, engram_fault *fault);
/// Pieces one after the other, as a call for each would do: piece p covers the places starts[p] ..< ends[p], which are
/// element numbers, or places in the list of elements if there is one.
bool engram_run_pieces(const engram_program *program, engram_frame *frame, const int32_t *pieces, int64_t piece_count,
                       const int32_t *starts, const int32_t *ends, const int32_t *elements, int32_t block, engram_fault *fault);
/// As engram_run_range; appends (ascending) each element for which boolean register `mask` is non-zero to `out`
/// (room for count elements); *found gets their number.
bool engram_select_range(const engram_program *program, engram_frame *frame, int64_t first, int64_t count, int32_t mask,
                         int32_t *out, int64_t *found, engram_fault *fault);
bool engram_select_indices(const engram_program *program, engram_frame *frame, const int32_t *elements, int64_t count,
                           int32_t mask, int32_t *out, int64_t *found, engram_fault *fault);
/// As engram_run_*; copies register `value` of each element to out[k] (8-byte lanes).
bool engram_evaluate_range(const engram_program *program, engram_frame *frame, int64_t first, int64_t count, int32_t value,
                           void *out, engram_fault *fault);
bool engram_evaluate_indices(const engram_program *program, engram_frame *frame, const int32_t *elements, int64_t count,
                             int32_t value, void *out, engram_fault *fault);
/// Runs a program once for uniform values: registers hold one lane each; results are read back from `scalars` by
/// ENGRAM_STORE_UNIFORM-free convention: register r is copied to scalar slot r + offset when the program ends.
/// False when a callback had no value.
bool engram_run_uniform(const engram_program *program, engram_frame *frame, int32_t offset);

/// The C text that kernels are compiled with, up to the kernel itself; NULL where the program was built without it.
const char *engram_native_text(void);

/// The instruction set in use: "avx512", "avx2", "baseline". Never changes a bit of any result.
const char *engram_instruction_set(void);
/// For tests: forces a narrower set by name; false when this processor lacks it.
bool engram_force_instruction_set(const char *name);

// --------------------------------------------------------------------------------------------------- cable equation
/// A row of places that follow each other by `stride`, from its tip `first` on; the last one is joined to `target`.
typedef struct {
  int32_t first, stride, count, target;
} engram_cable_run;

/// Solves `(own + L) x = rhs`, where L is the Laplacian of a tree with the conductances between its places, and writes x over `rhs`.
///
/// runs: each behind those that end at it; batches: how many of them are independent and done together, 1 to 4; conductance: of each place towards the
/// next one on the way to `root`. `own` is overwritten. All of `own` is positive, or at least one is and none is negative.
void engram_cable_solve(
  const engram_cable_run *runs, const int32_t *batches, int32_t batch_count, int64_t root, const double *conductance, double *own, double *rhs);
/// `current = capacitance * (values - v) / step`, then `v = values`.
void engram_cable_finish(int64_t count, double step, const double *values, const double *capacitance, double *v, double *current);

// ------------------------------------------------------------------------------------------------------ worker threads
typedef struct engram_pool engram_pool;
/// count >= 1 workers including the caller.
engram_pool *engram_pool_create(int32_t count);
void engram_pool_destroy(engram_pool *pool);
int32_t engram_pool_count(const engram_pool *pool);
/// Calls body(context, worker) once per worker and returns when all are done (spin, then sleep).
void engram_pool_run(engram_pool *pool, void (*body)(void *context, int32_t worker), void *context);

#endif
