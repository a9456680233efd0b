import EngramExpressions

extension Lowering {
  /// Whole powers up to this one become products.
  static let largestExpandedExponent: Int64 = 16

  /// `base ** exponent`.
  ///
  /// A whole constant exponent gives products in a fixed order: x², x²·x, x²·x², (x²·x²)·x, … and for negative ones the
  /// reciprocal of that. Integers stay integers unless the exponent is a negative constant.
  mutating func power(_ base: TypedValue, _ exponent: TypedValue) -> TypedValue {
    let type = max(base.type, exponent.type, .integer)
    guard let known = constantValue(exponent) else {
      return type == .float ? generalPower(base, exponent) : integerPower(base, exponent)
    }
    let number = known.doubleValue
    guard number.rounded(.towardZero) == number, abs(number) <= Double(Self.largestExpandedExponent) else {
      return type == .float || number < 0 ? generalPower(base, exponent) : integerPower(base, exponent)
    }
    let whole = Int64(number)
    if type == .float || whole < 0 {
      let product = expanded(TypedValue(id: toFloat(base), type: .float), whole.magnitude, .multiply, one: .float(1))
      guard whole < 0 else { return product }
      let one = builder.constant(.float(1))
      return TypedValue(id: builder.operation(.divide, one, product.id, type: .float), type: .float)
    }
    return expanded(TypedValue(id: base.id, type: .integer), whole.magnitude, .integerMultiply, one: .integer(1))
  }

  private mutating func expanded(
    _ base: TypedValue, _ exponent: UInt64, _ multiply: Opcode, one: ConstantValue
  ) -> TypedValue {
    switch exponent {
    case 0: return constant(one)
    case 1: return base
    default:
      let rest = exponent.isMultiple(of: 2) ? exponent / 2 : exponent - 1
      let part = expanded(base, rest, multiply, one: one)
      let other = exponent.isMultiple(of: 2) ? part : base
      return TypedValue(id: builder.operation(multiply, part.id, other.id, type: base.type), type: base.type)
    }
  }

  private mutating func generalPower(_ base: TypedValue, _ exponent: TypedValue) -> TypedValue {
    TypedValue(id: builder.operation(.power, toFloat(base), toFloat(exponent), type: .float), type: .float)
  }

  private mutating func integerPower(_ base: TypedValue, _ exponent: TypedValue) -> TypedValue {
    TypedValue(id: builder.operation(.integerPower, base.id, exponent.id, type: .integer), type: .integer)
  }

  /// The number that a value is known to be before the run.
  func constantValue(_ value: TypedValue) -> ConstantValue? {
    if let constant = builder[value.id].constant { return constant }
    guard builder[value.id].stage == .run else { return nil }
    return RunConstants.value(of: value.id, type: value.type, in: builder)
  }
}
