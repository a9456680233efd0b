package import EngramCheckpoints
internal import EngramEquations
internal import EngramExpressions
package import EngramModel
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// From a file to a network.
extension Experiment {
  /// Reads a model file. Where some of it cannot be read, the rest is rehearsed all the same, so that all problems are told in one
  /// go (MDL-4).
  package static func read(_ bytes: [UInt8], fileName: String, files: any ArrayFileReader) throws -> ModelFile {
    let (file, problems) = try FileReader.survey(bytes, fileName: fileName)
    if problems.isEmpty { return file }
    // Where even that fails, nothing more can be said.
    var others: [ModelFileProblem] = []
    do { others = try Rehearsal.findings(of: file, files: files).problems } catch let error as Interruption { throw error } catch {}
    throw ModelFileError(fileName: fileName, problems: problems + others, text: file.text)
  }

  /// Every problem that can be found before the first step is found before the first step, in objects and steps together (MDL-40).
  ///
  /// - Parameters:
  ///   - path: where in the steps a run goes on.
  ///   - runsOn: whether it goes on beyond the last step.
  /// - Returns: what else has been found out.
  static func rehearse(_ file: ModelFile, files: any ArrayFileReader, from path: [Int64] = [], runsOn: Bool) throws -> Rehearsal.Findings {
    let found = try Rehearsal.findings(of: file, files: files, from: path, runsOn: runsOn)
    if !found.problems.isEmpty { throw ModelFileError(fileName: file.fileName, problems: found.problems, text: file.text) }
    for remark in found.remarks { Messages.emit(.warning, "modelfile.steps", remark) }
    return found
  }

  /// The seed of the file, or one from the system's entropy (MDL-13).
  static func seed(of file: ModelFile, files: any ArrayFileReader) throws -> UInt64 {
    switch file.seed {
    case .number(let number): return number
    case .entropy: return UInt64.random(in: .min ... .max)
    case .value(let node):
      let reader = constants(of: file, files: files)
      let seed = reader.seed(node, "seed")
      if !reader.problems.problems.isEmpty { throw ModelFileError(fileName: file.fileName, problems: reader.problems.problems, text: file.text) }
      return seed ?? 0
    }
  }

  /// A reader that knows the constants of a file.
  static func constants(of file: ModelFile, files: any ArrayFileReader) -> ValueReader {
    Environment.opening {
      let builder = ModelBuilder(fileName: file.fileName, values: .checked, files: files)
      for entry in file.functions { builder.define(entry) }
      for entry in file.constants { if let value = builder.constantValue(of: entry) { builder.setConstant(entry.key, value) } }
      return builder.reader
    }
  }

  /// The steps of a file with the rounds of its repetitions known, without making its network.
  static func steps(of file: ModelFile, inputs: InputArrays) throws -> [Step] {
    try Environment.opening {
      let builder = ModelBuilder(fileName: file.fileName, values: .checked, files: inputs)
      for entry in file.functions { builder.define(entry) }
      for entry in file.constants { if let value = builder.constantValue(of: entry) { builder.setConstant(entry.key, value) } }
      let steps = builder.resolvingRounds(of: file.steps)
      try builder.throwProblems(text: file.text)
      return steps
    }
  }

  /// Makes the network of a file, in the current scope. Problems of all parts are thrown together.
  ///
  /// - Parameters:
  ///   - changing: constants that branches change, beside those that steps change.
  ///   - sampleSeed: what samples in values of objects depend on: the seed with which the run began; nil: the seed.
  ///   - apart: on several processes, which synapses each of them has its own alone of.
  /// - Returns: the file with the rounds of its repetitions known.
  static func make(
    _ file: ModelFile, seed: UInt64, stored: (any StateSource)? = nil, inputs: InputArrays, calculatesWhatLasts: Bool = true,
    changing: Set<String> = [], sampleSeed: UInt64? = nil, apart: SynapsesApart? = nil
  ) throws -> (ModelFile, Network, ModelBuilder) {
    try Interrupt.duringSetUp {
      try makeInTurn(
        file, seed: seed, stored: stored, inputs: inputs, calculatesWhatLasts: calculatesWhatLasts, changing: changing, sampleSeed: sampleSeed ?? seed,
        apart: apart)
    }
  }

  private static func makeInTurn(
    _ file: ModelFile, seed: UInt64, stored: (any StateSource)?, inputs: InputArrays, calculatesWhatLasts: Bool, changing: Set<String>, sampleSeed: UInt64,
    apart: SynapsesApart?
  ) throws -> (ModelFile, Network, ModelBuilder) {
    try Environment.checkedCurrent().device.seed(seed)
    inputs.warnAboutChanges()
    let builder = ModelBuilder(fileName: file.fileName, values: stored.map { .stored($0) } ?? .filled, files: inputs)
    builder.apart = apart
    builder.reader.samples = .making(seed: sampleSeed)
    builder.reader.calculatesWhatLasts = calculatesWhatLasts
    let constantsAreComplete = try builder.setUp(file)
    builder.reader.changing.formUnion(changing)
    builder.add(file.objects)
    if let problem = builder.storedProblem { throw problem }
    // Whatever problems there are now may come from giving up half-way.
    try Interrupt.check()
    if constantsAreComplete, !builder.problems.problems.isEmpty { builder.reportCode(file.steps) }
    try builder.throwProblems(text: file.text)
    if stored == nil { builder.warnAboutKeysWithoutEffect(in: file) }
    let network = try Network(contentsOf: builder.objects, name: ObjectName(validating: file.name))
    network.joinsPartsOfRuns = true
    if let node = file.schedule { try network.setSchedule(builder.slots(node)) }
    try Interrupt.check()
    var file = file
    file.steps = builder.resolvingRounds(of: file.steps)
    builder.readAhead(file.steps)
    try Interrupt.check()
    try builder.throwProblems(text: file.text)
    inputs.keep(in: network)
    return (file, network, builder)
  }
}

extension PreparedModel {
  /// What only the network with its values can show, where the steps change nothing of it (MDL-40).
  func checkBeforeFirstStep() throws {
    if !Rehearsal.needsOwnNetwork(file.steps) {
      for names in RunNamespaces(file.steps, builder).distinct {
        builder.report(network.rehearse(namespace: names).problems)
        if !builder.problems.problems.isEmpty { break }
      }
    }
    try builder.throwProblems(text: file.text)
  }

  /// Carries out again what steps before the place of a checkpoint changed in the structure of the network; values are still to be
  /// restored.
  ///
  /// - Returns: the place in the steps.
  func replayingStructure(to record: ExperimentRecord, _ checkpoint: LoadedCheckpoint, in directory: String) throws -> StepCursor {
    guard let cursor = StepCursor(file.steps, path: record.path) else { throw ExperimentError.positionDoesNotFit(directory: directory) }
    try Experiment.replayStructure(file.steps, path: record.path, network: network, builder: builder)
    try Experiment.recordAgain(network, checkpoint)
    return cursor
  }
}

extension Experiment {
  // --------------------------------------------------------------------------------------------------------- the same run?

  /// Whether a checkpoint belongs to a model file; if not, a program made it.
  package static func isFromModelFile(_ checkpoint: any StateSource) -> Bool { checkpoint.sections[ExperimentRecord.section] != nil }

  /// The constants that hold at a checkpoint of a model file, after steps and branches that changed some; nil for one of a program.
  package static func constants(of checkpoint: any StateSource) throws -> [(name: String, value: DescriptionValue)]? {
    guard let bytes = checkpoint.sections[ExperimentRecord.section] else { return nil }
    return try ExperimentRecord(decoding: bytes).constants.asFields?.map { ($0.key, $0.value) }
  }

  static func record(of checkpoint: LoadedCheckpoint, in directory: String) throws -> ExperimentRecord {
    guard let bytes = checkpoint.sections[ExperimentRecord.section] else { throw ExperimentError.noModelFile(directory: directory) }
    return try ExperimentRecord(decoding: bytes)
  }

  /// Where in the steps a checkpoint was made.
  static func place(of checkpoint: LoadedCheckpoint, in directory: RunDirectory) throws -> Place {
    let record = try record(of: checkpoint, in: directory.path)
    let network = try StoredNetwork(checkpoint)
    return Place(
      path: record.path, isInsideRun: record.isInsideRun, seconds: network.timeSeconds,
      endSeconds: record.isInsideRun ? network.unfinishedRun?.endSeconds : nil)
  }

  static func checkSame(_ file: ModelFile, _ record: ExperimentRecord, _ directory: RunDirectory, _ options: Options) throws {
    let replaced = try checkedConstants(options.constants, in: file)
    let given = replacing(replaced, in: file)
    var lines: [String] = []
    var remedy: String?
    let isSameText = file.text == record.text && replaced.elementsEqual(record.replacedConstants) { $0 == $1 }
    if !isSameText {
      let stored = replacing(record.replacedConstants, in: try FileReader.read(Array(record.text.utf8), fileName: record.fileName))
      let executed = Int(record.path.first ?? 0) + (record.isInsideRun || record.path.count > 2 ? 1 : 0)
      let position = min(executed, stored.steps.count)
      let (before, now) = (CanonicalForm(stored), CanonicalForm(given))
      lines = now.differences(from: before, stepsBefore: position)
      if !lines.isEmpty, before.parts != now.parts { remedy = BranchedValues(before, now, stepsBefore: position)?.remedy(for: directory.path) }
      if !lines.isEmpty, before.parts == now.parts { remedy = LongerRun(stored, given, executed: position)?.remedy(for: file.fileName) }
    }
    var seed = options.seed
    if seed == nil, case .number(let number) = file.seed { seed = number }
    if seed == nil, case .value = file.seed { seed = try self.seed(of: given, files: NoArrayFiles()) }
    let first = record.firstSeed ?? record.seed
    if let seed, seed != first {
      if lines.isEmpty { remedy = "to go on with that seed in a line of its own: engram resume \(shellQuoted(directory.path)) --seed \(seed)" }
      lines.append("seed: stored \(first), here \(seed)")
    }
    if !lines.isEmpty { throw ExperimentError.differentModel(directory: directory.path, lines: lines, remedy: remedy) }
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
      file.constants[index].value = ModelNode(.scalar(ScalarText(text)), at: place)
      file.constants[index].isGiven = true
    }
    return file
  }

  /// Gives monitors of synapses the elements that they recorded when the checkpoint was made (MON-6).
  static func recordAgain(_ network: Network, _ checkpoint: LoadedCheckpoint) throws {
    let stored = try StoredNetwork(checkpoint)
    let descriptions = Dictionary(stored.objects.compactMap { object in object.description.map { (object.name, $0) } }) { first, _ in first }
    for case let monitor as StateMonitor in network.objects where monitor.source is Synapses {
      guard case .stateMonitor(let description)? = descriptions[monitor.name]?.kind else { continue }
      switch description.record {
      case .indices(let list): try monitor.recordAgain(list)
      case .all:
        let lengths = monitor.recordedVariables.compactMap { checkpoint.shape(StoredKey(monitor.name, $0))?.rowLength }
        guard let length = lengths.max() else { break }
        // Compared before a list of that length is made: a file may claim any.
        guard length <= monitor.source.elementCount else {
          throw CheckpointError.mismatch(
            object: monitor.name, variable: "record", what: "the number of recorded elements", stored: "\(length)",
            actual: "\(monitor.source.elementCount)")
        }
        try monitor.recordAgain(Array(0..<length))
      case .none: break
      }
    }
  }

  /// Carries out again what steps before the position changed in the structure of the network; values come from the checkpoint.
  static func replayStructure(_ steps: [Step], path: [Int64], network: Network, builder: ModelBuilder) throws {
    guard var cursor = StepCursor(steps, path: path) else { return }
    let position = cursor.path
    cursor = StepCursor(steps)
    while cursor.path.lexicographicallyPrecedes(position), let step = cursor.step {
      builder.bindConstants(of: cursor)
      switch step.verb {
      case .constants(let entries):
        // What was measured then is not known any more; its last value comes with the checkpoint.
        for entry in entries {
          let measured = (entry.value.scalar?.text).map { $0.contains(".") && Reference.mentions($0, oneOf: Set(network.allObjects.map(\.name))) } ?? false
          if !measured, let value = builder.constantValue(entry.value, entry.key, mayBeList: true) { builder.setConstant(entry.key, value) }
        }
        cursor.advance()
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
      case .code(let kind, let entries):
        for entry in entries {
          guard let group = network[entry.key] as? Group else { continue }
          try builder.addCode(kind, entry.value, to: group)
        }
        cursor.advance()
      // Nothing in it changes the structure, which the rehearsal makes sure of.
      case .choice: cursor.advance()
      case .repetition(let repetition) where repetition.isConditional: cursor.advance()
      case .repetition(let repetition):
        // Rounds that change nothing in the structure need not be counted through, however many a position claims.
        if repetition.steps.contains(where: \.changesStructure) { cursor.enter(repetition) } else { cursor.advance() }
      case .run, .store, .restore, .export, .set, .dt, .active, .connect, .setSpikes, .schedule, .seed, .record: cursor.advance()
      }
    }
  }
}

extension Step {
  /// Whether objects, links or constants may be others behind it.
  fileprivate var changesStructure: Bool {
    switch verb {
    case .add, .remove, .link, .constants, .code: true
    case .repetition(let repetition): repetition.steps.contains(where: \.changesStructure)
    case .choice(let choice): (choice.then + choice.otherwise).contains(where: \.changesStructure)
    case .run, .store, .restore, .export, .set, .dt, .active, .connect, .setSpikes, .schedule, .seed, .record: false
    }
  }
}
