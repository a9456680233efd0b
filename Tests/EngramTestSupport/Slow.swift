internal import Foundation
public import Testing

extension Trait where Self == ConditionTrait {
  /// A test, or a suite of tests, that takes several seconds of processor time: `tools/test --fast` leaves it out, and says so of each.
  public static var slow: Self { .disabled(if: ProcessInfo.processInfo.environment["ENGRAM_TESTS"] == "fast", "slow: left out by ENGRAM_TESTS=fast") }
}
