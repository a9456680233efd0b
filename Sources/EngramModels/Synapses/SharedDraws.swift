internal import EngramSimulation

/// `connect` by a probability alone, by processes of which each makes its own synapses and draws its own stretches.
///
/// All of them go through the same sources in the same slabs, since they pass on at the end of each: who has failed takes part until the end.
final class SharedDraws {
  private let borders: StretchBorders
  private let distribution: Distribution
  private let sampler: RowSampler
  private let p: Double
  private let count: Int
  private let made: NewSynapses
  private let drawn: UnsafeMutableBufferPointer<Int32>
  private var border = BorderDraws()
  private var failure: (any Error)?

  init(_ borders: StretchBorders, _ distribution: Distribution, _ sampler: RowSampler, p: Double, of count: Int, into made: NewSynapses) {
    (self.borders, self.distribution, self.sampler, self.p, self.count, self.made) = (borders, distribution, sampler, p, count, made)
    drawn = .allocate(capacity: borders.end - borders.last + 1)
  }

  deinit { drawn.deallocate() }

  func run(sources: Int) throws {
    // Some ten thousand numbers across a border: they stay in a cache, and nobody is far behind the process before.
    let slabLength = max(16, Int(16_384 / max(1, Double(RowSampler.stretch(p)) * p)))
    for first in stride(from: 0, to: sources, by: slabLength) {
      let slab = first..<min(first + slabLength, sources)
      border.removeAll()
      if distribution.isFirst {
        makeFirst(slab, of: sources)
        passOn { _, _ in }
      } else {
        for source in slab { drawAcross(source) }
        passOn { counts, heads in make(slab, counts, heads, of: sources) }
      }
    }
    if let failure { throw failure }
  }

  private func passOn(_ receive: (_ counts: UnsafeBufferPointer<Int32>, _ heads: UnsafeBufferPointer<Int32>) -> Void) {
    border.passedCounts.withUnsafeBufferPointer { counts in
      border.passed.withUnsafeBufferPointer { distribution.passOn(counts: counts, $0, receive) }
    }
  }

  /// Nothing is passed on to the first process: it draws each row at once.
  private func makeFirst(_ slab: Range<Int>, of sources: Int) {
    let room = borders.wanted.count + borders.end - borders.wanted.upperBound + 1
    for source in slab {
      attempt(source, of: sources) {
        try made.append(from: Int32(source), atMost: room) { targets in
          let found = sampler.bernoulli(row: source, count: count, wanted: borders.start..<borders.end, p: p, into: targets)
          let taken = UnsafeBufferPointer(start: targets, count: found)
          let own = BorderDraws.place(of: borders.wanted.upperBound, in: taken)
          border.append(passed: UnsafeBufferPointer(rebasing: taken[own...]))
          return own
        }
      }
      // Whoever has failed passes on as many rows as the others.
      if border.passedCounts.count <= source - slab.lowerBound { border.appendNothing() }
    }
  }

  private func attempt(_ source: Int, of sources: Int, _ body: () throws -> Void) {
    guard failure == nil else { return }
    do {
      try Interrupt.check()
      made.tell(source, of: sources)
      try body()
    } catch { failure = error }
  }

  private func drawAcross(_ source: Int) {
    guard failure == nil, let base = drawn.baseAddress, borders.last < borders.end else { return border.appendNothing() }
    let found = sampler.bernoulli(row: source, count: count, wanted: borders.last..<borders.end, p: p, into: base)
    border.append(UnsafeBufferPointer(start: base, count: found), border: borders.wanted.upperBound)
  }

  /// - Parameters:
  ///   - counts: how many targets before the own draws each source has.
  ///   - heads: these, one source after the other.
  private func make(_ slab: Range<Int>, _ counts: UnsafeBufferPointer<Int32>, _ heads: UnsafeBufferPointer<Int32>, of sources: Int) {
    var place = 0
    for (row, source) in slab.enumerated() {
      let (start, head) = (place, Int(counts[row]))
      place += head
      attempt(source, of: sources) {
        try made.append(from: Int32(source), atMost: borders.wanted.count + 1) { targets in
          if let heads = heads.baseAddress { targets.update(from: heads + start, count: head) }
          let found = head + sampler.bernoulli(row: source, count: count, wanted: borders.start..<borders.last, p: p, into: targets + head)
          let tail = border.own(ofRow: row)
          border.own.withUnsafeBufferPointer { own in
            if let own = own.baseAddress { (targets + found).update(from: own + tail.lowerBound, count: tail.count) }
          }
          return found + tail.count
        }
      }
    }
  }
}
