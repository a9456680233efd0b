internal import EngramKernels

/// The synapses of each source, cut into pieces that are delivered together.
///
/// A *piece* is a run of synapses of one source with one delay. What waits in a queue is the number of a piece, never a
/// list of synapses: one spike costs one entry per distinct delay.
///
/// Invariants: pieces of a source follow each other, by delay; inside a piece the synapse numbers ascend. With one delay
/// for all there is exactly one piece per source, with the source's number.
///
/// A class, since every step hands it on: copies of four arrays would be counted four times.
final class DeliveryTable {
  let sourceCount: Int
  /// First piece of each source; one more entry than sources. Empty when each source has the piece with its number.
  private let firstPiece: [Int32]
  /// First place of each piece; one more entry than pieces.
  var firstPlace: [Int32] { made.firstPlace }
  /// Delay of each piece in steps; empty when all have `uniformDelay`.
  let pieceDelay: [Int32]
  let uniformDelay: Int32
  /// Synapse number at each place; `nil` when place and number are the same: then a piece is a contiguous range.
  var synapseAtPlace: [Int32]? { made.synapseAtPlace }
  /// Whether place and number are the same. Known at once, also where the places are not.
  let isInOrder: Bool
  private lazy var made = makePlaces()
  private let makePlaces: () -> Places
  /// The longest delay in steps.
  let maximumDelay: Int32
  private let identity = PieceTable.newIdentity()

  var isUniform: Bool { pieceDelay.isEmpty }

  private struct Places {
    let firstPlace: [Int32]
    let synapseAtPlace: [Int32]?
  }

  /// - Parameters:
  ///   - sources: for each synapse the number of its source, in `0 ..< sourceCount`.
  ///   - uniformDelay: the delay of all synapses in steps.
  ///   - starts: where the synapses of each source begin, where that is known already.
  ///   - later: lends the sources again when the first piece is asked for; without it, synapses in another order than their sources are
  ///     sorted at once.
  /// - Throws: where a source is none of these.
  /// - Complexity: O(synapses + sources).
  init(
    sources: UnsafeBufferPointer<Int32>, sourceCount: Int, uniformDelay: Int32, starts: [Int32]? = nil,
    later: (((UnsafeBufferPointer<Int32>) -> Void) -> Void)? = nil
  ) throws(Impossible) {
    self.uniformDelay = uniformDelay
    maximumDelay = uniformDelay
    pieceDelay = []
    firstPiece = []
    self.sourceCount = sourceCount
    if let starts = starts ?? AscendingEnds.starts(of: sources, elementCount: sourceCount) {
      isInOrder = true
      makePlaces = { Places(firstPlace: starts, synapseAtPlace: nil) }
      return
    }
    try DeliveryTable.check(sources, sourceCount)
    isInOrder = false
    let count = sources.count
    if let later {
      makePlaces = {
        var places = Places(firstPlace: [Int32](repeating: 0, count: sourceCount + 1), synapseAtPlace: [])
        later { places = DeliveryTable.sorted(UnsafeBufferPointer(rebasing: $0.prefix(count)), sourceCount) }
        return places
      }
    } else {
      let places = DeliveryTable.sorted(sources, sourceCount)
      makePlaces = { places }
    }
  }

  /// - Parameter delays: for each synapse its delay in steps, none negative.
  /// - Throws: where a source is none of these, or there are not as many delays as synapses.
  /// - Complexity: O(synapses · log(synapses per source) + sources).
  convenience init(sources: UnsafeBufferPointer<Int32>, sourceCount: Int, delays: [Int32]) throws(Impossible) {
    guard delays.count == sources.count else { throw .delays(count: delays.count, synapses: sources.count) }
    let longest = delays.max() ?? 0
    if delays.allSatisfy({ $0 == longest }) {
      try self.init(sources: sources, sourceCount: sourceCount, uniformDelay: longest)
      return
    }
    try DeliveryTable.check(sources, sourceCount)
    let sorted = DeliveryTable.sorted(sources, sourceCount)
    let starts = sorted.firstPlace
    var places = sorted.synapseAtPlace ?? []
    var firstPiece: [Int32] = [0]
    var firstPlace: [Int32] = []
    var pieceDelay: [Int32] = []
    firstPiece.reserveCapacity(sourceCount + 1)
    var keys: [Int64] = []
    for source in 0..<sourceCount {
      let row = Int(starts[source])..<Int(starts[source + 1])
      // Delay in the upper half, number in the lower: sorting the keys sorts by delay, then by synapse number.
      keys.removeAll(keepingCapacity: true)
      for place in row { keys.append(Int64(delays[Int(places[place])]) << 32 | Int64(places[place])) }
      keys.sort()
      for (offset, key) in keys.enumerated() {
        let delay = Int32(truncatingIfNeeded: key >> 32)
        places[row.lowerBound + offset] = Int32(truncatingIfNeeded: key & 0xffff_ffff)
        if offset == 0 || pieceDelay.last != delay {
          firstPlace.append(Int32(row.lowerBound + offset))
          pieceDelay.append(delay)
        }
      }
      firstPiece.append(Int32(pieceDelay.count))
    }
    firstPlace.append(Int32(sources.count))
    self.init(
      firstPiece: firstPiece, firstPlace: firstPlace, pieceDelay: pieceDelay, uniformDelay: 0, maximumDelay: longest,
      synapseAtPlace: zip(places, 0...).allSatisfy { $0 == Int32($1) } ? nil : places)
  }

  private init(
    firstPiece: [Int32], firstPlace: [Int32], pieceDelay: [Int32], uniformDelay: Int32, maximumDelay: Int32, synapseAtPlace: [Int32]?
  ) {
    sourceCount = firstPiece.count - 1
    self.firstPiece = firstPiece
    self.pieceDelay = pieceDelay
    self.uniformDelay = uniformDelay
    self.maximumDelay = maximumDelay
    isInOrder = synapseAtPlace == nil
    makePlaces = { Places(firstPlace: firstPlace, synapseAtPlace: synapseAtPlace) }
  }

  /// The places of one piece.
  func places(of piece: Int32) -> Range<Int> {
    Int(firstPlace[Int(piece)])..<Int(firstPlace[Int(piece) + 1])
  }

  /// The source of a piece.
  func source(of piece: Int32) -> Int32 {
    if isUniform { return piece }
    var (low, high) = (0, sourceCount)
    while high - low > 1 {
      let middle = (low + high) / 2
      if firstPiece[middle] <= piece { low = middle } else { high = middle }
    }
    return Int32(low)
  }

  /// The places of all pieces of a source.
  func row(of source: Int32) -> Range<Int> {
    let pieces = pieces(of: source)
    return Int(firstPlace[Int(pieces.lowerBound)])..<Int(firstPlace[Int(pieces.upperBound)])
  }

  /// Lends the pieces in the form in which kernels take them.
  func withPieces<R>(_ body: (PieceTable) throws -> R) rethrows -> R {
    try firstPlace.withUnsafeBufferPointer { bounds in
      // There is always one bound: the end.
      guard let first = bounds.baseAddress else { preconditionFailure("a delivery table without an end") }
      guard let synapseAtPlace else { return try body(PieceTable(bounds: first, elements: nil, count: firstPlace.count - 1, identity: identity)) }
      return try synapseAtPlace.withUnsafeBufferPointer {
        try body(PieceTable(bounds: first, elements: $0.baseAddress, count: firstPlace.count - 1, identity: identity))
      }
    }
  }

  func pieces(of source: Int32) -> Range<Int32> {
    isUniform ? source..<source + 1 : firstPiece[Int(source)]..<firstPiece[Int(source) + 1]
  }

  func delay(of piece: Int32) -> Int32 { isUniform ? uniformDelay : pieceDelay[Int(piece)] }

  /// The synapse numbers of one piece, ascending.
  func runs(of piece: Int32) -> [SynapseRun] {
    let places = places(of: piece)
    if places.isEmpty { return [] }
    guard let synapseAtPlace else { return [SynapseRun(first: Int32(places.lowerBound), count: Int32(places.count))] }
    return SynapseRuns(Array(synapseAtPlace[places])).list
  }

  /// What no table can be made of: ends or delays that a program has written itself, past all checks.
  enum Impossible: Error, Equatable {
    case source(synapse: Int, source: Int32)
    case delays(count: Int, synapses: Int)
  }

  private static func check(_ sources: UnsafeBufferPointer<Int32>, _ sourceCount: Int) throws(Impossible) {
    if let synapse = sources.firstIndex(where: { $0 < 0 || Int($0) >= sourceCount }) {
      throw .source(synapse: synapse, source: sources[synapse])
    }
  }

  /// Counting sort, stable: numbers ascend inside a row. A source that there is none of has no place.
  private static func sorted(_ sources: UnsafeBufferPointer<Int32>, _ sourceCount: Int) -> Places {
    var starts = [Int32](repeating: 0, count: sourceCount + 1)
    for source in sources where source >= 0 && Int(source) < sourceCount { starts[Int(source) + 1] += 1 }
    for source in 0..<sourceCount { starts[source + 1] += starts[source] }
    var next = starts
    let places = [Int32](unsafeUninitializedCapacity: Int(starts[sourceCount])) { places, count in
      count = places.count
      next.withUnsafeMutableBufferPointer { next in
        for (synapse, source) in sources.enumerated() where source >= 0 && Int(source) < sourceCount {
          places[Int(next[Int(source)])] = Int32(synapse)
          next[Int(source)] += 1
        }
      }
    }
    return Places(firstPlace: starts, synapseAtPlace: places)
  }
}
