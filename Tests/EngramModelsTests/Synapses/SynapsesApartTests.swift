import EngramSimulation
import Testing

@testable import EngramModels

@Suite("Synapses of which each process has its own") struct SynapsesApartTests {
  @Test("MPR-11: spikes of several processes that wait are put into the order of one: by step, arrival, source, number")
  func order() {
    // Step, arrival, source, first number, how many.
    let first: [Int64] = [9, 3, 1, 10, 2, 9, 4, 0, 0, 1, 12, 4, 2, 30, 1]
    let second: [Int64] = [9, 3, 1, 12, 1, 9, 3, 0, 2, 3, 10, 4, 2, 33, 1]
    let found = SynapticPathway.inOrder(first + second)
    #expect(found.map(\.step) == [9, 10, 12])
    #expect(found.map { $0.synapses.numbers } == [[2, 3, 4, 10, 11, 12, 0], [33], [30]])
    #expect(SynapticPathway.inOrder([]).isEmpty)
  }

  @Test("MPR-14: what is drawn of a row does not depend on which part of it is asked for", arguments: [0.001, 0.02, 0.1, 0.7, 1])
  func parts(_ p: Double) {
    let sampler = RowSampler(key: 7, step: 3)
    let count = 9_000
    func drawn(_ wanted: Range<Int>) -> [Int] { sampler.taken(row: 4, count: count, wanted: wanted, p: p) }
    let all = drawn(0..<count)
    #expect(all == all.sorted() && Set(all).count == all.count && all.allSatisfy { $0 < count })
    // Five standard deviations.
    #expect(abs(Double(all.count) - p * Double(count)) <= 5 * (p * (1 - p) * Double(count)).squareRoot())
    for wanted in [0..<1, 0..<1024, 1000..<1100, 1023..<2049, 4500..<9_000, 8_999..<9_000, 300..<300] {
      #expect(drawn(wanted) == all.filter(wanted.contains))
    }
  }

  @Test(
    "MPR-14: processes that draw each stretch once have together what one draws, in the same rows",
    arguments: [([0, 4_500, 9_000], 1024, 0.1), ([0, 2_500, 5_000, 7_500], 1024, 0.3), ([-500, 4_000, 8_000], 2048, 0.02)] as [([Int], Int, Double)])
  func borders(_ bounds: [Int], _ stretch: Int, _ p: Double) throws {
    let sampler = RowSampler(key: 5, step: 2)
    let count = min(7_400, bounds[bounds.count - 1])
    #expect(RowSampler.stretch(p) == stretch)
    let parts = (1..<bounds.count).map { (bounds[$0 - 1]..<bounds[$0]).clamped(to: 0..<count) }
    let shares = try parts.indices.map { try #require(StretchBorders(parts: parts, rank: $0, count: count, stretch: stretch)) }
    for row in 0..<5 {
      let all = sampler.taken(row: row, count: count, wanted: 0..<count, p: p)
      var head: [Int] = []
      for share in shares {
        #expect(share.start % stretch == 0 && (share.last % stretch == 0 || share.last == count))
        var across = BorderDraws()
        let drawn = sampler.taken(row: row, count: count, wanted: share.last..<share.end, p: p).map(Int32.init)
        drawn.withUnsafeBufferPointer { across.append($0, border: share.wanted.upperBound) }
        let own = sampler.taken(row: row, count: count, wanted: share.start..<share.last, p: p)
        #expect(head + own + across.own[across.own(ofRow: 0)].map(Int.init) == all.filter(share.wanted.contains))
        head = across.passed.map(Int.init)
      }
      #expect(head.isEmpty)
    }
  }

  @Test("MPR-14: where a stretch lies in more than two parts, or none across a border, every process draws its own")
  func noBorders() {
    for (parts, stretch) in [([0..<1024, 1024..<3000], 1024), ([0..<400, 400..<800, 800..<2100], 1024), ([0..<500, 500..<1000], 1024)] {
      let count = parts[parts.count - 1].upperBound
      // The last of these: one stretch, which begins in the first part and ends in the second.
      let isShared = parts.count == 2 && count == 1000
      for rank in parts.indices { #expect((StretchBorders(parts: parts, rank: rank, count: count, stretch: stretch) != nil) == isShared) }
    }
  }

  @Test("MPR-14: candidates of a stretch are taken as often as those of any other, and independently")
  func independence() {
    let count = 5_000
    var taken = [Int](repeating: 0, count: count)
    var together = 0
    let rows = 2_000
    for row in 0..<rows {
      let found = Set(RowSampler(key: 19, step: 1).taken(row: row, count: count, wanted: 0..<count, p: 0.1))
      for number in found { taken[number] += 1 }
      // The last of one stretch and the first of the next one.
      if found.contains(1023), found.contains(1024) { together += 1 }
    }
    let deviation = (0.1 * 0.9 * Double(rows)).squareRoot()
    // Of 5,000 numbers about one is beyond 3.7 standard deviations.
    #expect(taken.allSatisfy { abs(Double($0) - 200) < 5.2 * deviation })
    #expect(taken.filter { abs(Double($0) - 200) > 3 * deviation }.count < 35)
    #expect(abs(Double(together) - 0.01 * Double(rows)) < 5 * (0.01 * Double(rows)).squareRoot())
  }
}

extension RowSampler {
  fileprivate func taken(row: Int, count: Int, wanted: Range<Int>, p: Double) -> [Int] {
    let found = [Int32](unsafeUninitializedCapacity: wanted.count + 1) { taken, found in
      found = taken.baseAddress.map { bernoulli(row: row, count: count, wanted: wanted, p: p, into: $0) } ?? 0
    }
    return found.map(Int.init)
  }
}
