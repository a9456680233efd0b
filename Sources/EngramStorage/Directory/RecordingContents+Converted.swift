package import EngramScalars

extension RecordingContents {
  /// The same rows as elements of another type. They stream to the run directory where there is one, so that recordings
  /// may exceed memory here too.
  package func converted(to type: ScalarType, for directory: RunDirectory?) throws -> RecordingContents {
    guard rowLength > 0 else { return RecordingContents(scalarType: type, rowLength: rowLength, rows: rows, pieces: []) }
    let result = Recording(type, rowLength: rowLength)
    directory?.attach(result)
    let slice = max(1, Recording.bufferByteCount / (rowLength * type.byteCount))
    var target = [UInt8](repeating: 0, count: min(slice, max(rows, 1)) * rowLength * type.byteCount)
    var start = 0
    while start < rows {
      let end = min(rows, start + slice)
      let byteCount = (end - start) * rowLength * type.byteCount
      try withBytes(rows: start..<end) { source in
        try target.withUnsafeMutableBytes { buffer in
          let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<byteCount])
          type.convert(source, of: scalarType, into: part)
          try result.append(UnsafeRawBufferPointer(part))
        }
      }
      start = end
    }
    if let fault = result.fault { throw fault }
    return result.contents()
  }
}
