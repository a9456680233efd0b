internal import ArgumentParser
internal import EngramImport
internal import EngramModelFiles
internal import EngramSimulation
internal import EngramSystem

/// The process that reads files of others for a run (MDL-24). Not for people: its output is binary.
struct ReadArraysCommand: ParsableCommand {
  enum Kind: String, ExpressibleByArgument {
    case dataset, spikes, part, numpy, table, swc
  }

  static let configuration = CommandConfiguration(
    commandName: ReadingProcess.command, abstract: "Read numbers from a file, for another process.", shouldDisplay: false)

  @Argument var kind: Kind
  @Argument var path: String
  @Argument(help: "The dataset, the column, or the population of spikes.") var name: String?
  @Argument(help: "Which part of the array: [0, 2:5].") var part: String?
  @Option(help: "As many numbers as are of use.") var atMost = FileRequest.Content.elementLimit

  func run() throws {
    // Keys and schedulers signal a whole group: when to end is for the process that waits for the answer to decide, and this one ends with it.
    for number in Interrupt.stops + [SIGUSR1] where number != SIGXCPU { signal(number, SIG_IGN) }
    guard let part = FilePart(part ?? "") else { throw ValidationError("'\(part ?? "")' is no part of an array") }
    switch (kind, name) {
    case (.part, let name?): try ReadingProcess.answer(.part(name, part), from: path, atMost: atMost)
    case (.part, nil): throw ValidationError("the name of the dataset is missing")
    case (.numpy, _): try ReadingProcess.answer(.numpy(part), from: path, atMost: atMost)
    case (.table, let column): try ReadingProcess.answer(.table(column: column == "" ? nil : column, part), from: path, atMost: atMost)
    case (.dataset, let name?): try ReadingProcess.answer(.dataset(name), from: path, atMost: atMost)
    case (.dataset, nil): throw ValidationError("the name of the dataset is missing")
    case (.swc, _): try ReadingProcess.answer(.swc, from: path, atMost: atMost)
    case (.spikes, let name): try ReadingProcess.answer(.sonataSpikes(population: name), from: path, atMost: atMost)
    }
  }
}
