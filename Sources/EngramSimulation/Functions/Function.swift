public import EngramExpressions
package import EngramKernels
public import EngramScalars
import EngramStorage
public import EngramUnits

/// A function for model text with a body in Swift, or with C text (FUN), Brian 2's `Function`.
///
/// ```swift
/// let smooth = try Function("smooth", arguments: [FunctionArgument("x")], returns: .dimensionless) { values in
///   values[values.startIndex] / (1 + values[values.startIndex])
/// }
/// let group = try NeuronGroup(10, "dv/dt = (smooth(v) - v)/(10*ms) : 1", namespace: ["smooth": smooth])
/// ```
///
/// Bodies may be called from several threads and for any elements in any order; only functions declared as not
/// stateless may depend on anything but their arguments.
public struct Function: Sendable {
  /// An argument, with its name, unit and type.
  public typealias Argument = FunctionArgument

  /// Name, arguments and result.
  public private(set) var signature: FunctionSignature
  /// By what model text calls it, unless the namespace has another name.
  public var name: String { signature.name }
  /// Told by checkpoints, which cannot store a body (CKP-21).
  public let version: String?
  /// How it is computed, by target.
  public private(set) var implementations: FunctionImplementations
  /// Two functions are the same only if one is a copy of the other.
  private let identity: Identity
  private let localConstancy: @Sendable (_ stepSeconds: Double) -> Bool

  private final class Identity: Sendable {}

  /// A function of plain numbers.
  ///
  /// - Parameters:
  ///   - name: by what model text calls it.
  ///   - arguments: what goes in, with units and types, which are checked before.
  ///   - returnUnit: what the value measures.
  ///   - returnType: what kind of number it is.
  ///   - stateless: false if two calls with the same arguments may differ.
  ///   - version: told by checkpoints, which cannot store a body (CKP-21).
  ///   - implementation: gets the arguments of one element as plain SI numbers; booleans are 0 and 1. An error that it
  ///     throws ends the run (NET-27). A result of type integer drops its fraction, one of type boolean is whether it is not 0.
  /// - Throws: `SignatureError` for a description that contradicts itself.
  public init(
    _ name: String, arguments: [FunctionArgument] = [], returns returnUnit: ReturnUnit, returnType: ReturnType = .float,
    stateless: Bool = true, version: String? = nil, implementation: @Sendable @escaping (ArraySlice<Double>) throws -> Double
  ) throws(SignatureError) {
    let signature = try FunctionSignature(name, arguments: arguments, returns: returnUnit, type: returnType, isStateless: stateless)
    self.init(signature: signature, version: version, body: .plain(implementation))
  }

  /// A body that also gets the number of the element (FUN-5).
  public init(
    _ name: String, arguments: [FunctionArgument] = [], returns returnUnit: ReturnUnit, returnType: ReturnType = .float,
    stateless: Bool = true, version: String? = nil,
    elementImplementation: @Sendable @escaping (_ element: Int, ArraySlice<Double>) throws -> Double
  ) throws(SignatureError) {
    let signature = try FunctionSignature(name, arguments: arguments, returns: returnUnit, type: returnType, isStateless: stateless)
    self.init(signature: signature, version: version, body: .elementwise(elementImplementation))
  }

  /// A function whose body computes with quantities. A result of another unit than declared is an error (FUN-13), and so is
  /// what the body throws; in a run both end it (NET-27). A plain 0 passes for any unit.
  ///
  /// Every argument arrives with its unit: the one it was declared with, or, where that is `.any` or `.sameAs`, the one it has in
  /// the call. A unit of the result that is derived from those of the arguments is derived from what the body got.
  public static func withQuantities(
    _ name: String, arguments: [FunctionArgument] = [], returns returnUnit: ReturnUnit, returnType: ReturnType = .float,
    stateless: Bool = true, version: String? = nil, implementation: @Sendable @escaping ([Quantity]) throws -> Quantity
  ) throws(SignatureError) -> Function {
    let signature = try FunctionSignature(name, arguments: arguments, returns: returnUnit, type: returnType, isStateless: stateless)
    return Function(signature: signature, version: version, body: .quantities(implementation))
  }

  /// A function with an implementation for each target that has one, for example C text alone (FUN-8).
  ///
  ///     try Function("half", arguments: [FunctionArgument("x")], returns: .dimensionless, implementations: [
  ///       .compiled: FunctionImplementation(code: "double half(double x) { return x/2; }")
  ///     ])
  public init(
    _ name: String, arguments: [FunctionArgument] = [], returns returnUnit: ReturnUnit, returnType: ReturnType = .float,
    stateless: Bool = true, version: String? = nil, implementations given: [ExecutionTarget: FunctionImplementation]
  ) throws(SignatureError) {
    signature = try FunctionSignature(name, arguments: arguments, returns: returnUnit, type: returnType, isStateless: stateless)
    self.version = version
    implementations = FunctionImplementations(function: name)
    identity = Identity()
    localConstancy = { _ in false }
    for (target, implementation) in given { implementations.add(implementation, for: target) }
  }

  init(signature: FunctionSignature, version: String?, body: FunctionBody) {
    self.signature = signature
    self.version = version
    implementations = FunctionImplementations(function: signature.name)
    identity = Identity()
    localConstancy = { _ in false }
    implementations.add(FunctionImplementation(body: body), for: .interpreted)
  }

  /// For functions whose body is an operation of the machine or works on whole blocks: timed arrays, binomial functions.
  ///
  /// - Parameter isLocallyConstant: whether the value stays the same within a step of the given length (FUN-6).
  package init(
    signature: FunctionSignature, kernel: KernelFunction, isLocallyConstant: @escaping @Sendable (Double) -> Bool = { _ in false }
  ) {
    self.signature = signature
    version = nil
    implementations = FunctionImplementations(function: signature.name)
    identity = Identity()
    localConstancy = isLocallyConstant
    implementations.add(FunctionImplementation(body: .kernel(kernel)), for: .interpreted)
  }

  /// For functions whose body depends on the owner of the code, for example on its dt (FUN-8), and that are stored by
  /// value (CKP-21).
  package init(
    signature: FunctionSignature, stored: FunctionDescription,
    isLocallyConstant: @escaping @Sendable (Double) -> Bool = { _ in false },
    kernelForOwner: @escaping @Sendable (FunctionOwner) throws -> KernelFunction
  ) {
    self.signature = signature
    version = nil
    storedForm = stored
    contentKey = "\(ContentHash(of: stored.stored.encoded))"
    implementations = FunctionImplementations(function: signature.name)
    identity = Identity()
    localConstancy = isLocallyConstant
    implementations.add(
      FunctionImplementation(body: .computed { FunctionImplementation(body: .kernel(try kernelForOwner($0))) }), for: .interpreted)
  }

  /// What rebuilds the function, for timed arrays and binomial functions.
  package private(set) var storedForm: FunctionDescription?
  /// Hash of the stored form: functions of equal content are the same in checkpoints (CKP-23).
  package private(set) var contentKey: String?

  /// For a table of several columns, how many: its last argument chooses one (INP-23).
  package var columnCount: Int?

  /// Whether its value depends on its arguments alone.
  public var isStateless: Bool { signature.isStateless }

  /// Whether the value stays the same within a step, so that exact integration is possible (FUN-6).
  public func isLocallyConstant(stepSeconds: Double) -> Bool { localConstancy(stepSeconds) }

  /// Attaches an implementation for a target (FUN-9).
  public mutating func addImplementation(_ implementation: FunctionImplementation, for target: ExecutionTarget) {
    implementations.add(implementation, for: target)
  }

  /// Declares types by argument name; `result` is the type of the value (FUN-10).
  public func declaringTypes(_ types: [String: String], result: String? = nil) throws(SignatureError) -> Function {
    var copy = self
    copy.signature = try signature.declaringTypes(types, result: result)
    return copy
  }
}

extension Function: Hashable {
  public static func == (a: Function, b: Function) -> Bool { a.identity === b.identity }
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(identity)) }
}

// ------------------------------------------------------------------------------------------------ calling outside of models

extension Function {
  /// Calls the function with quantities (FUN-7, 13).
  public func callAsFunction(_ arguments: any QuantityConvertible...) throws -> Quantity {
    let values = arguments.map(\.quantity)
    guard values.count == signature.arguments.count else {
      throw FunctionCallError.argumentCount(function: name, expected: signature.arguments.count, found: values.count)
    }
    for (argument, value) in zip(signature.arguments, values) { try check(value, against: argument, among: values) }
    let types = signature.arguments.map { argument -> ValueType in
      switch argument.type {
      case .boolean: .boolean
      case .integer: .integer
      case .float, .any: .float
      }
    }
    let expected = signature.result(dimensions: values.map(\.dimension), types: types).dimension
    func converted(_ number: Double) -> Quantity { Quantity(si: signature.returnType.converted(number), dimension: expected) }
    switch try chosenBody(on: .preferred, for: nil) {
    case .swift(.elementwise(let body)): return converted(try body(0, values.map(\.si)[...]))
    case .swift(.plain(let body)): return converted(try body(values.map(\.si)[...]))
    case .swift(.quantities(let body)):
      let result = try signature.checked(try body(values), for: values.map(\.dimension))
      return Quantity(si: signature.returnType.converted(result.si), dimension: result.dimension)
    case .swift(.kernel(let function)):
      // A draw needs a step and an element, which only a model has.
      guard isStateless, let number = function.evaluateOutside(values.map(\.si)) else { throw FunctionCallError.notCallable(function: name) }
      return Quantity(si: number, dimension: expected)
    case .native(let entry, _): return Quantity(si: call(entry, values.map(\.si)), dimension: expected)
    case .swift(.computed): throw FunctionCallError.notCallable(function: name)
    }
  }

  private func check(_ value: Quantity, against argument: FunctionArgument, among values: [Quantity]) throws {
    let expected: Dimension
    switch argument.unit {
    case .any: return
    case .dimensionless, .boolean: expected = .dimensionless
    case .unit(let dimension): expected = dimension
    case .sameAs(let other):
      guard let place = signature.arguments.firstIndex(where: { $0.name == other }) else { return }
      expected = values[place].dimension
    }
    if value.dimension != expected, !(value.si == 0 && value.isDimensionless) {
      throw DimensionMismatchError("argument '\(argument.name)' of function '\(name)'", expected: expected, found: value)
    }
    let isOfType =
      switch argument.type {
      case .integer: Int64(exactly: value.si) != nil
      case .boolean: value.si == 0 || value.si == 1
      case .float, .any: true
      }
    if !isOfType { throw FunctionCallError.wrongType(function: name, argument: argument.name, value: value.si, expected: argument.type.rawValue) }
  }
}

extension ReturnType {
  /// As model code converts what a body gives (COD-9).
  fileprivate func converted(_ number: Double) -> Double {
    switch self {
    case .boolean: number != 0 ? 1 : 0
    case .integer: Double(Int64(saturating: number))
    case .float, .highest: number
    }
  }
}

extension FunctionSignature {
  /// The result of a body in the declared unit (FUN-13).
  func checked(_ result: Quantity, for arguments: [Dimension]) throws -> Quantity {
    let expected: Dimension =
      switch returnUnit {
      case .unit(let dimension): dimension
      case .boolean: .dimensionless
      case .derived(let compute): compute(arguments)
      }
    guard result.dimension == expected || result.si == 0 && result.isDimensionless else {
      throw FunctionCallError.wrongResult(function: name, value: "\(result)", expected: expected.unitName)
    }
    return Quantity(si: result.si, dimension: expected)
  }
}

extension KernelFunction {
  /// The value for one element, where the function does not need a step.
  func evaluateOutside(_ arguments: [Double]) -> Double? {
    let names = arguments.indices.map { "_\($0)" }
    let call = Expression(.call("_f", names.map { Expression(.name($0)) }))
    var symbols: [String: KernelSymbol] = ["_f": .function(self)]
    for (name, value) in zip(names, arguments) { symbols[name] = .constant(.float(value)) }
    guard let program = try? Lowering.lower(value: call, as: .float, symbols: symbols, purpose: "call"),
      let kernel = try? InterpreterCompiler().compile(program), (try? kernel.bind(columns: [:], randomKey: { _ in 0 })) != nil
    else { return nil }
    kernel.prepareRun()
    var result = 0.0
    let fault = withUnsafeMutableBytes(of: &result) { bytes in
      bytes.baseAddress.flatMap { kernel.evaluate(range: 0..<1, step: 0, into: $0) }
    }
    return fault == nil ? result : nil
  }
}

/// What is wrong with a call from Swift.
public enum FunctionCallError: ExplainedError, Hashable, Sendable {
  case argumentCount(function: String, expected: Int, found: Int)
  case wrongResult(function: String, value: String, expected: String)
  /// An argument that was declared an integer, or true or false, and is neither.
  case wrongType(function: String, argument: String, value: Double, expected: String)
  case notCallable(function: String)
  /// Neither a body nor C text.
  case emptyImplementation(function: String, target: String)
  case dependencyWithoutCode(function: String, dependency: String)
  case notANumber(function: String, name: String)
  case noImplementation(function: String, target: String, available: [String])
  case columnOutOfRange(function: String, column: Int, count: Int)

  public var description: String {
    switch self {
    case .argumentCount(let function, let expected, let found):
      "function '\(function)' takes \(expected) argument\(expected == 1 ? "" : "s"), not \(found)"
    case .wrongResult(let function, let value, let expected):
      "function '\(function)' returned \(value), but its result was declared to have the unit \(expected)"
    case .columnOutOfRange(let function, let column, let count):
      "'\(function)' has the columns 0 to \(count - 1); there is no column \(column)"
    case .wrongType(let function, let argument, let value, let expected):
      "argument '\(argument)' of function '\(function)' was declared \(expected), but is \(value)"
    case .emptyImplementation(let function, let target):
      "the implementation of function '\(function)' for '\(target)' has neither a body nor C text, and no parent of this target has one"
    case .dependencyWithoutCode(let function, let dependency):
      "the C text of function '\(function)' depends on '\(dependency)', which has no C text"
    case .notANumber(let function, let name):
      "'\(name)' in the namespace of function '\(function)' is neither a number nor an array of numbers, so C text cannot have it"
    case .notCallable(let function): "function '\(function)' can only be called in model text"
    case .noImplementation(let function, let target, let available):
      "function '\(function)' has no implementation for '\(target)'; it has one for \(available.map { "'\($0)'" }.joined(separator: ", "))"
    }
  }
}
