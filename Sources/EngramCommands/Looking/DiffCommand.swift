internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// `engram diff A B`: what differs between two checkpoints (CKP-26).
struct DiffCommand: ParsableCommand, FailingInItsOwnWay {
  /// As diff(1): 1 is an answer.
  static let failureStatus: Int32 = 2

  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare two checkpoints: models and numbers.",
    discussion: """
      Exit status 0: equal bit for bit; 1: they differ; 2: they could not be compared. With one name alone both are of the first \
      directory.
      """)

  @Argument(help: "The first checkpoint, as DIR@NAME; without a name the newest.") var first: CheckpointReference
  @Argument(help: "The second one, as DIR@NAME or @NAME.") var second: CheckpointReference
  @Flag(help: "Say nothing; only the exit status counts.") var quiet = false
  @OptionGroup var json: JSONOption

  func run() throws {
    let other = second.directory.isEmpty ? CheckpointReference(directory: first.directory, name: second.name) : second
    let (left, right) = (try first.look(), try other.look())
    let difference = try StateDifference(left.loaded, right.loaded)
    try left.loaded.waitForVerification()
    try right.loaded.waitForVerification()
    if json.isOn { try tell(difference.fields, status: difference.isEmpty ? 0 : 1) } else if !quiet { try print(difference, left, right) }
    if !difference.isEmpty { throw ExitCode(1) }
  }

  private func print(_ difference: StateDifference, _ left: OpenCheckpoint, _ right: OpenCheckpoint) throws {
    if difference.isEmpty {
      try Output.standard.line("\(left.title) and \(right.title) are equal bit for bit")
      return
    }
    for side in Set([left, right].map(\.loaded.info)).sorted(by: { $0.sequence < $1.sequence }) {
      for change in ChangedBranch(side)?.lines ?? [] { try Output.standard.line("changed in the line \(side.line) of \(side.id): \(change)") }
    }
    for line in difference.structure { try Output.standard.line(line) }
    for name in difference.otherState { try Output.standard.line("'\(name)': pending spikes or other state of its own differ") }
    guard !difference.numbers.isEmpty else { return }
    var table = Table(
      ["variable", "differing", "of", "max abs", "max rel", "max ulp", "first", "was", "is", "unit"], rightAligned: [1, 2, 3, 4, 5, 7, 8])
    for numbers in difference.numbers {
      let place = numbers.first.map { $0.column == 0 ? "[\($0.row)]" : "[\($0.row), \($0.column)]" } ?? ""
      table.add([
        "\(numbers.key)", "\(numbers.count)", "\(numbers.comparedCount)", shortText(numbers.maxAbsolute, digits: 3),
        shortText(numbers.maxRelative, digits: 3), numbers.maxUlp.map { "\($0)" } ?? "", place,
        numbers.firstValues.map { shortText($0.0, digits: 9) } ?? "", numbers.firstValues.map { shortText($0.1, digits: 9) } ?? "",
        numbers.unit,
      ])
    }
    try Output.standard.text(table.text)
  }
}

extension StateDifference {
  var fields: [(String, JSONText)] {
    [
      ("equal", .boolean(isEmpty)), ("structure", .list(structure.map(JSONText.string))),
      ("other_state", .list(otherState.map(JSONText.string))),
      (
        "numbers",
        .list(
          numbers.map { numbers in
            .object([
              ("variable", .string("\(numbers.key)")), ("count", .count(numbers.count)), ("of", .count(numbers.comparedCount)),
              ("max_absolute", .number(numbers.maxAbsolute)), ("max_relative", .number(numbers.maxRelative)),
              ("max_ulp", numbers.maxUlp.map(JSONText.unsigned) ?? .null),
              ("first", .list(numbers.first.map { [.count($0.row), .count($0.column)] } ?? [])),
              ("values", .list(numbers.firstValues.map { [.number($0.0), .number($0.1)] } ?? [])), ("unit", .string(numbers.unit)),
            ])
          })
      ),
    ]
  }
}
