import CEngramMath
import Foundation
import Testing

@Suite("Random numbers") struct RandomNumberTests {
  static let samples = 20_000

  @Test("RNG-2: Philox4x32-10 gives the known answers of Random123")
  func knownAnswers() {
    func check(_ key: UInt64, _ low: UInt64, _ high: UInt64, _ expected: [UInt32]) {
      var words: [UInt32] = [0, 0, 0, 0]
      engram_philox4x32(key, low, high, &words)
      #expect(words == expected)
    }
    check(0, 0, 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    check(.max, .max, .max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    check(
      0x299f_31d0_a409_3822, 0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e,
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }

  /// Largest distance between the empirical distribution and `cumulative`, times sqrt(n): 1.95 is exceeded once in 1000.
  func kolmogorov(_ values: [Double], _ cumulative: (Double) -> Double) -> Double {
    let sorted = values.sorted(), n = Double(values.count)
    var worst = 0.0
    for (i, x) in sorted.enumerated() {
      let f = cumulative(x)
      worst = max(worst, f - Double(i) / n, Double(i + 1) / n - f)
    }
    return worst * n.squareRoot()
  }

  @Test("RNG-2: uniform numbers are uniform in [0, 1), over elements and over steps")
  func uniformDistribution() {
    let overElements = (0..<Self.samples).map { engram_random_uniform(11, UInt64($0), 3) }
    let overSteps = (0..<Self.samples).map { engram_random_uniform(11, 5, UInt64($0)) }
    for values in [overElements, overSteps] {
      #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
      #expect(kolmogorov(values) { $0 } < 1.95)
      #expect(kolmogorov(values.map { $0 * 0.97 }) { $0 } > 1.95)  // the test sees a range that is 3 % too short
      var product = 0.0
      for i in 1..<values.count { product += (values[i] - 0.5) * (values[i - 1] - 0.5) }
      #expect(abs(product / Double(values.count) * 12 * Double(values.count).squareRoot()) < 4)
    }
  }

  @Test("RNG-2: normal numbers follow the standard normal distribution and do not depend on their neighbours")
  func normalDistribution() {
    let values = (0..<Self.samples).map { engram_random_normal(12, UInt64($0), 9) }
    let cumulative = { (x: Double) in 0.5 * erfc(-x / 2.0.squareRoot()) }
    #expect(kolmogorov(values, cumulative) < 1.95)
    #expect(kolmogorov(values.map { $0 * 1.05 }, cumulative) > 1.95)
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n, second = values.map { $0 * $0 }.reduce(0, +) / n
    let fourth = values.map { $0 * $0 * $0 * $0 }.reduce(0, +) / n
    #expect(abs(mean) < 4 / n.squareRoot())
    #expect(abs(second - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(fourth - 3) < 4 * (96 / n).squareRoot())
    var product = 0.0
    for i in 1..<values.count { product += values[i] * values[i - 1] }
    #expect(abs(product / n) < 4 / n.squareRoot())
    var squares = 0.0  // partners of one Box-Muller pair share a radius before they are independent
    for i in stride(from: 0, to: values.count, by: 2) {
      squares += (values[i] * values[i] - 1) * (values[i + 1] * values[i + 1] - 1)
    }
    #expect(abs(squares / (n / 2)) < 4 * 2 / (n / 2).squareRoot())
  }

  /// Chi-square of counts against probabilities, as standard deviations from its mean; rare values are pooled.
  func chiSquare(_ values: [Int64], _ probability: (Int64) -> Double, _ range: ClosedRange<Int64>) -> Double {
    var counts: [Int64: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    let n = Double(values.count)
    var statistic = 0.0, cells = 0, pooledExpected = 0.0, pooledCount = 0, inside = 0, mass = 0.0
    func close() {
      statistic += (Double(pooledCount) - pooledExpected) * (Double(pooledCount) - pooledExpected) / pooledExpected
      cells += 1
      (pooledExpected, pooledCount) = (0, 0)
    }
    for k in range {
      let p = probability(k), count = counts[k] ?? 0
      pooledExpected += p * n
      pooledCount += count
      inside += count
      mass += p
      if pooledExpected >= 20 { close() }
    }
    pooledExpected += (1 - mass) * n
    pooledCount += values.count - inside
    if pooledExpected > 1e-6 || pooledCount > 0 {
      pooledExpected = max(pooledExpected, 1e-9)
      close()
    }
    let freedom = Double(cells - 1)
    return (statistic - freedom) / (2 * freedom).squareRoot()
  }

  func poissonProbability(_ lambda: Double) -> (Int64) -> Double {
    { k in exp(Double(k) * log(lambda) - lambda - lgamma(Double(k) + 1)) }
  }

  @Test(
    "RNG-2: Poisson numbers follow the Poisson distribution, for small and large means",
    arguments: [0.05, 0.7, 4.5, 24.9, 25.1, 60, 1000, 2e5])
  func poisson(lambda: Double) {
    let values = (0..<Self.samples).map { engram_random_poisson(13, UInt64($0), 2, lambda) }
    let spread = 12 * lambda.squareRoot() + 12
    let range = Int64(max(0, lambda - spread))...Int64(lambda + spread)
    #expect(abs(chiSquare(values, poissonProbability(lambda), range)) < 4)
    let other = lambda + max(0.05, 0.1 * lambda.squareRoot())
    #expect(chiSquare(values, poissonProbability(other), range) > 4)  // the test sees a mean that is a little wrong
  }

  @Test("RNG-2: Poisson numbers of means that are no means are 0, of huge ones finite")
  func poissonEdges() {
    for lambda in [0, -1, -Double.infinity, .nan] { #expect(engram_random_poisson(1, 2, 3, lambda) == 0) }
    for lambda in [1e12, 1e15, 1e18] {
      let value = Double(engram_random_poisson(1, 2, 3, lambda))
      #expect(abs(value - lambda) < 8 * lambda.squareRoot())
    }
    #expect(engram_random_poisson(1, 2, 3, .infinity) == .max)
  }

  @Test(
    "RNG-2: binomial numbers follow the binomial distribution",
    arguments: [(1, 0.3), (7, 0.5), (30, 0.9), (200, 0.04), (200, 0.3), (1000, 0.95), (100_000, 0.4)] as [(Int64, Double)])
  func binomial(n: Int64, p: Double) {
    let values = (0..<Self.samples).map { engram_random_binomial(14, UInt64($0), 2, n, p) }
    #expect(values.allSatisfy { $0 >= 0 && $0 <= n })
    func probability(_ p: Double) -> (Int64) -> Double {
      { (successes: Int64) -> Double in
        let trials = Double(n), k = Double(successes)
        let ways: Double = lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1)
        let chance: Double = k * log(p) + (trials - k) * log1p(-p)
        return exp(ways + chance)
      }
    }
    let deviation = (Double(n) * p * (1 - p)).squareRoot()
    let low = max(0, Int64(Double(n) * p - 12 * deviation - 12)), high = min(n, Int64(Double(n) * p + 12 * deviation + 12))
    #expect(abs(chiSquare(values, probability(p), low...high)) < 4)
    let other = p + 0.1 * deviation / Double(n) + (n == 1 ? 0.03 : 0)
    #expect(chiSquare(values, probability(other), low...high) > 4)
  }

  @Test("RNG-2: binomial numbers at the edges are certain")
  func binomialEdges() {
    for (n, p, expected) in [(0, 0.5, 0), (-3, 0.5, 0), (10, 0, 0), (10, -1, 0), (10, 1, 10), (10, 2, 10), (10, .nan, 0)] as [(Int64, Double, Int64)] {
      #expect(engram_random_binomial(1, 2, 3, n, p) == expected)
    }
  }

  @Test("RNG-7: every bit of 2^48 steps, 2^40 elements and the key changes the number")
  func counters() {
    let base = engram_random_uniform(77, 0, 0)
    var seen: Set<Double> = [base]
    for bit in 0..<48 { #expect(seen.insert(engram_random_uniform(77, 0, 1 << bit)).inserted, "step bit \(bit)") }
    for bit in 0..<63 { #expect(seen.insert(engram_random_uniform(77, 1 << bit, 0)).inserted, "element bit \(bit)") }
    for bit in 0..<64 { #expect(seen.insert(engram_random_uniform(77 ^ (1 << bit), 0, 0)).inserted, "key bit \(bit)") }
    // The largest counters still lead to different Philox blocks than their neighbours.
    let last: UInt64 = (1 << 48) - 1
    #expect(engram_random_uniform(77, (1 << 40) - 1, last) != engram_random_uniform(77, (1 << 40) - 2, last))
    #expect(engram_random_uniform(77, 6, last) != engram_random_uniform(77, 6, last - 1))
    // Layout: element pair in the low counter, step below attempt in the high one.
    var words: [UInt32] = [0, 0, 0, 0]
    engram_philox4x32(77, 21, 5, &words)
    #expect(engram_random_uniform(77, 42, 5) == Double(words[0]) * 0x1p-32 + Double(words[1] >> 11) * 0x1p-53)
    #expect(engram_random_uniform(77, 43, 5) == Double(words[2]) * 0x1p-32 + Double(words[3] >> 11) * 0x1p-53)
  }

  @Test("RNG-7: a key is what it has always been: FNV-1a over the bytes, mixed as SplitMix64 before every eighth and at the end")
  func keyByDefinition() {
    func mixed(_ value: UInt64) -> UInt64 {
      var z = value
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    func defined(_ seed: UInt64, _ bytes: [UInt8]) -> UInt64 {
      var key = seed &+ 0x9e37_79b9_7f4a_7c15
      for (place, byte) in bytes.enumerated() {
        if place % 8 == 0 { key = mixed(key) }
        key = (key ^ UInt64(byte)) &* 0x100_0000_01b3
      }
      key = (mixed(key) ^ UInt64(bytes.count)) &* 0x9e37_79b9_7f4a_7c15
      return key ^ (key >> 32)
    }
    for text in ["", "a", "neurongroup|xi|0", "exactly8", "\0\0", "Größe ∆"] {
      for seed in [0, 1, 42, .max] as [UInt64] {
        let bytes = Array(text.utf8)
        #expect(bytes.withUnsafeBufferPointer { engram_random_key(seed, $0.baseAddress, UInt64($0.count)) } == defined(seed, bytes), "\(text) \(seed)")
      }
    }
  }

  @Test("RNG-2: what a Poisson number of a large mean draws beside its first uniform number is no number of another step")
  func attemptsAreApart() {
    // Hörmann (1993), PTRS: at |u - 1/2| ≤ 0.43 the proposal is taken at once if v ≤ v_r; so where it was not, v is greater.
    let mean = 30.0
    let b = 0.931 + 2.53 * mean.squareRoot()
    let (a, limit) = (-0.059 + 0.02483 * b, 0.9277 - 3.6224 / (b - 2))
    var (refused, belowInNext) = (0, 0)
    for step in stride(from: 0, to: 40_000, by: 2) as StrideTo<UInt64> {
      let x = engram_random_uniform(7, 3, step) - 0.5
      let us = 0.5 - abs(x)
      guard us >= 0.07 else { continue }
      let proposal = Int64(((2 * a / us + b) * x + mean + 0.43).rounded(.down))
      guard engram_random_poisson(7, 3, step, mean) != proposal else { continue }
      refused += 1
      if engram_random_uniform(7, 3, step + 1) <= limit { belowInNext += 1 }
    }
    // Independent of the next step's number, which is below the limit in about two of three cases.
    #expect(refused > 100)
    #expect(Double(belowInNext) > Double(refused) * (limit - 0.2))
  }

  @Test("RNG-7: keys made from names differ for different names and seeds, and stay what they are")
  func keys() {
    func key(_ seed: UInt64, _ text: String) -> UInt64 {
      let bytes = Array(text.utf8)
      return bytes.withUnsafeBufferPointer { engram_random_key(seed, $0.baseAddress, UInt64($0.count)) }
    }
    var seen: Set<UInt64> = []
    for i in 0..<20_000 { seen.insert(key(1, "neurongroup_\(i)|threshold|0")) }
    for seed in 2..<2000 as Range<UInt64> { seen.insert(key(seed, "neurongroup|xi|0")) }
    seen.insert(key(1, ""))
    seen.insert(key(1, "\0"))
    seen.insert(key(1, "\0\0"))
    #expect(seen.count == 20_000 + 1998 + 3)
    #expect(key(42, "a|b|0") == key(42, "a|b|0"))
    let bits = (0..<64).map { bit in (0..<2000).filter { (key(9, "g\($0)") >> UInt64(bit)) & 1 == 1 }.count }
    #expect(bits.allSatisfy { abs(Double($0) - 1000) < 5 * 500.0.squareRoot() })
  }
}
