/// A place in the list of steps: which step comes next, inside which rounds of which repetitions (MDL-61).
struct StepCursor {
  struct Frame {
    let steps: [Step]
    /// The next step of this list.
    var index: Int
    /// The repetition whose steps these are, and its present round; nil for the outermost list.
    let repetition: Step.RepeatStep?
    var round: Int
    /// Whether these are the steps of a choice; the round is 0 for those behind `then`, 1 for those behind `else`.
    var isChoice = false
  }

  private(set) var frames: [Frame]

  init(_ steps: [Step]) { frames = [Frame(steps: steps, index: 0, repetition: nil, round: 0)] }

  /// The step that comes next; nil at the end.
  var step: Step? {
    guard let frame = frames.last, frame.index < frame.steps.count else { return nil }
    return frame.steps[frame.index]
  }

  var isAtEnd: Bool { frames.count == 1 && frames[0].index >= frames[0].steps.count }

  /// The repetition whose round is over and whose condition says whether there is another.
  var decision: Step.RepeatStep? {
    guard frames.count > 1, let frame = frames.last, frame.index >= frame.steps.count, let repetition = frame.repetition,
      case .until = repetition.rounds
    else { return nil }
    return repetition
  }

  /// Whether the round that is over was the last possible one.
  var isLastRound: Bool { frames.last.map { frame in frame.repetition.map { frame.round + 1 >= $0.rounds.count } ?? false } ?? false }

  /// Begins the next round of the repetition at hand, or leaves it.
  mutating func decide(isOver: Bool) {
    guard let repetition = decision else { return }
    if !isOver, frames[frames.count - 1].round + 1 < repetition.rounds.count {
      frames[frames.count - 1].round += 1
      frames[frames.count - 1].index = 0
    } else {
      frames.removeLast()
      advance()
    }
  }

  /// Enters one of the two lists of a choice, or passes it where that is empty.
  mutating func enter(_ choice: Step.ChoiceStep, holds: Bool) {
    let steps = holds ? choice.then : choice.otherwise
    guard !steps.isEmpty else { return advance() }
    frames.append(Frame(steps: steps, index: 0, repetition: nil, round: holds ? 0 : 1, isChoice: true))
  }

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
    while frames.count > 1, let frame = frames.last, frame.index >= frame.steps.count {
      if frame.isChoice {
        frames.removeLast()
        frames[frames.count - 1].index += 1
        continue
      }
      guard let repetition = frame.repetition else { return }
      // Its condition decides.
      if case .until = repetition.rounds { return }
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
        guard round >= 0, frame.isChoice || round < Int64(frame.repetition?.rounds.count ?? 0) else { return nil }
      }
      frames[frames.count - 1].index = Int(index)
      if !frame.isChoice { frames[frames.count - 1].round = Int(round) }
      guard level + 1 < path.count / 2 else { break }
      guard index < Int64(frame.steps.count) else { return nil }
      switch frame.steps[Int(index)].verb {
      case .repetition(let inner): frames.append(Frame(steps: inner.steps, index: 0, repetition: inner, round: 0))
      case .choice(let choice):
        let branch = path[2 * level + 3]
        guard branch == 0 || branch == 1 else { return nil }
        enter(choice, holds: branch == 0)
        guard frames.count == level + 2 else { return nil }
      default: return nil
      }
    }
  }

  /// `round 7 of 20`, of every repetition that is going on; nil outside of them.
  var roundText: String? {
    let rounds = frames.compactMap { frame in frame.repetition.map { $0.roundText(frame.round) } }
    return rounds.isEmpty ? nil : rounds.joined(separator: ", ")
  }

  /// In words, for messages: `step 3, round 2, step 1`.
  var text: String {
    frames.enumerated().map { level, frame in
      (level > 0 ? "round \(frame.round + 1), " : "") + "step \(frame.index + 1)"
    }.joined(separator: ", ")
  }
}

extension Step.RepeatStep {
  fileprivate func roundText(_ round: Int) -> String {
    if case .until = rounds { "round \(round + 1) of at most \(rounds.count)" } else { "round \(round + 1) of \(rounds.count)" }
  }
}

extension StepCursor {
  var roundNames: RoundNames {
    RoundNames(rounds: frames.compactMap { frame in frame.repetition.map { ($0.variable, frame.round) } })
  }
}
