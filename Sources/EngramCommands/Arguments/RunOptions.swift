internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramExport
internal import EngramMagic
internal import EngramModelFiles
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// How far to run (MDL-64).
struct ExtentOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Run until this network time, e.g. 10s.", valueName: "time")) var until: String?
  @Option(name: .customLong("for"), help: ArgumentHelp("Run until this time after the start of the line; never lengthens a run.", valueName: "time"))
  var duration: String?

  func validate() throws {
    if until != nil, duration != nil { throw ValidationError("give --until or --for, not both") }
  }

  func options() throws -> Experiment.Options {
    var options = Experiment.Options()
    options.exports = ExportedNetworks()
    options.untilSeconds = try until.map { try Self.seconds($0, "--until") }
    options.forSeconds = try duration.map { try Self.seconds($0, "--for") }
    return options
  }

  static func seconds(_ text: String, _ option: String) throws -> Double {
    let quantity: Quantity
    do { quantity = try Quantity.parse(text) } catch { throw ValidationError("\(option) \(text): \(error)") }
    guard quantity.dimension == .time else { throw ValidationError("\(option) takes a time such as 10s, found \(text)") }
    guard quantity.si >= 0, quantity.si.isFinite else { throw ValidationError("\(option) takes a time from 0 on, found \(text)") }
    return quantity.si
  }

  static func assignment(_ text: String) throws -> (name: String, text: String) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw ValidationError("--constant takes NAME=VALUE, found '\(text)'")
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }
}

/// When checkpoints are made (MDL-68). Never influences results.
struct CheckpointOptions: ParsableArguments {
  @Option(
    name: .customLong("checkpoint-every"),
    help: ArgumentHelp("Simulated time between checkpoints, or wall:TIME for wall time; both may be given.", valueName: "time"))
  var every: [String] = []
  @OptionGroup var retention: RetentionOptions

  func validate() throws { _ = try policy() }

  func policy() throws -> CheckpointPolicy? {
    if every.isEmpty { return nil }
    let intervals = try Intervals(every, "--checkpoint-every")
    return CheckpointPolicy(simulated: intervals.simulatedSeconds.map { Time(si: $0) }, wall: intervals.wall)
  }
}

/// Where the arrays of a run are while it goes on (STO-1).
struct StorageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Where arrays are while it runs; results do not depend on it. mapped: in files of DIR/live that other programs can open; \
      private: in memory, checkpoints shown page by page; memory: in memory. Replaces the file's; without either: mapped.
      """, valueName: "mapped|private|memory"))
  var storage: String?

  func validate() throws { _ = try choice() }

  func choice() throws -> ArrayStorage? {
    guard let storage else { return nil }
    guard let choice = ArrayStorage(rawValue: storage) else {
      throw ValidationError("--storage is \(ArrayStorage.allCases.map(\.rawValue).joined(separator: ", ")), found '\(storage)'")
    }
    return choice
  }
}

/// Whether a model may be begun for which there is too little memory.
struct MemoryOption: ParsableArguments {
  @Flag(name: .customLong("no-memory-check"), help: "Begin also where the model takes more memory than there is.") var isOff = false
}

/// Which automatic checkpoints stay (CKP-19).
struct RetentionOptions: ParsableArguments {
  @Option(help: "How many automatic checkpoints to keep, the newest of each line.") var keep: Int?
  @Option(
    name: .customLong("keep-per"),
    help: ArgumentHelp("Keep one automatic checkpoint per simulated time, or per wall:TIME; both may be given.", valueName: "time"))
  var keepPer: [String] = []

  func validate() throws {
    if let keep, keep < 1 { throw ValidationError("--keep is at least 1") }
    _ = try keeping()
  }

  func keeping() throws -> Experiment.Keeping {
    let intervals = try Intervals(keepPer, "--keep-per")
    var keeping = Experiment.Keeping()
    (keeping.last, keeping.perSimulatedSeconds, keeping.perWall) = (keep, intervals.simulatedSeconds, intervals.wall)
    return keeping
  }

  /// What a run keeps, where nothing else was said.
  var policyOrDefault: RetentionPolicy {
    get throws { keep == nil && keepPer.isEmpty ? RetentionPolicy() : try policy }
  }

  /// Everything, where nothing was said.
  var policy: RetentionPolicy {
    get throws {
      let keeping = try keeping()
      if keep == nil, keepPer.isEmpty { return .everything }
      return RetentionPolicy(
        automatic: keep ?? RetentionPolicy().automatic, perSimulatedSeconds: keeping.perSimulatedSeconds, perWall: keeping.perWall)
    }
  }
}

/// Intervals on the command line: `30s` of simulated time, `wall:5min` on the clock on the wall.
private struct Intervals {
  var simulatedSeconds: Double?
  var wall: Duration?

  init(_ texts: [String], _ option: String) throws {
    for text in texts {
      let isWall = text.hasPrefix("wall:")
      let amount = isWall ? String(text.dropFirst(5)) : text
      let seconds = try isWall ? WallTime.seconds(amount) ?? ExtentOptions.seconds(amount, option) : ExtentOptions.seconds(amount, option)
      guard seconds > 0 else { throw ValidationError("\(option) takes a time above 0, found \(text)") }
      if isWall { wall = WallTime.duration(seconds) } else { simulatedSeconds = seconds }
    }
  }
}

/// What concerns this machine and this call alone.
struct MachineOptions: ParsableArguments {
  @Option(
    help: """
      How many threads a run may use where they are faster; 0: as many as there are processors, and one in each of several processes (mpirun). \
      Results do not depend on it.
      """)
  var threads = 0
  @Option(help: "How model code runs. Results do not depend on it. native needs a C compiler and waits for it; automatic does not wait.")
  var kernels = KernelMode.automatic
  @OptionGroup var json: JSONOption
  @Flag(name: .shortAndLong, help: "Print errors only.") var quiet = false
  @Option(name: .customLong("log-format"), help: "What messages on standard error look like: sentences, or one JSON object per line.") var logFormat = LogFormat
    .text

  func validate() throws {
    guard (0...1024).contains(threads) else { throw ValidationError("--threads is from 0 to 1024, found \(threads)") }
  }

  /// For everything that follows in this process.
  func apply() throws {
    ConsoleLog.choose(logFormat)
    if quiet { try prefs.set(.consoleLogLevel, to: "ERROR") }
    try prefs.set(.threads, to: threads)
    if kernels != .automatic { try prefs.set(.kernels, to: kernels.rawValue) }
  }
}

/// Whether a run tells where its time went (NET-38).
struct ProfileOption: ParsableArguments {
  @Flag(
    name: .customLong("profile"),
    help: """
      Tell at the end which objects took how long, and how near each came to the speed of this machine's memory; on several processes also what \
      each of them did with its time. Results do not depend on it.
      """)
  var isOn = false
}

extension KernelMode: ExpressibleByArgument {}
