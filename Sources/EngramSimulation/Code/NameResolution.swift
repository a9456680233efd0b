package import EngramExpressions
import EngramScalars
package import EngramUnits

/// What a name in model text turned out to be.
package enum ResolvedName {
  case variable(Variables.Entry)
  case constant(Constant.Value, Dimension)
  case function(Function)
  case defaultFunction(FunctionSignature)
}

/// Answers what names mean, in the order of NSP-1: variables of the owner; default constants, units and functions; the
/// owner's namespace; the namespace of the run.
struct NameResolution {
  let owner: any VariableOwner
  /// Names known to one piece of code alone, before everything else.
  var additional: [String: Variables.Entry] = [:]
  let runNamespace: Namespace
  /// The identifiers that a user wrote; `nil`: all. Only these give warnings.
  var userWritten: Set<String>?

  func resolve(_ name: String) throws -> ResolvedName? {
    if let entry = additional[name] ?? owner.variables.entry(name) {
      warnIfHidden(name, by: entry)
      return .variable(entry)
    }
    if let found = NameResolution.defaultMeaning(name) {
      warnAboutConflict(name, winner: found, place: "default constants, units and functions", others: namespaces)
      return found
    }
    if let value = owner.ownNamespace?[name], let found = try meaning(of: value, name: name) {
      warnAboutConflict(name, winner: found, place: "namespace of '\(owner.name)'", others: [("namespace of the run", runNamespace)])
      return found
    }
    if let value = runNamespace[name], let found = try meaning(of: value, name: name) { return found }
    return nil
  }

  /// The user's function of that name, if it is one.
  func function(_ name: String) throws -> Function? {
    if case .function(let function)? = try resolve(name) { return function }
    return nil
  }

  /// A call of a function that a unit or a constant of the same name hides (NSP-1).
  func checkNotHidden(function name: String) throws(NamespaceError) {
    guard additional[name] == nil, owner.variables.entry(name) == nil, case .constant? = NameResolution.defaultMeaning(name) else { return }
    for (place, namespace) in namespaces {
      if case .function? = namespace[name] {
        let isUnit = UnitCatalogue.standard.lookup(name) != nil
        throw .hiddenFunction(name: name, place: place, by: isUnit ? "unit" : "constant")
      }
    }
  }

  private var namespaces: [(String, Namespace)] {
    [("namespace of '\(owner.name)'", owner.ownNamespace ?? [:]), ("namespace of the run", runNamespace)]
  }

  static func defaultMeaning(_ name: String) -> ResolvedName? {
    if let value = DefaultConstants.byName[name] { return .constant(.float(value), .dimensionless) }
    if let unit = UnitCatalogue.standard.lookup(name) { return .constant(.float(unit.si), unit.dimension) }
    return DefaultFunctions.byName[name].map(ResolvedName.defaultFunction)
  }

  private func meaning(of value: Namespace.Entry, name: String) throws -> ResolvedName? {
    switch value {
    case .quantity(let quantity): return .constant(.float(quantity.si), quantity.dimension)
    case .integer(let integer): return .constant(.integer(Int64(integer)), .dimensionless)
    case .boolean(let boolean): return .constant(.boolean(boolean), .dimensionless)
    case .function(let function): return .function(function)
    case .array(let array): throw NamespaceError.notScalar(name: name, count: array.count)
    }
  }

  // ----------------------------------------------------------------------------------------------------------- warnings

  private func isUserWritten(_ name: String) -> Bool { !name.hasPrefix("_") && userWritten?.contains(name) ?? true }

  /// NSP-4: the same name with different values in several places.
  private func warnAboutConflict(_ name: String, winner: ResolvedName, place: String, others: [(String, Namespace)]) {
    guard isUserWritten(name) else { return }
    let different = others.filter { _, namespace in namespace[name].map { !NameResolution.isSame(winner, $0) } ?? false }
    guard !different.isEmpty else { return }
    Messages.emit(
      .warning, "group.Group.resolve.resolution_conflict",
      "'\(name)' has several meanings: that of the \(place) is used\(NameResolution.text(winner)); there is also one in the "
        + different.map(\.0).joined(separator: " and in the "))
  }

  /// NSP-5: an internal variable hides an external value.
  private func warnIfHidden(_ name: String, by entry: Variables.Entry) {
    guard isUserWritten(name) else { return }
    for (place, namespace) in namespaces {
      guard let value = namespace[name] else { continue }
      if case .constant(let constant) = entry.variable.kind, let other = value.constant, constant.value.asDouble == other.value.asDouble,
        constant.dimension == other.dimension
      {
        continue
      }
      Messages.emit(
        .warning, "group.Group.resolve.resolution_conflict",
        "'\(name)' is a variable of '\(owner.name)', which is used; the value in the \(place) is ignored")
      return
    }
  }

  private static func isSame(_ winner: ResolvedName, _ other: Namespace.Entry) -> Bool {
    switch winner {
    case .constant(let value, let dimension):
      guard let constant = other.constant else { return false }
      return constant.value.asDouble == value.asDouble && constant.dimension == dimension
    case .function(let function):
      guard case .function(let candidate) = other else { return false }
      return function == candidate
    case .variable, .defaultFunction: return false
    }
  }

  private static func text(_ meaning: ResolvedName) -> String {
    guard case .constant(let value, let dimension) = meaning else { return "" }
    return " (value \(Quantity(si: value.asDouble, dimension: dimension)))"
  }

  // -------------------------------------------------------------------------------------------------------- suggestions

  /// Names that could have been meant, except units.
  struct KnownNames {
    var values: [String] = []
    var functions: [String] = []
  }

  var known: KnownNames {
    var names = KnownNames(
      values: additional.keys.sorted() + owner.variables.names.filter { !$0.hasPrefix("_") } + DefaultConstants.all.map(\.name),
      functions: DefaultFunctions.all.map(\.name))
    for namespace in [owner.ownNamespace ?? [:], runNamespace] {
      for name in namespace.names {
        if case .function? = namespace[name] { names.functions.append(name) } else { names.values.append(name) }
      }
    }
    return names
  }

  var knownNames: [String] { known.values + known.functions }
}

extension Namespace.Entry {
  /// Number without unit, for comparisons and messages.
  fileprivate var constant: (value: Constant.Value, dimension: Dimension)? {
    switch self {
    case .quantity(let quantity): (.float(quantity.si), quantity.dimension)
    case .integer(let integer): (.integer(Int64(integer)), .dimensionless)
    case .boolean(let boolean): (.boolean(boolean), .dimensionless)
    case .function, .array: nil
    }
  }
}
