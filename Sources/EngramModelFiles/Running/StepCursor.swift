/// A place in the list of steps: which step comes next, inside which rounds of which repetitions (MDL-61).
struct StepCursor {
  struct Frame {
    let steps: [Step]
    /// The next step of this list.
    var index: Int
    /// The repetition whose steps these are, and its present round; nil for the outermost list.
    let repetition: Step.RepeatStep?
    var round: Int
  }

  private(set) var frames: [Frame]

  init(_ steps: [Step]) { frames = [Frame(steps: steps, index: 0, repetition: nil, round: 0)] }

  /// The step that comes next; nil at the end.
  var step: Step? {
    guard let frame = frames.last, frame.index < frame.steps.count else { return nil }
    return frame.steps[frame.index]
  }

  var isAtEnd: Bool { frames.count == 1 && frames[0].index >= frames[0].steps.count }

  /// Goes past the present step, out of finished rounds and into the next ones.
  mutating func advance() {
    frames[frames.count - 1].index += 1
    leaveFinishedRounds()
  }

  /// Enters the first round of the repetition that comes next, or passes it when it has none.
  mutating func enter(_ repetition: Step.RepeatStep) {
    guard repetition.rounds.count > 0, !repetition.steps.isEmpty else { return advance() }
    frames.append(Frame(steps: repetition.steps, index: 0, repetition: repetition, round: 0))
  }

  private mutating func leaveFinishedRounds() {
    while frames.count > 1, let frame = frames.last, let repetition = frame.repetition, frame.index >= frame.steps.count {
      if frame.round + 1 < repetition.rounds.count {
        frames[frames.count - 1].round += 1
        frames[frames.count - 1].index = 0
      } else {
        frames.removeLast()
        frames[frames.count - 1].index += 1
      }
    }
  }

  // ---------------------------------------------------------------------------------------------------------- stored form

  /// Step and round of every frame, outermost first.
  var path: [Int64] { frames.flatMap { [Int64($0.index), Int64($0.round)] } }

  /// - Returns: nil when the path does not fit these steps.
  init?(_ steps: [Step], path: [Int64]) {
    guard !path.isEmpty, path.count % 2 == 0 else { return nil }
    self.init(steps)
    for level in 0..<path.count / 2 {
      let (index, round) = (path[2 * level], path[2 * level + 1])
      guard let frame = frames.last, index >= 0, index <= Int64(frame.steps.count) else { return nil }
      if level > 0 {
        guard let repetition = frame.repetition, round >= 0, round < Int64(repetition.rounds.count) else { return nil }
      }
      frames[frames.count - 1].index = Int(index)
      frames[frames.count - 1].round = Int(round)
      guard level + 1 < path.count / 2 else { break }
      guard index < Int64(frame.steps.count), case .repetition(let inner) = frame.steps[Int(index)].verb else { return nil }
      frames.append(Frame(steps: inner.steps, index: 0, repetition: inner, round: 0))
    }
  }

  /// `round 7 of 20`, of every repetition that is going on; nil outside of them.
  var roundText: String? {
    let rounds = frames.compactMap { frame in frame.repetition.map { "round \(frame.round + 1) of \($0.rounds.count)" } }
    return rounds.isEmpty ? nil : rounds.joined(separator: ", ")
  }

  /// In words, for messages: `step 3, round 2, step 1`.
  var text: String {
    frames.enumerated().map { level, frame in
      (level > 0 ? "round \(frame.round + 1), " : "") + "step \(frame.index + 1)"
    }.joined(separator: ", ")
  }
}
