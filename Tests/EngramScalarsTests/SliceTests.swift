import EngramScalars
import Testing

@Suite("Slices and indices") struct SliceTests {
  /// What Python's `"01234"[low:high]` gives for the upper bounds none, -9, -1, 0, 4, 5 and 9.
  @Test(
    "SUB-1, VAR-21: slices choose what they choose in Python",
    arguments: [
      (nil, ["01234", "", "0123", "", "0123", "01234", "01234"]),
      (-9, ["01234", "", "0123", "", "0123", "01234", "01234"]),
      (-5, ["01234", "", "0123", "", "0123", "01234", "01234"]),
      (-2, ["34", "", "3", "", "3", "34", "34"]),
      (0, ["01234", "", "0123", "", "0123", "01234", "01234"]),
      (3, ["34", "", "3", "", "3", "34", "34"]),
      (5, ["", "", "", "", "", "", ""]),
      (9, ["", "", "", "", "", "", ""]),
    ] as [(Int?, [String])])
  func slices(low: Int?, expected: [String]) {
    for (high, elements) in zip([nil, -9, -1, 0, 4, 5, 9] as [Int?], expected) {
      #expect(Range(slice: low, high, of: 5).map { "\($0)" }.joined() == elements, "[\(String(describing: low)):\(String(describing: high))]")
      #expect(Range(slice: low, high, of: 0).isEmpty)
    }
  }

  @Test("SUB-1, VAR-21: an index below 0 counts from the end; beyond both ends there is no element")
  func indices() {
    #expect([-6, -5, -1, 0, 4, 5, .min, .max].map { $0.element(of: 5) } == [nil, 0, 4, 0, 4, nil, nil, nil])
    #expect(0.element(of: 0) == nil && (-1).element(of: 0) == nil)
  }
}
