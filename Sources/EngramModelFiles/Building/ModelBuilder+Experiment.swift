internal import EngramCheckpoints
internal import EngramExpressions
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits
internal import OrderedCollections

/// What an experiment needs of the builder beside objects.
extension ModelBuilder {
  /// Constants, dt, number types and preferences of the file.
  ///
  /// - Returns: whether all constants could be read. Without them nothing can be said about code.
  func setUp(_ file: ModelFile) throws -> Bool {
    leaveOut(file.leftOut)
    let before = problems.problems.count
    for entry in file.functions { define(entry) }
    for entry in file.constants {
      if let message = forbiddenName(entry.key) {
        problems.report(message, at: entry.keyPlace, length: entry.key.count)
      } else if let value = constantValue(of: entry) {
        setConstant(entry.key, value)
      }
    }
    for entry in file.functions { check(entry) }
    let constantsAreComplete = problems.problems.count == before
    if let node = file.dt, let dt = reader.time(node, "dt") {
      do { try Environment.checkedCurrent().defaultClock.setDt(dt) } catch { report(error, at: node.place, what: "dt") }
    }
    if let node = file.dtype { setDefaultType(node) }
    for entry in file.preferences { setPreference(entry) }
    reader.changing = Self.constantsThatChange(file.steps)
    if !onlyChecks, stored == nil { warnAboutUnusedConstants(of: file) }
    return constantsAreComplete
  }

  /// Constants that a step gives another value.
  private static func constantsThatChange(_ steps: [Step]) -> Set<String> {
    steps.reduce(into: []) { names, step in
      switch step.verb {
      case .constants(let entries): names.formUnion(entries.map(\.key))
      case .repetition(let repetition):
        if let name = repetition.variable { names.insert(name) }
        names.formUnion(constantsThatChange(repetition.steps))
      case .choice(let choice): names.formUnion(constantsThatChange(choice.then + choice.otherwise))
      case .run, .store, .restore, .export, .set, .dt, .active, .add, .remove, .connect, .link, .setSpikes, .schedule, .seed, .record, .code: break
      }
    }
  }

  /// A constant whose name stands nowhere but at its definition is probably misspelt somewhere.
  private func warnAboutUnusedConstants(of file: ModelFile) {
    var occurrences: [Substring: Int] = [:]
    for word in file.text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) { occurrences[word, default: 0] += 1 }
    for entry in file.constants where occurrences[entry.key[...], default: 0] == 1 {
      Messages.emit(.warning, "modelfile.unused_constant", "\(file.fileName):\(entry.keyPlace.line): nothing uses the constant '\(entry.key)'")
    }
  }

  /// Keys that change nothing where they stand; those of parts are known once the objects are there.
  func warnAboutKeysWithoutEffect(in file: ModelFile) {
    for remark in file.remarks + problems.remarks { Messages.emit(.warning, "modelfile.no_effect", "\(file.fileName):\(remark.place.line): \(remark.text)") }
  }

  func forbiddenName(_ name: String) -> String? {
    if name.hasPrefix("_") { return "names that begin with an underscore are the system's; '\(name)' does" }
    guard let parsed = try? ExpressionParser.parse(name), case .name(name) = parsed.node else {
      return "'\(name)' cannot be a name: use letters, digits and underscores, a letter first, and none of the language's own words"
    }
    if DefaultSymbols().symbol(name) != nil { return "'\(name)' is a unit, function or constant of the language" }
    return nil
  }

  private func setDefaultType(_ node: ModelNode) {
    guard let word = reader.word(node, "dtype") else { return }
    guard let type = ScalarType(rawValue: word), type.isFloat else {
      problems.report("'dtype' is float64 or float32, found '\(word)'", at: node)
      return
    }
    defaultTypes = ScalarTypes(floats: type)
  }

  /// Only what belongs to a model (MDL-14).
  private func setPreference(_ entry: ModelNode.Entry) {
    guard entry.key.hasPrefix("core.") || entry.key.hasPrefix("legacy.") else {
      problems.report(
        "the preference '\(entry.key)' does not belong to a model", at: entry.keyPlace, length: entry.key.count,
        hint: "model files set core.* and legacy.*; set others in ~/.config/engram/preferences or ./engram_preferences")
      return
    }
    let text: String
    if let scalar = entry.value.scalar?.text {
      text = scalar
    } else if let items = entry.value.items {
      text = "[" + items.map { "'\($0.scalar?.text ?? "")'" }.joined(separator: ", ") + "]"
    } else {
      problems.report("the preference '\(entry.key)' is a word, a number or a list, found \(entry.value.kindName)", at: entry.value)
      return
    }
    do { try Environment.checkedCurrent().preferences.setHere(entry.key, fromText: text) } catch {
      report(error, at: entry.value.place, what: "the preference '\(entry.key)'")
    }
  }

  // ------------------------------------------------------------------------------------------------------------ constants

  func setConstant(_ name: String, _ value: Namespace.Entry) {
    namespace[name] = value
    reader.constants[name] = value
    if case .array = value { return }
    reader.arrays[name] = nil
  }

  func takeConstants(_ stored: Namespace) {
    for (name, value) in stored.values { setConstant(name, value) }
  }

  /// The namespace without functions.
  var constantsOnly: Namespace {
    var result = Namespace()
    for (name, value) in namespace.values {
      switch value {
      case .function, .array: continue
      case .quantity, .integer, .boolean: break
      }
      result[name] = value
    }
    return result
  }

  var functions: [String: Function] {
    var result: [String: Function] = [:]
    for case (let name, .function(let function)) in namespace.values { result[name] = function }
    return result
  }

  func values(_ entries: [ModelNode.Entry]) throws -> Namespace {
    var result = Namespace()
    for entry in entries { if let value = constantValue(entry.value, entry.key) { result[entry.key] = value } }
    return result
  }

  // ---------------------------------------------------------------------------------------------------------------- steps

  /// `G.target: value` of a `set` step.
  func assign(_ entry: ModelNode.Entry) {
    guard let (group, reference) = target(entry) else { return }
    assign(entry, in: group, reference)
  }

  private func target(_ entry: ModelNode.Entry) -> (Group, Reference)? {
    if let region = regionVariable(entry) { return region }
    if byName[entry.key.leadingName] is SpatialNeuron == false, entry.key.dividedAtVariable?.owner.contains("[") == true,
      let found = partVariable(entry.key, at: ModelNode(.scalar(ScalarText(entry.key)), at: entry.keyPlace))
    {
      return found.flatMap { variable in
        (try? variable.group.part(variable.part, name: nil)).map { ($0, Reference(names: [variable.name], selection: variable.selection)) }
      }
    }
    let reference: Reference
    do throws(Reference.SyntaxProblem) { reference = try Reference(entry.key, evaluate: placeOfSelection) } catch {
      problems.report(
        "not a variable of an object: \(error.message)", at: entry.place(ofOffset: error.offset),
        hint: "forms: G.v, G.v[0:10], G[0:10].v, G.v[chosen] with a list of constants, S.w[i, :]")
      return nil
    }
    guard let object = byName[reference.object] else {
      if !hasFailed(reference.object) {
        problems.report(
          "there is no group '\(reference.object)'", at: entry.keyPlace, length: reference.object.count, hint: groupSuggestion(reference.object))
      }
      return nil
    }
    // What monitors have recorded is what has been.
    guard let group = object as? Group, !(object is EventMonitor) else {
      problems.report(
        "'\(reference.object)' is a \(type(of: object)) and has no variables that can be set", at: entry.keyPlace, length: reference.object.count,
        hint: groupSuggestion(reference.object))
      return nil
    }
    guard reference.names.count > 1 else {
      let names = group.variables.names.filter { !$0.hasPrefix("_") && group.variables[$0]?.array?.isReadOnly == false }
      problems.report(
        "'\(entry.key)' names a group; a value belongs to one of its variables", at: entry.keyPlace, length: entry.key.count,
        hint: names.first.map { "write for example '\(reference.object).\($0)'" })
      return nil
    }
    return (group, Reference(names: Array(reference.names.dropFirst()), selection: reference.selection))
  }

  func slots(_ node: ModelNode) -> [Slot] {
    guard let items = node.items else {
      problems.report("'schedule' is a list of slots, found \(node.kindName)", at: node)
      return []
    }
    return items.compactMap { reader.word($0, "schedule").map { Slot($0) } }
  }

  /// Where something is wrong already: what else is wrong with the code of the objects that could be made, so that all is told
  /// in one go (MDL-4).
  func reportCode(_ steps: [Step]) {
    guard let network = try? Network(contentsOf: objects) else { return }
    report(network.rehearse(namespace: RunNamespaces(steps, self).distinct.first ?? namespace).problems)
  }

  /// What a rehearsal has found. One name that nobody knows may be in the way of several parts of an object: it is told once.
  ///
  /// - Parameters:
  ///   - place: for what has no place of its own.
  ///   - what: what was rehearsed.
  func report(_ errors: [any Error], at place: FilePlace = FilePlace(line: 1, column: 1), what: String = "the network") {
    var told = Set(problems.problems.map(\.place))
    for error in errors {
      let count = problems.problems.count
      report(error, at: place, what: what)
      // What stands in a place of which something is told already follows from that.
      let found = problems.takeBack(from: count)
      problems.report(found.filter { $0.place == place || !told.contains($0.place) })
      told.formUnion(found.map(\.place))
    }
  }

  /// - Throws: what has been reported so far.
  package func throwProblems(text: String) throws(ModelFileError) {
    let found = problems.problems
    if !found.isEmpty { throw ModelFileError(fileName: reader.fileName, problems: found, text: text) }
  }
}
