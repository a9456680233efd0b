import EngramScalars

extension ScalarType {
  /// How many bytes an array of `rows × rowLength` elements takes. Checked: no arithmetic of user numbers may wrap.
  func byteCount(rows: Int, rowLength: Int) throws(StorageError) -> Int {
    // Also where the other factor is 0: rows are counted and their lengths multiplied elsewhere.
    let limit = 0..<1 << 42
    guard limit.contains(rows), limit.contains(rowLength) else { throw .tooLarge(what: "an array of \(rows) × \(rowLength) elements") }
    let (elements, overflow) = rows.multipliedReportingOverflow(by: rowLength)
    let (bytes, overflowToo) = elements.multipliedReportingOverflow(by: byteCount)
    guard !overflow, !overflowToo, bytes < 1 << 46 else { throw .tooLarge(what: "an array of \(rows) × \(rowLength) elements") }
    return bytes
  }
}
