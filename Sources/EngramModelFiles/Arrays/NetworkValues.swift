internal import EngramExpressions
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// The values of a network under dotted names, as texts of steps look at them: `M.v`, `S.w`, `spikes.t`.
///
/// What was recorded comes as `engram show` has it: of a variable of a StateMonitor a row for each time and a column for each element.
struct NetworkValues {
  let network: Network
  /// The part of a group, and its variable, that a name means; nil: it means none.
  let part: (_ name: String) throws -> (group: Group, variable: String)?
  /// For formulas that use constants.
  let namespace: Namespace
  /// In a rehearsal the names are checked, and their values are unknown.
  let isRehearsal: Bool

  func value(_ written: String) throws -> ArrayValue {
    let name = PartTexts.written(written)
    if let (part, variable) = try part(name), let found = part.variables[variable] {
      return try withExtendedLifetime(part) { try value(part.variable(variable)[...], found) }
    }
    guard let dot = name.lastIndex(of: ".") else { throw NetworkValueError.noObject(name, nearest: nil) }
    let (owner, variable) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
    guard let object = network[owner.replacing(".", with: "_")] else {
      throw NetworkValueError.noObject(owner, nearest: nearest(owner, in: network.allObjects.map(\.name)))
    }
    if let recording = object.storedRecordings().first(where: { $0.name == variable }) { return try recorded(recording, of: object) }
    guard let group = object as? Group, let found = group.variables[variable] else {
      let known = object.storedRecordings().map(\.name) + ((object as? Group)?.variables.names.filter { !$0.hasPrefix("_") } ?? [])
      throw NetworkValueError.noVariable(variable, of: owner, nearest: nearest(variable, in: known))
    }
    return try value(group.variable(variable)[...], found)
  }

  private func value(_ selection: VariableSelection, _ found: Variable) throws -> ArrayValue {
    let type = found.array.map { Self.type($0.scalarType) } ?? .float
    let isScalar = found.array?.flags.contains(.scalar) ?? false
    if isRehearsal { return .unknown(found.dimension, type, isScalar ? .scalar : .list) }
    let values = try selection.with(namespace: namespace).values
    return ArrayValue(values: values, dimension: found.dimension, type: type, shape: isScalar ? .scalar : .list)
  }

  private func recorded(_ stored: StoredRecording, of object: BrianObject) throws -> ArrayValue {
    let shape: ArrayValue.Shape = object is StateMonitor && stored.name != "t" ? .matrix(columns: stored.rowLength) : .list
    if isRehearsal { return .unknown(stored.dimension, Self.type(stored.type), shape) }
    return ArrayValue(values: try network.fromFirst(stored.recording.doubles), dimension: stored.dimension, type: Self.type(stored.type), shape: shape)
  }

  private static func type(_ type: ScalarType) -> ValueType { type == .bool ? .boolean : type.isFloat ? .float : .integer }
}

/// Why a step cannot look at something.
enum NetworkValueError: ExplainedError, Hashable {
  case noObject(String, nearest: String?)
  case noVariable(String, of: String, nearest: String?)
  case part(String)

  var description: String {
    switch self {
    case .noObject(let name, let nearest): "there is no object '\(name)' in the network" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .part(let why): why
    case .noVariable(let name, let owner, let nearest):
      "'\(owner)' has no variable '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    }
  }
}
