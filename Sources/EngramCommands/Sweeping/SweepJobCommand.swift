internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramExport
internal import EngramImport
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem

/// Options that every run of a sweep has alike.
struct SweptRunOptions: ParsableArguments {
  @OptionGroup var checkpoints: CheckpointOptions
  @OptionGroup var arrays: StorageOptions
  @OptionGroup var watch: WatchOptions
  @Option(help: "Worker threads of each run. Results do not depend on it.") var threads = 1
  @Option(help: "How model code runs. Results do not depend on it.") var kernels = KernelMode.automatic

  func validate() throws {
    guard (1...1024).contains(threads) else { throw ValidationError("--threads is from 1 to 1024") }
  }

  /// The same as words of the command line.
  var words: [String] {
    var words: [String] = []
    for interval in checkpoints.every { words += ["--checkpoint-every", interval] }
    if let keep = checkpoints.retention.keep { words += ["--keep", "\(keep)"] }
    for period in checkpoints.retention.keepPer { words += ["--keep-per", period] }
    if let storage = arrays.storage { words += ["--storage", storage] }
    words += watch.words
    if threads != 1 { words += ["--threads", "\(threads)"] }
    if kernels != .automatic { words += ["--kernels", kernels.rawValue] }
    return words
  }

  func machine() throws -> MachineOptions {
    try MachineOptions.parse(["-q", "--threads", "\(threads)", "--kernels", kernels.rawValue])
  }
}

/// `engram sweep-job DIR NUMBER`: one run of a sweep, begun or continued; what processes of a sweep and tasks of a job array are.
struct SweepJobCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep-job", abstract: "Begin or continue one run of a sweep.",
    discussion: "Exit status: 0 finished, 1 failed, 73 another process writes it, 75 stopped early and resumable, 76 ended by a watchdog.", shouldDisplay: false
  )

  @Argument(help: "The folder of the sweep.") var directory: String
  @Argument(help: "Which run, counted from 1.") var number: Int
  @Option(help: "The process that waits for this one: when it ends, this one stops with a checkpoint.") var parent: Int32?
  @OptionGroup var limits: WallLimitOptions

  func run() throws {
    if let parent { ParentWatch.begin(parent) }
    let sweep = SweepDirectory(directory)
    guard let manifest = try sweep.manifest() else { throw CommandError("'\(directory)' is no sweep: it has no sweep.json") }
    guard (1...manifest.conditions.count).contains(number) else {
      throw CommandError("the sweep '\(directory)' has the runs 1 to \(manifest.conditions.count), not \(number)")
    }
    try limits.begin()
    let index = number - 1
    if let known = sweep.result(index, of: manifest), known.state == .finished { return }
    do { try perform(index, manifest, sweep) } catch let error as ExitCode { throw error } catch is Interruption {
      throw ExitCode(ExitStatus.stoppedEarly)
    } catch let error as StorageError {
      switch error {
      // Of an earlier call, which is about to stop or being killed.
      case .locked, .stillWritten:
        try? Output.error.line("\(error)")
        throw ExitCode(ExitStatus.busy)
      default: throw try failed(error, index, manifest, sweep)
      }
    } catch { throw try failed(error, index, manifest, sweep) }
    let newest = try RunDirectory.opened(sweep.run(index), .read).list().last
    try sweep.write(
      SweepResult(state: .finished, extent: manifest.extent, timeSeconds: newest?.networkSeconds, checkpoint: newest?.id), index)
  }

  private func failed(_ error: any Error, _ index: Int, _ manifest: SweepManifest, _ sweep: SweepDirectory) throws -> any Error {
    let text = (error as? FailedRun)?.text ?? ErrorText.text(error)
    try sweep.write(SweepResult(state: .failed, extent: manifest.extent, message: text), index)
    return error
  }

  private func perform(_ index: Int, _ manifest: SweepManifest, _ sweep: SweepDirectory) throws {
    let started = ContinuousClock.now
    let common = try SweptRunOptions.parse(manifest.options)
    var options = Experiment.Options()
    options.exports = ExportedNetworks()
    (options.untilSeconds, options.forSeconds) = (manifest.extent.untilSeconds, manifest.extent.forSeconds)
    options.checkpoints = try common.checkpoints.policy()
    options.storage = try common.arrays.choice()
    options.keeping = try common.checkpoints.retention.keeping()
    options.watching = try common.watch.wishes()
    // The sweep has seen to it that there is room; what others take meanwhile is no failure of the run.
    options.checksMemory = false
    let machine = try common.machine()
    try machine.apply()
    try SweepFolder.make(sweep.folder(index))
    let session = Session(command: "sweep", path: sweep.run(index), machine: machine, started: started)
    let values = manifest.conditions[index]
    switch manifest.source {
    case .model(let path, let text):
      let files = ImportedFiles(relativeTo: path)
      let file = try Experiment.read(Array(text.utf8), fileName: path, files: files)
      options.constants = manifest.conditions.constants(index)
      options.seed = values.first { $0.axis.name == SweepAxis.seed }.flatMap { UInt64($0.value.text) } ?? manifest.seed
      try session.run { open in try Experiment(file, in: open(), files: files, options: options) }
    case .checkpoint(let directory, let name, let id):
      if access(sweep.run(index), F_OK) != 0 {
        let reference = CheckpointReference(directory: directory, name: id)
        let source = try reference.openForReading()
        _ = try BranchCommand.make(
          reference, sweep.run(index), as: name == "latest" ? id : name, Self.changes(values), from: source, Needed(by: [id], in: source))
      }
      try session.run { open in
        let run = try open()
        return try Experiment(resuming: run, at: Continuation(nil, in: run), files: ImportedFiles(relativeTo: nil), options: options)
      }
    }
  }

  /// What a condition changes at the checkpoint that all begin from.
  static func changes(_ values: [(axis: SweepAxis, value: SweepAxis.Value)]) throws -> BranchChanges {
    var changes = BranchChanges()
    for (axis, value) in values {
      if axis.name == SweepAxis.seed {
        guard let seed = BranchChanges.Seed(value.text) else { throw CommandError("'\(value.text)' is no seed") }
        changes.seed = seed
      } else if axis.name == "dt" {
        changes.steps.append(.init(BranchChanges.defaultClock, value.text))
      } else if axis.name.contains(".") {
        changes.values.append(.init(axis.name, value.text))
      } else {
        changes.constants.append(.init(axis.name, value.text))
      }
    }
    return changes
  }
}

/// The folder of one run of a sweep.
enum SweepFolder {
  static func make(_ path: String) throws(CommandError) {
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw CommandError("the folder '\(path)' cannot be made: \(String(cString: strerror(errno)))")
    }
  }
}
