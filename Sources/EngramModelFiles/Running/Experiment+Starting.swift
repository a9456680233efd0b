internal import EngramCheckpoints
internal import EngramModel
package import EngramModels
internal import EngramSimulation
package import EngramStorage

extension Experiment {
  /// Where execution begins: a network with its values, and its place in the steps.
  package struct Start {
    let model: PreparedModel
    let directory: RunDirectory
    var cursor: StepCursor
    var isInsideRun = false
    /// Id of the checkpoint that it goes on from; nil: from the beginning.
    var committed: String?
    /// Network time [s] there.
    var continuedFrom: Double?
    /// The line of checkpoints that begins with the first step, and where (MDL-69).
    var newLine: (name: String, from: String)?
    /// Network time [s] at which the line of checkpoints began (MDL-64).
    var lineStart = 0.0
    /// How the line differs from the one that it came from.
    var changed: ChangedBranch?
    /// Whether it is about to begin to.
    var isChanging = false
    /// The seed that the run began with, where a branch has set another.
    var firstSeed: UInt64?
  }

  /// Starts the file in a directory without checkpoints, or continues the main line of what it holds, in the current environment.
  ///
  /// - Throws: ``ModelFileError`` with all problems of the file, ``ExperimentError`` when the directory holds another run.
  package convenience init(_ file: ModelFile, in directory: RunDirectory, files: any ArrayFileReader, options: Options) throws {
    self.init(try Start(file, in: directory, files: files, options: options))
  }

  /// Finds what is wrong with a file with these constants, as far as that can be known without making its network.
  ///
  /// - Returns: what the network will take of memory.
  @discardableResult
  package static func check(_ file: ModelFile, constants: [(name: String, text: String)], files: any ArrayFileReader) throws -> MemoryNeeds? {
    try rehearse(replacing(checkedConstants(constants, in: file), in: file), files: InputArrays(files), runsOn: true).memory
  }

  /// Continues without the file, from what the directory keeps (MDL-69).
  package convenience init(resuming directory: RunDirectory, at place: Continuation, files: any ArrayFileReader, options: Options) throws {
    self.init(try Start(resuming: directory, at: place, files: files, options: options))
  }

  /// Starts what has been made and checked, in a directory without checkpoints.
  package convenience init(starting model: PreparedModel, in directory: RunDirectory) throws {
    self.init(try Start(starting: model, in: directory))
  }

  convenience init(
    continuing file: ModelFile, _ record: ExperimentRecord, _ checkpoint: LoadedCheckpoint, newLine: String? = nil,
    in directory: RunDirectory, files: any ArrayFileReader, options: Options
  ) throws {
    self.init(try Start(continuing: file, record, checkpoint, newLine: newLine, in: directory, files: files, options: options))
  }
}

extension Experiment.Start {
  package init(_ file: ModelFile, in directory: RunDirectory, files: any ArrayFileReader, options: Experiment.Options) throws {
    if !options.changes.isEmpty { throw ExperimentError.changesWithoutBranch }
    guard let newest = try directory.newest(ofLine: RunDirectory.mainLine) else {
      try self.init(starting: PreparedModel(file, files: files, options: options), in: directory)
      return
    }
    let checkpoint = try directory.load(newest.id)
    let record = try Experiment.record(of: checkpoint, in: directory.path)
    try Experiment.checkSame(file, record, directory, options)
    try self.init(continuing: file, record, checkpoint, in: directory, files: files, options: options)
  }

  package init(resuming directory: RunDirectory, at place: Continuation, files: any ArrayFileReader, options: Experiment.Options) throws {
    let checkpoint = try directory.load(place.checkpoint)
    let record = try Experiment.record(of: checkpoint, in: directory.path)
    let file = try FileReader.read(Array(record.text.utf8), fileName: record.fileName)
    try self.init(
      continuing: file, record, checkpoint, newLine: place.newLine, changing: place.newLine != nil, in: directory, files: files, options: options)
  }

  init(starting model: PreparedModel, in directory: RunDirectory) throws {
    (self.model, self.directory) = (model, directory)
    cursor = StepCursor(model.file.steps)
    useDirectory()
  }

  init(
    continuing file: ModelFile, _ record: ExperimentRecord, _ checkpoint: LoadedCheckpoint, newLine: String? = nil, changing: Bool = false,
    in directory: RunDirectory, files: any ArrayFileReader, options: Experiment.Options
  ) throws {
    model = try PreparedModel(file, record, checkpoint, files: files, options: options)
    self.directory = directory
    cursor = try model.replayingStructure(to: record, checkpoint, in: directory.path)
    isInsideRun = record.isInsideRun
    committed = checkpoint.info.id
    let (network, builder) = (model.network, model.builder)
    // That the model means the same has been shown from the files, which may spell it in different ways; and steps before the
    // position changed delays and spikes.
    var allowed: Set<Difference> = [.structure, .equations, .code, .types]
    // A rate made of a constant was an array while nothing changed the constant, and is a formula from here on.
    if changing, !options.changes.constants.isEmpty { allowed.insert(.removedVariables) }
    _ = try SetUpProgress.during("restoring \(checkpoint.info.id)") { try network.restore(from: checkpoint, allowing: allowed) }
    useDirectory()
    // What later steps add comes from the file again.
    builder.values = .filled
    builder.takeConstants(try Namespace(stored: record.constants, functions: builder.functions))
    continuedFrom = network.timeSeconds
    self.newLine = newLine.map { ($0, checkpoint.info.id) }
    lineStart = newLine != nil || checkpoint.info.kind == .branch ? network.timeSeconds : record.lineStartSeconds
    firstSeed = record.firstSeed
    changed = newLine == nil ? ChangedBranch(checkpoint.info) : nil
    guard changing, !options.changes.isEmpty else { return }
    changed = try BranchChanger(network: network, builder: builder, file: model.file, cursor: cursor).apply(options.changes)
    if options.changes.seed != .kept, firstSeed == nil { firstSeed = record.seed }
    isChanging = true
  }

  /// Checkpoints go to the directory from now on, and arrays are where the call, or else the file, says.
  private func useDirectory() {
    model.network.use(directory)
    model.network.distribution = model.options.distribution
    if let distribution = model.options.distribution, distribution.isFirst { distribution.scratch = try? directory.makeScratch() }
    model.network.storage = model.options.storage ?? model.file.storage ?? .standard
    directory.staysOnLine = true
  }
}
