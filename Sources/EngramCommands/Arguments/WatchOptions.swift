internal import ArgumentParser
internal import EngramModelFiles

/// What ends a run as soon as it happens; beside what the model file says under `watch`. Never influences results.
struct WatchOptions: ParsableArguments {
  @Flag(
    name: .customLong("watch-nan"),
    help: """
      End the run with status 76 when a variable with a differential equation becomes NaN or infinite; the state before that step is stored.
      """) var nan = false
  @Option(
    name: .customLong("watch-bounds"),
    help: ArgumentHelp(
      "The same when a variable leaves its bounds, as 'G.v=-100mV:50mV', ':50mV' or '-100mV:'; may be repeated.", valueName: "variable=from:to"))
  var bounds: [String] = []
  @Option(
    name: .customLong("watch-rate"),
    help: ArgumentHelp("The same when a group spikes more often than this, counted in windows of 100 ms; may be repeated.", valueName: "group=rate"))
  var rates: [String] = []
  @Option(
    name: .customLong("watch-disk"),
    help: ArgumentHelp("End the run with status 76 and a checkpoint when less room is left where it is stored, e.g. 5GB.", valueName: "bytes"))
  var disk: String?
  @Flag(name: .customLong("no-watch"), help: "Pass over what the model file says under 'watch'.") var passesOver = false

  func validate() throws { _ = try wishes() }

  func wishes() throws -> WatchWishes {
    var wishes = WatchWishes()
    wishes.nan = nan
    wishes.bounds = try bounds.map { try Self.pair($0, "--watch-bounds", "G.v=-100mV:50mV") }
    wishes.rates = try rates.map { try Self.pair($0, "--watch-rate", "G=200Hz") }
    wishes.disk = disk
    wishes.heedsFile = !passesOver
    return wishes
  }

  /// The same as words of the command line.
  var words: [String] {
    (nan ? ["--watch-nan"] : []) + bounds.flatMap { ["--watch-bounds", $0] } + rates.flatMap { ["--watch-rate", $0] }
      + (disk.map { ["--watch-disk", $0] } ?? []) + (passesOver ? ["--no-watch"] : [])
  }

  private static func pair(_ text: String, _ option: String, _ example: String) throws -> (name: String, text: String) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex, text.index(after: equals) != text.endIndex else {
      throw ValidationError("\(option) takes a name and a value such as \(example), found '\(text)'")
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }
}
