internal import EngramEquations
internal import EngramExpressions
package import EngramModels
package import EngramSimulation
internal import EngramUnits

/// Makes the objects that a model file, or the description in a checkpoint, speaks of (MDL-30).
///
/// Problems are collected: building goes on with the next object, so that a user sees all of them.
package final class ModelBuilder {
  package let problems = ProblemCollector()
  var reader: ValueReader
  /// Top-level objects and clocks in the order in which they were made.
  package private(set) var objects: [BrianObject] = []
  var clocks: [String: BaseClock] = [:]
  private(set) var byName: [String: BrianObject] = [:]
  /// Parts of these objects, and the objects they are parts of.
  private var partsByName: [String: BrianObject] = [:]
  private var ownersOfParts: [String: String] = [:]
  /// Names of objects that could not be made: references to them are no problems of their own.
  private var failed: Set<String> = []
  var constantsAreComplete = true
  /// What the file says of each object, for errors that name an object.
  private(set) var items: [String: ObjectItem] = [:]
  /// Constants of the file, then functions made by it: the namespace of every run.
  package var namespace: Namespace
  var defaultTypes: ScalarTypes
  /// Whether `connect` and `initial` are carried out: not while a checkpoint is about to bring the values.
  var fillsValues: Bool
  /// The checkpoint that brings the values, if one does.
  var stored: (any StateSource)?
  /// What is wrong with the values that it brings, which is no problem of the file.
  private(set) var storedProblem: CheckpointError?
  /// Whether objects come from descriptions in a checkpoint rather than from a file.
  var readsDescriptions = false
  /// Namespaces of stored objects, by name: they hold functions, which no text can.
  var storedNamespaces: [String: Namespace] = [:]

  package init(fileName: String, constants: Namespace = [:], scalarTypes: ScalarTypes = .standard, fillsValues: Bool = true, files: any ArrayFileReader) {
    reader = ValueReader(fileName: fileName, problems: problems, files: files, constants: constants)
    namespace = constants
    defaultTypes = scalarTypes
    self.fillsValues = fillsValues
  }

  // ------------------------------------------------------------------------------------------------------------- objects

  /// Objects that something is wrong with already: a reference to one is not wrong for that.
  func leaveOut(_ names: Set<String>) { failed.formUnion(names) }

  package func add(_ items: [ObjectItem]) {
    for item in items { add(item) }
  }

  private func add(_ item: ObjectItem) {
    let before = problems.problems.count
    do { try make(item) } catch { report(error, in: item) }
    if problems.problems.count > before, let name = item.name { failed.insert(name) }
  }

  private func make(_ item: ObjectItem) throws {
    let fields = Fields(item: item, builder: self)
    switch item.kind {
    case "NeuronGroup": try keep(makeNeuronGroup(fields), item)
    case "Synapses": try keep(makeSynapses(fields), item)
    case "PoissonGroup": try keep(makePoissonGroup(fields), item)
    case "PoissonInput": try keep(makePoissonInput(fields), item)
    case "SpikeGeneratorGroup": try keep(makeSpikeGenerator(fields), item)
    case "TimedArray": try makeTimedArray(fields)
    case "BinomialFunction": try makeBinomialFunction(fields)
    case "StateMonitor": try keep(makeStateMonitor(fields), item)
    case "SpikeMonitor", "EventMonitor": try keep(makeEventMonitor(fields), item)
    case "PopulationRateMonitor": try keep(makeRateMonitor(fields), item)
    case "Subgroup": try keep(makeSubgroup(fields), item)
    case "Clock", "EventClock": try makeClock(fields)
    default: preconditionFailure("kinds are checked when the file is read")
    }
  }

  /// Takes an object in, with what every group may add to it: links, code and values, in this order.
  private func keep(_ object: BrianObject?, _ item: ObjectItem) throws {
    guard let object else { return }
    if let known = byName[object.name] {
      problems.report("there are two objects named '\(known.name)'", at: item["name"]?.place ?? item.place, length: known.name.count)
      return
    }
    byName[object.name] = object
    items[object.name] = item
    if !(object is Subgroup) { objects.append(object) }
    let fields = Fields(item: item, builder: self)
    if let group = object as? Group { try complete(group, fields) }
    if let active = item["active"], let flag = reader.boolean(active, "active") { object.isActive = flag }
    for part in parts(of: object) { (partsByName[part.name], ownersOfParts[part.name]) = (part, object.name) }
  }

  /// Makes an object known under a name of the file.
  func register(_ object: BrianObject, as name: String) { byName[name] = object }

  package func forget(_ name: String) {
    guard let object = byName.removeValue(forKey: name) else { return }
    objects.removeAll { $0 === object }
    for part in parts(of: object) { (partsByName[part.name], ownersOfParts[part.name]) = (nil, nil) }
  }

  // ---------------------------------------------------------------------------------------------------------- references

  /// An object by the name of a reference; a part of an object by its derived name (MDL-36).
  func object(_ reference: Reference, at node: ModelNode) -> BrianObject? {
    let name = reference.names.joined(separator: "_")
    if let found = byName[reference.object] {
      if reference.names.count == 1 { return found }
      if let part = parts(of: found).first(where: { $0.name == name }) { return part }
      problems.report("'\(reference.object)' has no part '\(reference.names.dropFirst().joined(separator: "."))'", at: node,
        hint: ProblemCollector.suggestion(name, parts(of: found).map(\.name)))
      return nil
    }
    if let part = partsByName[name] { return part }
    if failed.contains(reference.object) { return nil }
    problems.report(
      "there is no object '\(reference.object)' above this place", at: node,
      hint: ProblemCollector.suggestion(reference.object, Array(byName.keys)) ?? "a reference points to an object that stands above it")
    return nil
  }

  private func parts(of object: BrianObject) -> [BrianObject] {
    object.containedObjects.flatMap { [$0] + parts(of: $0) }
  }

  func reference(_ node: ModelNode, _ key: String) -> Reference? {
    guard let text = node.scalar else {
      problems.report("'\(key)' names an object, found \(node.kindName)", at: node)
      return nil
    }
    do { return try Reference(text.text) } catch {
      problems.report(
        "not a reference to an object: \(error.message)", at: text.place(ofOffset: error.offset), hint: "forms: P, P[3], P[0:3200], P[[3, 4, 5]]")
      return nil
    }
  }

  /// A group, or the part of one that a selection names.
  func group(_ node: ModelNode, _ key: String) throws -> Group? {
    guard let reference = reference(node, key), let object = object(reference, at: node) else { return nil }
    guard let group = object as? Group else {
      problems.report("'\(reference.object)' is a \(type(of: object)); '\(key)' is a group", at: node)
      return nil
    }
    guard !reference.selection.isEmpty else { return group }
    return try part(of: group, reference.selection, at: node)
  }

  private func part(of group: Group, _ selection: [Reference.Selector], at node: ModelNode) throws -> Group? {
    guard selection.count == 1, let selector = selection.first else {
      problems.report("a group is selected from by one index, range or list", at: node)
      return nil
    }
    if let whole = group as? SpikingGroup {
      switch selector {
      case .index(let index): return try whole[index]
      case .slice(let low, let high): return try whole[Fields.slice(low, high, count: whole.count)]
      case .list(let list): return try whole[list]
      case .condition: break
      }
    } else if let part = group as? Subgroup, case .slice(let low, let high) = selector {
      return try part[Fields.slice(low, high, count: part.count)]
    }
    problems.report("'\(group.name)' cannot be selected from like this", at: node, hint: "forms: P[3], P[0:3200], P[[3, 4, 5]]")
    return nil
  }

  func spikeSource(_ node: ModelNode, _ key: String) throws -> (any SpikeSource)? {
    guard let group = try group(node, key) else { return nil }
    guard let source = group as? any SpikeSource else {
      problems.report("'\(group.name)' has no spikes; '\(key)' is a group that has events", at: node)
      return nil
    }
    return source
  }

  func clock(_ node: ModelNode) -> BaseClock? {
    guard let name = reader.word(node, "clock") else { return nil }
    if let clock = clocks[name] { return clock }
    if name == "defaultclock" { return try? MagicScope.current.device.defaultClock }
    if let object = byName[name] { return object.clock }
    problems.report("there is no clock '\(name)' above this place", at: node, hint: ProblemCollector.suggestion(name, Array(clocks.keys)))
    return nil
  }

  var types: ScalarTypes { defaultTypes }

  // --------------------------------------------------------------------------------------------------------------- errors

  /// An error of the calls that make an object, at the place in the file that it is about.
  package func report(_ error: any Error, in item: ObjectItem) {
    if stored != nil, storedProblem == nil, let error = error as? CheckpointError { storedProblem = error }
    report(error, at: item.place, what: item.name.map { "\(item.kind) '\($0)'" } ?? item.kind)
  }

  package func report(_ error: any Error, at place: FilePlace, what: String) {
    if let found = ModelBuilder.textProblems(in: error) {
      for problems in found { reader.report(problems) }
    } else if let wrapped = error as? BrianObjectError {
      let item = self.item(ofObject: wrapped.objectName)
      let named = (wrapped.underlying as? UnresolvedIdentifierError).flatMap { error in
        item.flatMap { ModelBuilder.place(of: error.identifier, in: $0.fields) }
      }
      report(wrapped.underlying, at: named ?? item?.place ?? place, what: wrapped.objectName)
    } else {
      problems.report("\(what): \(error)", at: place)
    }
  }

  /// What the file says of an object, or of the object that a part belongs to.
  private func item(ofObject name: String) -> ObjectItem? {
    if let item = items[name] { return item }
    return ownersOfParts[name].flatMap { items[$0] }
  }

  /// Where a name stands in the texts of an object.
  private static func place(of identifier: String, in entries: [ModelNode.Entry]) -> FilePlace? {
    func isPart(_ byte: UInt8) -> Bool { byte == 95 || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) }
    let wanted = Array(identifier.utf8)
    for entry in entries {
      if let scalar = entry.value.scalar {
        let bytes = Array(scalar.text.utf8)
        for start in bytes.indices where bytes[start...].starts(with: wanted) {
          let end = start + wanted.count
          if (start == 0 || !isPart(bytes[start - 1])) && (end == bytes.count || !isPart(bytes[end])) { return scalar.place(ofOffset: start) }
        }
      } else if let inner = entry.value.entries, let found = place(of: identifier, in: inner) {
        return found
      }
    }
    return nil
  }

  /// The problems of model texts inside an error, if it is about texts that know their places.
  static func textProblems(in error: any Error) -> [Problems]? {
    switch error {
    case let error as Problems: [error]
    case let error as EquationError: [error.problems]
    case let error as UnresolvedIdentifierError: error.problems.map { [$0] }
    case let error as BrianObjectError: textProblems(in: error.underlying)
    default: nil
    }
  }
}
