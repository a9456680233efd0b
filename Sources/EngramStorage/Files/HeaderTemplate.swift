/// What headers of lists of rows have in common, where they are of one type and row length: from it, that of any number of rows is made without
/// asking for it.
///
/// The writer of headers knows a format that this room does not, and takes half a millisecond. But such headers differ only in numbers of eight
/// bytes, lowest first: the rows, their bytes, and where they end. Where these stand is found by comparing two headers of so many rows that no
/// number is taken for another; a third has to come out right.
struct HeaderTemplate: Sendable {
  private enum Meaning: CaseIterable {
    case rows, byteCount, end
  }

  private let bytes: [UInt8]
  private let fields: [(place: Int, meaning: Meaning)]
  private let rowByteCount: Int
  /// Where the first row is.
  private let start: Int

  /// Numbers without a 0 in their lower bytes.
  private static let probes = [0x12_3456_789B, 0x21_6543_A987, 0x0F_1E2D_3C4B]
  private static let greatestRows = 1 << 40

  /// Nil where headers differ in other ways, or cannot be made.
  init?(rowByteCount: Int, start: Int, _ make: (_ rows: Int) throws(StorageError) -> [UInt8]) {
    guard rowByteCount > 0, rowByteCount < 1 << 18, let samples = try? HeaderTemplate.probes.map(make),
      Set(samples.map(\.count)).count == 1
    else { return nil }
    bytes = samples[0]
    self.rowByteCount = rowByteCount
    self.start = start
    let places = 0..<max(0, samples[0].count - 7)
    fields = places.flatMap { place in
      Meaning.allCases.filter { meaning in
        zip(samples, HeaderTemplate.probes).prefix(2).allSatisfy { sample, rows in
          sample[place..<place + 8].elementsEqual(HeaderTemplate.field(meaning, rows, rowByteCount, start))
        }
      }.map { (place, $0) }
    }
    guard zip(samples, HeaderTemplate.probes).allSatisfy({ header(rows: $1) == $0 }) else { return nil }
  }

  /// The header of so many rows; nil for none, and for more than there can be.
  func header(rows: Int) -> [UInt8]? {
    guard rows > 0, rows < HeaderTemplate.greatestRows else { return nil }
    var header = bytes
    for (place, meaning) in fields {
      header.replaceSubrange(place..<place + 8, with: HeaderTemplate.field(meaning, rows, rowByteCount, start))
    }
    return header
  }

  private static func field(_ meaning: Meaning, _ rows: Int, _ rowByteCount: Int, _ start: Int) -> [UInt8] {
    let value =
      switch meaning {
      case .rows: rows
      case .byteCount: rows * rowByteCount
      case .end: start + rows * rowByteCount
      }
    return withUnsafeBytes(of: UInt64(value).littleEndian) { Array($0) }
  }
}
