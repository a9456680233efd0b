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

  /// Call only inside `HDF5Library.perform`.
  static func of(_ type: hid_t) -> HDF5ElementKind? {
    let size = H5Tget_size(type)
    switch H5Tget_class(type) {
    case H5T_FLOAT: return .float(bytes: size)
    case H5T_INTEGER: return .integer(bytes: size, isSigned: H5Tget_sign(type) != H5T_SGN_NONE)
    case H5T_STRING: return .text
    case H5T_COMPOUND: return .other("compound")
    case H5T_ENUM: return .other("enumeration")
    case H5T_REFERENCE: return .other("reference")
    case H5T_VLEN: return .other("variable-length")
    case H5T_ARRAY: return .other("array")
    case H5T_NO_CLASS: return nil
    default: return .other("opaque")
    }
  }
}
