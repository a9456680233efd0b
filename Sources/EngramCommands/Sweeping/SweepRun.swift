internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import Foundation

/// Carries out the runs of a sweep on this machine, several at a time, each in a process of its own.
///
/// Nothing is kept in this process: what became of a run stands in its folder, so it may end at any moment.
struct SweepRun {
  let sweep: SweepDirectory
  let manifest: SweepManifest
  /// Runs at the same time, at most.
  let jobs: Int
  /// What one run takes [bytes]; 0: not known.
  let estimate: Int

  /// How it stands with all runs.
  struct Tally {
    var finished: Set<Int> = []
    /// With their messages.
    var failed: [Int: String] = [:]
    /// Why they did not get on, for runs that are neither.
    var left: [Int: String] = [:]

    init() {}

    /// As the folder has it.
    init(_ sweep: SweepDirectory, _ manifest: SweepManifest) {
      for number in 0..<manifest.conditions.count {
        switch sweep.result(number, of: manifest) {
        case let result? where result.state == .finished: finished.insert(number)
        case let result?: failed[number] = result.message ?? ""
        case nil: left[number] = "not finished"
        }
      }
    }
  }

  private struct Job {
    let number: Int
    let process: ChildProcess
    let started: ContinuousClock.Instant
  }

  private static let patience = Duration.seconds(30)
  private static let pause: UInt32 = 4_000

  /// Runs what is to be run, until everything has an end or a signal asks for one.
  ///
  /// - Parameters:
  ///   - retriesFailed: runs that have failed are tried again.
  ///   - tell: is told what happens, several times a second and whenever a run ends.
  func run(retriesFailed: Bool, _ tell: (_ event: SweepEvent) throws -> Void) throws -> Tally {
    var tally = Tally(sweep, manifest)
    if retriesFailed {
      for number in tally.failed.keys { sweep.forgetResult(number) }
      tally = Tally(sweep, manifest)
    }
    var waiting = tally.left.keys.sorted(by: >)
    tally.left = [:]
    guard let program = ProcessFacts.program else { throw CommandError("this system does not tell where the program lies; run the commands one by one") }
    var running: [Job] = []
    var busySince: [Int: ContinuousClock.Instant] = [:]
    var lastTold = ContinuousClock.now
    var isStopping = false
    var isOutOfTime = false
    try tell(.progress(tally, running: []))
    while !running.isEmpty || !waiting.isEmpty {
      if Interrupt.isPending || isOutOfTime, !isStopping {
        isStopping = true
        for job in running { job.process.send(SIGTERM) }
        for number in waiting { tally.left[number] = "not begun" }
        waiting = []
      }
      if Interrupt.takeCheckpointRequest() { for job in running { job.process.send(SIGUSR1) } }
      while running.count < jobs, let number = waiting.last, isRoom(beside: running) {
        waiting.removeLast()
        try SweepFolder.make(sweep.folder(number))
        let process = try ChildProcess.start(
          program, ["sweep-job", sweep.path, "\(number + 1)", "--parent", "\(getpid())"] + Self.limit, errors: sweep.errors(number))
        running.append(Job(number: number, process: process, started: .now))
      }
      var stillRunning: [Job] = []
      for job in running {
        guard let end = job.process.end() else {
          stillRunning.append(job)
          continue
        }
        if end == .exit(ExitStatus.busy), !isStopping {
          // A process of an earlier call, which is about to stop.
          let since = busySince[job.number] ?? .now
          busySince[job.number] = since
          if ContinuousClock.now - since < Self.patience {
            waiting.insert(job.number, at: 0)
            usleep(50_000)
            continue
          }
        }
        // A run that had to stop in time: for the next one there is none.
        if end == .exit(ExitStatus.stoppedEarly), WallLimit.secondsLeft != nil { isOutOfTime = true }
        note(end, job.number, &tally)
        try tell(.ended(job.number, tally))
      }
      running = stillRunning
      if ContinuousClock.now - lastTold > .milliseconds(250) {
        lastTold = .now
        try tell(.progress(tally, running: running.map(\.number)))
      }
      if !running.isEmpty { usleep(Self.pause) }
    }
    return tally
  }

  /// Each process measures for itself what its checkpoints take, so each keeps the limit of all; this one has a moment more.
  private static var limit: [String] { WallLimit.secondsLeft.map { ["--max-wall", "\(fixedText(max(0.001, $0 - 0.2), decimals: 3))s"] } ?? [] }

  private func note(_ end: ChildProcess.End, _ number: Int, _ tally: inout Tally) {
    if let result = sweep.result(number, of: manifest) {
      if result.state == .finished { tally.finished.insert(number) } else { tally.failed[number] = result.message ?? "" }
      return
    }
    tally.left[number] =
      switch end {
      case .exit(ExitStatus.stoppedEarly): "stopped with a checkpoint"
      case .exit(ExitStatus.busy): sweep.lastWords(number)
      case .exit(let status): "ended with status \(status): \(sweep.lastWords(number))"
      case .signal(let signal): "ended by signal \(signal)" + (signal == SIGKILL ? ", perhaps for want of memory" : "")
      }
  }

  /// Whether there is memory for one more. One run may always go on, whatever it takes.
  private func isRoom(beside running: [Job]) -> Bool {
    guard !running.isEmpty else { return true }
    var usage = rusage()
    getrusage(__rusage_who_t(Int32(RUSAGE_CHILDREN.rawValue)), &usage)
    let each = max(estimate, Int(usage.ru_maxrss) * 1024)
    // What has begun just now has not taken yet what it will take.
    let young = running.count { ContinuousClock.now - $0.started < .seconds(3) }
    return availableMemory() / max(1, young + 1) >= each
  }
}

/// What happens in a sweep.
enum SweepEvent {
  case ended(Int, SweepRun.Tally)
  case progress(SweepRun.Tally, running: [Int])
}
