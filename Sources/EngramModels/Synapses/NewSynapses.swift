internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// Synapses being made: appended to the columns `i` and `j`, and taken back when anything fails (COR-2).
final class NewSynapses {
  private let pre: Column
  private let post: Column
  private let oldCount: Int
  private var count: Int
  /// Room in the columns, grown geometrically.
  private var room: Int
  private var isFinished = false
  /// What it is called for those who look on.
  private let work: String
  private var nextNews = 0

  init(_ synapses: Synapses) throws {
    guard let pre = synapses.preEnds?.column, let post = synapses.postEnds?.column else {
      throw SynapseError.neverConnected(synapses: synapses.name)
    }
    self.pre = pre
    self.post = post
    oldCount = pre.rows
    count = oldCount
    room = oldCount
    work = "connecting '\(synapses.name)'"
  }

  /// Tells those who look on that so many of the sources have all their synapses.
  func tell(_ done: Int, of total: Int) {
    guard done >= nextNews else { return }
    // A hundred times in all.
    nextNews = done + max(1, total / 100)
    SetUpProgress.note(work, done, of: total, made: count - oldCount, "synapses")
  }

  /// Appends `repeats` synapses between two elements.
  func append(_ source: Int32, _ target: Int32, repeats: Int = 1) throws {
    try reserve(repeats)
    let preBase = pre.base.assumingMemoryBound(to: Int32.self)
    let postBase = post.base.assumingMemoryBound(to: Int32.self)
    for place in count..<count + repeats {
      preBase[place] = source
      postBase[place] = target
    }
    count += repeats
  }

  /// Appends the synapses of one source with targets that `body` writes, ascending, into memory with room for `limit` of them; it returns
  /// their number.
  func append(from source: Int32, atMost limit: Int, _ body: (UnsafeMutablePointer<Int32>) -> Int) throws {
    try reserve(limit)
    let made = body(post.base.assumingMemoryBound(to: Int32.self) + count)
    (pre.base.assumingMemoryBound(to: Int32.self) + count).update(repeating: source, count: made)
    count += made
  }

  /// Whether so many synapses more are not too many.
  func canHold(_ more: Int) -> Bool { more <= Int(Int32.max) - count }

  /// Appends one synapse for each pair.
  func append(_ sources: UnsafePointer<Int32>, _ targets: UnsafePointer<Int32>, pairs: Int) throws {
    try reserve(pairs)
    pre.base.assumingMemoryBound(to: Int32.self).advanced(by: count).update(from: sources, count: pairs)
    post.base.assumingMemoryBound(to: Int32.self).advanced(by: count).update(from: targets, count: pairs)
    count += pairs
  }

  private func reserve(_ more: Int) throws {
    let (needed, overflow) = count.addingReportingOverflow(more)
    guard !overflow, needed <= Int(Int32.max) else { throw SynapseError.tooMany(count: overflow ? .max : needed) }
    guard needed > room else { return }
    room = min(max(needed, room + room / 2, 1024), Int(Int32.max))
    try pre.resize(rows: room)
    try post.resize(rows: room)
  }

  func finish() throws {
    try pre.resize(rows: count)
    try post.resize(rows: count)
    isFinished = true
  }

  /// Takes everything back unless it was finished.
  func cancelUnlessFinished() {
    if isFinished { return }
    // Shrinking needs no memory.
    try? pre.resize(rows: oldCount)
    try? post.resize(rows: oldCount)
  }
}
