import EngramSimulation
import EngramStorage

// What a program does to objects between steps, noted for the next checkpoint (CKP-18, 35).

extension Network {
  /// Takes over what was done to objects and clocks of this network.
  func collectAssignments() {
    let objects = allObjects
    let names = Set(objects.map(\.name) + distinctClocks(of: objects).map(\.name) + [name])
    for command in environment.commands.take(of: names) { kept.log.append(.object(command)) }
  }

  /// The list of commands after a restore: that of the checkpoint, if the next one descends from it; else the one before goes on.
  func followRestore(of source: any StateSource, isWhole: Bool, _ before: CommandLog) {
    guard isWhole else { return kept.log.append(.unrecorded("parts of a checkpoint were restored")) }
    let stored = source as? LoadedCheckpoint
    if let home = kept.home, stored?.isContinued(by: home.directory) != true {
      kept.log = before
      kept.log.append(.unrecorded("a state was restored that is not from this run directory"))
    } else if let info = stored?.info, info.kind != .automatic {
      kept.log.begin(at: info.id)
    }
  }
}
