internal import ArgumentParser
internal import EngramHDF5
internal import EngramModelFiles
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits
internal import Foundation
internal import Glibc
internal import Synchronization

/// One call of `run` or `resume`: opens the directory, tells what happens, turns the outcome into an exit status.
struct Session {
  let command: String
  let path: String
  var creating = true
  let machine: MachineOptions
  let started: ContinuousClock.Instant

  func run(_ make: (RunDirectory) throws -> Experiment) throws {
    Self.prepareSignals()
    let existed = FileManager.default.fileExists(atPath: path)
    let directory = try RunDirectory(at: path, creating: creating, headers: HDF5HeaderWriter())
    if directory.isOnNetworkFileSystem {
      try note("'\(path)' is on a network file system, where locks and flushes promise less than on a local disk")
    }
    do {
      try withScope {
        try prefs.set(.threads, to: machine.threads)
        try report(execute(make(directory)))
      }
    } catch {
      directory.close()
      // Nothing was started: leave nothing behind.
      if !existed, (try? directory.list().isEmpty) == true { try? FileManager.default.removeItem(atPath: path) }
      throw error
    }
    directory.close()
  }

  /// SIGTERM and Ctrl-C end a run after the step, with a checkpoint; writing to what is closed or full is an error.
  static func prepareSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // Whoever started this program may have blocked the signals that end it.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    sigaddset(&wanted, SIGINT)
    sigaddset(&wanted, SIGTERM)
    sigaddset(&wanted, SIGUSR1)
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    // The first SIGTERM ends the run like Ctrl-C: after the step, with a checkpoint.
    signal(SIGTERM) { _ in
      Interrupt.request()
      signal(SIGTERM, SIG_DFL)
    }
    // "How is it going?": a checkpoint, and `live.h5` with it.
    signal(SIGUSR1) { _ in Interrupt.requestCheckpoint() }
  }

  private func execute(_ experiment: Experiment) throws -> (Experiment.Report, Duration) {
    let setup = ContinuousClock.now - started
    let progress = Mutex(ProgressLine(from: experiment.network.t.si, to: experiment.network.t.si))
    let lastTarget = Mutex(-1.0)
    if !machine.quiet {
      experiment.onNote = { line in
        progress.withLock { try? $0.finish() }
        try? Output.error.line(line)
      }
      experiment.onProgress = { seconds, target in
        let isNew = lastTarget.withLock { last in
          defer { last = target }
          return last != target
        }
        progress.withLock { line in
          if isNew { line = ProgressLine(from: seconds, to: target) }
          try? line.update(simulated: seconds)
        }
      }
    }
    let report = try experiment.run()
    progress.withLock { try? $0.finish() }
    return (report, setup)
  }

  private func report(_ result: (Experiment.Report, Duration)) throws {
    try tell(result.0, result.1)
    if case .interrupted = result.0.outcome { throw ExitCode(Program.Status.stoppedEarly) }
  }

  /// What became of the call.
  func tell(_ report: Experiment.Report, _ setup: Duration) throws {
    let name = path
    let time = Display.short(report.timeSeconds)
    if machine.json.isOn {
      try Output.standard.line(
        JSONReport(command: command, status: report.outcome == .interrupted ? Program.Status.stoppedEarly : 0, fields: [
          ("outcome", .string("\(report.outcome)")), ("directory", .string(path)), ("t", .number(report.timeSeconds)),
          ("seed", .unsigned(report.seed)), ("continued_from", report.continuedFromSeconds.map(JSONText.number) ?? .null),
          ("loop_seconds", .number(report.loop.inSeconds)), ("setup_seconds", .number(setup.inSeconds)),
          ("peak_megabytes", .number(Session.peakMegabytes)),
        ]).text)
    } else {
      let from = report.continuedFromSeconds.map { ", continued from t = \(Display.short($0)) s" } ?? ""
      let speed = "in \(Display.short(report.loop.inSeconds, digits: 3)) s"
      switch report.outcome {
      case .alreadyComplete: try note("\(name) is complete at t = \(time) s; nothing to do")
      case .reachedEnd: try note("\(name): finished at t = \(time) s \(speed)\(from), seed \(report.seed)")
      case .reachedTarget: try note("\(name): reached t = \(time) s \(speed)\(from), seed \(report.seed); steps are left, the same command goes on")
      case .interrupted: try note("\(name): stopped at t = \(time) s with a checkpoint\(from); the same command goes on")
      }
    }
  }

  private func note(_ text: String) throws { if !machine.quiet { try Output.standard.line(text) } }

  static var peakMegabytes: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
  }
}
