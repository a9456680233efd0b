internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// Synapses being made: appended to the columns `i` and `j`, and taken back when anything fails (COR-2).
///
/// Of several processes that have their own synapses each, every one is told of those that end at its own targets (`withOwnTargets`), or of all,
/// of which it keeps its own; either way it knows their numbers among all.
final class NewSynapses {
  private let pre: Column
  private let post: Column
  private let oldCount: Int
  private let oldWholeCount: Int
  /// Synapses of all processes.
  private var wholeCount: Int { making?.wholeCount ?? count }
  private var count: Int
  /// Room in the columns, grown geometrically.
  private var room: Int
  private var expectedCount = 0
  private var isFinished = false
  /// What it is called for those who look on.
  private let work: String
  private var nextNews = 0
  private let own: (elements: OwnElements, targets: Range<Int32>)?
  /// While each process looks at its own targets: how many synapses each source has here.
  private var ownCounts: [Int32]?
  private let sourceCount: Int
  private var making: OwnElements.Making?
  /// As long as all synapses come in the order of their sources; nil: they may not.
  private var starts: NotedStarts?

  init(_ synapses: Synapses) throws {
    guard let pre = synapses.preEnds?.column, let post = synapses.postEnds?.column else {
      throw SynapseError.neverConnected(synapses: synapses.name)
    }
    self.pre = pre
    self.post = post
    oldCount = pre.rows
    count = oldCount
    room = oldCount
    sourceCount = synapses.sourceCount
    if let elements = synapses.ownElements, let targets = synapses.ownTargets {
      own = (elements, targets)
      making = elements.making
    } else {
      own = nil
    }
    oldWholeCount = making?.wholeCount ?? oldCount
    starts = Self.noStarts(of: sourceCount, after: oldCount)
    work = "connecting '\(synapses.name)'"
  }

  private static func noStarts(of sourceCount: Int, after oldCount: Int) -> NotedStarts? { oldCount == 0 ? NotedStarts(sourceCount: sourceCount) : nil }

  /// Makes room for as many synapses as probabilities make likely, so that it grows once.
  func expect(_ synapses: Double) {
    // Five standard deviations.
    let likely = synapses + 5 * synapses.squareRoot()
    if likely < Double(Int32.max) { expectedCount = oldCount + Int(likely) }
  }

  /// Tells those who look on that so many of the sources have all their synapses.
  func tell(_ done: Int, of total: Int) {
    guard done >= nextNews else { return }
    // A hundred times in all.
    nextNews = done + max(1, total / 100)
    SetUpProgress.note(work, done, of: total, made: wholeCount - oldWholeCount, "synapses")
  }

  /// Appends `repeats` synapses between two elements.
  func append(_ source: Int32, _ target: Int32, repeats: Int = 1) throws {
    starts = nil
    if ownCounts != nil { ownCounts?[Int(source)] += Int32(repeats) } else if try !takes(target, repeats) { return }
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
    if starts?.begin(source, at: count) == false { starts = nil }
    let targets = post.base.assumingMemoryBound(to: Int32.self) + count
    var made = body(targets)
    if ownCounts != nil {
      ownCounts?[Int(source)] += Int32(made)
    } else if let own {
      // Ascending targets: the own ones lie together.
      let all = UnsafeBufferPointer(start: targets, count: made)
      let (first, end) = (all.firstPlace { $0 >= own.targets.lowerBound }, all.firstPlace { $0 >= own.targets.upperBound })
      let before = wholeCount
      making?.append(end - first, from: before + first)
      making?.wholeCount += made
      if first > 0 { targets.update(from: targets + first, count: end - first) }
      made = end - first
    }
    (pre.base.assumingMemoryBound(to: Int32.self) + count).update(repeating: source, count: made)
    count += made
  }

  /// Whether this process has the synapses that end at a target.
  func isOwn(_ target: Int32) -> Bool { own?.targets.contains(target) ?? true }

  /// Counts the next synapses, which other processes have.
  func passOver(_ more: Int) { making?.wholeCount += more }

  /// Whether so many synapses more are not too many.
  func canHold(_ more: Int) -> Bool { more <= Int(Int32.max) - wholeCount }

  /// Appends one synapse for each pair.
  func append(_ sources: UnsafePointer<Int32>, _ targets: UnsafePointer<Int32>, pairs: Int) throws {
    if own != nil, ownCounts == nil {
      for pair in 0..<pairs { try append(sources[pair], targets[pair]) }
      return
    }
    try reserve(pairs)
    ownCounts?.withUnsafeMutableBufferPointer { counts in for pair in 0..<pairs { counts[Int(sources[pair])] += 1 } }
    noteStarts(sources, pairs)
    pre.base.assumingMemoryBound(to: Int32.self).advanced(by: count).update(from: sources, count: pairs)
    post.base.assumingMemoryBound(to: Int32.self).advanced(by: count).update(from: targets, count: pairs)
    count += pairs
  }

  /// Notes where the synapses of sources begin among the next ones.
  private func noteStarts(_ sources: UnsafePointer<Int32>, _ pairs: Int) {
    guard starts != nil else { return }
    var last: Int32 = -1
    for pair in 0..<pairs where sources[pair] != last {
      last = sources[pair]
      guard starts?.begin(last, at: count + pair) == true else {
        starts = nil
        return
      }
    }
  }

  // MARK: Own targets

  /// Finds the synapses that end at some targets: of several processes that keep their own synapses each, every one looks at its own.
  ///
  /// - Parameter body: finds them, in ascending order of sources.
  /// - Returns: false where that has failed in one of several processes, and all is as it was.
  func withOwnTargets(of count: Int, _ body: (Range<Int>) throws -> Void) throws -> Bool {
    guard let own else {
      try body(0..<count)
      return true
    }
    let distribution = own.elements.distribution
    ownCounts = [Int32](repeating: 0, count: sourceCount)
    var failure: (any Error)?
    do { try body((Int(own.targets.lowerBound)..<Int(own.targets.upperBound)).clamped(to: 0..<count)) } catch { failure = error }
    let outcomes = try distribution.gather([failure == nil ? 0 : failure is Interruption ? 2 : 1])
    if outcomes.contains(2) { throw Interruption() }
    if outcomes.contains(1) {
      ownCounts = nil
      self.count = oldCount
      starts = Self.noStarts(of: sourceCount, after: oldCount)
      making = own.elements.making
      return false
    }
    try numberOwn(distribution)
    return true
  }

  /// Finds out which numbers the own synapses have, of which it is known how many each source has.
  private func numberOwn(_ distribution: Distribution) throws {
    guard let counts = ownCounts else { return }
    ownCounts = nil
    for start in stride(from: 0, to: counts.count, by: Self.slabLength) {
      let slab = counts[start..<min(start + Self.slabLength, counts.count)]
      let all = distribution.gather(counts: Array(slab))
      for place in 0..<slab.count {
        var (before, total) = (0, 0)
        for process in 0..<distribution.size {
          if process == distribution.rank { before = total }
          total += Int(all[process * slab.count + place])
        }
        guard canHold(total) else { throw SynapseError.tooMany(count: wholeCount + total) }
        let first = wholeCount + before
        making?.append(Int(counts[start + place]), from: first)
        making?.wholeCount += total
      }
    }
  }

  /// Sources whose synapses are numbered at a time.
  private static let slabLength = 1 << 14

  /// Counts synapses that end at a target; whether this process keeps them.
  private func takes(_ target: Int32, _ more: Int) throws -> Bool {
    guard let own else { return true }
    guard canHold(more) else { throw SynapseError.tooMany(count: wholeCount + more) }
    let isOwn = own.targets.contains(target)
    if isOwn { making?.append(more) } else { making?.wholeCount += more }
    return isOwn
  }

  private func reserve(_ more: Int) throws {
    let (needed, overflow) = count.addingReportingOverflow(more)
    guard !overflow, needed <= Int(Int32.max) else { throw SynapseError.tooMany(count: overflow ? .max : needed) }
    guard needed > room else { return }
    room = min(max(needed, room + room / 2, 1024, expectedCount), Int(Int32.max))
    try pre.resize(rows: room)
    try post.resize(rows: room)
  }

  /// - Returns: where the synapses of each source begin, where that is known.
  func finish() throws -> [Int32]? {
    try pre.resize(rows: count)
    try post.resize(rows: count)
    if let making { own?.elements.take(making) }
    isFinished = true
    return starts?.all(upTo: count)
  }

  /// Takes everything back unless it was finished.
  func cancelUnlessFinished() {
    if isFinished { return }
    // Shrinking needs no memory.
    try? pre.resize(rows: oldCount)
    try? post.resize(rows: oldCount)
  }
}
