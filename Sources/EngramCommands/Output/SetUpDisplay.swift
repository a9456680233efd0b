internal import EngramCheckpoints
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import Synchronization

/// Shows what set-up is doing while it takes long: a line that is drawn anew on a terminal, a plain one now and then elsewhere, and the same in
/// `status.json`.
final class SetUpDisplay: Sendable {
  private struct State {
    var directory: RunDirectory?
    /// What the directory said before, which is true again where nothing comes of it.
    var said: [UInt8]?
    var hasPublished = false
    var line: TerminalLine?
    var isOver = false
    var lastLine = ContinuousClock.now
    var lastStatus = ContinuousClock.now
  }

  private let state: Mutex<State>
  private let output: Output?

  /// - Parameter output: where lines go; nil: nowhere.
  init(output: Output?) {
    self.output = output
    state = Mutex(State(line: output.map(TerminalLine.init)))
    _ = SystemThread.start { [self] in while look() { usleep(100_000) } }
  }

  /// From now on a status can be told there.
  func use(_ directory: RunDirectory) {
    state.withLock { state in
      state.directory = directory
      state.said = try? directory.statusText()
    }
  }

  /// - Returns: whether it goes on.
  private func look() -> Bool {
    SetUpProgress.lend { text in
      state.withLock { state in
        if state.isOver { return false }
        show(text, &state)
        return true
      }
    }
  }

  private func show(_ text: String?, _ state: inout State) {
    let now = ContinuousClock.now
    if let output {
      if output.isTerminal {
        if let text { try? state.line?.draw(text) } else { try? state.line?.clear() }
      } else if let text, now - state.lastLine >= .seconds(10) {
        state.lastLine = now
        try? output.line(text)
      }
    }
    if let text, let directory = state.directory, now - state.lastStatus >= .seconds(1) {
      state.lastStatus = now
      state.hasPublished = true
      try? directory.publishEarlyStatus(RunStatus(settingUp: text, in: directory, network: "").encodedText)
    }
  }

  /// Nothing is shown any more when it returns.
  ///
  /// - Parameter isGivenUp: whether nothing came of it: what was told before is true again.
  func finish(isGivenUp: Bool = false) {
    state.withLock { state in
      if state.isOver { return }
      state.isOver = true
      if output?.isTerminal == true { try? state.line?.clear() }
      if isGivenUp, state.hasPublished, let directory = state.directory {
        if let said = state.said { try? directory.publishEarlyStatus(said) } else { try? directory.removeStatus() }
      }
      state.directory = nil
    }
  }
}
