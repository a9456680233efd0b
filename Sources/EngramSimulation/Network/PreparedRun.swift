import EngramKernels
import EngramStorage
import Synchronization

/// The step loop: flat arrays made once, no look-up and no allocation per step (NET-24).
///
/// Invariant: between two calls of `advance` the network stands at a step boundary.
package final class PreparedRun {
  private let network: Network
  /// Active objects that do work, in schedule order.
  private let objects: [BrianObject]
  /// The same, not counted at every step: `objects` keeps them alive.
  private let borrowed: [Unmanaged<BrianObject>]
  private let environment: Environment
  /// Where this process is one of several.
  private let distribution: Distribution?
  /// For each object the place of its clock in `clocks`.
  private let clockOfObject: [Int]
  private let clocks: [BaseClock]
  private var due: [Bool]
  private let firstSteps: [Int64]
  let startSeconds: Double
  let durationSeconds: Double
  let startedAt = ContinuousClock.now
  /// Where the time of the steps goes, when profiled.
  private let profiling: RunProfile?
  package var stopReason: RunSummary.StopReason?
  /// Whether an interrupt signal ends the run.
  var heedsInterrupts = true
  /// Where the steps of live arrays are counted for onlookers.
  private var liveStep: LiveStep?
  /// Place of the clock with the shortest step.
  private var shortestClock = 0
  /// Called at step boundaries when `boundarySeconds` is reached or the wall clock is looked at.
  var observers: [any StepObserver] = []
  /// Decides whether kernels share their work.
  var threadChoice: ThreadChoice?
  /// Looks at what each step leaves, before anybody stores it.
  var inspector: (any StepInspector)?

  init(network: Network, objects: [BrianObject], clocks: [BaseClock], startSeconds: Double, durationSeconds: Double, profile: RunProfile?) {
    self.network = network
    self.objects = objects
    borrowed = objects.map(Unmanaged.passUnretained)
    environment = network.environment
    distribution = network.distribution
    self.clocks = clocks
    let places = Dictionary(clocks.enumerated().map { (ObjectIdentifier($1), $0) }, uniquingKeysWith: { first, _ in first })
    clockOfObject = objects.map { places[ObjectIdentifier($0.clock)] ?? 0 }
    due = Array(repeating: true, count: clocks.count)
    firstSteps = clocks.map(\.timestep)
    self.startSeconds = startSeconds
    self.durationSeconds = durationSeconds
    profiling = profile
  }

  var steps: [String: Int64] {
    Dictionary(zip(clocks, firstSteps).map { ($0.name, $0.timestep - $1) }, uniquingKeysWith: { $1 })
  }

  /// Fraction of the duration that has been simulated: 1 for a duration of 0.
  var completedFraction: Double {
    guard durationSeconds > 0 else { return 1 }
    return min(max((network.time.seconds - startSeconds) / durationSeconds, 0), 1)
  }

  var elapsed: Duration { ContinuousClock.now - startedAt }

  enum Outcome { case finished, paused }

  /// Executes steps until the end, a stop, or `deadline`. Errors leave the network in the middle of a step.
  func advance(until deadline: ContinuousClock.Instant? = nil) throws -> Outcome {
    let looksAtWallClock = deadline != nil || observers.contains { $0.wallInterval != nil }
    while true {
      guard let now = earliestTime() else { return .finished }
      network.time = CompensatedTime(seconds: now)
      if !observers.isEmpty || looksAtWallClock {
        let instant = looksAtWallClock ? ContinuousClock.now : startedAt
        if let distribution {
          try observe(seconds: now, wall: instant, distribution)
        } else {
          do { for observer in observers { try observer.observe(seconds: now, wall: instant, run: self) } } catch {
            throw BoundaryError(underlying: error, isAboutStoring: true)
          }
        }
        if let deadline, instant >= deadline { return .paused }
        if network.stopRequested {
          stopReason = .stopped
          return .finished
        }
      }
      liveStep?.begins()
      try executeStep()
      threadChoice?.stepEnded()
      if let liveStep {
        liveStep.ends(timestep: clocks[shortestClock].timestep, seconds: clocks[shortestClock].timeSeconds, pending: network.pendingChanges)
      }
      if let inspector { try inspector.inspect(stepSeconds: now) }
      if let distribution { try distribution.boundary() }
      if network.stopRequested || environment.stopRequested {
        stopReason = .stopped
      } else if heedsInterrupts && isInterrupted || Task.isCancelled {
        stopReason = .interrupted
      }
      if stopReason != nil {
        if let next = clocks.map(\.timeSeconds).min() { network.time = CompensatedTime(seconds: max(next, now)) }
        try carryOutDeferred()
        return .finished
      }
      if !network.deferred.isEmpty {
        if let next = earliestTime() { network.time = CompensatedTime(seconds: next) }
        try carryOutDeferred()
      }
    }
  }

  /// Whether a signal ends the run: of several processes, whoever of them got it.
  @inline(__always) private var isInterrupted: Bool {
    guard let distribution else { return Interrupt.endsRun() }
    guard distribution.agreed.contains(.stop) else { return false }
    _ = Interrupt.endsRun()
    return true
  }

  /// Lets observers look where several processes run. What one of them finds alone ends the run at the next boundary, in all of them.
  private func observe(seconds: Double, wall: ContinuousClock.Instant, _ distribution: Distribution) throws {
    if distribution.agreed.contains(.breakOff) {
      throw BoundaryError(
        underlying: distribution.fault ?? DistributionError.elsewhere("it could not store or record, and has said why"), isAboutStoring: true)
    }
    for observer in observers {
      do { try observer.observe(seconds: seconds, wall: wall, run: self) } catch { distribution.breakOff(because: error) }
    }
  }

  /// From now on every step is counted there.
  func beginLiveSteps(_ step: LiveStep?) {
    guard let step, !clocks.isEmpty else { return }
    liveStep = step
    shortestClock = clocks.indices.min { clocks[$0].stepSeconds ?? .infinity < clocks[$1].stepSeconds ?? .infinity } ?? 0
    step.note(isRunning: true, timestep: clocks[shortestClock].timestep, seconds: clocks[shortestClock].timeSeconds)
  }

  func endLiveSteps() {
    for changes in network.pendingChanges { changes.carryOut() }
    liveStep?.note(isRunning: false, timestep: clocks[shortestClock].timestep, seconds: clocks[shortestClock].timeSeconds)
    liveStep = nil
  }

  /// Executes every object whose clock is due, then advances these clocks.
  @inline(__always)
  private func executeStep() throws {
    if let profiling { return try executeStep(profiling) }
    var place = 0
    do {
      if clocks.count == 1 {
        while place < borrowed.count {
          try borrowed[place]._withUnsafeGuaranteedRef { try $0.run() }
          place += 1
        }
        clocks[0].step()
      } else {
        while place < borrowed.count {
          if due[clockOfObject[place]] { try borrowed[place]._withUnsafeGuaranteedRef { try $0.run() } }
          place += 1
        }
        for index in clocks.indices where due[index] { clocks[index].step() }
      }
    } catch {
      throw BrianObjectError.wrap(error, object: objects[place], phase: .running)
    }
  }

  private func executeStep(_ profiling: RunProfile) throws {
    for place in objects.indices where due[clockOfObject[place]] {
      let before = ContinuousClock.now
      do { try objects[place].run() } catch { throw BrianObjectError.wrap(error, object: objects[place], phase: .running) }
      profiling.add(ContinuousClock.now - before, to: objects[place])
    }
    for index in clocks.indices where due[index] { clocks[index].step() }
  }

  /// Time of the clocks that are due next, which it marks; `nil` when all clocks are at their end.
  @inline(__always)
  private func earliestTime() -> Double? {
    if clocks.count == 1 { return clocks[0].timestep < clocks[0].endStep ? clocks[0].timeSeconds : nil }
    var earliest: Int?
    for index in clocks.indices where clocks[index].timestep < clocks[index].endStep {
      if let known = earliest, clocks[known].timeSeconds <= clocks[index].timeSeconds { continue }
      earliest = index
    }
    guard let earliest else { return nil }
    for index in clocks.indices {
      let clock = clocks[index]
      due[index] = clock.timestep < clock.endStep && (index == earliest || clock.isAtSameTime(as: clocks[earliest]))
    }
    return clocks[earliest].timeSeconds
  }

  private func carryOutDeferred() throws {
    while !network.deferred.isEmpty {
      let waiting = network.deferred
      network.deferred = []
      for work in waiting { do { try work() } catch { throw BoundaryError(underlying: error, isAboutStoring: false) } }
    }
  }
}

/// An error that happened between two steps.
struct BoundaryError: Error {
  let underlying: any Error
  /// Whether the state could not be kept, rather than something else that was asked for.
  let isAboutStoring: Bool
}

/// Looks at the run between steps: progress reports, automatic checkpoints.
package protocol StepObserver: AnyObject {
  /// How often it wants to look at the wall clock; `nil`: never.
  var wallInterval: Duration? { get }
  /// Called before each step with the time of the step. Cheap when there is nothing to do. What it throws ends the run there.
  func observe(seconds: Double, wall: ContinuousClock.Instant, run: PreparedRun) throws
  /// Everything is prepared.
  func runBegins()
  /// Called where the run stops, by a history that keeps its checkpoints.
  ///
  /// - Returns: the id of the checkpoint that holds the state at the end, if one was to be made; it survives a power cut.
  func runEnds(completed: Bool) throws -> String?
}

/// Looks at the state that each step leaves, before it can be stored.
package protocol StepInspector: AnyObject {
  /// What it throws ends the run there and leaves the network inconsistent: no checkpoint holds that state.
  ///
  /// - Parameter stepSeconds: time of the step [s], which is that of the state before it.
  func inspect(stepSeconds: Double) throws
}

extension StepObserver {
  package func runBegins() {}
  package func runEnds(completed: Bool) throws -> String? { nil }
}
