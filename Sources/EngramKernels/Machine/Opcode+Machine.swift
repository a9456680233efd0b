import CEngramMath

extension Opcode {
  /// The operation of the register machine.
  var machineOpcode: Int32 { Int32(bitPattern: machineCode.rawValue) }

  private var machineCode: engram_opcode {
    switch self {
    case .load: ENGRAM_LOAD
    case .loadScalar: ENGRAM_LOAD_SCALAR
    case .gather: ENGRAM_GATHER
    case .store: ENGRAM_STORE
    case .storeScalar: ENGRAM_STORE_SCALAR
    case .scatter: ENGRAM_SCATTER
    case .scatterAdd: ENGRAM_SCATTER_ADD
    case .scatterSubtract: ENGRAM_SCATTER_SUB
    case .scatterMultiply: ENGRAM_SCATTER_MUL
    case .scatterDivide: ENGRAM_SCATTER_DIV
    case .element: ENGRAM_ELEMENT
    case .copy: ENGRAM_COPY
    case .add: ENGRAM_ADD
    case .subtract: ENGRAM_SUB
    case .multiply: ENGRAM_MUL
    case .divide: ENGRAM_DIV
    case .negate: ENGRAM_NEG
    case .absolute: ENGRAM_ABS
    case .floor: ENGRAM_FLOOR
    case .ceil: ENGRAM_CEIL
    case .sqrt: ENGRAM_SQRT
    case .sign: ENGRAM_SIGN
    case .floorDivide: ENGRAM_FLOOR_DIV
    case .floorModulo: ENGRAM_FLOOR_MOD
    case .power: ENGRAM_POW
    case .clip: ENGRAM_CLIP
    case .exp: ENGRAM_EXP
    case .expm1: ENGRAM_EXPM1
    case .exprel: ENGRAM_EXPREL
    case .log: ENGRAM_LOG
    case .log10: ENGRAM_LOG10
    case .log1p: ENGRAM_LOG1P
    case .sin: ENGRAM_SIN
    case .cos: ENGRAM_COS
    case .tan: ENGRAM_TAN
    case .asin: ENGRAM_ASIN
    case .acos: ENGRAM_ACOS
    case .atan: ENGRAM_ATAN
    case .sinh: ENGRAM_SINH
    case .cosh: ENGRAM_COSH
    case .tanh: ENGRAM_TANH
    case .less: ENGRAM_LT
    case .lessOrEqual: ENGRAM_LE
    case .equal: ENGRAM_EQ
    case .notEqual: ENGRAM_NE
    case .integerAdd: ENGRAM_IADD
    case .integerSubtract: ENGRAM_ISUB
    case .integerMultiply: ENGRAM_IMUL
    case .integerNegate: ENGRAM_INEG
    case .integerAbsolute: ENGRAM_IABS
    case .integerSign: ENGRAM_ISIGN
    case .integerFloorDivide: ENGRAM_IFLOOR_DIV
    case .integerFloorModulo: ENGRAM_IFLOOR_MOD
    case .integerPower: ENGRAM_IPOW
    case .integerClip: ENGRAM_ICLIP
    case .integerLess: ENGRAM_ILT
    case .integerLessOrEqual: ENGRAM_ILE
    case .integerEqual: ENGRAM_IEQ
    case .integerNotEqual: ENGRAM_INE
    case .and: ENGRAM_AND
    case .or: ENGRAM_OR
    case .not: ENGRAM_NOT
    case .select: ENGRAM_SELECT
    case .integerToFloat: ENGRAM_INT_TO_FLOAT
    case .floatToInteger: ENGRAM_FLOAT_TO_INT
    case .floatToBoolean: ENGRAM_FLOAT_TO_BOOL
    case .integerToBoolean: ENGRAM_INT_TO_BOOL
    case .roundToFloat32: ENGRAM_ROUND_FLOAT32
    case .wrapToInt32: ENGRAM_WRAP_INT32
    case .timestep: ENGRAM_TIMESTEP
    case .stepStart: ENGRAM_STEP_START
    case .hasReached: ENGRAM_HAS_REACHED
    case .randomUniform: ENGRAM_RANDOM_UNIFORM
    case .randomNormal: ENGRAM_RANDOM_NORMAL
    case .randomPoisson: ENGRAM_RANDOM_POISSON
    case .randomBinomial: ENGRAM_RANDOM_BINOMIAL
    case .call: ENGRAM_CALL
    }
  }
}
