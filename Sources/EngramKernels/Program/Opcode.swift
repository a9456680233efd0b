/// The operations of a kernel program; those of the register machine in CEngramMath, by name.
package enum Opcode: String, CaseIterable, Sendable, Hashable {
  // Columns.
  case load, loadScalar, gather, store, storeScalar
  case scatter, scatterAdd, scatterSubtract, scatterMultiply, scatterDivide
  case element, copy
  // Doubles.
  case add, subtract, multiply, divide, negate, absolute, floor, ceil, sqrt, sign
  case floorDivide, floorModulo, power, clip
  case exp, expm1, exprel, log, log10, log1p, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh
  case less, lessOrEqual, equal, notEqual
  // Integers.
  case integerAdd, integerSubtract, integerMultiply, integerNegate, integerAbsolute, integerSign
  case integerFloorDivide, integerFloorModulo, integerPower, integerClip
  case integerLess, integerLessOrEqual, integerEqual, integerNotEqual
  // Booleans.
  case and, or, not
  // Any lane.
  case select
  // Conversions.
  case integerToFloat, floatToInteger, floatToBoolean, integerToBoolean, roundToFloat32, wrapToInt32, timestep
  // `stepStart n dt`: the least time whose step is not before n; `hasReached t s`: whether t has it behind it.
  case stepStart, hasReached
  // Random numbers and functions.
  case randomUniform, randomNormal, randomPoisson, randomBinomial, call

  /// Whether the operation changes a column instead of giving a value.
  var changesColumn: Bool {
    switch self {
    case .store, .storeScalar, .scatter, .scatterAdd, .scatterSubtract, .scatterMultiply, .scatterDivide: true
    default: false
    }
  }

  var isScatter: Bool { changesColumn && self != .store && self != .storeScalar }

  /// Whether the result follows from the operands alone, so that the operation may be computed later.
  var isPure: Bool {
    switch self {
    case .load, .loadScalar, .gather, .element, .call: false
    default: !changesColumn && !isRandom
    }
  }

  var isRandom: Bool {
    switch self {
    case .randomUniform, .randomNormal, .randomPoisson, .randomBinomial: true
    default: false
    }
  }
}
