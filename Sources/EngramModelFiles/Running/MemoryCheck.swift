internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem

/// Compares what a model takes of memory with what there is, before any of it is taken: afterwards the system ends processes without
/// a word.
struct MemoryCheck {
  let needs: MemoryNeeds
  /// Bytes that this process can still take.
  let available: Int
  /// How many processes each take as much.
  let processes: Int

  init(_ needs: MemoryNeeds, available: Int, processes: Int = 1) { (self.needs, self.available, self.processes) = (needs, available, processes) }

  /// Asking the system costs more than a small model does.
  private static let smallByteCount = 64 << 20

  /// A model that takes more than half of what there is is told so, one that takes more than there is refused.
  static func check(_ needs: MemoryNeeds, _ options: Experiment.Options) throws(ExperimentError) {
    guard options.checksMemory, needs.byteCount > smallByteCount else { return }
    try MemoryCheck(needs, available: options.availableMemory(), processes: options.distribution?.size ?? 1).check()
  }

  /// The same for a run that goes on. Where its arrays are in files of the run directory, more than memory may be in use, and nothing
  /// is refused.
  static func check(
    resuming checkpoint: LoadedCheckpoint, _ storage: ArrayStorage, _ options: Experiment.Options, _ apart: SynapsesApart?
  ) throws(ExperimentError) {
    let byteCount = checkpoint.arrayByteCount - (apart.map { elsewhere(checkpoint, $0) } ?? 0)
    guard options.checksMemory, byteCount > smallByteCount else { return }
    let available = options.availableMemory()
    let text = "the arrays of \(checkpoint.info.id) take about \(byteText(byteCount)) of memory\(share(options.distribution?.size ?? 1))"
    // Of several processes each has its arrays in memory.
    if byteCount > available, storage != .mapped || options.distribution != nil { throw .tooLittleMemory(text, available: available) }
    guard byteCount > available / 2 else { return }
    let rest = byteCount > available ? ": what does not fit is read from and written to the run directory, which takes longer" : ""
    Messages.emit(.warning, "experiment.memory", "\(text); \(byteText(available)) are free\(rest)")
  }

  private func check() throws(ExperimentError) {
    if needs.byteCount > available { throw .tooLittleMemory(text, available: available) }
    if needs.byteCount > available / 2 { Messages.emit(.warning, "experiment.memory", "\(text); \(byteText(available)) are free") }
  }

  /// Bytes of arrays that other processes have.
  private static func elsewhere(_ checkpoint: LoadedCheckpoint, _ apart: SynapsesApart) -> Int {
    let processes = apart.distribution.size
    return checkpoint.columnKeys.filter { apart.includes($0.owner) }.reduce(0) { sum, key in
      guard let shape = checkpoint.shape(key), shape.rows > 1 else { return sum }
      return sum + shape.rows * shape.rowLength * shape.scalarType.byteCount / processes * (processes - 1)
    }
  }

  /// Whose memory it is, where what is free was divided among several.
  private static func share(_ processes: Int) -> String { processes > 1 ? " in each of \(processes) processes" : "" }

  private var text: String {
    let more =
      needs.unforeseen.isEmpty ? "" : "; how many synapses \(needs.unforeseen.joined(separator: ", ")) get depends on values, so that may be more"
    return "the model takes about \(byteText(needs.byteCount)) of memory\(Self.share(processes)) (\(needs.words))\(more)"
  }
}
