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
    let namespaces = try Self.namespaces(stored, functions)
    namespace = namespaces[""] ?? [:]
    let defaults = try PreferencesInForce(stored.preferences)
    defer { defaults.restore() }
    let builder = ModelBuilder(fileName: "checkpoint", constants: namespace, values: .stored, files: NoArrayFiles())
    builder.stored = source
    builder.readsDescriptions = true
    builder.storedNamespaces = namespaces
    for clock in try stored.clocks(in: source) { try builder.addClock(clock) }

    let top = stored.objects.filter { $0.owner == nil }
    let known = top.filter { $0.description.map { ModelLanguage.kinds[$0.kind] != nil } ?? false }
    builder.add(descriptions: known, of: stored)
    try Self.check(builder)
    var made: [String: BrianObject] = [:]
    for object in known { made[object.name] = builder.byName[object.name] }
    var missing: [StoredNetwork.Object] = []
    for object in top where made[object.name] == nil {
      let clock = try builder.clocks[object.clock] ?? Environment.checkedCurrent().device.defaultClock
      let request = StoredObject(
        name: object.name, type: object.type, clock: clock, when: Slot(object.when), order: object.order,
        find: { made[$0] ?? builder.byName[$0] })
      guard let new = try making?(request), new.name == object.name else {
        missing.append(object)
        continue
      }
      made[object.name] = new
    }
    if !missing.isEmpty {
      let list = missing.map { "'\($0.name)' (\($0.type))" }.joined(separator: ", ")
      throw CheckpointError.unsupported("only a program can make these objects again: \(list); give Network(checkpoint:) a closure 'making:' that does")
    }
    objects = top.compactMap { made[$0.name] }
    for object in objects where object.namespace == nil {
      if let own = namespaces[object.name] { try object.setNamespace(own) }
    }
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

  private static func check(_ builder: ModelBuilder) throws {
    if let problem = builder.storedProblem { throw problem }
    let problems = builder.problems.problems
    if problems.isEmpty { return }
    throw CheckpointError.damaged("its model cannot be made again: " + problems.map(\.message).joined(separator: "; "))
  }

  /// Namespaces by object; that of runs under the empty name. All missing functions are told together (CKP-21).
  private static func namespaces(_ stored: StoredNetwork, _ functions: [String: Function]) throws -> [String: Namespace] {
    var descriptions = stored.objects.compactMap { object in object.description?["namespace"].map { (object.name, $0) } }
    if let run = stored.namespace { descriptions.append(("", run)) }
    var found: [String: Namespace] = [:]
    var missing: Set<String> = []
    for (name, description) in descriptions {
      do { found[name] = try Namespace(description, functions: functions) } catch let error {
        guard case .missingFunctions(let names) = error else { throw error }
        missing.formUnion(names)
      }
    }
    if !missing.isEmpty { throw CheckpointError.missingFunctions(missing.sorted()) }
    return found
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
