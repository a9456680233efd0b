import CEngramMath
import EngramKernels

/// Random numbers outside of kernels, drawn as kernels draw them.
struct RandomStream: Hashable {
  let key: UInt64

  init(seed: UInt64, object: String, purpose: String, site: Int) {
    key = RandomKey.key(seed: seed, object: object, purpose: purpose, site: site)
  }

  /// In 0 ..< 1.
  func uniform(element: UInt64, step: UInt64) -> Double { engram_random_uniform(key, element, step) }
  /// Standard normal.
  func normal(element: UInt64, step: UInt64) -> Double { engram_random_normal(key, element, step) }
  func poisson(mean: Double, element: UInt64, step: UInt64) -> Int64 { engram_random_poisson(key, element, step, mean) }
  func binomial(trials: Int64, probability: Double, element: UInt64, step: UInt64) -> Int64 {
    engram_random_binomial(key, element, step, trials, probability)
  }
}
