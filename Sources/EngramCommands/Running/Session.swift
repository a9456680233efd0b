internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramExport
internal import EngramMagic
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import EngramUnits
internal import Foundation
internal import Synchronization

/// One call of `run` or `resume`: opens the directory, tells what happens, turns the outcome into an exit status.
struct Session {
  let command: String
  let path: String
  var creating = true
  let machine: MachineOptions
  let started: ContinuousClock.Instant

  /// Commands that simulate: signals ask them to stop at a boundary.
  static let commands: Set<String> = ["run", "resume", "sweep", "sweep-job", "bench", "at"]

  /// SIGTERM, Ctrl-C and the like end a run after the step, with a checkpoint; SIGUSR1 asks how it is going: a checkpoint, and `live.h5`
  /// with it. Writing to what is closed or full is an error.
  static func prepareSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    Interrupt.listen()
  }

  /// - Parameter make: makes the experiment in the directory that it opens.
  func run(_ make: (_ open: () throws -> RunDirectory) throws -> Experiment) throws {
    let together = Together.here
    let isFirst = together?.isFirst ?? true
    let place = RunPlace(path, creating: creating, format: .hdf5, access: isFirst ? .write : .read)
    let display = SetUpDisplay(output: machine.quiet || !isFirst ? nil : .error)
    func open() throws -> RunDirectory {
      let directory = try together?.open(writing: place.open, reading: place.open) ?? place.open()
      if isFirst { display.use(directory) }
      if directory.isOnNetworkFileSystem {
        try note("'\(path)' is on a network file system, where locks and flushes promise less than on a local disk")
      }
      return directory
    }
    defer {
      display.finish(isGivenUp: true)
      place.close()
    }
    try withScope {
      do { try report(execute(make(open), display)) } catch is Interruption { try reportNothingBegun(place.directory) }
    }
  }

  private func execute(_ experiment: Experiment, _ display: SetUpDisplay) throws -> (Experiment.Report, Duration) {
    let setup = ContinuousClock.now - started
    let progress = Mutex(ProgressLine(from: experiment.network.t.si, to: experiment.network.t.si))
    let lastTarget = Mutex(-1.0)
    // From the first step on the run tells of itself.
    defer { display.finish() }
    experiment.onProgress = { _, _ in display.finish() }
    if !machine.quiet {
      experiment.onNote = { line in
        display.finish()
        progress.withLock { try? $0.finish() }
        try? Output.error.line(line)
      }
      experiment.onProgress = { [unowned network = experiment.network] seconds, target in
        display.finish()
        let place = network.place
        let isNew = lastTarget.withLock { last in
          defer { last = target }
          return last != target
        }
        progress.withLock { line in
          if isNew { line = ProgressLine(from: seconds, to: target) }
          try? line.update(simulated: seconds, note: place ?? "")
        }
      }
    }
    defer { progress.withLock { try? $0.finish() } }
    if let together = Together.here { experiment.onNote?(together.setUpNote(experiment, took: setup)) }
    do { return (try experiment.run(), setup) } catch { throw FailedRun(error, path: path, in: experiment.directory) }
  }

  private func report(_ result: (Experiment.Report, Duration)) throws {
    try tell(result.0, result.1)
    if case .interrupted = result.0.outcome { throw ExitCode(ExitStatus.stoppedEarly) }
  }

  /// Set-up was given up.
  func reportNothingBegun(_ directory: RunDirectory?) throws {
    Together.here?.endsAlone()
    let newest = try directory?.acknowledged()
    let seconds = newest?.networkSeconds
    try report(
      (
        Experiment.Report(
          outcome: .interrupted, timeSeconds: seconds ?? 0, seed: nil, loop: .zero, continuedFromSeconds: seconds, checkpoint: newest),
        ContinuousClock.now - started
      ))
  }

  /// What became of the call.
  func tell(_ report: Experiment.Report, _ setup: Duration) throws {
    // Before the speed of the memory is measured, which takes some.
    let peak = Session.peakMegabytes
    let profile = report.profile.map { ProfileTable($0, loop: report.loop, threads: kernelThreads, processes: report.processes) }
    do {
      if machine.json.isOn {
        try Output.standard.line(json(report, setup, peak, profile))
      } else {
        try note(words(report))
        for line in profile?.lines ?? [] { try Output.standard.line(line) }
      }
    } catch {
      // Whoever reads the status must not take this for a report that was made.
      let held = report.checkpoint.map { ", although '\(path)' is stored up to t = \(simulatedTimeText(report.timeSeconds)) in \($0.id)" } ?? ""
      throw CommandError("\(error)\(held)")
    }
  }

  /// How many threads computed: in each of several processes it is one, unless it was said how many.
  private var kernelThreads: Int {
    if machine.threads > 0 { return machine.threads }
    return Together.here == nil ? ProcessFacts.processorCount : 1
  }

  private func json(_ report: Experiment.Report, _ setup: Duration, _ peak: Double, _ profile: ProfileTable?) -> String {
    var fields: [(String, JSONText)] = [
      ("outcome", .string("\(report.outcome)")), ("directory", .string(path)), ("t", .number(report.timeSeconds)),
      ("checkpoint", report.checkpoint.map { .string($0.id) } ?? .null), ("line", report.checkpoint.map { .string($0.line) } ?? .null),
      ("seed", report.seed.map(JSONText.unsigned) ?? .null), ("continued_from", report.continuedFromSeconds.map(JSONText.number) ?? .null),
      ("loop_seconds", .number(report.loop.inSeconds)), ("setup_seconds", .number(setup.inSeconds)),
      ("peak_megabytes", .number(peak)),
    ]
    if let profile { fields.append(("profile", profile.json)) }
    return JSONReport(command: command, status: report.outcome == .interrupted ? ExitStatus.stoppedEarly : 0, fields: fields).text
  }

  private func words(_ report: Experiment.Report) -> String {
    let time = "t = \(shortText(report.timeSeconds)) s"
    let from = report.continuedFromSeconds.map { ", continued from t = \(shortText($0)) s" } ?? ""
    let seed = report.seed.map { ", seed \($0)" } ?? ""
    let rest = " in \(shortText(report.loop.inSeconds, digits: 3)) s\(from)\(seed)"
    let place = report.checkpoint.map { ", checkpoint \($0.id)" } ?? ""
    return switch report.outcome {
    case .alreadyComplete: "\(path) is complete at \(time); nothing to do"
    case .reachedEnd: "\(path): finished at \(time)\(rest)\(place)"
    case .reachedTarget: "\(path): reached \(time)\(rest)\(place); steps are left, the same command goes on"
    case .interrupted:
      report.checkpoint.map { "\(path): stopped at \(time) with a checkpoint, \($0.id)\(from); go on with: \(Invocation.continued)" }
        ?? "\(path): stopped before the first step, nothing has been begun; start it with: \(Invocation.continued)"
    }
  }

  private func note(_ text: String) throws { if !machine.quiet { try Output.standard.line(text) } }

  static var peakMegabytes: Double { Double(ProcessFacts.peakMemory) / 1_048_576 }
}
