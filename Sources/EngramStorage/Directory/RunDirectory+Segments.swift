import EngramScalars
import Synchronization

extension RunDirectory {
  // Asked where the state of the directory is locked already.
  var isOpen: Bool { acceptsSegments.load(ordering: .relaxed) }

  /// Payload bytes that a file may hold.
  private var segmentRoom: Int { min(options.segmentExtent, max(0, system.greatestFileByteCount - PayloadFileOptions().firstOffset)) }

  /// What was joined has to fit into a file, or it would be joined again and again.
  var joinedByteCount: Int { min(options.joinedByteCount, segmentRoom / 2) }

  func makeSegment(scalarType: ScalarType, rowLength: Int) throws(StorageError) -> SegmentFile {
    guard isOpen else { throw .readOnly(path: path) }
    let header = SegmentHeader(headers: segmentHeaders, scalarType: scalarType, rowLength: rowLength)
    let payloadOffset = PayloadFileOptions().firstOffset
    let capacity = max(1, segmentRoom / header.rowByteCount) * header.rowByteCount
    let name = nextSegmentName()
    let descriptor = try system.open(name, in: segments, .createNew)
    let file = try PooledFile(descriptor, name, in: segmentFiles, label: "\(path)/segments/\(name)", mode: .reopen)
    let segment = SegmentFile(name: name, file: file, payloadOffset: payloadOffset, header: header, capacity: capacity, source: self)
    keep(segment)
    state.withLock { $0.segmentsDirectoryIsDirty = true }
    return segment
  }

  /// No collection takes this file while somebody uses it.
  func keep(_ segment: SegmentFile) {
    state.withLock { state in
      if state.segments.count >= state.segmentsToSweep {
        state.segments.removeAll { $0.file == nil }
        state.segmentsToSweep = 2 * state.segments.count + 16
      }
      state.segments.append(WeakSegment(file: segment))
    }
  }

  /// Cuts the segments of this process to what was written to them: nothing is appended to them any more. Where somebody else may write
  /// here meanwhile, they stay as they are.
  func finishSegments() {
    acceptsSegments.store(false, ordering: .relaxed)
    let mine = state.withLock { $0.segments }.compactMap(\.file)
    do throws(StorageError) { try checkOwnership() } catch {
      for segment in mine { segment.tellTornHeader(error) }
      return
    }
    for segment in mine { segment.finish() }
  }

  /// Writes the headers of segments anew that a power cut has left half written: their rows are intact, but other tools could
  /// not open them. Only where the file is nobody else's: a copy made of hard links may be in use elsewhere.
  ///
  /// In a directory where nothing of that kind has happened, nothing is written.
  func mendHeaders(_ manifest: Manifest, _ files: [OpenPayloadFile]) {
    for recording in manifest.recordings where recording.byteCount > 0 {
      for piece in recording.pieces where manifest.files[piece.file].kind == .segment && manifest.files[piece.file].hashedByteCount == 0 {
        let file = files[piece.file]
        let maker = SegmentHeader(headers: segmentHeaders, scalarType: recording.scalarType, rowLength: recording.rowLength)
        // The room that a header speaks of may be lost with the power, too, and so may the header itself.
        guard piece.offset == PayloadFileOptions().firstOffset, let status = try? file.status(),
          let isIntact = try? SegmentHeader.isIntact(
            in: file, rowsAt: piece.offset, contentEnd: piece.offset + piece.byteCount, rowByteCount: maker.rowByteCount), !isIntact
        else { continue }
        let rows = (status.byteCount - piece.offset) / maker.rowByteCount
        guard status.linkCount == 1, let fresh = try? maker.bytes(rows: rows), (try? begin()) != nil, (try? checkOwnership()) != nil,
          let target = try? system.open(manifest.files[piece.file].name, in: segments, .reopen)
        else { continue }
        defer { try? system.close(target) }
        // It may as well be the mark of a disk that rots: nobody is to learn of it never.
        let place = "\(path)/segments/\(manifest.files[piece.file].name)"
        do throws(StorageError) {
          try system.write(target, fresh, at: 0)
          try system.syncData(target)
          warn("the header of '\(place)' was damaged, as by a power cut; its rows are compared as ever, and it was written anew")
        } catch { warn(RunDirectory.tornHeader(place, error)) }
      }
    }
  }

  func noteTornHeader(of segment: SegmentFile, _ fault: StorageError) { warn(RunDirectory.tornHeader("\(path)/\(segment.path)", fault)) }

  private static func tornHeader(_ place: String, _ fault: StorageError) -> String {
    "the header of '\(place)' is damaged and could not be written anew (\(fault)); its rows are intact, and compared as ever. "
      + "Other tools may refuse the file until a run goes on from there, which writes it anew"
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
