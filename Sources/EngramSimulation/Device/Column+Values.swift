import EngramScalars
import EngramStorage

extension Column {
  /// Stores one value with the conversions of model code (COD-9): floats truncate to integers and saturate, non-zero is true.
  ///
  /// The caller announces the change with ``touch()``, and has refused what users do not mean (`ScalarType.misfit`).
  func store(_ value: Double, at index: Int) {
    switch scalarType {
    case .float64: base.assumingMemoryBound(to: Double.self)[index] = value
    case .float32: base.assumingMemoryBound(to: Float.self)[index] = Float(value)
    case .int32: base.assumingMemoryBound(to: Int32.self)[index] = Int32(clamping: Int64(saturating: value))
    case .int64: base.assumingMemoryBound(to: Int64.self)[index] = Int64(saturating: value)
    case .bool: base.assumingMemoryBound(to: UInt8.self)[index] = value != 0 ? 1 : 0
    }
  }
}
