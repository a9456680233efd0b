extension ScalarType {
  /// Whether every value of the other type is one of this type too, so that converting loses nothing.
  package func holdsEveryValue(of other: ScalarType) -> Bool {
    switch (other, self) {
    case (.bool, _), (.int32, .int64), (.int32, .float64), (.float32, .float64): true
    default: other == self
    }
  }

  /// Converts elements: floats truncate towards zero and saturate at the ends of the type, integers that are too wide lose
  /// their upper bits, non-zero is true (VAR-29). Neither buffer need be aligned.
  ///
  /// - Precondition: `source` holds whole elements of `type`, `target` as many of this one.
  package func convert(_ source: UnsafeRawBufferPointer, of type: ScalarType, into target: UnsafeMutableRawBufferPointer) {
    let count = source.count / type.byteCount
    precondition(target.count == count * byteCount, "\(count) elements of \(self) do not have \(target.count) bytes")
    for index in 0..<count {
      if let integer = type.integer(source, index) {
        store(integer, Double(integer), target, index)
      } else {
        let real = type.real(source, index)
        let integer = Int64(saturating: real)
        store(self == .int32 ? Int64(Int32(clamping: integer)) : integer, real, target, index)
      }
    }
  }

  private func integer(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int64? {
    switch self {
    case .int32: Int64(bytes.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
    case .int64: bytes.loadUnaligned(fromByteOffset: index * 8, as: Int64.self)
    case .bool: Int64(bytes[index])
    case .float32, .float64: nil
    }
  }

  private func real(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Double {
    switch self {
    case .float32: Double(bytes.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
    case .float64: bytes.loadUnaligned(fromByteOffset: index * 8, as: Double.self)
    case .int32, .int64, .bool: 0
    }
  }

  private func store(_ integer: Int64, _ real: Double, _ bytes: UnsafeMutableRawBufferPointer, _ index: Int) {
    switch self {
    case .float64: bytes.storeBytes(of: real, toByteOffset: index * 8, as: Double.self)
    case .float32: bytes.storeBytes(of: Float(real), toByteOffset: index * 4, as: Float.self)
    case .int32: bytes.storeBytes(of: Int32(truncatingIfNeeded: integer), toByteOffset: index * 4, as: Int32.self)
    case .int64: bytes.storeBytes(of: integer, toByteOffset: index * 8, as: Int64.self)
    case .bool: bytes[index] = real != 0 ? 1 : 0
    }
  }
}

extension Int64 {
  /// Truncates towards zero; out of range gives the nearest bound, NaN gives 0.
  package init(saturating value: Double) {
    if let exact = Int64(exactly: value.rounded(.towardZero)) { self = exact } else { self = value.isNaN ? 0 : value < 0 ? .min : .max }
  }
}
