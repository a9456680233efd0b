internal import EngramEquations
internal import EngramExpressions
internal import EngramModels
internal import EngramScalars
package import EngramSimulation
internal import EngramStorage
internal import EngramUnits

extension ModelFile {
  /// The seed of the file, or one from the system's entropy (MDL-13).
  var chosenSeed: UInt64 {
    switch seed {
    case .number(let number): number
    case .entropy: UInt64.random(in: .min ... .max)
    }
  }
}

/// From a file to a network.
extension Experiment {
  /// Reads a model file. Where some of it cannot be read, the rest is made all the same, so that all problems are told in one
  /// go (MDL-4).
  package static func read(_ bytes: [UInt8], fileName: String, files: any ArrayFileReader) throws -> ModelFile {
    let (file, problems) = try FileReader.survey(bytes, fileName: fileName)
    if problems.isEmpty { return file }
    var all = problems
    do { _ = try withScope { try make(file, seed: 0, files: files).0.name } } catch let error as ModelFileError { all += error.problems } catch {
      // Nothing more can be said.
    }
    throw ModelFileError(fileName: fileName, problems: all, text: file.text)
  }

  /// Makes the network of a file, in the current scope. Problems of all parts are thrown together.
  static func make(
    _ file: ModelFile, seed: UInt64, stored: (any StateSource)? = nil, files: any ArrayFileReader
  ) throws -> (Network, ModelBuilder) {
    EngramSimulation.seed(seed)
    let inputs = try stored.map { try InputArrays(files, stored: $0) } ?? InputArrays(files)
    inputs.warnAboutChanges()
    let builder = ModelBuilder(fileName: file.fileName, scalarTypes: .standard, fillsValues: stored == nil, files: inputs)
    builder.stored = stored
    try builder.setUp(file)
    builder.add(file.objects)
    if let problem = builder.storedProblem { throw problem }
    // What later steps need from files is read now as well.
    for step in file.steps { builder.reader.readAhead(step.node, limit: builder.mostValues) }
    if !builder.problems.problems.isEmpty { builder.reportCode() }
    try builder.throwProblems(text: file.text)
    let network = try Network(contentsOf: builder.objects, name: ObjectName(validating: file.name))
    if let node = file.schedule { try network.setSchedule(builder.slots(node)) }
    try builder.throwProblems(text: file.text)
    inputs.keep(in: network)
    return (network, builder)
  }

  /// Every problem that can be found before the first step is found before the first step (MDL-40).
  func checkBeforeFirstStep() throws {
    for error in network.rehearse(namespace: builder.namespace).problems {
      builder.report(error, at: FilePlace(line: 1, column: 1), what: "the network")
    }
    checkSteps(file.steps, stored: [], file.loopNames, Set(file.constants.map(\.key)))
    _ = (policy, retention)
    try builder.throwProblems(text: file.text)
  }

  @discardableResult
  private func checkSteps(_ steps: [Step], stored: Set<String>, _ loopNames: Set<String>, _ constants: Set<String>) -> Set<String> {
    var stored = stored
    for step in steps {
      switch step.verb {
      case .run(let run):
        switch run.extent {
        case .duration(let node):
          if let time = loopFree(node, loopNames, { builder.reader.time($0, "run") }), time.si < 0 {
            builder.problems.report("a run cannot last \(node.kindName)", at: node)
          }
        case .until(let node): _ = loopFree(node, loopNames) { builder.reader.time($0, "until") }
        }
      case .store(let store):
        let plain = store.name.contains("{") ? nil : store.name
        if let plain {
          do { try CheckpointName.check(plain) } catch { builder.problems.report("\(error)", at: step.place, length: 5) }
          stored.insert(plain)
        } else {
          stored.insert("*")
        }
      case .restore(let restore):
        let isKnown = stored.contains(restore.name) || stored.contains("*") || restore.name == "initial" || restore.file != nil
        if !isKnown {
          builder.problems.report(
            "no step before this one stores a checkpoint '\(restore.name)'", at: step.place, length: 7,
            hint: ProblemCollector.suggestion(restore.name, Array(stored)))
        }
      case .set(let entries): for entry in entries { builder.checkTarget(entry) }
      case .constants(let entries):
        for entry in entries where !constants.contains(entry.key) {
          builder.problems.report(
            "the file defines no constant '\(entry.key)'", at: entry.keyPlace, length: entry.key.count,
            hint: ProblemCollector.suggestion(entry.key, file.constants.map(\.key)))
        }
      case .repetition(let repetition): stored = checkSteps(repetition.steps, stored: stored, loopNames, constants)
      case .dt, .active, .add, .remove, .connect, .link, .setSpikes, .schedule, .seed, .record: break
      }
    }
    return stored
  }

  /// Texts that use the constant of a repetition have no value yet.
  private func loopFree<T>(_ node: ModelNode, _ loopNames: Set<String>, _ body: (ModelNode) -> T?) -> T? {
    guard let text = node.scalar?.text, !loopNames.isEmpty else { return body(node) }
    let names = Set((try? ExpressionParser.parse(text))?.identifiers ?? [])
    return names.isDisjoint(with: loopNames) ? body(node) : nil
  }

  // --------------------------------------------------------------------------------------------------------- the same run?

  /// Whether a checkpoint belongs to a model file; if not, a program made it.
  package static func isFromModelFile(_ checkpoint: any StateSource) -> Bool { checkpoint.sections[ExperimentRecord.section] != nil }

  static func record(of checkpoint: LoadedCheckpoint, in directory: String) throws -> ExperimentRecord {
    guard let bytes = checkpoint.sections[ExperimentRecord.section] else { throw ExperimentError.noModelFile(directory: directory) }
    return try ExperimentRecord(decoding: bytes)
  }

  /// Where in the steps a checkpoint was made.
  static func place(of checkpoint: LoadedCheckpoint, in directory: RunDirectory) throws -> Place {
    let record = try record(of: checkpoint, in: directory.path)
    return Place(path: record.path, isInsideRun: record.isInsideRun, seconds: try StoredNetwork(checkpoint).timeSeconds)
  }

  static func checkSame(_ file: ModelFile, _ record: ExperimentRecord, _ directory: RunDirectory, _ options: Options) throws {
    let replaced = try checkedConstants(options.constants, in: file)
    let stored = replacing(record.replacedConstants, in: try FileReader.read(Array(record.text.utf8), fileName: record.fileName))
    let given = replacing(replaced, in: file)
    let executed = Int(record.path.first ?? 0) + (record.isInsideRun || record.path.count > 2 ? 1 : 0)
    var lines = CanonicalForm(given).differences(from: CanonicalForm(stored), stepsBefore: min(executed, stored.steps.count))
    let seed: UInt64? = options.seed ?? { if case .number(let number) = file.seed { number } else { nil } }()
    if let seed, seed != record.seed { lines.append("seed: stored \(record.seed), here \(seed)") }
    if !lines.isEmpty { throw ExperimentError.differentModel(directory: directory.path, lines: lines) }
  }

  static func checkedConstants(_ given: [(name: String, text: String)], in file: ModelFile) throws -> [(name: String, text: String)] {
    for (name, _) in given where file.constants.allSatisfy({ $0.key != name }) {
      throw ExperimentError.unknownConstant(name, nearest: nearest(name, in: file.constants.map(\.key)))
    }
    return given
  }

  /// The file with constants of the command line in place of its own (MDL-12).
  static func replacing(_ constants: [(name: String, text: String)], in file: ModelFile) -> ModelFile {
    var file = file
    for (name, text) in constants {
      guard let index = file.constants.firstIndex(where: { $0.key == name }) else { continue }
      let place = file.constants[index].value.place
      file.constants[index].value = ModelNode(.scalar(ScalarText(text: text, style: .plain, linePlaces: [place])), at: place)
    }
    return file
  }

  /// The network of a file as it was at a checkpoint, with everything that steps before it changed in its structure; the values are
  /// still to be restored.
  static func rebuilt(
    _ file: ModelFile, _ record: ExperimentRecord, _ checkpoint: any StateSource, in directory: String, files: any ArrayFileReader
  ) throws -> (network: Network, builder: ModelBuilder, cursor: StepCursor) {
    let (network, builder) = try make(file, seed: record.seed, stored: checkpoint, files: files)
    guard let cursor = StepCursor(file.steps, path: record.path) else { throw ExperimentError.positionDoesNotFit(directory: directory) }
    try replayStructure(file.steps, path: record.path, network: network, builder: builder)
    try recordAgain(network, checkpoint)
    return (network, builder, cursor)
  }

  /// Gives monitors of synapses the elements that they recorded when the checkpoint was made (MON-6).
  static func recordAgain(_ network: Network, _ checkpoint: any StateSource) throws {
    let stored = try StoredNetwork(checkpoint)
    let descriptions = Dictionary(stored.objects.compactMap { object in object.description.map { (object.name, $0) } }) { first, _ in first }
    for case let monitor as StateMonitor in network.objects where monitor.source is Synapses {
      switch descriptions[monitor.name]?["record"] {
      case .list(let list): try monitor.recordAgain(list.compactMap { if case .integer(let index) = $0 { Int(index) } else { nil } })
      case .boolean(true):
        let lengths = monitor.recordedVariables.compactMap { checkpoint.shape(StoredKey(monitor.name, $0))?.rowLength }
        guard let length = lengths.max() else { break }
        // Compared before a list of that length is made: a file may claim any.
        guard length <= monitor.source.elementCount else {
          throw CheckpointError.mismatch(
            object: monitor.name, variable: "record", what: "the number of recorded elements", stored: "\(length)",
            actual: "\(monitor.source.elementCount)")
        }
        try monitor.recordAgain(Array(0..<length))
      default: break
      }
    }
  }

  /// Carries out again what steps before the position changed in the structure of the network; values come from the checkpoint.
  static func replayStructure(_ steps: [Step], path: [Int64], network: Network, builder: ModelBuilder) throws {
    guard var cursor = StepCursor(steps, path: path) else { return }
    let position = cursor.path
    cursor = StepCursor(steps)
    while cursor.path.lexicographicallyPrecedes(position), let step = cursor.step {
      switch step.verb {
      case .add(let items):
        let known = builder.objects.count
        builder.add(items)
        try network.add(contentsOf: builder.objects[known...])
        cursor.advance()
      case .remove(let names):
        for case let name? in names.map({ $0.scalar?.text }) {
          if let object = network.objects.first(where: { $0.name == name }) { try network.remove(object) }
          builder.forget(name)
        }
        cursor.advance()
      case .link(let entries):
        for entry in entries { if let group = network[entry.key] as? Group { try builder.link(group, entry.value) } }
        cursor.advance()
      case .repetition(let repetition):
        // Rounds that change nothing in the structure need not be counted through, however many a position claims.
        if repetition.steps.contains(where: \.changesStructure) { cursor.enter(repetition) } else { cursor.advance() }
      case .run, .store, .restore, .set, .constants, .dt, .active, .connect, .setSpikes, .schedule, .seed, .record: cursor.advance()
      }
    }
  }
}

extension Step {
  /// Whether objects or links may be others behind it.
  fileprivate var changesStructure: Bool {
    switch verb {
    case .add, .remove, .link: true
    case .repetition(let repetition): repetition.steps.contains(where: \.changesStructure)
    case .run, .store, .restore, .set, .constants, .dt, .active, .connect, .setSpikes, .schedule, .seed, .record: false
    }
  }
}

extension ModelFile {
  /// Names that repetitions define.
  var loopNames: Set<String> {
    func names(_ steps: [Step]) -> Set<String> {
      steps.reduce(into: []) { found, step in
        if case .repetition(let repetition) = step.verb {
          if let name = repetition.variable { found.insert(name) }
          found.formUnion(names(repetition.steps))
        }
      }
    }
    return names(steps)
  }
}
