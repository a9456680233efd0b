import EngramScalars

/// What the journal keeps of a checkpoint: enough to name it, to decide whether it stays, and to know its manifest again.
struct CheckpointHead: Equatable, Sendable {
  var sequence: UInt64
  /// Of its manifest.
  var hash: ContentHash
  var kind: CheckpointKind
  var line: ExactName
  /// Given at `store`.
  var name: ExactName?
  var parent: UInt64?
  var createdNanoseconds: Int64
  /// Simulated time, where the owner of the state lists one.
  var seconds: Double?
  /// Those it has now.
  var tags: [String]

  var id: String { CheckpointName.id(sequence) }

  init(_ info: ManifestInfo, hash: ContentHash) {
    sequence = info.sequence
    self.hash = hash
    kind = info.kind
    line = ExactName(info.line)
    name = info.name.map(ExactName.init)
    parent = info.parent.flatMap(CheckpointName.sequence(ofID:))
    createdNanoseconds = info.createdNanoseconds
    seconds = info.summary["time"].flatMap { Double($0) }
    tags = info.tags
  }

  fileprivate init(_ reader: inout ByteReader) throws(FormatProblem) {
    sequence = try reader.sequence()
    hash = try reader.hash()
    guard let kind = CheckpointKind(rawValue: try reader.number()) else { throw reader.problem("unknown kind of checkpoint") }
    self.kind = kind
    let flags: UInt8 = try reader.number()
    createdNanoseconds = try reader.number()
    let (parent, seconds) = (try reader.sequence(), try reader.double())
    self.parent = flags & 1 != 0 ? parent : nil
    self.seconds = flags & 2 != 0 ? seconds : nil
    line = ExactName(try reader.text())
    let name = ExactName(try reader.text())
    self.name = flags & 4 != 0 ? name : nil
    tags = []
    for _ in 0..<(try reader.count(ofAtLeast: 4)) { tags.append(try reader.text()) }
  }
}

extension ByteReader {
  mutating func head() throws(FormatProblem) -> CheckpointHead { try CheckpointHead(&self) }
}

extension ByteWriter {
  mutating func append(_ head: CheckpointHead) {
    append(head.sequence)
    append(head.hash)
    append(head.kind.rawValue)
    append(UInt8((head.parent == nil ? 0 : 1) | (head.seconds == nil ? 0 : 2) | (head.name == nil ? 0 : 4)))
    append(head.createdNanoseconds)
    append(head.parent ?? 0)
    append(head.seconds ?? 0)
    append(head.line.text)
    append(head.name?.text ?? "")
    append(UInt32(head.tags.count))
    for tag in head.tags { append(tag) }
  }
}
