internal import ArgumentParser
internal import EngramExport
internal import EngramImport
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import Foundation

/// `engram sweep`: a model file, or a checkpoint, under many conditions.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Run a model, or branches of a checkpoint, under many conditions.",
    discussion: """
      --over takes NAME=START:STOP:COUNT, NAME=1..5 or NAME=VALUE,VALUE,…; a name is a constant of the model or 'seed', and from a checkpoint \
      also 'dt' or a variable. Every value is combined with every other one, or with --zip the first with the first. Each condition is a run \
      directory in the folder of the sweep, and a process of its own.
      The same command goes on with a sweep that was interrupted: what is finished stays, what was interrupted continues, what failed is \
      listed and tried again with --retry-failed.
      Exit status: 0 all runs finished, 75 stopped early and resumable, 1 an error or failed runs, 64 wrong usage.
      """)

  @Argument(help: "The model file, DIR@NAME, or the folder of a sweep to go on with.", completion: .file()) var source: String
  @Option(help: ArgumentHelp("What varies; may be repeated.", valueName: "name=values")) var over: [String] = []
  @Flag(help: "Lists side by side instead of every value with every other one.") var zip = false
  @Option(help: "Runs at the same time; without it as many as there are processors.") var jobs: Int?
  @Option(name: .customLong("in"), help: "The folder of the sweep.", completion: .directory) var directory: String?
  @OptionGroup var extent: ExtentOptions
  @Option(
    help: ArgumentHelp("Write the results to this file, one row for each run; .parquet by the Python package.", valueName: "out.csv"),
    completion: .file(extensions: ["csv", "parquet"])) var table: String?
  @Option(
    help: ArgumentHelp(
      "A further column, as mean(S.w), P.v[3] or name=sum(spikes.count)/(10*second); may be repeated.", valueName: "[name=]expression"))
  var collect: [String] = []
  @Flag(name: .customLong("no-run"), help: "Begin and continue nothing: show how it stands, and write the table.") var runsNothing = false
  @Flag(help: "Hand the runs that are left to SLURM, as one job array; the command does not wait for it.") var slurm = false
  @Option(
    name: .customLong("sbatch-args"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Further options of sbatch, as '--partition=long --time=24:00:00'; may be repeated.", valueName: "options"))
  var sbatchArguments: [String] = []
  @Flag(name: .customLong("retry-failed"), help: "Try runs again that have failed.") var retriesFailed = false
  @OptionGroup var common: SweptRunOptions
  @OptionGroup var memory: MemoryOption
  @OptionGroup var limits: WallLimitOptions
  @OptionGroup var json: JSONOption
  @Flag(name: .shortAndLong, help: "Print errors only.") var quiet = false

  func validate() throws {
    if runsNothing, slurm { throw ValidationError("give --no-run or --slurm, not both") }
    if !slurm, !sbatchArguments.isEmpty { throw ValidationError("--sbatch-args belongs to --slurm") }
    if let jobs, !(1...4096).contains(jobs) { throw ValidationError("--jobs is from 1 to 4096") }
    for text in collect {
      do { _ = try CollectedExpression(text) } catch { throw ValidationError("--collect: \(error)") }
    }
    if let table, !table.hasSuffix(".csv"), !table.hasSuffix(".parquet") { throw ValidationError("--table writes .csv and .parquet, found '\(table)'") }
  }

  func run() throws {
    try limits.begin()
    if quiet { try prefsForErrorsOnly() }
    let file = try table.map { path throws(CommandError) in try SweepTableFile(path) }
    try file?.check()
    let (sweep, manifest) = try open()
    if slurm { return try submit(sweep, manifest, file) }
    if runsNothing { return try conclude(sweep, manifest, SweepRun.Tally(sweep, manifest), file) }
    if let job = SlurmArray.active(sweep) {
      throw CommandError(
        "the job \(job) of SLURM does the runs of '\(sweep.path)'; engram status \(shellQuoted(sweep.path)) shows how it is going, --no-run makes the table, "
          + "and scancel \(job) ends it")
    }
    let jobs = min(jobs ?? max(1, ProcessFacts.processorCount / common.threads), manifest.conditions.count)
    let estimate = SweepEstimate(manifest)
    if !memory.isOff { try estimate.check() }
    try note(
      "\(sweep.path): \(manifest.conditions.count) runs of \(manifest.sourceText), \(jobs == 1 ? "one" : "\(jobs)") at a time\(estimate.sentence(jobs: jobs))")
    try conclude(sweep, manifest, carryOut(sweep, manifest, jobs, estimate.byteCount), file)
  }

  private func conclude(_ sweep: SweepDirectory, _ manifest: SweepManifest, _ tally: SweepRun.Tally, _ file: SweepTableFile?) throws {
    let results = try SweepTable(sweep, manifest, tally)
    try file?.write(results)
    try report(sweep, manifest, tally, results)
  }

  private func submit(_ sweep: SweepDirectory, _ manifest: SweepManifest, _ file: SweepTableFile?) throws {
    if let job = SlurmArray.active(sweep) {
      throw CommandError("the job \(job) of SLURM does the runs of '\(sweep.path)' already; scancel \(job) ends it")
    }
    let tally = SweepRun.Tally(sweep, manifest)
    if retriesFailed { for number in tally.failed.keys { sweep.forgetResult(number) } }
    let numbers = tally.left.keys.sorted() + (retriesFailed ? tally.failed.keys.sorted() : [])
    guard !numbers.isEmpty else { return try conclude(sweep, manifest, tally, file) }
    let array = SlurmArray(
      sweep: SweepDirectory(URL(fileURLWithPath: sweep.path).standardizedFileURL.path), numbers: numbers, jobs: jobs, threads: common.threads,
      arguments: sbatchArguments.flatMap { $0.split(separator: " ").map(String.init) })
    let job = try array.submit()
    if json.isOn {
      return try tell([
        ("directory", .string(sweep.path)), ("runs", .count(manifest.conditions.count)), ("submitted", .count(numbers.count)), ("job", .string(job)),
      ])
    }
    try Output.standard.line(
      "\(sweep.path): \(numbers.count) runs are handed to SLURM as job \(job)\(SweepEstimate(manifest).remark); engram status \(shellQuoted(sweep.path)) shows how it is going, "
        + "engram sweep \(shellQuoted(sweep.path)) --no-run makes the table")
  }

  private func carryOut(_ sweep: SweepDirectory, _ manifest: SweepManifest, _ jobs: Int, _ estimate: Int) throws -> SweepRun.Tally {
    var progress = SweepProgress(sweep, manifest)
    defer { try? progress.clear() }
    return try SweepRun(sweep: sweep, manifest: manifest, jobs: jobs, estimate: estimate).run(retriesFailed: retriesFailed) { event in
      // Somebody who went away must not end the runs.
      if !quiet { try? progress.show(event) }
    }
  }

  private func prefsForErrorsOnly() throws { try common.machine().apply() }

  private func note(_ text: String) throws { if !quiet { try Output.error.line(text) } }

  // -------------------------------------------------------------------------------------------------------------- the sweep

  /// The folder, kept from others, and what is in it from now on.
  private func open() throws -> (SweepDirectory, SweepManifest) {
    if SweepDirectory.isSweep(source) {
      guard over.isEmpty, directory == nil else {
        throw ValidationError("'\(source)' is a sweep that goes on as it began; --over and --in belong to the model file or checkpoint that it began with")
      }
      let sweep = SweepDirectory(source)
      try sweep.lock()
      guard let stored = try sweep.manifest() else { throw CommandError("'\(source)' has no sweep.json any more") }
      return (sweep, try updated(stored, stored, in: sweep))
    }
    let wanted = try plan()
    let sweep = SweepDirectory(directory ?? wanted.defaultFolder)
    try sweep.lock()
    guard let stored = try sweep.manifest() else {
      try sweep.write(wanted.manifest)
      return (sweep, wanted.manifest)
    }
    let differences = try wanted.manifest.differences(from: stored)
    guard differences.isEmpty else {
      throw CommandError(
        "'\(sweep.path)' holds another sweep: " + differences.joined(separator: "; ")
          + ". Choose another directory with --in; to go on with that sweep: engram sweep \(shellQuoted(sweep.path))")
    }
    return (sweep, try updated(stored, wanted.manifest, in: sweep))
  }

  /// What may be said anew of a sweep that goes on: how far, what is collected, and how it runs.
  private func updated(_ stored: SweepManifest, _ wanted: SweepManifest, in sweep: SweepDirectory) throws -> SweepManifest {
    var manifest = stored
    let given = try extents()
    if given != SweepManifest.Extent() { manifest.extent = given } else if wanted.extent != SweepManifest.Extent() { manifest.extent = wanted.extent }
    if !collect.isEmpty { manifest.collect = collect } else if !wanted.collect.isEmpty { manifest.collect = wanted.collect }
    if !common.words.isEmpty { manifest.options = common.words }
    if manifest != stored { try sweep.write(manifest) }
    return manifest
  }

  private func extents() throws -> SweepManifest.Extent {
    let options = try extent.options()
    return SweepManifest.Extent(untilSeconds: options.untilSeconds, forSeconds: options.forSeconds)
  }

  private func plan() throws -> (manifest: SweepManifest, defaultFolder: String) {
    var status = stat()
    guard stat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return try planOfCheckpoint() }
    let text = try ModelFileOnDisk(path: source)
    let file = try text.read()
    var extent = try extents()
    let part = file.sweep
    if extent == SweepManifest.Extent(), let part {
      let seconds = try SweepExtentReader(file, text.files).seconds(part)
      extent = SweepManifest.Extent(untilSeconds: seconds.until, forSeconds: seconds.duration)
    }
    let axes = try axes(of: file, text.files) { part.map { ($0.over, file.fileName, file.text) } }
    let conditions = try SweepConditions(axes, zips: zip || over.isEmpty && part?.zips == true)
    for axis in axes where axis.name != SweepAxis.seed {
      if file.constants.contains(where: { $0.key == axis.name }) { continue }
      if axis.name == "dt" || axis.name.contains(".") {
        throw CommandError(
          "a sweep of a model file varies its constants and the seed; '\(axis.name)' is varied from a checkpoint (engram sweep DIR@NAME), or by a constant "
            + "that the file uses for it")
      }
      throw ExperimentError.unknownConstant(axis.name, nearest: nearest(axis.name, in: file.constants.map(\.key)))
    }
    for number in Set([0, conditions.count - 1]) {
      try Experiment.check(file, constants: conditions.constants(number), files: text.files)
    }
    var seed: UInt64?
    if case .entropy = file.seed, !axes.contains(where: { $0.name == SweepAxis.seed }) { seed = UInt64.random(in: .min ... .max) }
    let manifest = SweepManifest(
      source: .model(path: URL(fileURLWithPath: source).standardizedFileURL.path, text: file.text), conditions: conditions, seed: seed, extent: extent,
      collect: collect.isEmpty ? part?.collect ?? [] : collect, options: common.words)
    return (manifest, "\(file.name).sweep")
  }

  private func planOfCheckpoint() throws -> (manifest: SweepManifest, defaultFolder: String) {
    let reference = CheckpointReference(argument: source)
    let directory = try reference.openForReading()
    try reference.checkChangeable(in: directory)
    let info = try directory.info(reference.nameOrLatest)
    let axes = try axes(of: nil, ImportedFiles(relativeTo: nil)) { nil }
    let path = URL(fileURLWithPath: reference.directory).standardizedFileURL.path
    let manifest = SweepManifest(
      source: .checkpoint(directory: path, name: reference.nameOrLatest, id: info.id), conditions: try SweepConditions(axes, zips: zip),
      extent: try extents(), collect: collect, options: common.words)
    let base = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    return (manifest, "\(base)-\(reference.name ?? info.id).sweep")
  }

  private func axes(
    of file: ModelFile?, _ files: any ArrayFileReader, orElse part: () -> (over: [ModelNode.Entry], fileName: String, text: String)?
  ) throws -> [SweepAxis] {
    if over.isEmpty, let part = part() {
      return try SweepAxisReader(constantsOf: file, fileName: part.fileName, text: part.text, files: files).axes(part.over)
    }
    return try SweepAxisReader(constantsOf: file, fileName: "--over", text: over.joined(separator: "\n"), files: files).axes(options: over)
  }

  // ------------------------------------------------------------------------------------------------------------------ report

  private func report(_ sweep: SweepDirectory, _ manifest: SweepManifest, _ tally: SweepRun.Tally, _ results: SweepTable) throws {
    let total = manifest.conditions.count
    let isWhole = tally.finished.count == total
    let status = !tally.left.isEmpty ? ExitStatus.stoppedEarly : isWhole && results.problems.isEmpty ? ExitStatus.fine : ExitStatus.error
    if json.isOn {
      func list(_ texts: [Int: String]) -> JSONText {
        .list(texts.sorted { $0.key < $1.key }.map { .object([("run", .string(sweep.name($0.key))), ("message", .string($0.value))]) })
      }
      try tell(
        [
          ("directory", .string(sweep.path)), ("runs", .count(total)), ("finished", .count(tally.finished.count)), ("failed", list(tally.failed)),
          ("left", list(tally.left)), ("table", table.map(JSONText.string) ?? .null), ("results", results.json),
        ], status: status)
    } else {
      if !quiet, table == nil, !tally.finished.isEmpty { try Output.standard.text(results.text) }
      for (number, message) in tally.failed.sorted(by: { $0.key < $1.key }) {
        try Output.error.paragraph("failed: \(sweep.name(number)), \(manifest.conditions.text(number)): \(message)")
      }
      for (run, problem) in results.problems { try Output.error.line("no results of \(run): \(problem)") }
      try note(sentence(sweep, tally, total))
    }
    if status != ExitStatus.fine { throw ExitCode(status) }
  }

  private func sentence(_ sweep: SweepDirectory, _ tally: SweepRun.Tally, _ total: Int) -> String {
    var text = "\(sweep.path): \(tally.finished.count) of \(total) runs finished"
    if let table { text += ", results in \(table)" }
    if !tally.failed.isEmpty { text += "; \(tally.failed.count) failed, --retry-failed tries them again" }
    if !tally.left.isEmpty { text += "; \(tally.left.count) are left; go on with: \(Invocation.continued)" }
    return text
  }
}
