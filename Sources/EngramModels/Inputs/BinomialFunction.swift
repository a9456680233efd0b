internal import EngramExpressions
internal import EngramKernels
public import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramUnits

/// Draws from a binomial distribution, as a function of model text without arguments (INP-6), Brian 2's `BinomialFunction`.
///
/// ```swift
/// let arrivals = try BinomialFunction(n: 1000, p: 0.002)
/// let counting = try NeuronGroup(10, "x : 1", namespace: ["arrivals": arrivals])
/// try counting.runRegularly("x += arrivals()")
/// ```
public struct BinomialFunction: Sendable, NamespaceConvertible {
  /// What error messages and checkpoints call it; model text uses the name it has in the namespace.
  public let name: String
  /// Number of trials, not negative.
  public let n: Int
  /// Probability of success of each trial, 0 … 1.
  public let p: Double
  /// Whether a normal distribution stands in where both n·p and n·(1−p) exceed 5.
  public let approximate: Bool
  /// The function to put into a namespace.
  public let function: Function

  /// A function that draws the number of successes among `n` trials.
  ///
  /// - Parameters:
  ///   - n: number of trials, not negative.
  ///   - p: probability of success of each, 0 … 1.
  ///   - approximate: whether a normal distribution stands in where n·p and n·(1−p) exceed 5; its values are then not integers.
  ///   - name: what error messages and checkpoints call it.
  /// - Throws: ``InputError`` for numbers outside of these bounds.
  public init(
    n: Int, p: Double, approximate: Bool = BinomialDescription.isUsuallyApproximate, name: String = BinomialDescription.usualName
  ) throws {
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

  /// What a namespace makes of it: ``function``.
  public var namespaceValue: Namespace.Entry { .function(function) }

  static func kernel(n: Int, p: Double, approximate: Bool) -> KernelFunction {
    let mean = Double(n) * p
    guard approximate, mean > 5, Double(n) * (1 - p) > 5 else { return .binomial(trials: Int64(n), probability: p) }
    return .normal(mean: mean, deviation: (mean * (1 - p)).squareRoot())
  }
}
