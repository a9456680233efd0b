internal import EngramKernels
internal import EngramSimulation

/// What the numbers of samples depend on: a seed, who wants them, and which time it is.
struct SampleSource {
  private enum Seed {
    case fixed(UInt64)
    case random(RandomState)
  }

  private let seed: Seed
  /// The object whose value is read, or nothing for constants.
  var owner = ""

  private init(_ seed: Seed) { self.seed = seed }

  /// For what is made once: the same numbers whenever it is made again.
  static func making(seed: UInt64) -> SampleSource { SampleSource(.fixed(seed)) }
  /// For steps: other numbers each time, as the formulas with `rand()` of steps have.
  static func stepping(_ random: RandomState) -> SampleSource { SampleSource(.random(random)) }

  /// A seed of its own for what is drawn in another way, and made once.
  func seed(for key: String) -> UInt64 {
    switch seed {
    case .fixed(let seed): RandomKey.key(seed: seed, object: owner, purpose: key, site: 0)
    case .random(let random): RandomKey.key(seed: random.seed, object: owner, purpose: "\(key) \(random.nextOperation())", site: 0)
    }
  }

  /// - Parameter key: what the value is for, such as the name of a variable.
  func samples(for key: String, call number: Int) -> RandomSamples {
    let (seed, step) =
      switch self.seed {
      case .fixed(let seed): (seed, Int64(0))
      case .random(let random): (random.seed, random.nextOperation())
      }
    return RandomSamples(key: RandomKey.key(seed: seed, object: owner, purpose: "array:\(key)", site: number), step: UInt64(step))
  }
}
