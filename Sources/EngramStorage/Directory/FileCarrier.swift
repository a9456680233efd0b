import EngramSystem

/// Brings the files of checkpoints into another run directory. What has been copied is compared where it has arrived; a link is the
/// same file, whose bytes are compared by who reads them.
struct FileCarrier {
  /// Where bytes of a file begin.
  private struct Place: Hashable {
    /// `objects/…` or `segments/…`.
    let path: String
    let offset: Int
  }

  private let source: RunDirectory
  private let objects: Descriptor
  private let segments: Descriptor
  private var present: Set<String> = []
  private var copied: Set<String> = []
  /// Of segments that are copied: how much of them.
  private let byteCounts: [String: Int]
  /// Of copies, what has been compared there, by place: bytes from it.
  private var compared: [Place: Int] = [:]
  private var system: any FileSystem { source.system }

  /// - Parameter manifests: what is going to be brought, whatever it costs.
  init(_ source: RunDirectory, objects: Descriptor, segments: Descriptor, _ manifests: [Manifest]) {
    (self.source, self.objects, self.segments) = (source, objects, segments)
    byteCounts = Dictionary(manifests.flatMap { $0.files.map { ($0.path, $0.byteCount) } }, uniquingKeysWith: max)
  }

  /// - Parameter copying: whether files are copied that can be neither linked nor shared.
  /// - Returns: false: that would have been necessary; then, and where it throws, nothing of this checkpoint has been left there.
  mutating func bring(_ manifest: Manifest, copying: Bool) throws(StorageError) -> Bool {
    var brought: [Manifest.FileEntry] = []
    do throws(StorageError) {
      for claim in manifest.claims {
        if !present.contains(claim.entry.path) {
          guard let isLinked = try bring(claim, copying: copying) else {
            for entry in brought { try remove(entry) }
            return false
          }
          brought.append(claim.entry)
          present.insert(claim.entry.path)
          if !isLinked { copied.insert(claim.entry.path) }
        }
        try check(claim)
      }
    } catch {
      for entry in brought { try? remove(entry) }
      throw error
    }
    return true
  }

  /// - Returns: whether it is the same file under another name; nil: it would have had to be copied.
  private func bring(_ claim: ManifestClaim, copying: Bool) throws(StorageError) -> Bool? {
    let entry = claim.entry
    let (from, to) = entry.kind == .object ? (source.objects, objects) : (source.segments, segments)
    do throws(StorageError) {
      if try hasIntactHeader(claim, in: from), try system.link(entry.name, in: from, to: entry.name, in: to) { return true }
      guard copying else { return nil }
      try copy(claim, from: from, to: to)
      return false
    } catch {
      guard case .system(_, _, ENOENT) = error else { throw error }
      throw .missingFile(file: "\(source.path)/\(entry.path)", neededBy: "the branch")
    }
  }

  /// Of what no checksum of a manifest covers, and other tools need: the bytes before the rows of a segment. Where they are damaged
  /// the rows come along behind new ones.
  private func hasIntactHeader(_ claim: ManifestClaim, in folder: Descriptor) throws(StorageError) -> Bool {
    guard let (maker, start) = header(of: claim) else { return true }
    let path = "\(source.path)/\(claim.entry.path)"
    let file = OpenPayloadFile(system: system, descriptor: try system.open(claim.entry.name, in: folder, .read), path: path)
    try file.checkSize(claim.entry, contentEnd: claim.contentEnd, neededBy: "the branch")
    if try SegmentHeader.isIntact(in: file, rowsAt: start, contentEnd: claim.contentEnd, rowByteCount: maker.rowByteCount) { return true }
    source.warn("the header of '\(path)' is damaged; its rows are compared as ever, and the branch gets a copy with a new one")
    return false
  }

  /// Who makes the bytes before the rows of a segment, and where the rows begin; nil for objects and for segments whose manifest
  /// vouches for these bytes.
  private func header(of claim: ManifestClaim) -> (maker: SegmentHeader, start: Int)? {
    let start = PayloadFileOptions().firstOffset
    guard claim.entry.kind == .segment, claim.entry.hashedByteCount == 0, let rows = claim.arrays.first,
      claim.arrays.allSatisfy({ $0.extent.offset == start && $0.scalarType == rows.scalarType && $0.rowLength == rows.rowLength })
    else { return nil }
    return (SegmentHeader(headers: source.segmentHeaders, scalarType: rows.scalarType, rowLength: rows.rowLength), start)
  }

  private mutating func remove(_ entry: Manifest.FileEntry) throws(StorageError) {
    present.remove(entry.path)
    copied.remove(entry.path)
    compared = compared.filter { $0.key.path != entry.path }
    try system.remove(entry.name, in: entry.kind == .object ? objects : segments)
  }

  /// Looks at what has arrived: whether it is long enough, and of a copy at everything it holds, once.
  private mutating func check(_ claim: ManifestClaim) throws(StorageError) {
    // Named after where it came from: that is what has to be mended.
    let descriptor = try system.open(claim.entry.name, in: claim.entry.kind == .object ? objects : segments, .read)
    let file = OpenPayloadFile(system: system, descriptor: descriptor, path: "\(source.path)/\(claim.entry.path)")
    try file.checkSize(claim.entry, contentEnd: claim.contentEnd, neededBy: "the branch")
    guard copied.contains(claim.entry.path), !claim.arrays.allSatisfy({ isCompared(claim.entry.path, $0.extent) }) else { return }
    try claim.check(file)
    for array in claim.arrays {
      let place = Place(path: claim.entry.path, offset: array.extent.offset)
      compared[place] = max(compared[place] ?? 0, array.extent.byteCount)
    }
  }

  private func isCompared(_ path: String, _ extent: Manifest.Extent) -> Bool {
    (compared[Place(path: path, offset: extent.offset)] ?? 0) >= extent.byteCount
  }

  /// Where no link is possible. A segment gets a header of the rows that it has there.
  private func copy(_ claim: ManifestClaim, from: Descriptor, to: Descriptor) throws(StorageError) {
    let entry = claim.entry
    let label = "\(source.path)/\(entry.path)"
    let original = OpenPayloadFile(system: system, descriptor: try system.open(entry.name, in: from, .read), path: label)
    let byteCount = try original.status().byteCount
    // What an object holds is compared where it has arrived; here only that not more than padding is missing.
    try original.checkSize(entry, contentEnd: 0, neededBy: "the branch")
    let target = try system.open(entry.name, in: to, .createNew)
    defer { try? system.close(target) }
    if try !original.withDescriptor({ descriptor throws(StorageError) in try system.clone(descriptor, into: target) }) {
      try system.truncate(target, byteCount: max(byteCount, entry.kind == .object ? entry.byteCount : 0))
      var offset = 0
      let counting = min(byteCount, max(entry.byteCount, byteCounts[entry.path] ?? 0))
      try original.forEachSlab(0..<counting) { bytes throws(StorageError) in
        try system.write(target, bytes, at: offset)
        offset += bytes.count
      }
    }
    if let (maker, start) = header(of: claim) {
      let rows = max(0, try system.status(target).byteCount - start) / maker.rowByteCount
      try system.write(target, try maker.bytes(rows: rows), at: 0)
    }
    try? system.protect(target)
    try system.syncFile(target)
  }
}
