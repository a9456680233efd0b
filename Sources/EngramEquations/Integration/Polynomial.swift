internal import EngramExpressions

/// A sum of products of powers, multiplied out: the form in which the integrators decide whether two formulas are the
/// same, whether one is zero, and whether a variable really occurs.
///
/// Whatever is not a sum, product or power (calls, comparisons, sums in denominators) is an atom: equal if it looks equal
/// in this form. Results are never computed from it unless the user's own tree does not do.
///
/// All work is paid from a budget: see ``AlgebraBudget`` for what answers are worth when that is exhausted.
struct Polynomial {
  /// Powers of atoms, ordered by key.
  typealias Monomial = [Factor]
  struct Factor: Hashable {
    var key: String
    var power: Double
  }

  private(set) var terms: [Monomial: Double] = [:]
  private let budget: AlgebraBudget
  /// What the keys stand for.
  private var atoms: [String: Atom] = [:]
  private struct Atom {
    var expression: Expression
    /// For a sum in a denominator.
    var sum: [Monomial: Double]?
  }

  /// Beyond this many terms a product stays an atom.
  private static let largest = 400

  init(budget: AlgebraBudget) { self.budget = budget }

  init(constant: Double, budget: AlgebraBudget) {
    self.budget = budget
    if constant != 0 { terms = [[]: constant] }
  }

  init(_ expression: Expression, budget: AlgebraBudget) {
    guard budget.spend(1) else {
      self.init(constant: 1, budget: budget)
      return
    }
    func of(_ part: Expression) -> Polynomial { Polynomial(part, budget: budget) }
    switch expression.node {
    case .float(let value): self.init(constant: value, budget: budget)
    case .integer(let value): self.init(constant: Double(value), budget: budget)
    case .name(let name): self.init(atom: name, expression, budget: budget)
    case .unary(.minus, let operand): self = of(operand).scaled(by: -1)
    case .unary(.plus, let operand): self = of(operand)
    case .binary(.add, let left, let right):
      self = of(left)
      add(of(right), times: 1)
    case .binary(.subtract, let left, let right):
      self = of(left)
      add(of(right), times: -1)
    case .binary(.multiply, let left, let right): self = of(left) * of(right)
    case .binary(.divide, let left, let right): self = of(left) * of(right).power(-1)
    case .binary(.power, let base, let exponent):
      if let value = of(exponent).constant { self = of(base).power(value) } else { self.init(opaque: expression, budget: budget) }
    case .call("sqrt", let arguments) where arguments.count == 1: self = of(arguments[0]).power(0.5)
    case .boolean, .unary, .binary, .call: self.init(opaque: expression, budget: budget)
    }
  }

  private init(atom key: String, _ expression: Expression, sum: [Monomial: Double]? = nil, power: Double = 1, budget: AlgebraBudget) {
    self.budget = budget
    terms = [[Factor(key: key, power: power)]: 1]
    atoms = [key: Atom(expression: expression, sum: sum)]
  }

  private init(opaque expression: Expression, budget: AlgebraBudget) {
    func canonical(_ part: Expression) -> Expression { Polynomial(part, budget: budget).expression }
    let whole: Expression
    switch expression.node {
    case .call(let function, let arguments): whole = Expression(.call(function, arguments.map(canonical)))
    case .unary(let op, let operand): whole = Expression(.unary(op, canonical(operand)))
    case .binary(let op, let left, let right): whole = Expression(.binary(op, canonical(left), canonical(right)))
    case .name, .float, .integer, .boolean: whole = expression
    }
    self.init(atom: Polynomial.key(of: whole, budget), whole, budget: budget)
  }

  /// The text of an atom; paid by its length, and short when that is too much.
  private static func key(of expression: Expression, _ budget: AlgebraBudget) -> String {
    budget.spend(Int(expression.size)) ? expression.key : "…"
  }

  /// The value, if it is a number.
  var constant: Double? {
    if terms.isEmpty { return 0 }
    return terms.count == 1 ? terms[[]] : nil
  }

  // MARK: Arithmetic

  static func + (lhs: Polynomial, rhs: Polynomial) -> Polynomial {
    var result = lhs
    result.add(rhs, times: 1)
    return result
  }

  static func - (lhs: Polynomial, rhs: Polynomial) -> Polynomial {
    var result = lhs
    result.add(rhs, times: -1)
    return result
  }

  private mutating func add(_ other: Polynomial, times factor: Double) {
    guard budget.spend(other.terms.count + other.atoms.count) else { return }
    atoms.merge(other.atoms) { first, _ in first }
    for (monomial, coefficient) in other.terms { add(coefficient * factor, monomial) }
  }

  private mutating func add(_ coefficient: Double, _ monomial: Monomial) {
    let sum = (terms[monomial] ?? 0) + coefficient
    terms[monomial] = sum == 0 ? nil : sum
  }

  func scaled(by factor: Double) -> Polynomial {
    var result = self
    budget.spend(terms.count)
    result.terms = factor == 0 ? [:] : terms.mapValues { $0 * factor }
    return result
  }

  static func * (lhs: Polynomial, rhs: Polynomial) -> Polynomial {
    let budget = lhs.budget
    if lhs.terms.count * rhs.terms.count > largest {
      // One factor each, so that products of products do not grow.
      return lhs.asFactor * rhs.asFactor
    }
    let length = (lhs.terms.keys.map(\.count).max() ?? 0) + (rhs.terms.keys.map(\.count).max() ?? 0)
    guard budget.spend(lhs.atoms.count + rhs.atoms.count + lhs.terms.count * rhs.terms.count * (1 + length)) else { return lhs }
    var result = Polynomial(budget: budget)
    result.atoms = lhs.atoms.merging(rhs.atoms) { first, _ in first }
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
    if exponent == 0 { return Polynomial(constant: 1, budget: budget) }
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
      let whole = Expression(.binary(.power, expression, .number(exponent)))
      return Polynomial(atom: Self.key(of: whole, budget), whole, budget: budget)
    }
    let normal = scaled(by: 1 / leading.coefficient)
    let whole = normal.expression
    var result = Polynomial(atom: Self.key(of: whole, budget), whole, sum: normal.terms, power: exponent, budget: budget)
    result.atoms.merge(atoms) { first, _ in first }
    return result.scaled(by: Self.repeated(leading.coefficient, Int(exponent)))
  }

  /// The same as a single atom times a number.
  private var asFactor: Polynomial {
    guard terms.count > 1, let leading = ordered.first else { return self }
    let normal = scaled(by: 1 / leading.coefficient)
    let whole = normal.expression
    var result = Polynomial(atom: Self.key(of: whole, budget), whole, sum: normal.terms, budget: budget)
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
    for _ in 0..<8 where !budget.isExhausted {
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
    budget.spend(terms.count)
    return Set(terms.keys.flatMap { $0.filter { $0.power < 0 && atoms[$0.key]?.sum != nil }.map(\.key) }).sorted()
  }

  private func multipliedThrough(by key: String) -> Polynomial? {
    guard let sum = atoms[key]?.sum else { return nil }
    let lowest = terms.keys.flatMap { $0.filter { $0.key == key }.map(\.power) }.min() ?? 0
    var base = Polynomial(budget: budget)
    (base.terms, base.atoms) = (sum, atoms)
    var result = Polynomial(budget: budget)
    result.atoms = atoms
    for (monomial, coefficient) in ordered {
      let own = monomial.first { $0.key == key }?.power ?? 0
      let count = own - lowest
      guard count == count.rounded(), count <= 8 else { return nil }
      var part = Polynomial(budget: budget)
      (part.terms, part.atoms) = ([monomial.filter { $0.key != key }: coefficient], atoms)
      result.add((0..<Int(count)).reduce(part) { product, _ in product * base }, times: 1)
    }
    return result.terms.count > Self.largest ? nil : result
  }

  // MARK: As an expression

  /// Terms in a fixed order.
  private var ordered: [(monomial: Monomial, coefficient: Double)] {
    // Comparing takes longer than anything else; one term needs none of it.
    if terms.count <= 1 { return terms.map { ($0.key, $0.value) } }
    guard budget.spend(4 * terms.count * (1 + (terms.keys.map(\.count).max() ?? 0))) else { return terms.prefix(1).map { ($0.key, $0.value) } }
    let keyed = terms.map { (texts: $0.key.map { "\($0.key)^\($0.power)" }, monomial: $0.key, coefficient: $0.value) }
    return keyed.sorted { $0.texts.lexicographicallyPrecedes($1.texts) }.map { ($0.monomial, $0.coefficient) }
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
