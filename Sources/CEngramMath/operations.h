// The arithmetic of the register machine, one line per opcode: (opcode, type of result lanes, type of operand lanes,
// LIGHT or HEAVY, formula over x, y, z). Operands that need a look at the whole block first are in block_loops.h.

#define UNARY_OPERATIONS(OP)                                              \
  OP(NEG, double, double, LIGHT, -x)                                      \
  OP(ABS, double, double, LIGHT, absolute(x))                             \
  OP(FLOOR, double, double, LIGHT, floored(x))                            \
  OP(CEIL, double, double, LIGHT, ceiled(x))                              \
  OP(TRUNC, double, double, LIGHT, truncated(x))                          \
  OP(SQRT, double, double, LIGHT, square_root(x))                         \
  OP(SIGN, double, double, LIGHT, x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x == 0.0 ? 0.0 : x) \
  OP(EXP, double, double, HEAVY, exp_of(x))                               \
  OP(EXPM1, double, double, HEAVY, expm1_of(x))                           \
  OP(EXPREL, double, double, HEAVY, exprel_of(x))                         \
  OP(LOG, double, double, HEAVY, log_of(x))                               \
  OP(LOG10, double, double, HEAVY, log10_of(x))                           \
  OP(LOG1P, double, double, HEAVY, log1p_of(x))                           \
  OP(ASIN, double, double, HEAVY, asin_of(x))                             \
  OP(ACOS, double, double, HEAVY, acos_of(x))                             \
  OP(ATAN, double, double, HEAVY, atan_of(x))                             \
  OP(SINH, double, double, HEAVY, sinh_of(x))                             \
  OP(COSH, double, double, HEAVY, cosh_of(x))                             \
  OP(TANH, double, double, HEAVY, tanh_of(x))                             \
  OP(COPY, uint64_t, uint64_t, LIGHT, x)                                  \
  OP(INEG, uint64_t, uint64_t, LIGHT, 0u - x)                             \
  OP(IABS, uint64_t, int64_t, LIGHT, x < 0 ? 0u - (uint64_t)x : (uint64_t)x) \
  OP(ISIGN, int64_t, int64_t, LIGHT, (int64_t)(x > 0) - (int64_t)(x < 0)) \
  OP(NOT, int64_t, int64_t, LIGHT, x == 0)                                \
  OP(INT_TO_BOOL, int64_t, int64_t, LIGHT, x != 0)                        \
  OP(FLOAT_TO_BOOL, int64_t, double, LIGHT, x != 0.0)                     \
  OP(BOOL_TO_FLOAT, double, int64_t, LIGHT, truth_of(x))                  \
  OP(ROUND_FLOAT32, double, double, LIGHT, (double)(float)x)              \
  OP(WRAP_INT32, int64_t, int64_t, LIGHT, (int64_t)(int32_t)(uint32_t)(uint64_t)x)

#define BINARY_OPERATIONS(OP)                                             \
  OP(ADD, double, double, LIGHT, x + y)                                   \
  OP(SUB, double, double, LIGHT, x - y)                                   \
  OP(MUL, double, double, LIGHT, x * y)                                   \
  OP(DIV, double, double, LIGHT, x / y)                                   \
  OP(MIN, double, double, LIGHT, y < x ? y : x)                           \
  OP(MAX, double, double, LIGHT, y > x ? y : x)                           \
  OP(POW, double, double, HEAVY, pow_of(x, y))                            \
  OP(LT, int64_t, double, LIGHT, x < y)                                   \
  OP(LE, int64_t, double, LIGHT, x <= y)                                  \
  OP(EQ, int64_t, double, LIGHT, x == y)                                  \
  OP(NE, int64_t, double, LIGHT, x != y)                                  \
  OP(HAS_REACHED, int64_t, double, LIGHT, (x >= y) | ((x != x) & (y <= 0.0))) \
  OP(IADD, uint64_t, uint64_t, LIGHT, x + y)                              \
  OP(ISUB, uint64_t, uint64_t, LIGHT, x - y)                              \
  OP(IMUL, uint64_t, uint64_t, LIGHT, x * y)                              \
  OP(IMIN, int64_t, int64_t, LIGHT, y < x ? y : x)                        \
  OP(IMAX, int64_t, int64_t, LIGHT, y > x ? y : x)                        \
  OP(ILT, int64_t, int64_t, LIGHT, x < y)                                 \
  OP(ILE, int64_t, int64_t, LIGHT, x <= y)                                \
  OP(IEQ, int64_t, int64_t, LIGHT, x == y)                                \
  OP(INE, int64_t, int64_t, LIGHT, x != y)                                \
  OP(AND, int64_t, int64_t, LIGHT, (x != 0) & (y != 0))                   \
  OP(OR, int64_t, int64_t, LIGHT, (x != 0) | (y != 0))                    \
  OP(IFLOOR_DIV, int64_t, int64_t, SCALAR, ifloor_div_of(x, y))           \
  OP(IFLOOR_MOD, int64_t, int64_t, SCALAR, ifloor_mod_of(x, y))           \
  OP(IPOW, int64_t, int64_t, SCALAR, ipow_of(x, y))

#define TERNARY_OPERATIONS(OP)                                            \
  OP(CLIP, double, double, LIGHT, (x < y ? y : x) > z ? z : (x < y ? y : x)) \
  OP(SELECT, uint64_t, uint64_t, LIGHT, x != 0 ? y : z)                   \
  OP(MIX, uint64_t, uint64_t, LIGHT, bits_of(truth_of(x) * from_bits(y) + truth_of(x == 0) * from_bits(z))) \
  OP(ICLIP, int64_t, int64_t, LIGHT, (x < y ? y : x) > z ? z : (x < y ? y : x))

/// A second operation joined to the first: the passes over a block cost more than the arithmetic. Each rounds on its own.
#define PAIRS_OF(OP, first, formula)             \
  OP(first##_ADD, formula + z)                   \
  OP(first##_SUB, formula - z)                   \
  OP(first##_RSUB, z - formula)                  \
  OP(first##_MUL, formula * z)                   \
  OP(first##_DIV, formula / z)                   \
  OP(first##_RDIV, z / formula)
#define PAIR_OPERATIONS(OP)    \
  PAIRS_OF(OP, ADD, (x + y))   \
  PAIRS_OF(OP, SUB, (x - y))   \
  PAIRS_OF(OP, MUL, (x * y))   \
  PAIRS_OF(OP, DIV, (x / y))
