/// `e^{M·h}` and `∫₀^h e^{M·s} ds` as numbers.
///
/// Computed with twice the working precision from additions, multiplications and divisions only, so that the result is
/// correctly rounded in practice and the same on every machine. Made before the first step, for systems of a few variables.
///
/// Taylor series of both, of a step so short that they converge quickly, then doubling of the step.
/// - SeeAlso: Higham (2008), "Functions of Matrices", chapter 10.
struct LinearStep {
  let transition: [[Double]]
  let response: [[Double]]

  /// Nil unless the result is finite and passes the check: two half steps make one whole step, and M times the response
  /// is the transition minus 1.
  init?(matrix original: [[Double]], step: Double) {
    let count = original.count
    let scales = Self.balance(original)
    let matrix = original.indices.map { row in original.indices.map { original[row][$0] * (scales[$0] / scales[row]) } }
    guard let whole = Self.exponential(matrix, step), let half = Self.exponential(matrix, step / 2) else { return nil }
    let twice = half.transition.times(half.transition)
    let largest = whole.transition.magnitude
    for (value, check) in zip(whole.transition.elements, twice.elements) where !((value - check).high.magnitude <= 1e-15 * largest) { return nil }
    let (transition, response) = (whole.transition.rounded, whole.response.rounded)
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

  private static func exponential(_ matrix: [[Double]], _ step: Double) -> (transition: PreciseMatrix, response: PreciseMatrix)? {
    let size = matrix.count
    var scaled = PreciseMatrix(size, matrix.joined().map { DoubleDouble($0) * DoubleDouble(step) })
    var norm = (0..<size).map { row in (0..<size).reduce(0) { $0 + scaled.elements[row * size + $1].high.magnitude } }.max() ?? 0
    guard norm.isFinite, norm < 1e6 else { return nil }
    var squarings = 0
    while norm > 0.25 {
      norm /= 2
      squarings += 1
    }
    let factor = DoubleDouble(1 / Double(sign: .plus, exponent: squarings, significand: 1))
    scaled.multiply(by: factor)
    // Σ A^k / k! and Σ A^k / (k + 1)!: 0.25^24 / 24! is far below the precision of 106 bits.
    var term = PreciseMatrix(identity: size)
    var transition = term
    var response = term
    for order in 1...24 {
      term = term.times(scaled)
      term.divide(by: DoubleDouble(Double(order)))
      transition.add(term)
      var next = term
      next.divide(by: DoubleDouble(Double(order + 1)))
      response.add(next)
    }
    response.multiply(by: DoubleDouble(step) * factor)
    for _ in 0..<squarings {
      // Over twice the time: the response of the first half, carried on, and that of the second.
      response.add(transition.times(response))
      transition = transition.times(transition)
    }
    let isFinite = (transition.elements + response.elements).allSatisfy { $0.high.isFinite }
    return isFinite ? (transition, response) : nil
  }
}

/// A square matrix in twice the working precision, row by row.
private struct PreciseMatrix {
  let size: Int
  private(set) var elements: [DoubleDouble]

  init(_ size: Int, _ elements: [DoubleDouble]) { (self.size, self.elements) = (size, elements) }

  init(identity size: Int) {
    self.init(size, (0..<size * size).map { $0 % (size + 1) == 0 ? DoubleDouble(1) : .zero })
  }

  var magnitude: Double { elements.reduce(0) { max($0, $1.high.magnitude) } }
  var rounded: [[Double]] { (0..<size).map { row in (0..<size).map { elements[row * size + $0].rounded } } }

  func times(_ other: PreciseMatrix) -> PreciseMatrix {
    var product = [DoubleDouble](repeating: .zero, count: size * size)
    for row in 0..<size {
      for column in 0..<size {
        var sum = DoubleDouble.zero
        for middle in 0..<size { sum = sum + elements[row * size + middle] * other.elements[middle * size + column] }
        product[row * size + column] = sum
      }
    }
    return PreciseMatrix(size, product)
  }

  mutating func add(_ other: PreciseMatrix) { for index in elements.indices { elements[index] = elements[index] + other.elements[index] } }
  mutating func multiply(by factor: DoubleDouble) { for index in elements.indices { elements[index] = elements[index] * factor } }
  mutating func divide(by divisor: DoubleDouble) { for index in elements.indices { elements[index] = elements[index] / divisor } }
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
