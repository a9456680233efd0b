import EngramKernels
import EngramScalars
import EngramStorage
import EngramTransport

/// Which process computes which synapse: the one that computes the element at its end.
///
/// The order of deliveries to an element is that of one process, since a part of a list is in the order of the list.
final class SynapseOwners {
  /// By synapse: the number of its end.
  let targets: ArrayVariable
  let offset: Int
  let elementCount: Int
  private unowned let distribution: Distribution
  private let ends: UnsafePointer<Int32>
  let count: Int
  /// The numbers of ends that this process computes.
  private let ownEnds: Range<Int32>
  /// Own synapses, ascending.
  private lazy var own: [Int32] = (0..<Int32(count)).filter { ownEnds.contains(ends[Int($0)]) }
  private var tables: [Int: OwnPieces] = [:]
  private lazy var byOwner = makeOrder()
  /// The numbers of ends of each process.
  private let parts: [Range<Int32>]
  private var listed: [Int32] = []

  init(_ targets: ArrayVariable, offset: Int, elementCount: Int, _ distribution: Distribution) {
    (self.targets, self.offset, self.elementCount, self.distribution) = (targets, offset, elementCount, distribution)
    ends = UnsafePointer(targets.column.base.assumingMemoryBound(to: Int32.self))
    count = targets.count
    parts = (0..<distribution.size).map { Self.ends(distribution.part(of: elementCount, rank: $0), offset) }
    ownEnds = parts[distribution.rank]
  }

  private static func ends(_ elements: Range<Int>, _ offset: Int) -> Range<Int32> {
    Int32(clamping: elements.lowerBound - offset)..<Int32(clamping: elements.upperBound - offset)
  }

  /// The process that computes a synapse.
  func owner(of synapse: Int) -> Int { parts.firstPlace { $0.upperBound > ends[synapse] } }

  /// Lends the own synapses among consecutive ones.
  func own(in range: Range<Int>, _ body: (UnsafeBufferPointer<Int32>) throws -> Void) rethrows {
    try own.withUnsafeBufferPointer { own in
      let start = own.firstPlace { Int($0) >= range.lowerBound }
      let end = own.firstPlace { Int($0) >= range.upperBound }
      try body(UnsafeBufferPointer(rebasing: own[start..<max(start, end)]))
    }
  }

  /// Lends the own synapses of a list, in its order.
  func own(in list: UnsafeBufferPointer<Int32>, _ body: (UnsafeBufferPointer<Int32>) throws -> Void) rethrows {
    listed.removeAll(keepingCapacity: true)
    for synapse in list where ownEnds.contains(ends[Int(synapse)]) { listed.append(synapse) }
    try listed.withUnsafeBufferPointer(body)
  }

  /// The own part of each piece of a table.
  func own(of table: PieceTable) -> PieceTable {
    if let known = tables[table.identity] { return known.table }
    // A pathway has one table at a time, and a run few pathways.
    let made = OwnPieces(table, ends: ends, own: ownEnds)
    tables[table.identity] = made
    return made.table
  }

  /// Has every process get the values of all synapses.
  func gather(_ base: UnsafeMutableRawPointer, size: Int, _ distribution: Distribution) {
    let order = byOwner
    withUnsafeTemporaryAllocation(byteCount: max(1, count * size), alignment: 64) { values in
      func places(_ process: Int) -> Range<Int> { order.starts[process]..<order.starts[process + 1] }
      guard let packed = values.baseAddress else { return }
      for place in places(distribution.rank) { (packed + place * size).copyMemory(from: base + Int(order.synapses[place]) * size, byteCount: size) }
      distribution.transport.gather(inPlace: packed, byteCounts: (0..<distribution.size).map { places($0).count * size })
      for process in 0..<distribution.size where process != distribution.rank {
        for place in places(process) { (base + Int(order.synapses[place]) * size).copyMemory(from: packed + place * size, byteCount: size) }
      }
    }
  }

  /// Synapses by their process, ascending in each, and where those of each process begin.
  private func makeOrder() -> (synapses: [Int32], starts: [Int]) {
    var starts = [Int](repeating: 0, count: distribution.size + 1)
    for synapse in 0..<count { starts[owner(of: synapse) + 1] += 1 }
    for process in 0..<distribution.size { starts[process + 1] += starts[process] }
    var next = starts
    var synapses = [Int32](repeating: 0, count: count)
    for synapse in 0..<count {
      let process = owner(of: synapse)
      synapses[next[process]] = Int32(synapse)
      next[process] += 1
    }
    return (synapses, starts)
  }
}

/// Of each piece of a table the part that one process computes. Pieces keep their numbers.
private final class OwnPieces {
  /// Where pieces begin, where they end, and their elements where these do not lie together.
  private let memory: UnsafeMutableBufferPointer<Int32>
  let table: PieceTable

  /// - Parameters:
  ///   - ends: by synapse, the number of its end.
  ///   - own: the numbers of own ends.
  init(_ whole: PieceTable, ends: UnsafePointer<Int32>, own: Range<Int32>) {
    let numbers = Self.together(whole, ends, own) ?? Self.listed(whole, ends, own)
    memory = .allocate(capacity: numbers.count)
    _ = memory.initialize(fromContentsOf: numbers)
    guard let bounds = UnsafePointer(memory.baseAddress) else { preconditionFailure("a table has an end") }
    let areTogether = numbers.count == 2 * whole.count + 1
    table = PieceTable(
      bounds: bounds, ends: bounds + whole.count, elements: areTogether ? whole.elements : bounds + 2 * whole.count, count: whole.count,
      identity: PieceTable.newIdentity())
  }

  deinit { memory.deallocate() }

  /// Where the own elements of every piece lie together, as those of a row whose targets ascend, they need no list; nil: they do not.
  private static func together(_ whole: PieceTable, _ ends: UnsafePointer<Int32>, _ own: Range<Int32>) -> [Int32]? {
    var (starts, stops): ([Int32], [Int32]) = ([], [])
    starts.reserveCapacity(whole.count)
    stops.reserveCapacity(whole.count)
    for piece in 0..<whole.count {
      let places = whole.places(of: piece)
      var (start, stop) = (places.upperBound, places.upperBound)
      var place = places.lowerBound
      func isOwn(_ place: Int) -> Bool { own.contains(ends[whole.elements.map { Int($0[place]) } ?? place]) }
      while place < places.upperBound, !isOwn(place) { place += 1 }
      start = place
      while place < places.upperBound, isOwn(place) { place += 1 }
      stop = place
      while place < places.upperBound {
        if isOwn(place) { return nil }
        place += 1
      }
      starts.append(Int32(start))
      stops.append(Int32(stop))
    }
    return starts + stops + [0]
  }

  private static func listed(_ whole: PieceTable, _ ends: UnsafePointer<Int32>, _ own: Range<Int32>) -> [Int32] {
    var (starts, stops, elements): ([Int32], [Int32], [Int32]) = ([], [], [])
    for piece in 0..<whole.count {
      starts.append(Int32(elements.count))
      for place in whole.places(of: piece) {
        let element = whole.elements?[place] ?? Int32(place)
        if own.contains(ends[Int(element)]) { elements.append(element) }
      }
      stops.append(Int32(elements.count))
    }
    // Two at least, which tells them from those that lie together.
    return starts + stops + elements + [0, 0]
  }
}
