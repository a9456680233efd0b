internal import EngramExpressions

/// Formulas for divided differences of the exponential function, `exp[z₀, …, zₙ]`, that are right for any distance of the
/// nodes, also when they coincide.
///
/// They are the elements of the exponential of a triangular matrix: for a chain of variables with rates λ and couplings m,
/// `(e^{M·dt})_ij = m·m·…·dt^n · exp[λ_i·dt, …, λ_j·dt]`, and with one more node 0 those of `∫ e^{M·s} ds`.
/// With two nodes it is `exp(max)·exprel(−distance)`. From three nodes on: sorted and shifted so that the largest is 0
/// (nothing overflows), then the quotient of differences where the nodes lie wide apart, and the Taylor series where they
/// are close and the quotient would cancel.
///
/// - SeeAlso: McCurdy, Ng & Parlett (1984), "Accurate computation of divided differences of the exponential function".
struct DividedDifferences {
  let budget: AlgebraBudget
  /// Temporaries that the returned formulas use.
  private(set) var statements: [Statement] = []
  private var known: [String: Expression] = [:]
  private var count = 0

  /// Nodes closer together than this use the series. The quotient loses a factor of two here; the series needs 14 terms.
  private static let closeness = 0.5
  private static let seriesTerms = 15

  init(budget: AlgebraBudget) { self.budget = budget }

  /// - Parameter nodes: dimensionless formulas; 0 as a literal.
  mutating func exponential(of nodes: [Expression]) -> Expression {
    let keyed = nodes.map { (key: Polynomial($0, budget: budget).expression.key, node: $0) }.sorted { $0.key < $1.key }
    let key = keyed.map(\.key).joined(separator: "; ")
    if let result = known[key] { return result }
    let sorted = keyed.map(\.node)
    let result: Expression
    if let first = sorted.first,
      Set(keyed.map(\.key)).count == 1 || sorted.dropFirst().allSatisfy({ Polynomial($0, budget: budget).equals(Polynomial(first, budget: budget)) })
    {
      // All nodes equal: e^z / n!
      let factorial = (1..<max(sorted.count, 2)).reduce(1) { $0 * $1 }
      let value = Polynomial(first, budget: budget).isZero ? Expression.one : .call("exp", first)
      result = factorial == 1 ? value : value / .whole(Int64(factorial))
    } else if sorted.count == 2 {
      result = pair(sorted[0], sorted[1])
    } else {
      result = general(sorted)
    }
    known[key] = result
    return result
  }

  private func pair(_ a: Expression, _ b: Expression) -> Expression {
    if Polynomial(a, budget: budget).isZero { return .call("exprel", b) }
    if Polynomial(b, budget: budget).isZero { return .call("exprel", a) }
    return .call("exp", maximum(a, b)) * .call("exprel", -.call("abs", a - b))
  }

  private mutating func general(_ nodes: [Expression]) -> Expression {
    var sorted = nodes.map { bind($0, "node") }
    // Odd-even transposition: data-independent, so that it is straight-line code.
    for round in sorted.indices {
      for left in stride(from: round % 2, to: sorted.count - 1, by: 2) {
        let (a, b) = (sorted[left], sorted[left + 1])
        sorted[left] = bind(minimum(a, b), "low")
        sorted[left + 1] = bind(maximum(a, b), "high")
      }
    }
    let top = sorted[sorted.count - 1]
    let shifted = sorted.dropLast().map { bind($0 - top, "shifted") } + [Expression.zero]
    return bind(.call("exp", top) * difference(shifted[...]), "difference")
  }

  /// Of ascending nodes that are at most 0.
  private mutating func difference(_ nodes: ArraySlice<Expression>) -> Expression {
    let (first, last) = (nodes[nodes.startIndex], nodes[nodes.endIndex - 1])
    if nodes.count == 1 { return first.isZero ? .one : .call("exp", first) }
    if nodes.count == 2 {
      let relative = Expression.call("exprel", first - last)
      return last.isZero ? relative : .call("exp", last) * relative
    }
    let width = bind(last - first, "width")
    let quotient = (difference(nodes.dropFirst()) - difference(nodes.dropLast())) / maximum(width, .number(Self.closeness))
    let close = Expression(.binary(.less, width, .number(Self.closeness)))
    let isClose = bind(.call("int", close), "close")
    let scale = last.isZero ? Expression.one : .call("exp", last)
    return bind(isClose * (scale * series(nodes.dropLast().map { $0 - last })) + (.one - isClose) * quotient, "difference")
  }

  /// `Σ h_k(z) / (k + n)!` for n nodes and one more at 0, h_k being the sum of all products of k nodes.
  private mutating func series(_ nodes: [Expression]) -> Expression {
    let limited = nodes.map { bind(.call("clip", $0, .number(-Self.closeness), .zero), "near") }
    // sums[j] = h_k of the first j + 1 nodes; h_k(z₀…z_j) = z_j · h_{k−1}(z₀…z_j) + h_k(z₀…z_{j−1}).
    var sums = [Expression](repeating: .one, count: limited.count)
    var factorial = (1...limited.count).reduce(1.0) { $0 * Double($1) }
    var total = Expression.number(1 / factorial)
    for term in 1..<Self.seriesTerms {
      for index in limited.indices {
        let own = limited[index] * sums[index]
        sums[index] = bind(index == 0 ? own : own + sums[index - 1], "sum")
      }
      factorial *= Double(term + limited.count)
      total = total + sums[limited.count - 1] / .number(factorial)
    }
    return total
  }

  private func maximum(_ a: Expression, _ b: Expression) -> Expression { .call("clip", a, b, .name("inf")) }
  private func minimum(_ a: Expression, _ b: Expression) -> Expression { .call("clip", a, -.name("inf"), b) }

  /// The expression as a temporary, unless it is a name or a number already.
  mutating func bind(_ expression: Expression, _ purpose: String) -> Expression {
    if expression.literal != nil { return expression }
    if case .name = expression.node { return expression }
    count += 1
    let name = "_\(purpose)_\(count)"
    statements.append(Statement(name, .assign, expression))
    return .name(name)
  }
}
