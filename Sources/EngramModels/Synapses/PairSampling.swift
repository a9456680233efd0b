internal import CEngramMath

/// Draws which of many candidates are taken, in time proportional to what is taken.
///
/// The numbers depend on (key, step, row, number of the draw in the row) alone: rows can be sampled in any order.
struct RowSampler {
  /// From the seed, the object's name and the purpose.
  let key: UInt64
  /// The count of draws outside steps (RNG-6).
  let step: UInt64

  /// The successive uniforms in [0, 1) of one row.
  struct Stream {
    let key: UInt64
    let step: UInt64
    var draw: UInt64

    mutating func uniform() -> Double {
      defer { draw += 1 }
      return engram_random_uniform(key, draw, step)
    }

    /// A uniform number in `0 ..< bound` (bound > 0), each with the same probability up to 2^-53.
    mutating func integer(below bound: Int64) -> Int64 {
      min(Int64(uniform() * Double(bound)), bound - 1)
    }
  }

  /// A uniform in [0, 1) for a number, such as that of a pair.
  func uniform(number: Int64) -> Double { engram_random_uniform(key, UInt64(bitPattern: number), step) }

  func stream(row: Int) -> Stream {
    // 2^32 draws for each of 2^32 rows.
    Stream(key: key, step: step, draw: UInt64(truncatingIfNeeded: row) << 32)
  }

  /// Calls `take` with each of the numbers `0 ..< count` with probability `p`, ascending, by jumping from one taken
  /// number to the next: gaps between successes are geometric.
  @inline(__always)
  func bernoulli(row: Int, count: Int, p: Double, _ take: (Int) throws -> Void) rethrows {
    if count <= 0 || !(p > 0) { return }
    if p >= 1 {
      for number in 0..<count { try take(number) }
      return
    }
    let scale = 1 / engram_log1p(-p)
    var draw = stream(row: row).draw
    var number = -1
    try withUnsafeTemporaryAllocation(of: Double.self, capacity: Int(ENGRAM_BLOCK)) { gaps in
      while true {
        // About as many draws as the rest of the row will need; those left over cost little and change nothing.
        let expected = Double(count - number) * p
        let length = Int(min(expected + 3 * expected.squareRoot() + 4, Double(ENGRAM_BLOCK)))
        engram_random_gaps(key, draw, step, scale, gaps.baseAddress, Int32(length))
        for place in 0..<length {
          let gap = gaps[place]
          // At least 1; a gap beyond the end (or infinite, for tiny p) ends the row.
          guard gap < Double(count - number) else { return }
          number += 1 + Int(gap)
          if number >= count { return }
          try take(number)
        }
        draw += UInt64(length)
      }
    }
  }

  /// How many candidates are drawn from one after the other: a power of two.
  ///
  /// Each stretch of so many has a stream of its own, so that whoever wants some candidates need not draw the others. Long enough that the draw
  /// that leaves a stretch costs little beside those that stay in it.
  static func stretch(_ p: Double) -> Int {
    var length = 1024
    while length < 1 << 30, Double(length) * p < 32 { length *= 2 }
    return length
  }

  /// Writes each of the numbers `wanted`, a part of `0 ..< count`, with probability `p`, ascending, to memory with room for all of them and one
  /// more. What is taken does not depend on which are wanted.
  ///
  /// - Returns: how many are taken.
  func bernoulli(row: Int, count: Int, wanted: Range<Int>, p: Double, into taken: UnsafeMutablePointer<Int32>) -> Int {
    if wanted.isEmpty || !(p > 0) { return 0 }
    if p >= 1 {
      for (place, number) in wanted.enumerated() { taken[place] = Int32(truncatingIfNeeded: number) }
      return wanted.count
    }
    return Int(
      engram_random_taken(
        key, stream(row: row).draw, step, p, Int64(Self.stretch(p)), Int64(count), Int64(wanted.lowerBound), Int64(wanted.upperBound), taken))
  }

  /// `size` distinct numbers of `0 ..< count`, ascending, each set equally likely (SYN-29).
  ///
  /// Vitter's sequential method A for dense samples, Floyd's method for sparse ones.
  func choose(row: Int, count: Int, size: Int) -> [Int] {
    precondition(0 <= size && size <= count)
    var stream = stream(row: row)
    if size == 0 { return [] }
    if size == count { return Array(0..<count) }
    if size > count / 8 {
      var chosen: [Int] = []
      chosen.reserveCapacity(size)
      for number in 0..<count where stream.uniform() * Double(count - number) < Double(size - chosen.count) {
        chosen.append(number)
        if chosen.count == size { break }
      }
      return chosen
    }
    var chosen: Set<Int> = []
    for top in count - size..<count {
      let candidate = Int(stream.integer(below: Int64(top) + 1))
      if !chosen.insert(candidate).inserted { chosen.insert(top) }
    }
    return chosen.sorted()
  }
}
