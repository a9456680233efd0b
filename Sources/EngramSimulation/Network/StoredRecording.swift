package import EngramScalars
package import EngramStorage
package import EngramUnits

/// A recording of an object as checkpoints see it.
public struct StoredRecording {
  /// Name of the recorded variable; unique within the object.
  public let name: String
  package let recording: Recording
  package let type: ScalarType
  /// Elements per row.
  package let rowLength: Int
  package let dimension: Dimension
  /// What recorded values can be.
  package let rule: ValueRule

  package init(
    name: String, recording: Recording, type: ScalarType, rowLength: Int, dimension: Dimension, rule: ValueRule? = nil
  ) {
    self.name = name
    self.recording = recording
    self.type = type
    self.rowLength = rowLength
    self.dimension = dimension
    self.rule = rule ?? (type == .bool ? .flag : .anything)
  }
}
