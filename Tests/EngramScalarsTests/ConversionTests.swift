import EngramScalars
import Testing

@Suite("Conversions of stored elements") struct StoredConversionTests {
  /// What becomes of elements of one type in another.
  private func converted<From: BitwiseCopyable, To: BitwiseCopyable>(
    _ elements: [From], _ from: ScalarType, to: ScalarType, zero: To
  ) -> [To] {
    var result = [To](repeating: zero, count: elements.count)
    elements.withUnsafeBytes { source in result.withUnsafeMutableBytes { to.convert(source, of: from, into: $0) } }
    return result
  }

  @Test("COD-9: a float that becomes an integer loses its fraction; beyond the range it becomes the nearest end, and NaN 0")
  func floats() {
    let values = [2.9, -2.9, 0, 2_147_483_647.9, 2_147_483_648, -2_147_483_648.9, -2_147_483_649, 1e12, -1e12, 1e300, -.infinity, .nan]
    let ends: [Int32] = [2, -2, 0, .max, .max, .min, .min, .max, .min, .max, .min, 0]
    #expect(converted(values, .float64, to: .int32, zero: Int32(0)) == ends)
    let far = [1e12, -1e12, 0x1p63, -0x1p63, 1e300, -.infinity, .nan]
    #expect(converted(far, .float64, to: .int64, zero: Int64(0)) == [1_000_000_000_000, -1_000_000_000_000, .max, .min, .max, .min, 0])
    #expect(converted([1.5 as Float, -0.5, 3e9], .float32, to: .int32, zero: Int32(0)) == [1, 0, .max])
  }

  @Test("COD-9: an integer of 64 bits keeps the lower half in 32; what is not 0 is true") func integers() {
    let values: [Int64] = [1, -1, 1 << 32, (1 << 32) + 5, .max, .min]
    #expect(converted(values, .int64, to: .int32, zero: Int32(0)) == [1, -1, 0, 5, -1, 0])
    #expect(converted(values, .int64, to: .bool, zero: UInt8(7)) == [1, 1, 1, 1, 1, 1])
    #expect(converted([0.0, -0.0, 0.5, .nan], .float64, to: .bool, zero: UInt8(7)) == [0, 0, 1, 1])
    #expect(converted([3 as Int32, -3], .int32, to: .float64, zero: 0.0) == [3, -3])
  }
}
