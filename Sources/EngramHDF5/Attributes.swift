import CHDF5

// Attributes of groups and datasets. Text has a fixed length and is UTF-8 (HDF-3, HDF-4).

extension HDF5Object {
  package func set(_ name: String, text: String) throws(HDF5Error) {
    let bytes = paddedText(text)
    try writeAttribute(name, shape: []) {
      $0.keep(textType(of: bytes, byteCount: bytes.count), H5Tclose)
    } bytes: { body in
      bytes.withUnsafeBytes(body)
    }
  }

  package func set(_ name: String, numbers: [Double]) throws(HDF5Error) {
    try writeAttribute(name, shape: [numbers.count]) { _ in
      engram_h5_float64()
    } bytes: {
      numbers.withUnsafeBytes($0)
    }
  }

  package func set(_ name: String, number: Double) throws(HDF5Error) {
    try writeAttribute(name, shape: []) { _ in
      engram_h5_float64()
    } bytes: { body in
      withUnsafeBytes(of: number, body)
    }
  }

  package func set(_ name: String, integer: Int64) throws(HDF5Error) {
    try writeAttribute(name, shape: []) { _ in
      engram_h5_int64()
    } bytes: { body in
      withUnsafeBytes(of: integer, body)
    }
  }

  package func set(_ name: String, bytes: [UInt8]) throws(HDF5Error) {
    try writeAttribute(name, shape: [bytes.count]) { _ in
      engram_h5_uint8()
    } bytes: {
      bytes.withUnsafeBytes($0)
    }
  }

  /// Nil if there is no such attribute.
  package func text(_ name: String) throws(HDF5Error) -> String? {
    let operation = "read the attribute '\(name)' of '\(path)'"
    return try HDF5Library.perform(operation) { () -> String?? in
      guard H5Aexists(objectID, name) > 0 else { return .some(nil) }
      return Scratch.with { scratch -> String?? in
        guard let attribute = scratch.keep(H5Aopen(objectID, name, hid_t(H5P_DEFAULT)), H5Aclose),
          let type = scratch.keep(H5Aget_type(attribute), H5Tclose), H5Tget_class(type) == H5T_STRING,
          let space = scratch.keep(H5Aget_space(attribute), H5Sclose), H5Sget_simple_extent_npoints(space) == 1
        else { return nil }
        if H5Tis_variable_str(type) > 0 {
          var pointer: UnsafeMutablePointer<CChar>?
          guard H5Aread(attribute, type, &pointer) >= 0 else { return nil }
          guard let pointer else { return .some("") }
          defer { H5free_memory(pointer) }
          return .some(String(cString: pointer))
        }
        let size = H5Tget_size(type)
        guard size <= 1 << 20 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        guard H5Aread(attribute, type, &bytes) >= 0 else { return nil }
        return .some(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
      }
    }
  }

  /// Nil if there is no such attribute.
  package func numbers(_ name: String) throws(HDF5Error) -> [Double]? {
    try HDF5Library.perform("read the attribute '\(name)' of '\(path)'") { () -> [Double]?? in
      guard H5Aexists(objectID, name) > 0 else { return .some(nil) }
      return Scratch.with { scratch -> [Double]?? in
        guard let attribute = scratch.keep(H5Aopen(objectID, name, hid_t(H5P_DEFAULT)), H5Aclose),
          let space = scratch.keep(H5Aget_space(attribute), H5Sclose)
        else { return nil }
        let count = H5Sget_simple_extent_npoints(space)
        guard count >= 0, count <= 1 << 17 else { return nil }
        var numbers = [Double](repeating: 0, count: Int(count))
        guard H5Aread(attribute, engram_h5_native_double(), &numbers) >= 0 else { return nil }
        return .some(numbers)
      }
    }
  }

  private func writeAttribute(
    _ name: String, shape: [Int], type makeType: (inout Scratch) -> hid_t?,
    bytes: ((UnsafeRawBufferPointer) -> herr_t) -> herr_t
  ) throws(HDF5Error) {
    try HDF5Library.perform("write the attribute '\(name)' of '\(path)'") {
      Scratch.with { scratch -> Void? in
        guard let type = makeType(&scratch), let space = makeSpace(shape, &scratch),
          let creation = scratch.keep(H5Pcreate(engram_h5_attribute_create()), H5Pclose),
          H5Pset_char_encoding(creation, H5T_CSET_UTF8) >= 0
        else { return nil }
        if H5Aexists(objectID, name) > 0, H5Adelete(objectID, name) < 0 { return nil }
        guard let attribute = scratch.keep(H5Acreate2(objectID, name, type, space, creation, hid_t(H5P_DEFAULT)), H5Aclose) else {
          return nil
        }
        // An array without elements has no address; the library still wants one.
        let status = bytes { buffer in
          guard let start = buffer.baseAddress else { return 0 }
          return H5Awrite(attribute, type, start)
        }
        return status < 0 ? nil : ()
      }
    }
  }
}

/// Fixed length, padded with zeros; ASCII where the text is, which more readers load than UTF-8. Call only inside `HDF5Library.perform`.
func textType(of bytes: [UInt8], byteCount: Int) -> hid_t {
  let type = H5Tcopy(engram_h5_c_string())
  guard type >= 0 else { return type }
  if H5Tset_size(type, max(byteCount, 1)) < 0 || H5Tset_cset(type, bytes.allSatisfy { $0 < 0x80 } ? H5T_CSET_ASCII : H5T_CSET_UTF8) < 0
    || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0
  {
    H5Tclose(type)
    return -1
  }
  return type
}

func paddedText(_ text: String, width: Int = 1) -> [UInt8] {
  let bytes = Array(text.utf8)
  return bytes + [UInt8](repeating: 0, count: max(0, width - bytes.count))
}

/// A scalar if the shape is empty.
func makeSpace(_ shape: [Int], _ scratch: inout Scratch) -> hid_t? {
  if shape.isEmpty { return scratch.keep(H5Screate(H5S_SCALAR), H5Sclose) }
  let sizes = shape.map { hsize_t($0) }
  return scratch.keep(H5Screate_simple(Int32(sizes.count), sizes, sizes), H5Sclose)
}
