internal import EngramCheckpoints
internal import EngramModels
package import EngramSimulation
internal import EngramStorage

/// A model file whose network has been made and whose steps have been checked: what is wrong with the file has been told, and no run
/// directory has been touched (MDL-40, 67).
package struct PreparedModel {
  let file: ModelFile
  package let network: Network
  let builder: ModelBuilder
  package let seed: UInt64
  let replacedConstants: [(name: String, text: String)]
  let options: Experiment.Options
  let choices: CheckpointChoices
  /// What ends runs.
  let watchdogs: [Watchdog]
  /// Constants that branches have changed, or are about to change.
  private(set) var changedConstants: Set<String> = []

  /// Makes and checks what a file says, in the current scope.
  ///
  /// - Throws: ``ModelFileError`` with all problems of the file; ``ExperimentError/tooLittleMemory(_:available:)``; ``Interruption`` where a signal asked for an end.
  package init(_ file: ModelFile, files: any ArrayFileReader, options: Experiment.Options) throws {
    replacedConstants = try Experiment.checkedConstants(options.constants, in: file)
    let given = Experiment.replacing(replacedConstants, in: file)
    self.options = options
    let inputs = InputArrays(files)
    let found = try Interrupt.duringSetUp { try Experiment.rehearse(given, files: inputs, runsOn: options.runsOn) }
    let apart = options.apart(given, found)
    if let needs = found.memory { try MemoryCheck.check(apart.map { needs.ofEach(of: $0.distribution.size, $0.includes) } ?? needs, options) }
    seed = try options.seed ?? Experiment.seed(of: given, files: inputs)
    (self.file, network, builder) = try Experiment.make(given, seed: seed, inputs: inputs, apart: apart)
    choices = CheckpointChoices(file.checkpoints, options, builder.reader)
    watchdogs = try WatchChoices(builder, network, steps: self.file.steps).watchdogs(self.file.watch, options)
    try checkBeforeFirstStep()
  }

  /// The same from a checkpoint, with what its record says; values are left for the checkpoint to bring.
  init(
    _ file: ModelFile, _ record: ExperimentRecord, _ checkpoint: LoadedCheckpoint, files: any ArrayFileReader, options: Experiment.Options
  ) throws {
    replacedConstants = record.replacedConstants
    let given = Experiment.replacing(replacedConstants, in: file)
    changedConstants = record.changedConstants.union(options.changes.constants.map(\.name))
    self.options = options
    let inputs = try InputArrays(files, stored: checkpoint)
    var found: Rehearsal.Findings?
    // Steps that are still to be taken may be new; several processes look at what the code is like.
    if given.text != record.text || options.distribution != nil {
      found = try Interrupt.duringSetUp { try Experiment.rehearse(given, files: inputs, from: record.path, runsOn: options.runsOn) }
    }
    let apart = options.apart(given, found)
    try MemoryCheck.check(resuming: checkpoint, options.storage ?? file.storage ?? .standard, options, apart)
    seed = record.seed
    (self.file, network, builder) = try Experiment.make(
      given, seed: seed, stored: checkpoint, inputs: inputs, calculatesWhatLasts: record.calculatesWhatLasts,
      changing: changedConstants, sampleSeed: record.firstSeed, apart: apart)
    choices = CheckpointChoices(file.checkpoints, options, builder.reader)
    watchdogs = try WatchChoices(builder, network, steps: self.file.steps).watchdogs(self.file.watch, options)
    try builder.throwProblems(text: file.text)
  }
}

extension Experiment.Options {
  /// Whether the call may go on beyond the last step.
  fileprivate var runsOn: Bool { untilSeconds != nil || forSeconds != nil }

  /// Which synapses each of several processes has its own alone of.
  ///
  /// - Parameter found: what a rehearsal of the file has found.
  fileprivate func apart(_ file: ModelFile, _ found: Rehearsal.Findings?) -> SynapsesApart? {
    distribution.map {
      SynapsesApart(file, $0, isWatched: file.watch != nil || !watching.yaml.isEmpty || !watchdogs.isEmpty, undivided: found?.undivided ?? [:])
    }
  }
}
