import EngramScalars
import Synchronization

extension RunDirectory {
  func makeSegment(scalarType: ScalarType, rowLength: Int) throws(StorageError) -> SegmentFile {
    let rowByteCount = max(1, rowLength * scalarType.byteCount)
    let rows = max(1, options.segmentExtent / rowByteCount)
    let dataset = PayloadDataset(path: ["data"], scalarType: scalarType, shape: rowLength == 1 ? [rows] : [rows, rowLength])
    let layout = try headers.layout([dataset], PayloadFileOptions())
    let payloadOffset = layout.offsets[0]
    var header = [UInt8](repeating: 0, count: payloadOffset)
    for (offset, bytes) in layout.metadata where offset < payloadOffset {
      header.replaceSubrange(offset..<min(payloadOffset, offset + bytes.count), with: bytes.prefix(payloadOffset - offset))
    }
    let name = "\(hexadecimal(options.random()))\(hexadecimal(options.random())).h5"
    let file = try system.open(name, in: segments, .createNew)
    do throws(StorageError) {
      // The whole extent is in the header, so the file is that long from the start; space is claimed as it fills.
      try system.truncate(file, byteCount: payloadOffset + rows * rowByteCount)
      try system.write(file, header, at: 0)
    } catch {
      try? system.close(file)
      try? system.remove(name, in: segments)
      throw error
    }
    let segment = SegmentFile(
      name: name, system: system, descriptor: file, payloadOffset: payloadOffset, extent: rows * rowByteCount,
      headerHash: ContentHash(of: header), source: self)
    keep(segment)
    state.withLock { $0.segmentsDirectoryIsDirty = true }
    return segment
  }

  /// No collection takes this file while somebody uses it.
  func keep(_ segment: SegmentFile) {
    state.withLock { state in
      state.segments.removeAll { $0.file == nil }
      state.segments.append(WeakSegment(file: segment))
    }
  }

  /// Makes the rows of all recordings survive a power cut, and the names of new segments too.
  func syncSegments(_ recordings: [CommitJob.RecordingJob]) throws(StorageError) {
    for recording in recordings {
      for piece in recording.contents.pieces {
        if case .segment(let file) = piece.source { try file.sync() }
      }
    }
    let isDirty = state.withLock { state in
      defer { state.segmentsDirectoryIsDirty = false }
      return state.segmentsDirectoryIsDirty
    }
    guard isDirty else { return }
    do throws(StorageError) { try system.syncDirectory(segments) } catch {
      state.withLock { $0.segmentsDirectoryIsDirty = true }
      throw error
    }
  }
}
