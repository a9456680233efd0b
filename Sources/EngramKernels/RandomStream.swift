import CEngramMath

/// Random numbers that are functions of where they are used: key, element, step (RNG-3).
///
/// Inside kernels the machine draws the same numbers; this is for code outside them (connecting, sampling).
package struct RandomStream: Sendable, Hashable {
  package let key: UInt64

  package init(key: UInt64) { self.key = key }

  /// - Parameters:
  ///   - object: the object's name (RNG-7).
  ///   - purpose: what the object draws for (`thresholder`, `connect`, …).
  ///   - site: the number of the textual call.
  package init(seed: UInt64, object: String, purpose: String, site: Int) {
    key = Self.key(seed: seed, object: object, purpose: purpose, site: site)
  }

  package static func key(seed: UInt64, object: String, purpose: String, site: Int) -> UInt64 {
    var text = "\(object)|\(purpose)|\(site)"
    return text.withUTF8 { engram_random_key(seed, $0.baseAddress, UInt64($0.count)) }
  }

  /// In 0 ..< 1.
  package func uniform(element: UInt64, step: UInt64) -> Double { engram_random_uniform(key, element, step) }
  /// Standard normal.
  package func normal(element: UInt64, step: UInt64) -> Double { engram_random_normal(key, element, step) }
  /// 0 where `mean` is not positive.
  package func poisson(mean: Double, element: UInt64, step: UInt64) -> Int64 {
    engram_random_poisson(key, element, step, mean)
  }
  package func binomial(trials: Int64, probability: Double, element: UInt64, step: UInt64) -> Int64 {
    engram_random_binomial(key, element, step, trials, probability)
  }
}
