import EngramExpressions
import EngramKernels
import EngramScalars
public import EngramUnits

/// Where model code runs. A target without an implementation of its own uses its parent's.
public final class ExecutionTarget: Sendable, Hashable {
  public let name: String
  public let parent: ExecutionTarget?

  public init(_ name: String, parent: ExecutionTarget? = nil) {
    self.name = name
    self.parent = parent
  }

  /// The register machine.
  public static let interpreted = ExecutionTarget("interpreted")
  /// Native code, which calls back where it has no text of its own.
  public static let compiled = ExecutionTarget("compiled", parent: .interpreted)

  public static func == (a: ExecutionTarget, b: ExecutionTarget) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

enum FunctionBody: Sendable {
  case elementwise(@Sendable (_ element: Int, ArraySlice<Double>) throws -> Double)
  /// One that never looks at the number of the element: calls with equal arguments are equal.
  case plain(@Sendable (ArraySlice<Double>) throws -> Double)
  case quantities(@Sendable ([Quantity]) throws -> Quantity)
  case kernel(KernelFunction)
  /// Made for the owner of the code, for example to use its dt (FUN-8).
  case computed(@Sendable (_ owner: FunctionOwner) throws -> FunctionImplementation)
}

/// What a dynamic implementation may know about the code that calls it.
public struct FunctionOwner: Sendable, Hashable {
  public let name: String
  /// dt of the clock that the code runs on, outside of runs (assignments, conditions) of the owner's; `nil` for an event clock.
  public let dt: Time?
}

/// How a function is computed on one target (FUN-8).
public struct FunctionImplementation: Sendable {
  public var name: String?
  /// Text for targets that need it.
  public var code: String?
  /// Constants the code needs.
  public var namespace: Namespace
  /// Functions the code calls.
  public var dependencies: [Function]
  /// Throws with an explanation when the implementation cannot be used here.
  public var checkAvailability: (@Sendable () throws -> Void)?
  let body: FunctionBody?

  public init(
    name: String? = nil, code: String? = nil, namespace: Namespace = [:], dependencies: [Function] = [],
    availability: (@Sendable () throws -> Void)? = nil, body: (@Sendable (ArraySlice<Double>) throws -> Double)? = nil
  ) {
    self.name = name
    self.code = code
    self.namespace = namespace
    self.dependencies = dependencies
    checkAvailability = availability
    self.body = body.map { .plain($0) }
  }

  /// An implementation made anew for each owner.
  public static func dynamic(_ make: @escaping @Sendable (FunctionOwner) throws -> FunctionImplementation) -> FunctionImplementation {
    FunctionImplementation(body: .computed(make))
  }

  init(body: FunctionBody) {
    namespace = [:]
    dependencies = []
    self.body = body
  }

  public var isDynamic: Bool { if case .computed = body { true } else { false } }
}

/// The implementations of a function by target.
public struct FunctionImplementations: Sendable {
  let function: String
  private var byTarget: [String: FunctionImplementation] = [:]

  init(function: String) { self.function = function }

  mutating func add(_ implementation: FunctionImplementation, for target: ExecutionTarget) {
    byTarget[target.name] = implementation
  }

  public var targets: [String] { byTarget.keys.sorted() }

  /// The implementation for the most specific target that has one (FUN-8).
  public func implementation(for target: ExecutionTarget) throws -> FunctionImplementation {
    var candidate: ExecutionTarget? = target
    while let current = candidate {
      if let found = byTarget[current.name] {
        try found.checkAvailability?()
        return found
      }
      candidate = current.parent
    }
    throw FunctionCallError.noImplementation(function: function, target: target.name, available: targets)
  }
}

extension Function {
  /// The function as the machine calls it, for code of `owner`.
  func kernelFunction(for owner: FunctionOwner) throws -> KernelFunction {
    var implementation = try implementations.implementation(for: .interpreted)
    var depth = 0
    while case .computed(let make) = implementation.body, depth < 10 {
      implementation = try make(owner)
      depth += 1
    }
    switch implementation.body {
    case .kernel(let function): return function
    case .elementwise(let body): return .closure(block(dependsOnlyOnArguments: false, body))
    case .plain(let body): return .closure(block(dependsOnlyOnArguments: isStateless) { _, arguments in try body(arguments) })
    case .quantities(let body):
      // Units of arguments were checked before the run. Those that are free there arrive without one, as plain SI numbers.
      let dimensions = signature.arguments.map { argument -> Dimension in
        if case .unit(let dimension) = argument.unit { return dimension }
        return .dimensionless
      }
      return .closure(
        block(dependsOnlyOnArguments: isStateless) { [signature] _, arguments in
          let given = zip(arguments, dimensions).map { Quantity(si: $0, dimension: $1) }
          return try signature.checked(try body(given), for: dimensions).si
        })
    case .computed, nil: throw FunctionCallError.notCallable(function: name)
    }
  }

  private func block(
    dependsOnlyOnArguments: Bool, _ body: @escaping @Sendable (Int, ArraySlice<Double>) throws -> Double
  ) -> BlockFunction {
    let types = signature.arguments.map { argument -> LaneType? in
      switch argument.type {
      case .boolean: .boolean
      case .integer: .integer
      case .float, .any: nil
      }
    }
    let resultType: BlockFunction.ResultType =
      switch signature.returnType {
      case .boolean: .lane(.boolean)
      case .integer: .lane(.integer)
      case .float: .lane(.float)
      case .highest: .highestOfArguments
      }
    return BlockFunction(
      name: name, argumentTypes: types, resultType: resultType, dependsOnlyOnArguments: dependsOnlyOnArguments
    ) { [name] block throws(FunctionFault) in
      var arguments = [Double](repeating: 0, count: types.count)
      for lane in 0..<block.count {
        for (place, type) in types.enumerated() {
          arguments[place] = type == nil || type == .float ? block.floats(place)[lane] : Double(block.integers(place)[lane])
        }
        let value: Double
        do { value = try body(Int(block.elements[lane]), arguments[...]) } catch {
          throw FunctionFault(function: name, element: block.elements[lane], cause: error)
        }
        // The conversions of model code (COD-9); what is of the highest type among the arguments is converted by the caller.
        switch resultType {
        case .lane(.float), .highestOfArguments: block.floatResult[lane] = value
        case .lane(.integer): block.integerResult[lane] = Int64(saturating: value)
        case .lane(.boolean): block.integerResult[lane] = value != 0 ? 1 : 0
        }
      }
    }
  }
}

/// A named number for model text, such as `pi` (FUN-26).
///
/// A value of a namespace like any other: `namespace: ["golden": SymbolicConstant("golden", 1.618)]`, or `Namespace([golden, .e])`, where
/// each goes by its own name.
public struct SymbolicConstant: Sendable, Hashable {
  public let name: String
  public let value: Double

  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }

  public static let pi = SymbolicConstant("pi", 3.141592653589793)
  public static let e = SymbolicConstant("e", 2.718281828459045)
  public static let inf = SymbolicConstant("inf", .infinity)
}
