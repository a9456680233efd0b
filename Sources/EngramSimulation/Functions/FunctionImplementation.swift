import EngramKernels
public import EngramUnits

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
  /// The object whose code calls the function.
  public let name: String
  /// dt of the clock that the code runs on, outside of runs (assignments, conditions) of the owner's; `nil` for an event clock.
  public let dt: Time?
}

/// How a function is computed on one target (FUN-8): a body in Swift, C text, or both.
///
/// C text defines a function for one element, `double f(double x, int64_t n)`: an argument declared `integer` arrives as `int64_t`, one
/// declared `boolean` as `bool`, all others as `double` in SI units; the value likewise, and as `double` where its type is `highest`.
/// The text may hold helpers, and may use `<math.h>`, `<stdint.h>`, `<stdbool.h>` and `<stdlib.h>`. It is compiled when code that calls
/// the function is prepared, once for each text, compiler and flags. A text that cannot be compiled is an error with the compiler's
/// words. Units are checked before; inside are plain numbers.
///
///     let slow = FunctionImplementation(code: "double slow(double x) { return x/tau; }", namespace: ["tau": 10*ms])
public struct FunctionImplementation: Sendable {
  /// What the C text calls the function; `nil`: by its name in model text.
  public var name: String?
  /// C text that defines the function.
  public var code: String?
  /// Constants of the C text: numbers and arrays of numbers, in SI units. Functions in it are dependencies.
  public var namespace: Namespace
  /// Functions the C text calls; they need C text, too.
  public var dependencies: [Function]
  /// For the C compiler, behind the usual flags and those of `codegen.c.flags`. `-l`, `-L` and `-Wl,` are for the linker.
  public var compilerFlags: [String]
  /// Whether the C function gets the number of the element before its arguments, as `int64_t` (FUN-5).
  public var takesElement: Bool
  /// Throws with an explanation when the implementation cannot be used here. Then that of the parent target is used, with a message;
  /// without one the explanation is the error.
  public var checkAvailability: (@Sendable () throws -> Void)?
  let body: FunctionBody?

  /// A body in Swift, C text, or both.
  ///
  /// - Parameters:
  ///   - name: what the C text calls the function; nil: by its name in model text.
  ///   - code: C text that defines the function.
  ///   - namespace: constants of the C text, in SI units.
  ///   - dependencies: functions that the C text calls.
  ///   - compilerFlags: for the C compiler, behind the usual flags.
  ///   - takesElement: whether the C function gets the number of the element before its arguments.
  ///   - availability: throws with an explanation when the implementation cannot be used here.
  ///   - body: as the implementation of ``Function``; beside `code` it is what is used where C cannot be compiled.
  public init(
    name: String? = nil, code: String? = nil, namespace: Namespace = [:], dependencies: [Function] = [], compilerFlags: [String] = [],
    takesElement: Bool = false, availability: (@Sendable () throws -> Void)? = nil,
    body: (@Sendable (ArraySlice<Double>) throws -> Double)? = nil
  ) {
    self.name = name
    self.code = code
    self.namespace = namespace
    self.dependencies = dependencies
    self.compilerFlags = compilerFlags
    self.takesElement = takesElement
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
    compilerFlags = []
    takesElement = false
    self.body = body
  }

  /// Whether it is made anew for each owner.
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

  /// The targets that have an implementation, sorted.
  public var targets: [String] { byTarget.keys.sorted() }

  /// Exactly for this target.
  subscript(target: ExecutionTarget) -> FunctionImplementation? { byTarget[target.name] }

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

/// A named number for model text, such as `pi` (FUN-26).
///
/// A value of a namespace like any other: `namespace: ["golden": SymbolicConstant("golden", 1.618)]`, or `Namespace([golden, .e])`, where
/// each goes by its own name.
public struct SymbolicConstant: Sendable, Hashable {
  /// By what model text calls it.
  public let name: String
  /// Its value.
  public let value: Double

  /// A constant under a name.
  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }

  /// The ratio of a circle's circumference to its diameter.
  public static let pi = SymbolicConstant("pi", 3.141592653589793)
  /// The base of natural logarithms.
  public static let e = SymbolicConstant("e", 2.718281828459045)
  /// Infinity.
  public static let inf = SymbolicConstant("inf", .infinity)
}
