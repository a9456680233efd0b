import CHDF5
package import EngramScalars

extension ScalarType {
  /// How elements lie in a file: little-endian, whatever the machine (HDF-3). Call only inside `HDF5Library.perform`.
  var fileType: hid_t {
    switch self {
    case .float64: engram_h5_float64()
    case .float32: engram_h5_float32()
    case .int64: engram_h5_int64()
    case .int32: engram_h5_int32()
    case .bool: engram_h5_uint8()
    }
  }

  /// How elements lie in memory. Call only inside `HDF5Library.perform`.
  var memoryType: hid_t {
    switch self {
    case .float64: engram_h5_native_double()
    case .float32: engram_h5_native_float()
    case .int64: engram_h5_native_int64()
    case .int32: engram_h5_native_int32()
    case .bool: engram_h5_native_uint8()
    }
  }
}

/// What kind of elements a dataset of somebody else's file has.
package enum HDF5ElementKind: Hashable, Sendable {
  case float(bytes: Int)
  case integer(bytes: Int, isSigned: Bool)
  case text
  case other(String)

  /// The element type that holds every value without loss, if there is one.
  package var scalarType: ScalarType? {
    switch self {
    case .float(8): .float64
    case .float(4): .float32
    case .float(2): .float32
    case .integer(1, isSigned: false): .bool
    case .integer(let bytes, _) where bytes < 4: .int32
    case .integer(4, isSigned: true): .int32
    case .integer(4, isSigned: false): .int64
    case .integer(8, isSigned: true): .int64
    default: nil
    }
  }

  /// Whether an enumeration has the two values by which h5py and others write what is true or false: FALSE 0 and TRUE 1, of a byte.
  /// HDF5 itself reads enumerations as the numbers that they are.
  private static func isBoolean(_ type: hid_t) -> Bool {
    guard H5Tget_size(type) == 1, H5Tget_nmembers(type) == 2 else { return false }
    for (place, expected) in ["FALSE", "TRUE"].enumerated() {
      guard let name = H5Tget_member_name(type, UInt32(place)) else { return false }
      defer { H5free_memory(name) }
      var value: UInt8 = 0
      guard String(cString: name) == expected, H5Tget_member_value(type, UInt32(place), &value) >= 0, value == UInt8(place) else { return false }
    }
    return true
  }

  /// Call only inside `HDF5Library.perform`.
  static func of(_ type: hid_t) -> HDF5ElementKind? {
    let size = H5Tget_size(type)
    switch H5Tget_class(type) {
    case H5T_FLOAT: return .float(bytes: size)
    case H5T_INTEGER: return .integer(bytes: size, isSigned: H5Tget_sign(type) != H5T_SGN_NONE)
    case H5T_STRING: return .text
    case H5T_COMPOUND: return .other("compound")
    case H5T_ENUM: return isBoolean(type) ? .integer(bytes: 1, isSigned: false) : .other("enumeration")
    case H5T_REFERENCE: return .other("reference")
    case H5T_VLEN: return .other("variable-length")
    case H5T_ARRAY: return .other("array")
    case H5T_NO_CLASS: return nil
    default: return .other("opaque")
    }
  }
}
