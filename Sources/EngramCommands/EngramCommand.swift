internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramSimulation

/// `engram`: every command of the house.
struct EngramCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engram",
    abstract: "Simulates spiking neural networks whose whole state lives on disk.",
    discussion: """
      DIR is a run directory or a portable file, DIR@NAME one of its checkpoints; without a name the newest is meant.

      Exit status: 0 fine, 1 an error (diff: differences; 2 an error; ls, log: also damaged checkpoints), 64 wrong usage, \
      75 stopped early and resumable, 76 ended by a watchdog.
      """,
    version: "engram \(Provenance.version)",
    subcommands: [ReadArraysCommand.self, SweepJobCommand.self],
    groupedSubcommands: [
      CommandGroup(name: "Beginning", subcommands: [NewCommand.self, DoctorCommand.self]),
      CommandGroup(
        name: "Running", subcommands: [RunCommand.self, ResumeCommand.self, SweepCommand.self, ExplainCommand.self, KeysCommand.self, BenchCommand.self]),
      CommandGroup(
        name: "Looking",
        subcommands: [
          StatusCommand.self, TailCommand.self, ListCommand.self, LogCommand.self, ShowCommand.self, DiffCommand.self, DigestCommand.self, VerifyCommand.self,
          AtCommand.self,
        ]),
      CommandGroup(
        name: "Arranging",
        subcommands: [BranchCommand.self, TagCommand.self, RenameCommand.self, RemoveCommand.self, CollectCommand.self, RepairCommand.self]),
      CommandGroup(name: "Carrying away", subcommands: [ExportCommand.self, PackCommand.self, UnpackCommand.self]),
    ])
  /// The names of the commands that this program has itself.
  static var ownNames: Set<String> {
    let all = configuration.subcommands + configuration.groupedSubcommands.flatMap(\.subcommands)
    return Set(all.flatMap { [$0.configuration.commandName ?? ""] + $0.configuration.aliases } + ["help"])
  }
  /// Those that help lists.
  static var visibleNames: [String] { configuration.groupedSubcommands.flatMap(\.subcommands).compactMap { $0.configuration.commandName } + ["help"] }
}
