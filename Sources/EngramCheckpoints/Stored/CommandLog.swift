import EngramSimulation

/// What was done to a network since the last checkpoint that stays: named, initial, or the first of a branch (CKP-18).
///
/// Commands are numbered through the life of a state, so that the stretch between any two of its checkpoints can be told
/// from the lists of both: it begins at the end of the earlier one.
struct CommandLog {
  private(set) var commands: [NetworkCommand] = []
  /// Number of the first command in the list.
  private(set) var first: Int64 = 0
  /// Id of the checkpoint at which the list begins; nil: none, or the beginning has been dropped.
  private(set) var base: String?
  private var numberCount = 0

  var end: Int64 { first + Int64(commands.count) }

  init() {}

  /// As a checkpoint has it.
  init(_ record: NetworkRecord) {
    commands = record.commands.map(NetworkCommand.init)
    (first, base) = (record.firstCommand ?? 0, record.commandsSince)
    numberCount = commands.reduce(0) { $0 + $1.numberCount }
  }

  /// - Parameter isJoined: whether a part of a run takes the place of the part before it.
  mutating func append(_ command: NetworkCommand, isJoined: Bool = false) {
    if isJoined, case .run(var part) = command, case .run(let last)? = commands.last, last.isContinued(by: part) {
      part.random = last.random
      commands[commands.count - 1] = .run(part)
      return
    }
    commands.append(command)
    numberCount += command.numberCount
    var dropped = 0
    while commands.count - dropped > CommandNotes.commandLimit || numberCount > CommandNotes.numberLimit, dropped < commands.count - 1 {
      numberCount -= commands[dropped].numberCount
      dropped += 1
    }
    if numberCount > CommandNotes.numberLimit, let last = commands.last {
      // One that is too long by itself.
      commands[commands.count - 1] = .unrecorded("\(last.text), which are too many to keep")
      numberCount = 0
    }
    guard dropped > 0 else { return }
    commands.removeFirst(dropped)
    first += Int64(dropped)
    base = nil
  }

  /// A checkpoint that stays holds everything up to now: the list begins anew there.
  mutating func begin(at checkpoint: String?) {
    first = end
    commands = []
    numberCount = 0
    base = checkpoint
  }
}
