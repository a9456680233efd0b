import CEngramMath

/// Numbers of the usual distributions for whole lists: the number at a place is a function of key, place and step alone, so that
/// neither order nor length of other lists changes it.
package struct RandomSamples: Sendable {
  private let key: UInt64
  private let step: UInt64

  /// - Parameters:
  ///   - key: of the text that draws (``RandomKey``).
  ///   - step: of which repetition of that text.
  package init(key: UInt64, step: UInt64) { (self.key, self.step) = (key, step) }

  /// From 0 up to, and not including, 1.
  package func uniform(_ place: Int) -> Double { engram_random_uniform(key, UInt64(place), step) }
  /// Mean 0, standard deviation 1.
  package func normal(_ place: Int) -> Double { engram_random_normal(key, UInt64(place), step) }
  /// Mean 1.
  package func exponential(_ place: Int) -> Double { -engram_log1p(-uniform(place)) }
  package func poisson(_ place: Int, mean: Double) -> Double { Double(engram_random_poisson(key, UInt64(place), step, mean)) }
  package func binomial(_ place: Int, _ count: Int64, _ p: Double) -> Double { Double(engram_random_binomial(key, UInt64(place), step, count, p)) }

  /// Of this shape, with scale 1.
  ///
  /// - SeeAlso: Marsaglia & Tsang (2000), A simple method for generating gamma variables, doi:10.1145/358407.358414.
  package func gamma(_ place: Int, shape: Double) -> Double {
    // A smaller shape is brought above 1 by a power of another number.
    if shape < 1 {
      let power = engram_pow(attempt(0, of: "power").uniform(place), 1 / shape)
      return gamma(place, shape: shape + 1) * power
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    var number = 0
    while true {
      let x = attempt(number, of: "normal").normal(place)
      let u = attempt(number, of: "uniform").uniform(place)
      number += 1
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if engram_log(u) < 0.5 * x * x + d - d * v + d * engram_log(v) { return d * v }
    }
  }

  /// A whole number from 0 up to, and not including, the limit.
  package func below(_ place: Int, _ limit: Double) -> Double { min((uniform(place) * limit).rounded(.down), limit - 1) }

  /// Another list of numbers for the same places.
  private func attempt(_ number: Int, of purpose: String) -> RandomSamples {
    RandomSamples(key: RandomKey.key(seed: key, object: "", purpose: purpose, site: number), step: step)
  }
}
