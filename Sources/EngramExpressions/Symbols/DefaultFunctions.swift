import EngramUnits

/// The functions every model may call (FUN-20…25).
public enum DefaultFunctions {
  /// Every one of them.
  public static let all: [FunctionSignature] = elementary + shaped + random + conversions
  /// The same by name.
  public static let byName: [String: FunctionSignature] = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
  /// Those that draw random numbers.
  public static let statefulNames: Set<String> = Set(random.map(\.name))

  private static let x = FunctionArgument("x")

  /// From a plain number to a plain number (FUN-20).
  private static let elementary: [FunctionSignature] = [
    "cos", "sin", "tan", "cosh", "sinh", "tanh", "exp", "log", "log10", "expm1", "log1p", "exprel", "arccos", "arcsin", "arctan",
  ].map { FunctionSignature(unchecked: $0, [x], .dimensionless, .float, true) }

  /// Those that take any unit (FUN-21).
  private static let shaped: [FunctionSignature] = [
    FunctionSignature(
      unchecked: "sqrt", [FunctionArgument("x", .any)], .derived { ($0.first ?? .dimensionless).raised(to: 0.5) }, .float, true),
    FunctionSignature(unchecked: "ceil", [FunctionArgument("x", .any)], .sameAsArgument(0), .float, true),
    FunctionSignature(unchecked: "floor", [FunctionArgument("x", .any)], .sameAsArgument(0), .float, true),
    FunctionSignature(unchecked: "abs", [FunctionArgument("x", .any)], .sameAsArgument(0), .highest, true),
    FunctionSignature(unchecked: "sign", [FunctionArgument("x", .any)], .dimensionless, .highest, true),
    FunctionSignature(
      unchecked: "clip", [FunctionArgument("a", .any), FunctionArgument("a_min", .sameAs("a")), FunctionArgument("a_max", .sameAs("a"))],
      .sameAsArgument(0), .highest, true),
  ]

  /// Those that draw (FUN-22).
  private static let random: [FunctionSignature] = [
    FunctionSignature(unchecked: "rand", [], .dimensionless, .float, false),
    FunctionSignature(unchecked: "randn", [], .dimensionless, .float, false),
    FunctionSignature(unchecked: "poisson", [FunctionArgument("lam")], .dimensionless, .integer, false),
  ]

  /// Those that give integers (FUN-23).
  private static let conversions: [FunctionSignature] = [
    FunctionSignature(unchecked: "int", [x], .dimensionless, .integer, true),
    FunctionSignature(
      unchecked: "timestep", [FunctionArgument("t", .unit(.time)), FunctionArgument("dt", .unit(.time))], .dimensionless, .integer, true),
  ]
}

/// The constants every model may use (FUN-26).
public enum DefaultConstants {
  /// `pi`, `e` and `inf`.
  public static let all: [(name: String, value: Double)] = [("pi", Double.piAsInC), ("e", Double.eulersNumber), ("inf", .infinity)]
  /// The same by name.
  public static let byName: [String: Double] = Dictionary(all.map { ($0.name, $0.value) }) { first, _ in first }
}

extension Double {
  // The doubles nearest to π and e.
  fileprivate static let piAsInC = 3.141592653589793
  fileprivate static let eulersNumber = 2.718281828459045
}
