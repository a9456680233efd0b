/// What was done to objects between steps, in order, until a network takes it over (CKP-18).
package struct CommandNotes {
  /// Beyond these the oldest commands are dropped: provenance must not grow without bound.
  package static let commandLimit = 1_000
  package static let numberLimit = 1 << 17

  private var notes: [(owner: String, command: ObjectCommand)] = []
  private var numberCount = 0

  /// What is dropped leaves a trace.
  mutating func note(_ command: ObjectCommand, of owner: String) {
    if case .unrecorded = command, let last = notes.last, last.owner == owner, last.command.text == command.text { return }
    notes.append((owner, command))
    numberCount += command.numberCount
    guard notes.count > Self.commandLimit || numberCount > Self.numberLimit else { return }
    let kept = notes.suffix(notes.count / 2).filter { $0.command.numberCount <= Self.numberLimit / 4 }
    let owners = Set(notes.map(\.owner)).sorted()
    notes = owners.map { ($0, .unrecorded("more was done to '\($0)' than is kept")) } + kept
    numberCount = notes.reduce(0) { $0 + $1.command.numberCount }
  }

  /// What was done to the given objects, which is forgotten here.
  package mutating func take(of owners: Set<String>) -> [ObjectCommand] {
    if notes.isEmpty { return [] }
    let taken = notes.filter { owners.contains($0.owner) }.map(\.command)
    if !taken.isEmpty {
      notes.removeAll { owners.contains($0.owner) }
      numberCount = notes.reduce(0) { $0 + $1.command.numberCount }
    }
    return taken
  }
}
