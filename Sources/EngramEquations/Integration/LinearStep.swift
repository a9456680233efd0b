/// `e^{M·h}` and `∫₀^h e^{M·s} ds` as numbers.
///
/// Computed with twice the working precision from additions, multiplications and divisions only, so that the result is
/// correctly rounded in practice and the same on every machine. Made once per run, for systems of a few variables.
///
/// Scaling and squaring of the augmented matrix [[M, 1], [0, 0]]·h with a Taylor series.
/// - SeeAlso: Higham (2008), "Functions of Matrices", chapter 10.
struct LinearStep {
  let transition: [[Double]]
  let response: [[Double]]

  /// Nil unless the result is finite and passes the check: two half steps make one whole step, and M times the response
  /// is the transition minus 1.
  init?(matrix original: [[Double]], step: Double) {
    let scales = Self.balance(original)
    let matrix = original.indices.map { row in original.indices.map { original[row][$0] * (scales[$0] / scales[row]) } }
    guard let whole = Self.exponential(matrix, step), let half = Self.exponential(matrix, step / 2) else { return nil }
    let count = matrix.count
    let twice = Self.product(half, half)
    let largest = whole.joined().map { $0.high.magnitude }.max() ?? 0
    for (row, other) in zip(whole, twice) {
      for (value, check) in zip(row, other) where !((value - check).high.magnitude <= 1e-15 * largest) { return nil }
    }
    let transition = (0..<count).map { row in (0..<count).map { whole[row][$0].rounded } }
    let response = (0..<count).map { row in (0..<count).map { whole[row][count + $0].rounded } }
    for row in 0..<count {
      for column in 0..<count {
        let terms = (0..<count).map { matrix[row][$0] * response[$0][column] }
        let scale = terms.reduce(1) { $0 + $1.magnitude }
        let difference = terms.reduce(0, +) - (transition[row][column] - (row == column ? 1 : 0))
        if !(difference.magnitude <= 1e-13 * scale) { return nil }
      }
    }
    self.transition = (0..<count).map { row in (0..<count).map { transition[row][$0] * (scales[row] / scales[$0]) } }
    self.response = (0..<count).map { row in (0..<count).map { response[row][$0] * (scales[row] / scales[$0]) } }
  }

  /// Powers of two that bring variables of different units (volt, amp, siemens) to similar sizes: scaling by them is exact.
  ///
  /// - SeeAlso: Parlett & Reinsch (1969), doi:10.1007/BF02165404.
  private static func balance(_ matrix: [[Double]]) -> [Double] {
    var scales = [Double](repeating: 1, count: matrix.count)
    for _ in 0..<20 {
      for index in matrix.indices {
        let others = matrix.indices.filter { $0 != index }
        let own = matrix[index][index].magnitude
        var column = others.reduce(0) { $0 + (matrix[$1][index] * (scales[index] / scales[$1])).magnitude }
        var row = others.reduce(0) { $0 + (matrix[index][$1] * (scales[$1] / scales[index])).magnitude }
        guard column.isFinite, row.isFinite else { return [Double](repeating: 1, count: matrix.count) }
        for _ in 0..<200 where column > 4 * (row + own) && column > 0 {
          scales[index] /= 2
          column /= 2
          row *= 2
        }
        for _ in 0..<200 where row > 4 * (column + own) && row > 0 {
          scales[index] *= 2
          column *= 2
          row /= 2
        }
      }
    }
    return scales
  }

  /// The exponential of [[M·h, h], [0, 0]], whose upper blocks are the transition and the response.
  private static func exponential(_ matrix: [[Double]], _ step: Double) -> [[DoubleDouble]]? {
    let count = matrix.count
    let size = 2 * count
    var scaled = [[DoubleDouble]](repeating: [DoubleDouble](repeating: .zero, count: size), count: size)
    for row in 0..<count {
      for column in 0..<count { scaled[row][column] = DoubleDouble(matrix[row][column]) * DoubleDouble(step) }
      scaled[row][count + row] = DoubleDouble(step)
    }
    var norm = scaled.map { $0.reduce(0) { $0 + $1.high.magnitude } }.max() ?? 0
    guard norm.isFinite, norm < 1e6 else { return nil }
    var squarings = 0
    while norm > 0.25 {
      norm /= 2
      squarings += 1
    }
    let factor = DoubleDouble(1 / Double(sign: .plus, exponent: squarings, significand: 1))
    scaled = scaled.map { $0.map { $0 * factor } }
    // 0.25^24 / 24! is far below the precision of 106 bits.
    var term = identity(size)
    var sum = term
    for order in 1...24 {
      term = product(term, scaled).map { $0.map { $0 / DoubleDouble(Double(order)) } }
      sum = zip(sum, term).map { zip($0, $1).map { $0 + $1 } }
    }
    for _ in 0..<squarings { sum = product(sum, sum) }
    return sum.joined().allSatisfy { $0.high.isFinite } ? sum : nil
  }

  private static func identity(_ size: Int) -> [[DoubleDouble]] {
    (0..<size).map { row in (0..<size).map { $0 == row ? DoubleDouble(1) : .zero } }
  }

  private static func product(_ lhs: [[DoubleDouble]], _ rhs: [[DoubleDouble]]) -> [[DoubleDouble]] {
    lhs.map { row in
      rhs[0].indices.map { column in
        row.indices.reduce(DoubleDouble.zero) { $0 + row[$1] * rhs[$1][column] }
      }
    }
  }
}

/// A number of about 106 bits as the sum of two doubles.
///
/// - SeeAlso: Dekker (1971), doi:10.1007/BF01397083; the products use a fused multiply-add.
struct DoubleDouble: Hashable {
  var high: Double
  var low: Double

  static let zero = DoubleDouble(0)
  init(_ value: Double) { (high, low) = (value, 0) }
  /// The exact sum of two doubles.
  private init(sum a: Double, _ b: Double) {
    high = a + b
    let part = high - a
    low = (a - (high - part)) + (b - part)
  }
  var rounded: Double { high + low }

  static func + (lhs: DoubleDouble, rhs: DoubleDouble) -> DoubleDouble {
    var sum = DoubleDouble(sum: lhs.high, rhs.high)
    let tails = DoubleDouble(sum: lhs.low, rhs.low)
    sum = DoubleDouble(sum: sum.high, sum.low + tails.high)
    return DoubleDouble(sum: sum.high, sum.low + tails.low)
  }
  static func - (lhs: DoubleDouble, rhs: DoubleDouble) -> DoubleDouble {
    var negative = rhs
    (negative.high, negative.low) = (-rhs.high, -rhs.low)
    return lhs + negative
  }
  static func * (lhs: DoubleDouble, rhs: DoubleDouble) -> DoubleDouble {
    let product = lhs.high * rhs.high
    let error = (-product).addingProduct(lhs.high, rhs.high)
    return DoubleDouble(sum: product, error + (lhs.high * rhs.low + lhs.low * rhs.high))
  }
  static func / (lhs: DoubleDouble, rhs: DoubleDouble) -> DoubleDouble {
    let first = lhs.high / rhs.high
    let rest = lhs - rhs * DoubleDouble(first)
    return DoubleDouble(sum: first, rest.high / rhs.high)
  }
}
