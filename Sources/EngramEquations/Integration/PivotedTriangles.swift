internal import EngramExpressions

/// A matrix as statements that factorise it, once for several right-hand sides, with exchanges of rows that its values decide.
///
/// Elements of a group have values of their own, and so may exchange different rows: what is exchanged is chosen by arithmetic,
/// `s·a + (1 − s)·b` with s 0 or 1, which gives a or b without rounding. Where no row is exchanged, the numbers are those without pivoting.
///
/// Rows belong to variables of different scales, so that sizes in a column say little. The row of variable j may take
/// the place of that of i where |mⱼᵢ·mᵢⱼ| > mᵢᵢ²: neither side depends on the units, and it is partial pivoting in those in which the two couple equally. Where
/// only one of them depends on the other, the exchange is made for a diagonal that has vanished (10⁻⁸ of 1/dt).
///
/// - SeeAlso: Golub & Van Loan, Matrix Computations, 3.4.
struct PivotedTriangles {
  private var matrix: [[Expression]]
  /// What has to be computed before any side is solved for.
  private(set) var statements: [Statement] = []
  /// In this order: rows, and the names of 1 where they are exchanged, and of 0 there.
  private var exchanges: [(row: Int, other: Int, yes: Expression, no: Expression)] = []

  init(_ matrix: [[Expression]]) { self.matrix = matrix }

  private var count: Int { matrix.count }

  private mutating func named(_ name: String, _ value: Expression) -> Expression {
    if value.literal != nil || value.size == 1 { return value }
    statements.append(Statement(name, .assign, value))
    return .name(name)
  }

  mutating func factorise() {
    for pivot in 0..<count {
      exchangeRows(for: pivot)
      for row in (pivot + 1)..<max(count, pivot + 1) where !matrix[row][pivot].isZero {
        let factor = named("_l_\(row)_\(pivot)", matrix[row][pivot] / matrix[pivot][pivot])
        matrix[row][pivot] = factor
        for column in (pivot + 1)..<count where !matrix[pivot][column].isZero {
          matrix[row][column] = named("_u_\(row)_\(column)_\(pivot)", matrix[row][column] - factor * matrix[pivot][column])
        }
      }
    }
  }

  /// Brings the best row to the place of the pivot, by exchanges with one row after the other.
  private mutating func exchangeRows(for pivot: Int) {
    let candidates = ((pivot + 1)..<max(count, pivot + 1)).filter { !matrix[$0][pivot].isZero }
    guard !candidates.isEmpty else { return }
    let diagonal = matrix[pivot][pivot]
    var best = named("_z_\(pivot)", diagonal * diagonal)
    // Before any exchange: the measure of a row takes its own diagonal partner.
    let sizes = candidates.map { row in
      let coupling = matrix[row][pivot] * matrix[pivot][row]
      let whole = Expression.sum((pivot..<count).filter { !matrix[row][$0].isZero }.map { .call("abs", matrix[row][$0]) })
      let part = named("_w_\(pivot)_\(row)", Expression.number(Self.vanished) / .name("dt") * matrix[row][pivot] / whole)
      return named("_z_\(pivot)_\(row)", (coupling.isZero ? .zero : .call("abs", coupling)) + part * part)
    }
    for (row, size) in zip(candidates, sizes) {
      let yes = named("_s_\(pivot)_\(row)", .call("int", Expression(.binary(.greater, size, best))))
      let no = named("_n_\(pivot)_\(row)", .number(1) - yes)
      if row != candidates.last { best = named("_z_\(pivot)_\(row)_best", yes * size + no * best) }
      for column in 0..<count where !(matrix[pivot][column].isZero && matrix[row][column].isZero) {
        let (upper, lower) = (matrix[pivot][column], matrix[row][column])
        matrix[pivot][column] = named("_p_\(pivot)_\(row)_\(column)", yes * lower + no * upper)
        matrix[row][column] = named("_q_\(pivot)_\(row)_\(column)", yes * upper + no * lower)
      }
      exchanges.append((pivot, row, yes, no))
    }
  }

  /// Which part of 1/dt a diagonal has at most that has vanished.
  private static let vanished = 1e-8

  /// Forwards with the lower triangle, backwards with the upper one.
  func solve(_ side: [Expression], _ stage: Int, _ variables: [String], _ statements: inout [Statement]) -> [Expression] {
    var side = side
    func named(_ name: String, _ value: Expression) -> Expression {
      statements.append(Statement(name, .assign, value))
      return .name(name)
    }
    for row in Set(exchanges.flatMap { [$0.row, $0.other] }).sorted() { side[row] = named("_f\(stage)_\(row)", side[row]) }
    for (number, exchange) in exchanges.enumerated() {
      let (upper, lower) = (side[exchange.row], side[exchange.other])
      side[exchange.row] = named("_g\(stage)_\(number)", exchange.yes * lower + exchange.no * upper)
      side[exchange.other] = named("_h\(stage)_\(number)", exchange.yes * upper + exchange.no * lower)
    }
    var values: [Expression] = []
    for row in 0..<count {
      let rest = Expression.sum((0..<row).filter { !matrix[row][$0].isZero }.map { matrix[row][$0] * values[$0] })
      values.append(named("_b\(stage)_\(variables[row])", side[row] - rest))
    }
    for row in (0..<count).reversed() {
      let rest = Expression.sum(((row + 1)..<max(count, row + 1)).filter { !matrix[row][$0].isZero }.map { matrix[row][$0] * values[$0] })
      values[row] = named("_k\(stage)_\(variables[row])", (values[row] - rest) / matrix[row][row])
    }
    return values
  }
}
