package import EngramScalars

/// Type and size of an array to export.
package struct ArrayShape: Hashable, Sendable {
  package var scalarType: ScalarType
  package var rows: Int
  package var rowLength: Int
  /// Recorded over time, one row per step or event.
  package var isRecording: Bool

  package init(scalarType: ScalarType, rows: Int, rowLength: Int, isRecording: Bool) {
    self.scalarType = scalarType
    self.rows = rows
    self.rowLength = rowLength
    self.isRecording = isRecording
  }
}
