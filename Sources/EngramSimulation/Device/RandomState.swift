import EngramKernels

/// What all random numbers depend on, beside the object, the purpose, the step and the element (RNG-1…8).
package final class RandomState {
  /// Drawn from the system's entropy when first needed, unless set (RNG-5).
  private var chosenSeed: UInt64?
  /// Whether the seed was set by the user.
  package private(set) var isUserSeed = false
  /// Draws made outside of steps since the seed was set (RNG-6).
  package private(set) var operationsOutsideSteps: Int64 = 0
  /// Restores with `.keepCurrent` so far (RNG-8).
  package private(set) var continuedRestores: Int64 = 0

  package init() {}

  package var seed: UInt64 {
    if let chosenSeed { return chosenSeed }
    let drawn = UInt64.random(in: .min ... .max)
    chosenSeed = drawn
    return drawn
  }

  package func setSeed(_ seed: UInt64) {
    chosenSeed = seed
    isUserSeed = true
    operationsOutsideSteps = 0
  }

  /// Begins anew with a seed that is made of the present one and a number.
  package func deriveSeed(_ number: UInt64) { setSeed(RandomKey.key(seed: seed, object: "", purpose: "branch", site: number)) }

  /// Draws a new seed from entropy (RNG-5).
  package func reseed() {
    setSeed(UInt64.random(in: .min ... .max))
    isUserSeed = false
  }

  /// The step number of the next operation that draws outside of steps.
  package func nextOperation() -> Int64 {
    defer { operationsOutsideSteps += 1 }
    return operationsOutsideSteps
  }

  /// RNG-8: goes on with numbers that were not drawn before, although time goes back.
  package func continueAfterRestore() {
    continuedRestores += 1
    chosenSeed = RandomKey.key(seed: seed, object: "", purpose: "continue", site: Int(truncatingIfNeeded: continuedRestores))
  }

  /// Goes on where another one stands; what has no seed yet stays without.
  func takeOver(_ other: RandomState) {
    chosenSeed = other.chosenSeed
    isUserSeed = other.isUserSeed
    operationsOutsideSteps = other.operationsOutsideSteps
    continuedRestores = other.continuedRestores
  }

  /// The stored form.
  package struct Snapshot: Hashable {
    package var seed: UInt64
    package var isUserSeed: Bool
    package var operationsOutsideSteps: Int64
    package var continuedRestores: Int64

    package init(seed: UInt64, isUserSeed: Bool, operationsOutsideSteps: Int64, continuedRestores: Int64) {
      self.seed = seed
      self.isUserSeed = isUserSeed
      self.operationsOutsideSteps = operationsOutsideSteps
      self.continuedRestores = continuedRestores
    }
  }

  package var snapshot: Snapshot {
    get { Snapshot(seed: seed, isUserSeed: isUserSeed, operationsOutsideSteps: operationsOutsideSteps, continuedRestores: continuedRestores) }
    set {
      chosenSeed = newValue.seed
      isUserSeed = newValue.isUserSeed
      operationsOutsideSteps = newValue.operationsOutsideSteps
      continuedRestores = newValue.continuedRestores
    }
  }
}
