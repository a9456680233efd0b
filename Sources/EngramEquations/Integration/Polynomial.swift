internal import EngramExpressions

/// A sum of products of powers, multiplied out: the form in which the integrators decide whether two formulas are the
/// same, whether one is zero, and whether a variable really occurs.
///
/// Whatever is not a sum, product or power (calls, comparisons, sums in denominators) is an atom: equal if it looks equal
/// in this form. Results are never computed from it unless the user's own tree does not do.
struct Polynomial {
  /// Powers of atoms, ordered by key.
  typealias Monomial = [Factor]
  struct Factor: Hashable {
    var key: String
    var power: Double
  }

  private(set) var terms: [Monomial: Double] = [:]
  /// What the keys stand for.
  private var atoms: [String: Atom] = [:]
  private struct Atom {
    var expression: Expression
    /// For a sum in a denominator.
    var sum: [Monomial: Double]?
  }

  /// Beyond this many terms a product stays an atom.
  private static let largest = 400

  init() {}

  init(constant: Double) { if constant != 0 { terms = [[]: constant] } }

  init(_ expression: Expression) {
    switch expression.node {
    case .float(let value): self.init(constant: value)
    case .integer(let value): self.init(constant: Double(value))
    case .name(let name): self.init(atom: name, expression)
    case .unary(.minus, let operand): self = Polynomial(operand).scaled(by: -1)
    case .unary(.plus, let operand): self = Polynomial(operand)
    case .binary(.add, let left, let right): self = Polynomial(left) + Polynomial(right)
    case .binary(.subtract, let left, let right): self = Polynomial(left) + Polynomial(right).scaled(by: -1)
    case .binary(.multiply, let left, let right): self = Polynomial(left) * Polynomial(right)
    case .binary(.divide, let left, let right): self = Polynomial(left) * Polynomial(right).power(-1)
    case .binary(.power, let base, let exponent):
      if let value = Polynomial(exponent).constant { self = Polynomial(base).power(value) } else { self.init(opaque: expression) }
    case .call("sqrt", let arguments) where arguments.count == 1: self = Polynomial(arguments[0]).power(0.5)
    case .boolean, .unary, .binary, .call: self.init(opaque: expression)
    }
  }

  private init(atom key: String, _ expression: Expression, sum: [Monomial: Double]? = nil, power: Double = 1) {
    terms = [[Factor(key: key, power: power)]: 1]
    atoms = [key: Atom(expression: expression, sum: sum)]
  }

  private init(opaque expression: Expression) {
    let canonical: Expression
    switch expression.node {
    case .call(let function, let arguments): canonical = Expression(.call(function, arguments.map { Polynomial($0).expression }))
    case .unary(let op, let operand): canonical = Expression(.unary(op, Polynomial(operand).expression))
    case .binary(let op, let left, let right):
      canonical = Expression(.binary(op, Polynomial(left).expression, Polynomial(right).expression))
    case .name, .float, .integer, .boolean: canonical = expression
    }
    self.init(atom: canonical.key, canonical)
  }

  /// The value, if it is a number.
  var constant: Double? {
    if terms.isEmpty { return 0 }
    return terms.count == 1 ? terms[[]] : nil
  }

  // MARK: Arithmetic

  static func + (lhs: Polynomial, rhs: Polynomial) -> Polynomial {
    var result = lhs
    result.atoms.merge(rhs.atoms) { first, _ in first }
    for (monomial, coefficient) in rhs.terms { result.add(coefficient, monomial) }
    return result
  }

  static func - (lhs: Polynomial, rhs: Polynomial) -> Polynomial { lhs + rhs.scaled(by: -1) }

  private mutating func add(_ coefficient: Double, _ monomial: Monomial) {
    let sum = (terms[monomial] ?? 0) + coefficient
    terms[monomial] = sum == 0 ? nil : sum
  }

  func scaled(by factor: Double) -> Polynomial {
    var result = self
    result.terms = factor == 0 ? [:] : terms.mapValues { $0 * factor }
    return result
  }

  static func * (lhs: Polynomial, rhs: Polynomial) -> Polynomial {
    var result = Polynomial()
    result.atoms = lhs.atoms.merging(rhs.atoms) { first, _ in first }
    if lhs.terms.count * rhs.terms.count > largest {
      // One factor each, so that products of products do not grow.
      return lhs.asFactor * rhs.asFactor
    }
    // A fixed order, so that sums round the same way every time.
    for left in lhs.ordered {
      for right in rhs.ordered { result.add(left.coefficient * right.coefficient, product(left.monomial, right.monomial)) }
    }
    return result
  }

  private static func product(_ lhs: Monomial, _ rhs: Monomial) -> Monomial {
    var powers: [String: Double] = [:]
    for factor in lhs + rhs { powers[factor.key, default: 0] += factor.power }
    return powers.filter { $0.value != 0 }.map { Factor(key: $0.key, power: $0.value) }.sorted { $0.key < $1.key }
  }

  func power(_ exponent: Double) -> Polynomial {
    if exponent == 0 { return Polynomial(constant: 1) }
    if exponent == 1 { return self }
    let isWhole = exponent == exponent.rounded(.towardZero) && exponent.magnitude <= 64
    if terms.count == 1, let (monomial, coefficient) = terms.first, isWhole || (coefficient == 1 && monomial.allSatisfy { $0.power == 1 }) {
      var result = self
      let scale = isWhole ? Self.repeated(coefficient, Int(exponent)) : 1
      result.terms = [monomial.map { Factor(key: $0.key, power: $0.power * exponent) }: scale]
      return result
    }
    if isWhole, exponent > 0, exponent <= 8, Self.repeated(Double(terms.count), Int(exponent)) <= Double(Self.largest) {
      return (1..<Int(exponent)).reduce(self) { product, _ in product * self }
    }
    // A sum under a negative or broken power: an atom, without its leading coefficient.
    guard let leading = ordered.first, isWhole else {
      return Polynomial(atom: Expression(.binary(.power, expression, .number(exponent))).key, Expression(.binary(.power, expression, .number(exponent))))
    }
    let normal = scaled(by: 1 / leading.coefficient)
    var result = Polynomial(atom: normal.expression.key, normal.expression, sum: normal.terms, power: exponent)
    result.atoms.merge(atoms) { first, _ in first }
    return result.scaled(by: Self.repeated(leading.coefficient, Int(exponent)))
  }

  /// The same as a single atom times a number.
  private var asFactor: Polynomial {
    guard terms.count > 1, let leading = ordered.first else { return self }
    let normal = scaled(by: 1 / leading.coefficient)
    var result = Polynomial(atom: normal.expression.key, normal.expression, sum: normal.terms)
    result.atoms.merge(atoms) { first, _ in first }
    return result.scaled(by: leading.coefficient)
  }

  private static func repeated(_ base: Double, _ exponent: Int) -> Double {
    let positive = (0..<exponent.magnitude).reduce(1.0) { product, _ in product * base }
    return exponent < 0 ? 1 / positive : positive
  }

  // MARK: Questions

  /// Whether it is zero for all values, after multiplying through by every sum in a denominator.
  var isZero: Bool {
    if terms.isEmpty { return true }
    var current = self
    for _ in 0..<8 {
      guard let key = current.denominators.first else { break }
      guard let next = current.multipliedThrough(by: key) else { break }
      current = next
    }
    // Coefficients such as 0.1 + 0.2 - 0.3 leave dust behind.
    let largest = terms.values.map(\.magnitude).max() ?? 0
    return current.terms.values.allSatisfy { $0.magnitude <= 1e-14 * largest }
  }

  func equals(_ other: Polynomial) -> Bool { (self - other).isZero }

  /// Leaves nothing of a sum that cancels.
  mutating func clearZeros() { if isZero { terms = [:] } }

  private var denominators: [String] {
    Set(terms.keys.flatMap { $0.filter { $0.power < 0 && atoms[$0.key]?.sum != nil }.map(\.key) }).sorted()
  }

  private func multipliedThrough(by key: String) -> Polynomial? {
    guard let sum = atoms[key]?.sum else { return nil }
    let lowest = terms.keys.flatMap { $0.filter { $0.key == key }.map(\.power) }.min() ?? 0
    var base = Polynomial()
    (base.terms, base.atoms) = (sum, atoms)
    var result = Polynomial()
    result.atoms = atoms
    for (monomial, coefficient) in ordered {
      let own = monomial.first { $0.key == key }?.power ?? 0
      let count = own - lowest
      guard count == count.rounded(), count <= 8 else { return nil }
      var part = Polynomial()
      (part.terms, part.atoms) = ([monomial.filter { $0.key != key }: coefficient], atoms)
      result = result + (0..<Int(count)).reduce(part) { product, _ in product * base }
    }
    return result.terms.count > Self.largest ? nil : result
  }

  // MARK: As an expression

  /// Terms in a fixed order.
  private var ordered: [(monomial: Monomial, coefficient: Double)] {
    terms.map { ($0.key, $0.value) }.sorted { left, right in
      let a = left.monomial.map { "\($0.key)^\($0.power)" }
      let b = right.monomial.map { "\($0.key)^\($0.power)" }
      return a.lexicographicallyPrecedes(b)
    }
  }

  var expression: Expression { .sum(ordered.map(term)) }

  private func term(_ monomial: Monomial, _ coefficient: Double) -> Expression {
    var above = coefficient.magnitude == 1 ? Expression.one : Self.literal(coefficient.magnitude)
    var below = Expression.one
    for factor in monomial {
      let base = atoms[factor.key]?.expression ?? .name(factor.key)
      let size = factor.power.magnitude
      let powered = size == 1 ? base : Expression(.binary(.power, base, Self.literal(size)))
      if factor.power > 0 { above = above * powered } else { below = below * powered }
    }
    let magnitude = above / below
    return coefficient < 0 ? -magnitude : magnitude
  }

  private static func literal(_ value: Double) -> Expression {
    value == value.rounded() && value.magnitude < 1e15 ? .whole(Int64(value)) : .number(value)
  }
}

extension Expression {
  /// A text that is equal exactly for equal trees.
  var key: String {
    switch node {
    case .float(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .name(let name): name
    case .unary(let op, let operand): "(\(op.rawValue) \(operand.key))"
    case .binary(let op, let left, let right): "(\(left.key) \(op.rawValue) \(right.key))"
    case .call(let function, let arguments): "\(function)(\(arguments.map(\.key).joined(separator: ", ")))"
    }
  }
}
