extension ModelBuilder {
  /// The constants that repetitions define, for the rounds that a place in the steps is in.
  func bindConstants(of cursor: StepCursor) {
    var outer: [(constant: String?, round: Int)] = []
    for frame in cursor.frames {
      guard let repetition = frame.repetition else { continue }
      bind(repetition, round: frame.round, in: outer)
      outer.append((repetition.variable, frame.round))
    }
    reader.rounds = outer
  }
}
