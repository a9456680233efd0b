package import EngramCheckpoints
internal import EngramEquations
internal import EngramExpressions
internal import EngramModel
internal import EngramModels
internal import EngramScalars
package import EngramSimulation
internal import EngramUnits

/// Makes the objects that a model file speaks of (MDL-30).
///
/// Problems are collected: building goes on with the next object, so that a user sees all of them.
package final class ModelBuilder {
  package let problems = ProblemCollector()
  var reader: ValueReader
  /// Top-level objects and clocks in the order in which they were made.
  package private(set) var objects: [BrianObject] = []
  /// Makes the objects, and knows them by the names of the file.
  let maker = ObjectMaker()
  var byName: [String: BrianObject] { maker.objects }
  /// The objects that parts belong to.
  private(set) var ownersOfParts: [String: String] = [:]
  /// Names of objects that could not be made: references to them are no problems of their own.
  private var failed: Set<String> = []
  /// What the file says of each object, for errors that name an object.
  private(set) var items: [String: ObjectItem] = [:]
  /// Constants of the file, then functions made by it: the namespace of every run.
  package var namespace: Namespace
  var defaultTypes: ScalarTypes
  /// What becomes of `connect`, `initial` and `set`.
  var values: Values
  /// On several processes: which synapses each of them has its own alone of.
  var apart: SynapsesApart?
  /// What is wrong with the values that it brings, which is no problem of the file.
  var storedProblem: CheckpointError?

  package enum Values {
    /// They are carried out.
    case filled
    /// They are checked only: for finding mistakes in steps before the first of them (MDL-40).
    case checked
    /// They are left out, because a checkpoint is about to bring the values.
    case stored(any StateSource)
  }

  /// The checkpoint that brings the values, if one does.
  var stored: (any StateSource)? { if case .stored(let source) = values { source } else { nil } }
  /// Whether values are only checked.
  var onlyChecks: Bool { if case .checked = values { true } else { false } }

  package init(fileName: String, constants: Namespace = [:], scalarTypes: ScalarTypes = .standard, values: Values = .filled, files: any ArrayFileReader) {
    reader = ValueReader(fileName: fileName, problems: problems, files: files, constants: constants)
    namespace = constants
    defaultTypes = scalarTypes
    self.values = values
  }

  // ------------------------------------------------------------------------------------------------------------- objects

  /// Objects that something is wrong with already: a reference to one is not wrong for that.
  func leaveOut(_ names: Set<String>) { failed.formUnion(names) }

  package func add(_ items: [ObjectItem]) {
    BrianObject.$areDescribed.withValue(true) {
      for item in items where !Interrupt.endsSetUp { add(item) }
    }
  }

  private func add(_ item: ObjectItem) {
    let before = problems.problems.count
    reader.samples?.owner = item.name ?? "\(item.kind) \(objects.count)"
    defer { reader.samples?.owner = "" }
    do { try make(item) } catch { report(error, in: item) }
    if problems.problems.count > before, let name = item.name { failed.insert(name) }
  }

  private func make(_ item: ObjectItem) throws {
    let fields = Fields(item: item, builder: self)
    switch ModelKind(rawValue: item.kind) {
    case .neuronGroup: try keep(neuronGroup(fields).map(ObjectKind.neuronGroup), fields)
    case .spatialNeuron: try keep(spatialNeuron(fields).map(ObjectKind.spatialNeuron), fields)
    case .synapses: try keep(synapses(fields).map(ObjectKind.synapses), fields)
    case .poissonGroup: try keep(poissonGroup(fields).map(ObjectKind.poissonGroup), fields)
    case .poissonInput: try keep(poissonInput(fields).map(ObjectKind.poissonInput), fields)
    case .spikeGenerator: try keep(spikeGenerator(fields).map(ObjectKind.spikeGenerator), fields)
    case .stateMonitor: try keep(stateMonitor(fields).map(ObjectKind.stateMonitor), fields)
    case .spikeMonitor, .eventMonitor: try keep(eventMonitor(fields).map(ObjectKind.eventMonitor), fields)
    case .rateMonitor: try keep(rateMonitor(fields).map(ObjectKind.rateMonitor), fields)
    case .subgroup:
      if let part = try makeSubgroup(fields) {
        try keep(part, ObjectDescription(name: part.name, part.describedKind), fields)
      }
    case .timedArray: try makeTimedArray(fields)
    case .binomialFunction: try makeBinomialFunction(fields)
    case .clock, .eventClock: try makeClock(fields)
    case .pathway, .networkOperation, nil:
      preconditionFailure("kinds are checked when the file is read")
    }
  }

  /// Makes an object from its description, unless something is wrong with that.
  private func keep(_ kind: ObjectKind?, _ fields: Fields) throws {
    guard let kind else { return }
    let description = ObjectDescription(name: fields.name, kind, namespace: fields.namespace?.described)
    try keep(maker.make(description), description, fields)
  }

  /// Takes an object in, with what every group may add to it: links, code and values, in this order.
  private func keep(_ object: BrianObject, _ description: ObjectDescription, _ fields: Fields)
    throws
  {
    let item = fields.item
    if let known = byName[object.name] {
      problems.report("there are two objects named '\(known.name)'", at: item["name"]?.place ?? item.place, length: known.name.count)
      return
    }
    maker.register(object, as: object.name)
    items[object.name] = item
    if !(object is Subgroup) { objects.append(object) }
    var description = description
    if let group = object as? Group {
      checkFunctions(of: group, item)
      try complete(group, &description, fields)
    }
    try maker.complete(object, description)
    if let active = item["active"], let flag = reader.boolean(active, "active") { object.isActive = flag }
    if let storage = item["storage"] { place(object, storage) }
    maker.register(object, as: object.name)
    for part in maker.allParts(of: object) { ownersOfParts[part.name] = object.name }
  }

  /// Makes parts known that an object has got since it was made.
  func noteParts(of object: BrianObject) {
    maker.register(object, as: object.name)
    for part in maker.allParts(of: object) { ownersOfParts[part.name] = object.name }
  }

  package func forget(_ name: String) {
    guard let object = byName[name] else { return }
    for part in maker.allParts(of: object) { ownersOfParts[part.name] = nil }
    objects.removeAll { $0 === object }
    maker.forget(name)
  }

  // ---------------------------------------------------------------------------------------------------------- references

  /// An object by the name of a reference; a part of an object by its derived name (MDL-36).
  func object(_ reference: Reference, at node: ModelNode) -> BrianObject? {
    let name = reference.names.joined(separator: "_")
    if let found = byName[reference.object] {
      if reference.names.count == 1 { return found }
      if let part = maker.allParts(of: found).first(where: { $0.name == name }) { return part }
      problems.report(
        "'\(reference.object)' has no part '\(reference.names.dropFirst().joined(separator: "."))'", at: node,
        hint: ProblemCollector.suggestion(name, maker.allParts(of: found).map(\.name)))
      return nil
    }
    if let part = maker.parts[name] { return part }
    if failed.contains(reference.object) { return nil }
    problems.report(
      "there is no object '\(reference.object)' above this place", at: node,
      hint: ProblemCollector.suggestion(reference.object, Array(byName.keys)) ?? "a reference points to an object that stands above it")
    return nil
  }

  /// Whether something is wrong with an object of that name already.
  func hasFailed(_ name: String) -> Bool { byName[name] == nil && failed.contains(name) }

  func reference(_ node: ModelNode, _ key: String) -> Reference? {
    guard let text = node.scalar else {
      problems.report("'\(key)' names an object, found \(node.kindName)", at: node)
      return nil
    }
    do throws(Reference.SyntaxProblem) { return try Reference(text.text, evaluate: placeOfSelection) } catch {
      problems.report(
        "not a reference to an object: \(error.message)", at: text.place(ofOffset: error.offset) ?? node.place,
        hint: "forms: P, P[3], P[0:3200], P[:2*n], P[[3, 4, 5]]")
      return nil
    }
  }

  /// The integer, or the list of them, that constants make of a calculation in a selection.
  func placeOfSelection(_ text: String, at offset: Int) throws(Reference.SyntaxProblem) -> Reference.Place { try reader.placeOfSelection(text, at: offset) }

  /// A group that is there, or the part of it that a selection names.
  struct ReferredGroup {
    let reference: GroupReference
    /// The group that the selection is from.
    let group: Group

    var count: Int { reference.part?.count ?? group.elementCount }
    var isSpikeSource: Bool { group is any SpikeSource }
    /// The elements in the numbering of the whole group; nil: it is not a part of one.
    var elementsOfWhole: Range<Int>? {
      let part = (group as? Subgroup).map { $0.start..<$0.stop }
      guard let chosen = reference.part else { return part }
      return part.map { chosen.lowerBound + $0.lowerBound..<chosen.upperBound + $0.lowerBound }
        ?? chosen
    }
  }

  /// A group, or the part of one that a selection names.
  func group(_ node: ModelNode, _ key: String) throws -> ReferredGroup? {
    if let region = regionGroup(node) { return region }
    guard let reference = reference(node, key), let object = object(reference, at: node) else { return nil }
    guard let group = object as? Group else {
      problems.report("'\(reference.object)' is a \(type(of: object)); '\(key)' is a group", at: node, hint: groupSuggestion(reference.object))
      return nil
    }
    // A part of an object is known under its own name.
    let name = reference.names.count == 1 ? reference.object : group.name
    guard !reference.selection.isEmpty else {
      return ReferredGroup(reference: GroupReference(name), group: group)
    }
    return try elements(reference.selection, of: group, at: node).map {
      ReferredGroup(reference: GroupReference(name, part: $0), group: group)
    }
  }

  /// A group with a name like the one that was given.
  func groupSuggestion(_ name: String) -> String? {
    ProblemCollector.suggestion(name, byName.filter { $0.value is Group }.map(\.key))
  }

  private func elements(_ selection: [Reference.Selector], of group: Group, at node: ModelNode)
    throws -> Range<Int>?
  {
    guard selection.count == 1, let selector = selection.first else {
      problems.report("a group is selected from by one index, range or list", at: node)
      return nil
    }
    if case .slice(let low?, let high?) = selector, low >= 0, high >= 0, high <= low {
      problems.report(
        "'\(group.name)[\(selector)]' is empty: it \(low == high ? "begins and ends at \(low)" : "ends before it begins")", at: node,
        hint: high < low
          ? "did you mean '\(group.name)[\(high):\(low)]'? the first number is the first element, the second is one past the last"
          : "the second number is one past the last element")
      return nil
    }
    warnOfEndsBeyond(selector, of: group, at: node)
    if let whole = group as? SpikingGroup {
      switch selector {
      case .index(let index): return try whole.elements(index)
      case .slice(let low, let high): return try whole.elements(from: low, to: high)
      case .list(let list): return try whole.elements(list)
      case .condition: break
      }
    } else if let part = group as? Subgroup, case .slice(let low, let high) = selector {
      return try part.elements(from: low, to: high)
    }
    problems.report("'\(group.name)' cannot be selected from like this", at: node, hint: "forms: P[3], P[0:3200], P[[3, 4, 5]]")
    return nil
  }

  /// A part that goes beyond its group ends with it, as in Brian 2; whoever wrote it may mean another group, or another size.
  private func warnOfEndsBeyond(_ selector: Reference.Selector, of group: Group, at node: ModelNode) {
    guard case .slice(let low, let high) = selector, let count = (group as? SpikingGroup)?.count ?? (group as? Subgroup)?.count else { return }
    guard [low, high].contains(where: { bound in bound.map { $0 > count || $0 < -count } ?? false }) else { return }
    let part = Range(slice: low, high, of: count)
    guard !part.isEmpty else { return }
    Messages.emit(
      .warning, "modelfile.beyond_group",
      "\(reader.fileName):\(node.place.line): '\(group.name)[\(selector)]' goes beyond '\(group.name)', which has \(count) elements; "
        + "taken are \(part.lowerBound) to \(part.upperBound - 1)", once: true)
  }

  func spikeSource(_ node: ModelNode, _ key: String) throws -> GroupReference? {
    guard let found = try group(node, key) else { return nil }
    guard found.isSpikeSource else {
      problems.report(
        "'\(found.group.name)' has no spikes; '\(key)' is a group that has events", at: node)
      return nil
    }
    return found.reference
  }

  /// The name of a clock that is there, or of an object that has one.
  func clock(_ node: ModelNode) -> String? {
    guard let name = reader.word(node, "clock") else { return nil }
    if (try? maker.clock(named: name)) != nil { return name }
    problems.report(
      "there is no clock '\(name)' above this place", at: node,
      hint: ProblemCollector.suggestion(name, Array(maker.clocks.keys)))
    return nil
  }

  var types: ScalarTypes { defaultTypes }
}
