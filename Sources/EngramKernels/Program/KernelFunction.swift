package import EngramExpressions

/// What a function name in model code computes.
package enum KernelFunction: Sendable {
  /// One of the default functions, an operation of the machine.
  case builtin(BuiltinFunction)
  /// Draws from a binomial distribution; called without arguments.
  case binomial(trials: Int64, probability: Double)
  /// Draws from a normal distribution; called without arguments.
  case normal(mean: Double, deviation: Double)
  case closure(BlockFunction)
}

/// The default functions (FUN-20…23); the raw value is the name in model code.
package enum BuiltinFunction: String, CaseIterable, Sendable, Hashable {
  case sin, cos, tan, sinh, cosh, tanh, exp, log, log10, expm1, log1p, exprel, arccos, arcsin, arctan
  case sqrt, ceil, floor, abs, sign, clip
  case rand, randn, poisson
  case int, timestep

  package var argumentCount: Int {
    switch self {
    case .rand, .randn: 0
    case .timestep: 2
    case .clip: 3
    case .sin, .cos, .tan, .sinh, .cosh, .tanh, .exp, .log, .log10, .expm1, .log1p, .exprel, .arccos, .arcsin, .arctan,
      .sqrt, .ceil, .floor, .abs, .sign, .poisson, .int:
      1
    }
  }
}

/// A function given as Swift code that computes a block of elements at once.
package struct BlockFunction: Sendable {
  package enum ResultType: Sendable, Hashable {
    case lane(ValueType)
    /// The highest type among the arguments. The body computes doubles; they are converted afterwards.
    case highestOfArguments
  }

  package let name: String
  /// The types in which the body receives its arguments; `nil` ("any") means double.
  package let argumentTypes: [ValueType?]
  package let resultType: ResultType
  /// The same arguments give the same value in any step and for any element: calls may be merged, and calls whose
  /// arguments are uniform are evaluated once per step instead of once per element.
  package let dependsOnlyOnArguments: Bool
  /// Called for at most 512 elements at a time, possibly from several threads at once unless it is stateful. An error ends
  /// the program that called.
  package let body: @Sendable (borrowing FunctionBlock) throws(FunctionFault) -> Void

  package init(
    name: String, argumentTypes: [ValueType?], resultType: ResultType = .lane(.float), dependsOnlyOnArguments: Bool,
    body: @escaping @Sendable (borrowing FunctionBlock) throws(FunctionFault) -> Void
  ) {
    self.name = name
    self.argumentTypes = argumentTypes
    self.resultType = resultType
    self.dependsOnlyOnArguments = dependsOnlyOnArguments
    self.body = body
  }
}

/// The arguments of one call of a ``BlockFunction`` and the place for its result. Valid only during the call.
package struct FunctionBlock: ~Copyable {
  package let count: Int
  /// The numbers of the elements (FUN-5).
  package let elements: UnsafePointer<Int64>
  let arguments: UnsafePointer<UnsafeRawPointer?>
  let result: UnsafeMutableRawPointer

  init(
    count: Int, elements: UnsafePointer<Int64>, arguments: UnsafePointer<UnsafeRawPointer?>, result: UnsafeMutableRawPointer
  ) {
    self.count = count
    self.elements = elements
    self.arguments = arguments
    self.result = result
  }

  /// An argument of type float.
  package func floats(_ argument: Int) -> UnsafePointer<Double> {
    arguments[argument].unsafelyUnwrapped.assumingMemoryBound(to: Double.self)
  }

  /// An argument of type integer, or boolean as 0 and 1.
  package func integers(_ argument: Int) -> UnsafePointer<Int64> {
    arguments[argument].unsafelyUnwrapped.assumingMemoryBound(to: Int64.self)
  }

  package var floatResult: UnsafeMutablePointer<Double> { result.assumingMemoryBound(to: Double.self) }
  /// Has compiled code compute the block; it gets what the machine would hand over.
  package func compute(
    _ code: @convention(c) (Int64, UnsafePointer<Int64>?, UnsafePointer<UnsafeRawPointer?>?, UnsafeMutableRawPointer?) -> Void
  ) { code(Int64(count), elements, arguments, result) }

  /// For results of type integer, or boolean as 0 and 1.
  package var integerResult: UnsafeMutablePointer<Int64> { result.assumingMemoryBound(to: Int64.self) }
}
