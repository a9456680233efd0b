public import EngramUnits

/// A run as a sequence of progress values: the simulation advances while somebody iterates.
///
///     for try await progress in network.runStream(10*s) { print(progress.completedFraction) }
///
/// Leaving the loop early ends the run at a step boundary; `resumeRun()` continues it.
public struct RunStream: AsyncSequence {
  /// How far the run has come.
  public typealias Element = RunProgress

  let network: Network
  let request: RunRequest

  /// Begins the run at the first element.
  public func makeAsyncIterator() -> Iterator { Iterator(state: State(network: network, request: request)) }

  /// Runs on while elements are asked for.
  public struct Iterator: AsyncIteratorProtocol {
    let state: State

    /// Runs on until the next report; nil at the end of the run.
    public mutating func next() async throws -> RunProgress? { try await state.next(isolation: nil) }
    /// Runs on until the next report; nil at the end of the run.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> RunProgress? {
      try await state.next(isolation: actor)
    }
  }

  /// One iteration in progress; ends the run when it is dropped.
  final class State {
    private let network: Network
    private let request: RunRequest
    private var active: ActiveRun?
    private var isFinished = false

    init(network: Network, request: RunRequest) {
      self.network = network
      self.request = request
    }

    deinit {
      guard let active, !isFinished else { return }
      network.abandon(active)
      if active.listens { Interrupt.end() }
    }

    func next(isolation: isolated (any Actor)?) async throws -> RunProgress? {
      if isFinished { return nil }
      guard let active else {
        guard let begun = try network.begin(request) else {
          isFinished = true
          return nil
        }
        self.active = begun
        if begun.listens { Interrupt.begin() }
        return progress(begun, fraction: 0)
      }
      let nextReport = ContinuousClock.now + request.reportPeriod
      do {
        while true {
          let deadline = Swift.min(nextReport, .now + .milliseconds(10))
          if try network.proceed(active, until: deadline) == .finished {
            isFinished = true
            defer { if active.listens { Interrupt.end() } }
            _ = try network.finish(active)
            return progress(active, fraction: active.run.stopReason == nil ? 1 : active.run.completedFraction)
          }
          if ContinuousClock.now >= nextReport { return progress(active, fraction: active.run.completedFraction) }
          await Task.yield()
        }
      } catch {
        if !isFinished, active.listens { Interrupt.end() }
        isFinished = true
        throw error
      }
    }

    private func progress(_ active: ActiveRun, fraction: Double) -> RunProgress {
      RunProgress(
        elapsed: active.run.elapsed, completedFraction: fraction, start: Time(si: active.run.startSeconds),
        duration: Time(si: active.run.durationSeconds))
    }
  }
}

extension Network {
  /// Runs step by step as its progress is asked for (NET-35).
  public func runStream(_ duration: Time, reportPeriod: Duration = .milliseconds(500), namespace: Namespace = [:]) -> RunStream {
    RunStream(network: self, request: RunRequest(durationSeconds: duration.si, reportPeriod: reportPeriod, namespace: namespace))
  }

  /// Ends a run that nobody asks for any more, at the step boundary where it stands.
  func abandon(_ active: ActiveRun) {
    active.run.stopReason = .stopped
    _ = try? finish(active)
  }
}
