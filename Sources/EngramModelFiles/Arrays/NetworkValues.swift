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
  /// For formulas that use constants.
  let namespace: Namespace
  /// In a rehearsal the names are checked, and their values are unknown.
  let isRehearsal: Bool

  func value(_ name: String) throws -> ArrayValue {
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
    let view = try group.variable(variable)
    let type = found.array.map { Self.type($0.scalarType) } ?? .float
    let isScalar = found.array?.flags.contains(.scalar) ?? false
    if isRehearsal { return .unknown(view.dimension, type, isScalar ? .scalar : .list) }
    let values = try view[...].with(namespace: namespace).values
    return ArrayValue(values: values, dimension: view.dimension, type: type, shape: isScalar ? .scalar : .list)
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

  var description: String {
    switch self {
    case .noObject(let name, let nearest): "there is no object '\(name)' in the network" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .noVariable(let name, let owner, let nearest):
      "'\(owner)' has no variable '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    }
  }
}
