import CHDF5
package import EngramScalars

extension HDF5Group {
  /// Makes a dataset of numbers. An empty shape is a scalar.
  package func createDataset(
    _ name: String, _ type: ScalarType, shape: [Int], layout: HDF5Layout = .contiguous
  ) throws(HDF5Error) -> HDF5Dataset {
    try createDataset(name, type, shape: shape, layout: layout) { _ in 0 }
  }

  /// `adjust` changes the list of creation properties.
  func createDataset(
    _ name: String, _ type: ScalarType, shape: [Int], layout: HDF5Layout = .contiguous, _ adjust: (hid_t) -> herr_t
  ) throws(HDF5Error) -> HDF5Dataset {
    try checkName(name)
    let path = child(name)
    try checkShape(shape, path)
    let created = try HDF5Library.perform("make the dataset '\(path)'") {
      Scratch.with { scratch -> (hid_t, HDF5ElementKind)? in
        guard let creation = datasetCreation(layout, shape: shape, &scratch), adjust(creation) >= 0 else { return nil }
        return create(name, type.fileType, shape: shape, creation, &scratch)
      }
    }
    return HDF5Dataset(id: created.0, path: path, shape: shape, kind: created.1, file: file)
  }

  /// Makes a dataset of numbers that are all the same: the file holds one of them, and every reader sees all.
  ///
  /// - Parameter element: its bytes, as they lie in files.
  package func createRepeated(_ name: String, _ type: ScalarType, shape: [Int], element: [UInt8]) throws(HDF5Error) -> HDF5Dataset {
    precondition(element.count == type.byteCount, "an element of \(element.count) bytes is no \(type)")
    return try createDataset(name, type, shape: shape) { list in
      if H5Pset_alloc_time(list, H5D_ALLOC_TIME_LATE) < 0 || H5Pset_fill_time(list, H5D_FILL_TIME_IFSET) < 0 { return -1 }
      return H5Pset_fill_value(list, type.fileType, element)
    }
  }

  /// Makes a dataset of texts of fixed length, ASCII where they are and UTF-8 elsewhere: one text if the shape is empty.
  @discardableResult
  package func createText(_ name: String, _ texts: [String], shape: [Int]) throws(HDF5Error) -> HDF5Dataset {
    try checkName(name)
    let path = child(name)
    try checkShape(shape, path)
    guard texts.count == shape.reduce(1, *) else {
      throw HDF5Error("make the dataset '\(path)'", detail: "\(texts.count) texts do not fill the shape \(shape)")
    }
    let width = max(1, texts.map(\.utf8.count).max() ?? 1)
    let bytes = texts.flatMap { paddedText($0, width: width) }
    let created = try HDF5Library.perform("make the dataset '\(path)'") {
      Scratch.with { scratch -> (hid_t, HDF5ElementKind)? in
        guard let type = scratch.keep(textType(of: bytes, byteCount: width), H5Tclose),
          let creation = datasetCreation(.contiguous, shape: shape, &scratch),
          let made = create(name, type, shape: shape, creation, &scratch)
        else { return nil }
        if bytes.isEmpty || H5Dwrite(made.0, type, hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT), bytes) >= 0 { return made }
        H5Dclose(made.0)
        return nil
      }
    }
    return HDF5Dataset(id: created.0, path: path, shape: shape, kind: created.1, file: file)
  }

  @discardableResult
  package func createText(_ name: String, _ text: String) throws(HDF5Error) -> HDF5Dataset { try createText(name, [text], shape: []) }

  /// Makes a dataset whose elements lie in other files: no copy, but its sources must stay where they are.
  ///
  /// What no source covers, or whose file is missing, reads as NaN, or as the smallest integer.
  package func createVirtual(
    _ name: String, _ type: ScalarType, shape: [Int], pieces: [VirtualPiece]
  ) throws(HDF5Error) -> HDF5Dataset {
    try checkName(name)
    let path = child(name)
    try checkShape(shape, path)
    guard let rows = shape.first else { throw HDF5Error("make the view '\(path)'", detail: "a scalar cannot be a view") }
    for piece in pieces {
      guard piece.sourceShape.dropFirst() == shape.dropFirst(), piece.rows.lowerBound >= 0, piece.sourceStart >= 0,
        piece.rows.upperBound <= rows, let sourceRows = piece.sourceShape.first, piece.rows.count <= sourceRows - piece.sourceStart
      else { throw HDF5Error("make the view '\(path)'", detail: "rows \(piece.rows) of '\(piece.file)' do not fit the shape \(shape)") }
    }
    let created = try HDF5Library.perform("make the view '\(path)'") {
      Scratch.with { scratch -> (hid_t, HDF5ElementKind)? in
        guard let creation = virtualCreation(type, shape: shape, pieces: pieces, &scratch) else { return nil }
        return create(name, type.fileType, shape: shape, creation, &scratch)
      }
    }
    return HDF5Dataset(id: created.0, path: path, shape: shape, kind: created.1, file: file)
  }

  private func create(
    _ name: String, _ type: hid_t, shape: [Int], _ creation: hid_t, _ scratch: inout Scratch
  ) -> (hid_t, HDF5ElementKind)? {
    guard let space = makeSpace(shape, &scratch), let links = linkCreation(&scratch),
      let kind = HDF5ElementKind.of(type)
    else { return nil }
    return valid(H5Dcreate2(handle.id, name, type, space, links, creation, hid_t(H5P_DEFAULT))).map { ($0, kind) }
  }

  private func checkShape(_ shape: [Int], _ path: String) throws(HDF5Error) {
    guard shape.count <= 32, shape.allSatisfy({ $0 >= 0 }) else {
      throw HDF5Error("make the dataset '\(path)'", detail: "\(shape) is not a shape")
    }
  }
}

/// Some rows of a dataset in another file, and where they appear.
package struct VirtualPiece: Hashable, Sendable {
  /// Seen from the directory of the file that holds the view.
  package var file: String
  package var dataset: String
  package var sourceShape: [Int]
  package var sourceStart: Int
  /// The rows of the view it fills.
  package var rows: Range<Int>

  package init(file: String, dataset: String = "/data", sourceShape: [Int], sourceStart: Int = 0, rows: Range<Int>) {
    self.file = file
    self.dataset = dataset
    self.sourceShape = sourceShape
    self.sourceStart = sourceStart
    self.rows = rows
  }
}

func datasetCreation(_ layout: HDF5Layout, shape: [Int], _ scratch: inout Scratch) -> hid_t? {
  guard let list = scratch.keep(H5Pcreate(engram_h5_dataset_create()), H5Pclose), H5Pset_obj_track_times(list, false) >= 0 else { return nil }
  switch layout {
  case .chunked(let chunk, let level) where !shape.isEmpty:
    // A chunk has the rank of the dataset and at least one element.
    let sizes = shape.indices.map { hsize_t(max(1, $0 < chunk.count ? chunk[$0] : shape[$0])) }
    guard H5Pset_chunk(list, Int32(sizes.count), sizes) >= 0, H5Pset_shuffle(list) >= 0,
      H5Pset_deflate(list, UInt32(min(max(level, 0), 9))) >= 0, H5Pset_fletcher32(list) >= 0
    else { return nil }
  case .contiguous, .chunked:
    guard H5Pset_layout(list, H5D_CONTIGUOUS) >= 0, H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY) >= 0,
      H5Pset_fill_time(list, H5D_FILL_TIME_NEVER) >= 0
    else { return nil }
  }
  return list
}

private func virtualCreation(_ type: ScalarType, shape: [Int], pieces: [VirtualPiece], _ scratch: inout Scratch) -> hid_t? {
  guard let list = scratch.keep(H5Pcreate(engram_h5_dataset_create()), H5Pclose), H5Pset_obj_track_times(list, false) >= 0,
    setMissingValue(list, type) >= 0, let view = makeSpace(shape, &scratch)
  else { return nil }
  for piece in pieces where !piece.rows.isEmpty && !shape.contains(0) {
    guard let source = makeSpace(piece.sourceShape, &scratch) else { return nil }
    var count = shape.map { hsize_t($0) }
    count[0] = hsize_t(piece.rows.count)
    var start = [hsize_t](repeating: 0, count: shape.count)
    start[0] = hsize_t(piece.sourceStart)
    guard H5Sselect_hyperslab(source, H5S_SELECT_SET, start, nil, count, nil) >= 0 else { return nil }
    start[0] = hsize_t(piece.rows.lowerBound)
    guard H5Sselect_hyperslab(view, H5S_SELECT_SET, start, nil, count, nil) >= 0,
      H5Pset_virtual(list, view, piece.file, piece.dataset, source) >= 0
    else { return nil }
  }
  // A view without any mapping would be taken for an ordinary dataset.
  if pieces.allSatisfy(\.rows.isEmpty) || shape.contains(0) { return datasetCreation(.contiguous, shape: shape, &scratch) }
  return list
}

/// What a reader sees where a source is missing: something that cannot be taken for data.
private func setMissingValue(_ list: hid_t, _ type: ScalarType) -> herr_t {
  switch type {
  case .float64: withUnsafeBytes(of: Double.nan) { H5Pset_fill_value(list, type.memoryType, $0.baseAddress) }
  case .float32: withUnsafeBytes(of: Float.nan) { H5Pset_fill_value(list, type.memoryType, $0.baseAddress) }
  case .int64: withUnsafeBytes(of: Int64.min) { H5Pset_fill_value(list, type.memoryType, $0.baseAddress) }
  case .int32: withUnsafeBytes(of: Int32.min) { H5Pset_fill_value(list, type.memoryType, $0.baseAddress) }
  case .bool: withUnsafeBytes(of: UInt8.max) { H5Pset_fill_value(list, type.memoryType, $0.baseAddress) }
  }
}

// MARK: Dimension scales

extension HDF5Dataset {
  /// Declares that this dataset holds the coordinates of a dimension.
  package func makeScale(_ name: String) throws(HDF5Error) {
    try HDF5Library.perform("make '\(path)' a dimension scale") { H5DSset_scale(handle.id, name) < 0 ? nil : () }
  }

  /// Says that `scale` holds the coordinates along one of this dataset's dimensions.
  package func attachScale(_ scale: HDF5Dataset, dimension: Int) throws(HDF5Error) {
    guard shape.indices.contains(dimension) else {
      throw HDF5Error("attach '\(scale.path)' to '\(path)'", detail: "there is no dimension \(dimension) in \(shape)")
    }
    try HDF5Library.perform("attach '\(scale.path)' to '\(path)'") {
      H5DSattach_scale(handle.id, scale.handle.id, UInt32(dimension)) < 0 ? nil : ()
    }
  }
}
