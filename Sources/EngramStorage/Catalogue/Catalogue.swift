import EngramScalars

/// What the journal of a run directory says: its checkpoints, their lines, their names; replayed record by record.
///
/// Every change costs the same however many checkpoints there are (a search in a sorted list at most).
struct Catalogue: Equatable, Sendable {
  /// A checkpoint that was given a name of its line, in the order of giving.
  struct Holder: Equatable, Sendable {
    var sequence: UInt64
    /// False: it was renamed or removed, and nobody older takes its place.
    var isAlive: Bool
  }

  struct Line: Equatable, Sendable {
    /// The checkpoint where it branched off, and that one's line.
    var origin: (sequence: UInt64, line: ExactName)?
    /// Ascending.
    var sequences: [UInt64] = []
    /// Those without a name given at `store`, but `initial`.
    var automatic: [UInt64] = []

    static func == (left: Line, right: Line) -> Bool {
      left.origin?.sequence == right.origin?.sequence && left.origin?.line == right.origin?.line && left.sequences == right.sequences
        && left.automatic == right.automatic
    }
  }

  private(set) var heads: [UInt64: CheckpointHead] = [:]
  /// Ascending.
  private(set) var sequences: [UInt64] = []
  private(set) var lines: [ExactName: Line] = [:]
  private(set) var holders: [ExactName: [ExactName: [Holder]]] = [:]
  /// Names under which a checkpoint stands in `holders`.
  private(set) var held: [UInt64: [ExactName]] = [:]
  private(set) var initials: [UInt64] = []
  /// No greater number was ever given.
  var highest: UInt64 = 0
  /// Removed, their files perhaps still there.
  var removed: Set<UInt64> = []
  /// The last writer; `isOpen` until it has said that it ends.
  var writer: WriterRecord?
  var isOpen = false
  /// Records that no longer matter, which a compaction would leave out.
  var staleRecordCount = 0

  static let mainLine = ExactName("main")

  var generation: UInt64 { writer?.generation ?? 0 }
  var newest: UInt64? { sequences.last }
  var newestInitial: UInt64? { initials.last }
  func newest(of line: ExactName) -> UInt64? { lines[line]?.sequences.last }
  /// The newest of the lines that runs are on: those made to be looked at are passed over, until somebody goes on with one.
  var newestOfRuns: UInt64? {
    lines.values.compactMap(\.sequences.last).filter { heads[$0]?.tags.contains(Self.lookTag) != true }.max() ?? newest
  }
  /// Tag of checkpoints that were made to be looked at.
  static let lookTag = "at"

  // MARK: Changes

  mutating func apply(_ record: JournalRecord) {
    switch record {
    case .snapshot(let catalogue): self = catalogue
    case .opened(let record): (writer, isOpen, staleRecordCount) = (record, true, staleRecordCount + 1)
    case .closed(let generation):
      if generation == self.generation { isOpen = false }
      staleRecordCount += 1
    case .committed(let head): add(head)
    case .removed(let sequences):
      for sequence in sequences { remove(sequence) }
      staleRecordCount += 2 * sequences.count
    case .renamed(let sequence, let old, let new):
      rename(sequence, from: old, to: new)
      staleRecordCount += 1
    case .tagged(let sequence, let tags):
      heads[sequence]?.tags = tags
      staleRecordCount += 1
    }
  }

  private mutating func add(_ head: CheckpointHead) {
    highest = max(highest, head.sequence)
    removed.remove(head.sequence)
    guard heads[head.sequence] == nil else { return }
    heads[head.sequence] = head
    sequences.insertSorted(head.sequence)
    if lines[head.line] == nil {
      var line = Line()
      if head.kind == .branch, let parent = head.parent { line.origin = (parent, heads[parent]?.line ?? Catalogue.mainLine) }
      lines[head.line] = line
    }
    lines[head.line]?.sequences.insertSorted(head.sequence)
    if head.kind == .initial { initials.insertSorted(head.sequence) }
    if let name = head.name { give(name, to: head) } else if head.kind != .initial { lines[head.line]?.automatic.insertSorted(head.sequence) }
  }

  private mutating func give(_ name: ExactName, to head: CheckpointHead) {
    holders[head.line, default: [:]][name, default: []].append(Holder(sequence: head.sequence, isAlive: true))
    held[head.sequence, default: []].append(name)
  }

  mutating func take(_ name: ExactName, from head: CheckpointHead) {
    guard var list = holders[head.line]?[name], let place = list.lastIndex(where: { $0.sequence == head.sequence && $0.isAlive }) else { return }
    if place == list.count - 1 { list[place].isAlive = false } else { list.remove(at: place) }
    holders[head.line]?[name] = list.contains { $0.isAlive } ? list : nil
    held[head.sequence]?.removeAll { $0 == name }
  }

  private mutating func rename(_ sequence: UInt64, from old: ExactName?, to new: ExactName) {
    guard let head = heads[sequence] else { return }
    if let old { take(old, from: head) }
    give(new, to: head)
  }

  private mutating func remove(_ sequence: UInt64) {
    removed.insert(sequence)
    highest = max(highest, sequence)
    guard let head = heads[sequence] else { return }
    for name in held[sequence] ?? [] { take(name, from: head) }
    held[sequence] = nil
    heads[sequence] = nil
    sequences.removeSorted(sequence)
    initials.removeSorted(sequence)
    lines[head.line]?.sequences.removeSorted(sequence)
    lines[head.line]?.automatic.removeSorted(sequence)
    if lines[head.line]?.sequences.isEmpty == true, head.line != Catalogue.mainLine, !lines.values.contains(where: { $0.origin?.line == head.line }) {
      lines[head.line] = nil
    }
  }

  // MARK: In files

  init() {}

  func encode(into writer: inout ByteWriter) {
    writer.append(highest)
    writer.append(UInt32(isOpen ? 1 : 0))
    writer.append(UInt32(self.writer == nil ? 0 : 1))
    if let record = self.writer { writer.append(record) }
    writer.append(UInt32(lines.count))
    for (name, line) in lines.sorted(by: { $0.key < $1.key }) {
      writer.append(name.text)
      writer.append(UInt32(line.origin == nil ? 0 : 1))
      writer.append(line.origin?.sequence ?? 0)
      writer.append(line.origin?.line.text ?? "")
    }
    writer.append(UInt32(heads.count))
    for sequence in sequences { if let head = heads[sequence] { writer.append(head) } }
    writer.append(UInt32(holders.values.reduce(0) { $0 + $1.count }))
    for (line, names) in holders.sorted(by: { $0.key < $1.key }) {
      for (name, list) in names.sorted(by: { $0.key < $1.key }) {
        writer.append(line.text)
        writer.append(name.text)
        writer.append(UInt32(list.count))
        for holder in list {
          writer.append(holder.sequence)
          writer.append(UInt8(holder.isAlive ? 1 : 0))
        }
      }
    }
    writer.append(UInt32(removed.count))
    for sequence in removed.sorted() { writer.append(sequence) }
  }

  init(_ reader: inout ByteReader) throws(FormatProblem) {
    highest = try reader.sequence()
    isOpen = try reader.number(UInt32.self) == 1
    if try reader.number(UInt32.self) == 1 { writer = try reader.writerRecord() }
    for _ in 0..<(try reader.count(ofAtLeast: 20)) {
      let name = ExactName(try reader.text())
      let hasOrigin: UInt32 = try reader.number()
      let origin = (try reader.sequence(), ExactName(try reader.text()))
      lines[name] = Line(origin: hasOrigin == 1 ? origin : nil)
    }
    for _ in 0..<(try reader.count(ofAtLeast: 62)) { add(try reader.head()) }
    // Names as they are now, not as they were given.
    (holders, held) = ([:], [:])
    for _ in 0..<(try reader.count(ofAtLeast: 12)) {
      let (line, name) = (ExactName(try reader.text()), ExactName(try reader.text()))
      var list: [Holder] = []
      for _ in 0..<(try reader.count(ofAtLeast: 9)) {
        let sequence = try reader.sequence()
        let isAlive: UInt8 = try reader.number()
        guard isAlive == 0 || heads[sequence]?.line == line else { throw reader.problem("a name means a checkpoint that is not there") }
        list.append(Holder(sequence: sequence, isAlive: isAlive != 0))
        if isAlive != 0 { held[sequence, default: []].append(name) }
      }
      holders[line, default: [:]][name] = list
    }
    for _ in 0..<(try reader.count(ofAtLeast: 8)) { removed.insert(try reader.sequence()) }
  }
}

extension [UInt64] {
  /// Index of the first that is not smaller.
  func lowerBound(_ value: UInt64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  fileprivate mutating func insertSorted(_ value: UInt64) {
    if last.map({ $0 < value }) ?? true { return append(value) }
    let place = lowerBound(value)
    if self[place] != value { insert(value, at: place) }
  }

  fileprivate mutating func removeSorted(_ value: UInt64) {
    let place = lowerBound(value)
    if place < count, self[place] == value { remove(at: place) }
  }
}
