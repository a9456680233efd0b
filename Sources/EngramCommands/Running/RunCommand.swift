internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramImport
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import Foundation

/// `engram run MODEL.yaml`: starts the model, or continues what is there.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Start a model file, or continue what is there.",
    discussion: """
      The run lives in a directory, by default NAME.engram beside you. The same command given again continues it from the \
      newest checkpoint; the result equals an undisturbed run bit for bit. A finished run is left as it is.
      Exit status: 0 target reached, 75 stopped early and resumable, 76 ended by a watchdog, 1 error, 64 wrong usage.
      """)

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"])) var model: String
  @OptionGroup var extent: ExtentOptions
  @Option(name: .customLong("in"), help: "The run directory.", completion: .directory) var directory: String?
  @Option(help: "Seed of all random numbers; replaces the file's.") var seed: UInt64?
  @Option(help: ArgumentHelp("Replace a constant of the file; may be repeated.", valueName: "name=value")) var constant: [String] = []
  @OptionGroup var checkpoints: CheckpointOptions
  @OptionGroup var arrays: StorageOptions
  @OptionGroup var memory: MemoryOption
  @OptionGroup var limits: WallLimitOptions
  @OptionGroup var watch: WatchOptions
  @Flag(help: "Move an existing run directory aside and start anew.") var fresh = false
  @OptionGroup var profile: ProfileOption
  @OptionGroup var machine: MachineOptions

  func run() throws {
    let started = ContinuousClock.now
    var options = try extent.options()
    options.seed = seed
    options.constants = try constant.map(ExtentOptions.assignment)
    options.profile = profile.isOn
    options.checkpoints = try checkpoints.policy()
    options.storage = try arrays.choice()
    options.checksMemory = !memory.isOff
    options.keeping = try checkpoints.retention.keeping()
    options.watching = try watch.wishes()
    Together.here?.adjust(&options)
    try machine.apply()
    try limits.begin()
    let text = try ModelFileOnDisk(path: model)
    let files = text.files
    let file: ModelFile
    do { file = try text.read() } catch is Interruption {
      return try Session(command: "run", path: directory ?? model, machine: machine, started: started).reportNothingBegun(nil)
    }
    let path = directory ?? "\(file.name).engram"
    try Session(command: "run", path: path, machine: machine, started: started).run { open in
      var old: FreshStart?
      let isInTheWay =
        try fresh
        && Together.onFirst {
          old = try FreshStart(path)
          return old != nil
        }
      if isInTheWay {
        // The old run stays where it is until nothing about the new one can be wrong any more.
        let prepared = try PreparedModel(file, files: files, options: options)
        var place: String?
        _ = try Together.onFirst {
          place = try old?.moveAside()
          return true
        }
        if !machine.quiet, let place { try? Output.error.line("moved the old run to \(place)") }
        return try Experiment(starting: prepared, in: open())
      }
      let directory = try open()
      if !machine.quiet, let newest = try directory.newest(ofLine: RunDirectory.mainLine),
        let remark = try Continuation.remark(path, goingOnFrom: newest, in: directory)
      {
        try? Output.error.line(remark)
      }
      return try Experiment(file, in: directory, files: files, options: options)
    }
  }
}

/// `engram resume DIR`: continues without the model file (MDL-69).
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Continue a run from its directory alone.",
    discussion: """
      DIR goes on from its newest checkpoint. DIR@NAME goes on from NAME: if others follow it, as a new line 'NAME-resumed' of the tree, \
      which the same command then goes on with. For several lines from one checkpoint: engram branch.
      With --constant, --set, --dt or --seed it goes on with other values, always as a new line; the same command goes on with that line.
      """)

  @Argument(help: "The run directory, or DIR@CHECKPOINT.") var checkpoint: CheckpointReference
  @OptionGroup var extent: ExtentOptions
  @OptionGroup var change: ChangeOptions
  @OptionGroup var checkpoints: CheckpointOptions
  @OptionGroup var arrays: StorageOptions
  @OptionGroup var memory: MemoryOption
  @OptionGroup var limits: WallLimitOptions
  @OptionGroup var watch: WatchOptions
  @OptionGroup var profile: ProfileOption
  @OptionGroup var machine: MachineOptions

  func run() throws {
    let started = ContinuousClock.now
    var options = try extent.options()
    options.profile = profile.isOn
    let changes = try change.changes()
    options.changes = changes
    options.checkpoints = try checkpoints.policy()
    options.storage = try arrays.choice()
    options.checksMemory = !memory.isOff
    options.keeping = try checkpoints.retention.keeping()
    options.watching = try watch.wishes()
    Together.here?.adjust(&options)
    try machine.apply()
    try limits.begin()
    if try ProgramRun.isWanted(checkpoint) {
      try Together.refuse("A run of a program", "continue it in one process")
      if !changes.isEmpty { try checkpoint.checkChangeable(in: checkpoint.openForReading()) }
      return try ProgramRun(
        checkpoint: checkpoint, untilSeconds: options.untilSeconds, forSeconds: options.forSeconds, checkpoints: options.checkpoints,
        watching: options.watching, retention: checkpoints.retention, isProfiled: profile.isOn, machine: machine, started: started
      ).run()
    }
    try Session(command: "resume", path: checkpoint.directory, creating: false, machine: machine, started: started).run { open in
      let directory = try open()
      let place = try Continuation(checkpoint.name, in: directory, changing: changes)
      if !machine.quiet, let remark = try place.remark(checkpoint, in: directory) { try? Output.error.line(remark) }
      return try Experiment(resuming: directory, at: place, files: ImportedFiles(relativeTo: nil), options: options)
    }
  }
}

extension Continuation {
  /// What happens, and what else could; nil where there is nothing to choose.
  func remark(_ checkpoint: CheckpointReference, in directory: RunDirectory) throws -> String? {
    guard let name = checkpoint.name else {
      if newLine != nil { return remark(checkpoint.directory, try directory.info(self.checkpoint).id) }
      return try Continuation.remark(checkpoint.directory, goingOnFrom: directory.info(self.checkpoint), in: directory)
    }
    return remark(checkpoint.directory, name)
  }
}
