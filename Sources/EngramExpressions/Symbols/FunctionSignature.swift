public import EngramScalars
public import EngramUnits

/// What an argument may measure (FUN-1).
public enum ArgumentUnit: Hashable, Sendable {
  /// Anything; not checked.
  case any
  /// A plain number.
  case dimensionless
  /// True or false.
  case boolean
  /// A quantity of this dimension.
  case unit(Dimension)
  /// The same as another argument, by its name.
  case sameAs(String)
}

/// What kind of number an argument may be (FUN-3).
public enum ArgumentType: String, Hashable, Sendable, CaseIterable { case boolean, integer, float, any }

/// What kind of number a function gives (FUN-3). `highest` is the highest kind among its arguments.
public enum ReturnType: String, Hashable, Sendable, CaseIterable { case boolean, integer, float, highest }

/// What the value of a function measures (FUN-2).
public enum ReturnUnit: Sendable {
  /// A quantity of this dimension.
  case unit(Dimension)
  /// True or false.
  case boolean
  /// Computed from what the arguments measure.
  case derived(@Sendable ([Dimension]) -> Dimension)

  /// A plain number.
  public static var dimensionless: ReturnUnit { .unit(.dimensionless) }
  /// The unit of the argument at a position, counted from 0.
  public static func sameAsArgument(_ position: Int) -> ReturnUnit {
    .derived { $0.indices.contains(position) ? $0[position] : .dimensionless }
  }
}

/// One argument of a function.
public struct FunctionArgument: Hashable, Sendable {
  /// By what it can be named where types are declared.
  public var name: String
  /// What it must measure.
  public var unit: ArgumentUnit
  /// What kind of number it must be.
  public var type: ArgumentType

  /// An argument, by default a plain number. What is boolean by unit is so by type, too.
  public init(_ name: String, _ unit: ArgumentUnit = .dimensionless, type: ArgumentType = .any) {
    self.name = name
    self.unit = unit
    self.type = unit == .boolean && type == .any ? .boolean : type
  }
}

/// A function as model text sees it: its name, what goes in and what comes out. How it is computed is not known here.
public struct FunctionSignature: Sendable {
  /// By what model text calls it.
  public let name: String
  /// Its arguments, in order; all must be given.
  public let arguments: [FunctionArgument]
  /// What its value measures.
  public let returnUnit: ReturnUnit
  /// What kind of number its value is.
  public let returnType: ReturnType
  /// False if two calls with the same arguments may differ (FUN-4): random numbers.
  public let isStateless: Bool

  /// A function by what goes in and what comes out.
  ///
  /// - Parameters:
  ///   - name: by what model text calls it: letters, digits and `_`.
  ///   - arguments: what goes in, in order.
  ///   - returnUnit: what the value measures.
  ///   - returnType: what kind of number it is; values with a unit are floats.
  ///   - isStateless: false if two calls with the same arguments may differ.
  /// - Throws: when the description contradicts itself, naming the function (FUN-1, FUN-3).
  public init(
    _ name: String, arguments: [FunctionArgument], returns returnUnit: ReturnUnit, type returnType: ReturnType = .float,
    isStateless: Bool = true
  ) throws(SignatureError) {
    try Self.check(name, arguments, returnUnit, returnType)
    self.init(unchecked: name, arguments, returnUnit, returnType, isStateless)
  }

  init(
    unchecked name: String, _ arguments: [FunctionArgument], _ returnUnit: ReturnUnit, _ returnType: ReturnType,
    _ isStateless: Bool
  ) {
    self.name = name
    self.arguments = arguments
    self.returnUnit = returnUnit
    self.returnType = returnType
    self.isStateless = isStateless
  }

  private static func check(
    _ name: String, _ arguments: [FunctionArgument], _ returnUnit: ReturnUnit, _ returnType: ReturnType
  ) throws(SignatureError) {
    guard ReservedWords.isName(name) else { throw .notAName(name) }
    var seen: Set<String> = []
    for argument in arguments {
      guard seen.insert(argument.name).inserted else { throw .duplicateArgument(argument.name, function: name) }
    }
    for argument in arguments {
      if case .sameAs(let other) = argument.unit, !seen.contains(other) || other == argument.name {
        throw .unknownArgument(other, function: name, known: arguments.map(\.name))
      }
      if case .unit(let dimension) = argument.unit, !dimension.isDimensionless, argument.type == .integer || argument.type == .boolean {
        throw .dimensionalNonFloat(argument: argument.name, function: name, type: argument.type.rawValue, dimension)
      }
    }
    if case .unit(let dimension) = returnUnit, !dimension.isDimensionless, returnType == .integer || returnType == .boolean {
      throw .dimensionalNonFloat(argument: nil, function: name, type: returnType.rawValue, dimension)
    }
    switch (returnUnit, returnType) {
    case (.boolean, .integer), (.boolean, .highest), (.derived, .boolean): throw .contradictoryReturn(function: name)
    default: break
    }
  }

  /// The same function with types declared by argument name (FUN-10).
  public func declaringTypes(_ types: [String: String], result: String? = nil) throws(SignatureError) -> FunctionSignature {
    var changed = arguments
    for (argument, type) in types.sorted(by: { $0.key < $1.key }) {
      guard let place = changed.firstIndex(where: { $0.name == argument }) else {
        throw .unknownArgument(argument, function: name, known: arguments.map(\.name))
      }
      guard let parsed = ArgumentType(rawValue: type) else {
        throw .unknownType(type, of: argument, function: name, valid: ArgumentType.allCases.map(\.rawValue))
      }
      changed[place].type = parsed
    }
    var returned = returnType
    if let result {
      guard let parsed = ReturnType(rawValue: result) else {
        throw .unknownType(result, of: "result", function: name, valid: ReturnType.allCases.map(\.rawValue))
      }
      returned = parsed
    }
    return try FunctionSignature(name, arguments: changed, returns: returnUnit, type: returned, isStateless: isStateless)
  }

  /// What a call gives, for arguments that passed the checks.
  public func result(dimensions: [Dimension], types: [ValueType]) -> (dimension: Dimension, type: ValueType) {
    let type: ValueType =
      switch returnType {
      case .boolean: .boolean
      case .integer: .integer
      case .float: .float
      case .highest: types.max() ?? .float
      }
    switch returnUnit {
    case .unit(let dimension): return (dimension, type)
    case .boolean: return (.dimensionless, .boolean)
    case .derived(let compute): return (compute(dimensions), type)
    }
  }
}

/// A function that was described in a way that cannot be.
public enum SignatureError: ExplainedError, Hashable, Sendable {
  /// What cannot name a function.
  case notAName(String)
  /// Two arguments of one name.
  case duplicateArgument(String, function: String)
  /// An argument that there is not.
  case unknownArgument(String, function: String, known: [String])
  /// A type that there is not.
  case unknownType(String, of: String, function: String, valid: [String])
  /// Integers and booleans have no unit. `argument` is nil for the result.
  case dimensionalNonFloat(argument: String?, function: String, type: String, Dimension)
  /// A result that is boolean by unit or by type and not by both.
  case contradictoryReturn(function: String)
}

extension SignatureError {
  public var description: String {
    switch self {
    case .notAName(let name): "'\(name)' cannot be the name of a function: names consist of letters, digits and '_'"
    case .duplicateArgument(let argument, let function): "function '\(function)' has two arguments named '\(argument)'"
    case .unknownArgument(let argument, let function, let known):
      "function '\(function)' has no argument '\(argument)'; its arguments are \(Problem.list(known.map { "'\($0)'" }, lastWord: "and"))"
    case .unknownType(let type, let of, let function, let valid):
      "'\(type)' is not a type for '\(of)' of function '\(function)'; valid are \(Problem.list(valid.map { "'\($0)'" }, lastWord: "and"))"
    case .dimensionalNonFloat(let argument, let function, let type, let dimension):
      "\(argument.map { "argument '\($0)'" } ?? "the result") of function '\(function)' has the unit \(dimension.readableUnit), so its type must be float, not \(type)"
    case .contradictoryReturn(let function): "the result of function '\(function)' is boolean by unit or by type, but not by both"
    }
  }
}
