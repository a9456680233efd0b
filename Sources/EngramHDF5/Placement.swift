import CHDF5
import EngramScalars

// Control over where storage lies, for payload files only.

extension HDF5File {
  /// Opens for writing; whatever is allocated from now on begins at a multiple of `alignment`.
  static func open(_ file: UnnamedFile, alignment: Int) throws(HDF5Error) -> HDF5File {
    try open(at: file.path, forWriting: true, .unnamed) { H5Pset_alignment($0, 1, hsize_t(max(alignment, 1))) }
  }
}

extension HDF5Group {
  /// A contiguous dataset that gets its storage when it is first written to.
  func createUnallocated(_ name: String, _ type: ScalarType, shape: [Int]) throws(HDF5Error) -> HDF5Dataset {
    try createDataset(name, type, shape: shape) { H5Pset_alloc_time($0, H5D_ALLOC_TIME_LATE) }
  }
}

extension HDF5Dataset {
  /// Writes a zero into the first element.
  func writeFirstElement(_ type: ScalarType) throws(HDF5Error) {
    try HDF5Library.perform("allocate '\(path)'") {
      Scratch.with { scratch -> Void? in
        guard let file = scratch.keep(H5Dget_space(handle.id), H5Sclose), let memory = scratch.keep(H5Screate(H5S_SCALAR), H5Sclose) else {
          return nil
        }
        if !shape.isEmpty {
          let start = shape.map { _ in hsize_t(0) }
          let count = shape.map { _ in hsize_t(1) }
          guard H5Sselect_hyperslab(file, H5S_SELECT_SET, start, nil, count, nil) >= 0 else { return nil }
        }
        let zero: UInt64 = 0
        return withUnsafeBytes(of: zero) { bytes -> Void? in
          guard let start = bytes.baseAddress else { return nil }
          return H5Dwrite(handle.id, type.memoryType, memory, file, hid_t(H5P_DEFAULT), start) < 0 ? nil : ()
        }
      }
    }
  }
}
