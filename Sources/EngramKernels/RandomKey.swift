import CEngramMath

/// The keys of random numbers, which are functions of where they are used: key, element, step (RNG-3).
package enum RandomKey {
  /// - Parameters:
  ///   - object: the object's name (RNG-7).
  ///   - purpose: what the object draws for (`thresholder`, `connect`, …).
  ///   - site: which of its draws: the number of the textual call, or a word.
  package static func key(seed: UInt64, object: String, purpose: String, site: some CustomStringConvertible) -> UInt64 {
    var text = "\(object)|\(purpose)|\(site)"
    return text.withUTF8 { engram_random_key(seed, $0.baseAddress, UInt64($0.count)) }
  }
}
