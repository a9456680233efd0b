internal import EngramScalars

/// Pending spikes as bytes (CKP-40): the clock's step and step length, then for each coming step its synapses in
/// delivery order as runs of consecutive numbers. The same spikes always give the same bytes, however they were queued.
///
/// Little-endian: version (1 byte = 1), next step (8), step length [s] (8), number of steps (8);
/// per step: step (8), number of runs (8), per run: first synapse (4), length (4).
enum StoredSpikes {
  private static let version: UInt8 = 1

  struct Contents {
    var nextStep: Int64
    var stepSeconds: Double
    var pending: [(step: Int64, synapses: SynapseRuns)]
  }

  static func encode(_ contents: Contents) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(version)
    writer.append(contents.nextStep)
    writer.append(contents.stepSeconds)
    writer.append(Int64(contents.pending.count))
    for entry in contents.pending {
      writer.append(entry.step)
      writer.append(Int64(entry.synapses.list.count))
      for run in entry.synapses.list {
        writer.append(run.first)
        writer.append(run.count)
      }
    }
    return writer.bytes
  }

  /// Takes no more memory than the bytes themselves, whatever they say.
  ///
  /// - Parameter synapseCount: every number must be below it.
  /// - Returns: nil when the bytes are not what `encode` makes.
  static func decode(_ bytes: [UInt8], synapseCount: Int) -> Contents? { try? read(bytes, synapseCount: synapseCount) }

  private static func read(_ bytes: [UInt8], synapseCount: Int) throws(FormatProblem) -> Contents {
    var reader = ByteReader(bytes)
    guard try reader.number(UInt8.self) == version else { throw reader.problem("another version") }
    var contents = Contents(nextStep: try reader.number(), stepSeconds: try reader.double(), pending: [])
    guard (0...1 << 62).contains(contents.nextStep), contents.stepSeconds.isFinite, contents.stepSeconds >= 0 else {
      throw reader.problem("an impossible step")
    }
    for _ in 0..<(try reader.count(ofAtLeast: 24, countedBy: Int64.self)) {
      let step: Int64 = try reader.number()
      let runCount = try reader.count(ofAtLeast: 8, countedBy: Int64.self)
      guard step >= contents.nextStep, step > contents.pending.last?.step ?? -1, runCount > 0 else { throw reader.problem("steps out of order") }
      var synapses = SynapseRuns()
      for _ in 0..<runCount {
        let (first, length): (Int32, Int32) = (try reader.number(), try reader.number())
        guard first >= 0, length > 0, Int(first) + Int(length) <= synapseCount else { throw reader.problem("synapses that do not exist") }
        synapses.append(SynapseRun(first: first, count: length))
      }
      contents.pending.append((step, synapses))
    }
    try reader.end()
    return contents
  }
}
