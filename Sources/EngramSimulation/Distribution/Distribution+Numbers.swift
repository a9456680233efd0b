import EngramTransport

/// Numbers that processes tell each other between steps and runs. Collective: all of them make the same calls.
extension Distribution {
  /// Has every process get the numbers that the first one has.
  ///
  /// - Parameter body: finds them, in the first process.
  /// - Returns: the same numbers in every process.
  /// - Throws: what `body` throws in the first process, ``DistributionError/elsewhere(_:)`` in the others.
  package func fromFirst(_ body: () throws -> [Double]) throws -> [Double] {
    var numbers: [Double] = []
    let count = try onFirst {
      numbers = try body()
      return "\(numbers.count)"
    }
    if !isFirst { numbers = Array(repeating: 0, count: count.flatMap { Int($0) } ?? 0) }
    var byteCounts = Array(repeating: 0, count: size)
    byteCounts[0] = numbers.count * MemoryLayout<Double>.size
    numbers.withUnsafeMutableBytes { bytes in
      if let start = bytes.baseAddress { transport.gather(inPlace: start, byteCounts: byteCounts) }
    }
    return numbers
  }

  /// The same numbers of every process, as many from each.
  ///
  /// - Parameter own: those of this process.
  /// - Returns: by process.
  package func ofAll(_ own: [Double]) -> [[Double]] {
    var all = Array(repeating: 0.0, count: own.count * size)
    own.withUnsafeBytes { own in all.withUnsafeMutableBytes { transport.gather(own, into: $0) } }
    return (0..<size).map { Array(all[$0 * own.count..<($0 + 1) * own.count]) }
  }

  /// The least of a number that each process has found, once all of them have.
  package func least(_ own: Int) -> Int { ofAll([Double(own)]).map { Int($0[0]) }.min() ?? own }
}
