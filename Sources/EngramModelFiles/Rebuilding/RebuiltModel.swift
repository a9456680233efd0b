internal import EngramCheckpoints
internal import EngramModels
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// The objects of a checkpoint, made again in the current scope; their values are still to be restored.
///
/// Groups come first, then links between them, then everything that refers to groups, each after what it refers to. Clocks are made
/// before, under their stored names, because several objects may follow one.
struct RebuiltModel {
  let stored: StoredNetwork
  private(set) var objects: [BrianObject] = []
  private let namespace: Namespace
  private let functions: [String: Function]

  init(_ source: any StateSource, functions given: [String: Function], making: ((StoredObject) throws -> BrianObject?)?) throws {
    stored = try StoredNetwork(source)
    let stored = stored
    var functions = given
    for (key, description) in try StoredFunctions.read(source) { functions[key] = try StoredFunction.make(description) }
    self.functions = functions
    let own = try Self.runNamespace(stored, functions)
    namespace = own
    let defaults = try PreferencesInForce(stored.preferences)
    defer { defaults.restore() }
    var rebuilding = Rebuilding(stored, source, functions)
    try rebuilding.makeClocks()
    try BrianObject.$areDescribed.withValue(true) { try rebuilding.makeObjects() }
    let maker = rebuilding.maker
    let top = stored.objects.filter { $0.owner == nil }
    var made: [String: BrianObject] = [:]
    for object in top { made[object.name] = maker.objects[object.name] }
    var missing: [StoredNetwork.Object] = []
    for object in top where made[object.name] == nil {
      let clock = try maker.clocks[object.clock] ?? Environment.checkedCurrent().defaultClock
      let request = StoredObject(
        name: object.name, type: object.type, clock: clock, when: Slot(object.when), order: object.order, find: { made[$0] ?? maker.objects[$0] })
      guard let new = try making?(request), new.name == object.name else {
        missing.append(object)
        continue
      }
      made[object.name] = new
      if new.namespace == nil, let own = object.description?.namespace { try new.setNamespace(Namespace(stored: own, functions: functions)) }
    }
    if !missing.isEmpty {
      let list = missing.map { "'\($0.name)' (\($0.type))" }.joined(separator: ", ")
      throw CheckpointError.unsupported("only a program can make these objects again: \(list); give Network(checkpoint:) a closure 'making:' that does")
    }
    objects = top.compactMap { made[$0.name] }
  }

  /// What belongs to the network rather than to its objects.
  func complete(_ network: Network) throws {
    network.inheritedNamespace = namespace
    network.knownFunctions = functions
    if let schedule = stored.preferences.first(where: { $0.name == "core.network.default_schedule" }), stored.schedule == nil {
      let slots = schedule.text.split { !($0.isLetter || $0 == "_") }.map { Slot(String($0)) }
      try network.setSchedule(slots)
    }
  }

  /// The namespace of runs. All functions that are missing in it or in the namespaces of objects are told together (CKP-21).
  private static func runNamespace(_ stored: StoredNetwork, _ functions: [String: Function]) throws -> Namespace {
    var missing: Set<String> = []
    func check(_ make: () throws(CheckpointError) -> Namespace) throws -> Namespace {
      do throws(CheckpointError) { return try make() } catch {
        guard case .missingFunctions(let names) = error else { throw error }
        missing.formUnion(names)
        return [:]
      }
    }
    for case let own? in stored.objects.map(\.description?.namespace) {
      _ = try check { () throws(CheckpointError) in try Namespace(stored: own, functions: functions) }
    }
    let run = try stored.namespace.map { run in try check { () throws(CheckpointError) in try Namespace(stored: run, functions: functions) } }
    if !missing.isEmpty { throw CheckpointError.missingFunctions(missing.sorted()) }
    return run ?? [:]
  }
}

/// Default types of the program that stored the checkpoint, in force while its objects are made.
private struct PreferencesInForce {
  private var before: [(name: String, text: String)] = []

  init(_ stored: [(name: String, text: String)]) throws {
    let wanted = Dictionary(stored.map { ($0.name, $0.text) }) { first, _ in first }
    for (name, now, standard) in [
      ("core.default_float_dtype", Environment.current.preferences[.defaultFloatType].preferenceText, "float64"),
      ("core.default_integer_dtype", Environment.current.preferences[.defaultIntegerType].preferenceText, "int32"),
    ] {
      let value = wanted[name] ?? standard
      if value == now { continue }
      before.append((name, now))
      try Environment.current.preferences.set(name, fromText: value)
    }
    // How refractory times are compared is asked for in runs.
    if let timing = wanted["legacy.refractory_timing"] { try Environment.current.preferences.set("legacy.refractory_timing", fromText: timing) }
  }

  func restore() { for (name, text) in before { try? Environment.current.preferences.set(name, fromText: text) } }
}
