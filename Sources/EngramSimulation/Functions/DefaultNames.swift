import OrderedCollections
import EngramExpressions
import EngramKernels
import EngramUnits

// The names that every model knows without being told (NSP-8), as namespaces and as functions to call.

extension Function {
  /// The 26 functions of every model by name (FUN-20…24), callable here too: `Function.defaults["exprel"]`.
  public static let defaults: [String: Function] = Dictionary(
    uniqueKeysWithValues: BuiltinFunction.allCases.compactMap { builtin in
      DefaultFunctions.byName[builtin.rawValue].map { (builtin.rawValue, Function(signature: $0, kernel: .builtin(builtin))) }
    })
}

extension Namespace {
  /// `exp`, `clip`, `rand`, … (FUN-20…24).
  public static let defaultFunctions = Namespace(
    OrderedDictionary(
      uniqueKeysWithValues: DefaultFunctions.all.compactMap { signature in
        Function.defaults[signature.name].map { (signature.name, .function($0)) }
      }))

  /// `mV`, `second`, `siemens`, …: every unit name of model text.
  public static let defaultUnits = Namespace(
    OrderedDictionary(
      uniqueKeysWithValues: UnitCatalogue.standard.names.compactMap { name in
        UnitCatalogue.standard.lookup(name).map { (name, .quantity($0)) }
      }))

  /// `pi`, `e`, `inf` (FUN-26).
  public static let defaultConstants = Namespace(
    OrderedDictionary(uniqueKeysWithValues: DefaultConstants.all.map { ($0.name, .quantity(Quantity(si: $0.value, dimension: .dimensionless))) }))
}
