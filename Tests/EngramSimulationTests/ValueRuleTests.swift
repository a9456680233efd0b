import EngramScalars
import Testing

@testable import EngramSimulation

@Suite("What a stored number can be") struct ValueRuleTests {
  /// Place of the first value that a rule refuses.
  private func refused<Value: BitwiseCopyable>(_ rule: ValueRule, _ type: ScalarType, _ values: [Value]) -> Int? {
    var previous: Double?
    return values.withUnsafeBytes { rule.violation(in: $0, of: type, after: &previous)?.place }
  }

  private func refused(_ rule: ValueRule, _ values: [Double]) -> Int? { refused(rule, .float64, values) }

  @Test("CKP-16: elements, counts, steps and flags have their bounds") func integers() {
    let element = ValueRule.element(of: "G") { 3 }
    #expect(refused(element, .int32, [0, 2, 1, 2] as [Int32]) == nil)
    #expect(refused(element, .int32, [0, 3] as [Int32]) == 1 && refused(element, .int32, [-1] as [Int32]) == 0)
    #expect(refused(ValueRule.element(of: "G") { 0 }, .int32, [0] as [Int32]) == 0)
    #expect(refused(.count, .int32, [0, .max] as [Int32]) == nil && refused(.count, .int32, [5, -1] as [Int32]) == 1)
    #expect(refused(.count, .int64, [Int64(Int32.max) + 1]) == 0)
    #expect(refused(.steps, .int64, [0, 1 << 62] as [Int64]) == nil && refused(.steps, .int64, [(1 << 62) + 1] as [Int64]) == 0)
    #expect(refused(.flag, .bool, [0, 1, 1] as [UInt8]) == nil && refused(.flag, .bool, [0, 1, 2] as [UInt8]) == 2)
  }

  @Test("CKP-16: times and delays are finite where they have to be, not negative or positive where that has a meaning") func reals() {
    for rule in [ValueRule.finite, .notNegative, .positive] {
      #expect(refused(rule, [1, .infinity]) == 1 && refused(rule, [.nan]) == 0)
      #expect(refused(rule, .float32, [1 as Float, -.infinity]) == 1)
    }
    #expect(refused(.finite, [-1e300, 0, 1e300]) == nil)
    #expect(refused(.notNegative, [0, .leastNonzeroMagnitude]) == nil && refused(.notNegative, [0, -.leastNonzeroMagnitude]) == 1)
    #expect(refused(.positive, [.leastNonzeroMagnitude]) == nil && refused(.positive, [0]) == 0)
    #expect(refused(.number, [.infinity, -.infinity]) == nil && refused(.number, [0, .nan]) == 1)
  }

  @Test("CKP-16: times of an event clock ascend, each later than the one before, also from one piece of them to the next") func ascending() {
    #expect(refused(.ascendingTimes, [0, 1e-3, .infinity]) == nil)
    #expect(refused(.ascendingTimes, [0, 1e-3, 1e-3]) == 2 && refused(.ascendingTimes, [2, 1]) == 1)
    #expect(refused(.ascendingTimes, [-1e-3]) == 0 && refused(.ascendingTimes, [.nan]) == 0)
    var previous: Double? = 5
    let place = [4.0].withUnsafeBytes { ValueRule.ascendingTimes.violation(in: $0, of: .float64, after: &previous)?.place }
    #expect(place == 0)
  }
}
