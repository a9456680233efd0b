internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramSimulation
internal import EngramStorage

/// `engram digest`: one hash over the state of a checkpoint (CKP-46).
struct DigestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest", abstract: "Print one hash over every array, recording, pending spike and clock.",
    discussion: "Equal digests mean equal states bit for bit, whatever the number of threads, restarts and checkpoints on the way.")

  @Argument(help: "The checkpoint, as DIR@NAME; without a name the newest.") var checkpoint: CheckpointReference
  @OptionGroup var json: JSONOption

  func run() throws {
    let open = try checkpoint.look()
    let digest = try stateDigest(of: open.loaded)
    try open.loaded.waitForVerification()
    if json.isOn {
      let fields: [(String, JSONText)] = [
        ("digest", .string("\(digest)")), ("checkpoint", .string(open.loaded.info.id)), ("t", .number(open.network.timeSeconds)),
      ]
      try tell(fields)
    } else {
      try Output.standard.line("\(digest)")
    }
  }
}
