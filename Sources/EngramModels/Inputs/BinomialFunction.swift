internal import EngramExpressions
internal import EngramKernels
internal import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramUnits

/// Draws from a binomial distribution, as a function of model text without arguments (INP-6).
public struct BinomialFunction: Sendable, NamespaceConvertible {
  public let name: String
  public let n: Int
  public let p: Double
  public let approximate: Bool
  public let function: Function

  /// - Parameter approximate: whether a normal distribution stands in where n·p and n·(1−p) exceed 5; its values are
  ///   then not integers.
  public init(n: Int, p: Double, approximate: Bool = true, name: String = "_binomial") throws {
    guard n >= 0 else { throw InputError.negativeTrials(name: name, found: n) }
    guard p >= 0, p <= 1 else { throw InputError.probabilityOutOfRange(name: name, found: p) }
    self.name = name
    self.n = n
    self.p = p
    self.approximate = approximate
    let kernel = BinomialFunction.kernel(n: n, p: p, approximate: approximate)
    let description = FunctionDescription(name: name, .binomial(BinomialDescription(n: n, p: p, isApproximate: approximate)))
    function = Function(
      signature: try FunctionSignature(name, arguments: [], returns: .dimensionless, isStateless: false), stored: description,
      kernelForOwner: { _ in kernel })
  }

  public var namespaceValue: Namespace.Entry { .function(function) }

  static func kernel(n: Int, p: Double, approximate: Bool = true) -> KernelFunction {
    let mean = Double(n) * p
    guard approximate, mean > 5, Double(n) * (1 - p) > 5 else { return .binomial(trials: Int64(n), probability: p) }
    return .normal(mean: mean, deviation: (mean * (1 - p)).squareRoot())
  }
}
