import EngramScalars
import EngramSystem

/// Where the bytes of one array come from when a file is written. What comes from a file is compared as it is read.
enum PayloadSource {
  case memory(UnsafeRawBufferPointer)
  /// Memory of a column that shows a file in part, left alone meanwhile.
  case mapped(UnsafeRawBufferPointer, CopiedPages)
  case extent(StoredExtent)
  case repeated(RepeatedElement)
  case pieces(RecordingContents)
  indirect case parts([PayloadSource])

  var byteCount: Int {
    switch self {
    case .memory(let bytes), .mapped(let bytes, _): bytes.count
    case .extent(let extent): extent.byteCount
    case .repeated(let element): element.byteCount
    case .parts(let parts): parts.reduce(0) { $0 + $1.byteCount }
    case .pieces(let contents): contents.rows * contents.rowByteCount
    }
  }

  /// Lends all bytes in order, in slabs of bounded size.
  func forEachSlab(_ body: (UnsafeRawBufferPointer) throws(StorageError) -> Void) throws(StorageError) {
    switch self {
    case .memory(let bytes):
      var start = 0
      while start < bytes.count {
        let end = min(start + slabByteCount, bytes.count)
        try body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        start = end
      }
    case .mapped(let bytes, let pages):
      try rethrowing { try pages.forEachCopy(of: bytes, from: 0, unit: 1) { try body($0) } }
    case .extent(let extent):
      try rethrowing { try extent.read(0..<extent.byteCount) { try body($0) } }
    case .repeated(let element):
      try element.forEachSlab(byteCount: element.byteCount, unit: element.scalarType.byteCount, body)
    case .parts(let parts):
      for part in parts { try part.forEachSlab(body) }
    case .pieces(let contents):
      for piece in contents.pieces { try rethrowing { try piece.forEachSlab(0..<piece.byteCount, unit: 1) { try body($0) } } }
    }
  }

  func hash() throws(StorageError) -> ContentHash {
    if case .parts(let parts) = self, parts.count == 1 { return try parts[0].hash() }
    if case .extent(let extent) = self {
      try extent.verify()
      return extent.hash
    }
    let hash = RunningHash()
    try forEachSlab { bytes throws(StorageError) in hash.append(bytes) }
    return hash.value
  }
}

let slabByteCount = 4 << 20

extension FileSystem {
  /// A whole small file.
  func contents(_ file: Descriptor, path: String, atMost limit: Int) throws(StorageError) -> [UInt8] {
    let byteCount = try status(file).byteCount
    guard byteCount <= limit else { throw .damaged(file: path, what: "\(byteCount) bytes are more than such a file has", place: "its size") }
    return try bytes(of: file, 0..<byteCount, path: path)
  }

  /// Some bytes of a file; the caller has compared the range with the file's size or means to be told.
  func bytes(of file: Descriptor, _ range: Range<Int>, path: String) throws(StorageError) -> [UInt8] {
    let available = try status(file).byteCount
    guard range.upperBound <= available else { throw .damaged(file: path, what: "the file ends early", place: "byte \(available)") }
    var result = [UInt8](repeating: 0, count: range.count)
    var count = 0
    do {
      count = try result.withUnsafeMutableBytes { try read(file, into: $0, at: range.lowerBound) }
    } catch let error as StorageError { throw error } catch {}
    guard count == range.count else { throw .damaged(file: path, what: "the file ends early", place: "byte \(range.lowerBound + count)") }
    return result
  }

  func write(_ file: Descriptor, _ bytes: [UInt8], at offset: Int) throws(StorageError) {
    do { try bytes.withUnsafeBytes { try write(file, $0, at: offset) } } catch let error as StorageError { throw error } catch {}
  }

  func openIfPresent(_ name: String, in directory: Descriptor, _ mode: OpenMode = .read) throws(StorageError) -> Descriptor? {
    do throws(StorageError) { return try open(name, in: directory, mode) } catch {
      if case .system(_, _, ENOENT) = error { return nil }
      throw error
    }
  }
}

/// A payload file written to the end, as its users will refer to it.
struct WrittenPayload {
  let hash: ContentHash
  let byteCount: Int
  /// One per source.
  let offsets: [Int]
  /// Of the bytes that were written for each source.
  let hashes: [ContentHash]
}

/// Writes header, payloads and padding into a fresh file and makes it survive a power cut.
///
/// Every byte of the file is written or claimed as zero, so that its hash is known without reading it back.
func writePayloadFile(
  _ system: any FileSystem, _ file: Descriptor, _ layout: PayloadLayout, _ sources: [PayloadSource], padding: Int, pace: Pace
) throws(StorageError) -> WrittenPayload {
  precondition(layout.offsets.count == sources.count)
  let byteCount = (layout.byteCount + padding - 1) / padding * padding
  try system.allocate(file, offset: 0, byteCount: byteCount)
  enum Part {
    case bytes([UInt8])
    case source(PayloadSource, RunningHash)
  }
  let hashes = sources.map { _ in RunningHash() }
  var parts: [(offset: Int, count: Int, part: Part)] = layout.metadata.map { ($0.offset, $0.bytes.count, .bytes($0.bytes)) }
  for (number, source) in sources.enumerated() { parts.append((layout.offsets[number], source.byteCount, .source(source, hashes[number]))) }
  parts.sort { $0.offset < $1.offset }
  let hash = RunningHash()
  let zeros = [UInt8](repeating: 0, count: 4096)
  func hashZeros(_ count: Int) {
    var left = count
    while left > 0 {
      let step = min(left, zeros.count)
      zeros.withUnsafeBytes { hash.append(UnsafeRawBufferPointer(rebasing: $0[..<step])) }
      left -= step
    }
  }
  var position = 0
  for (offset, count, part) in parts where count > 0 {
    precondition(offset >= position, "parts of a payload file overlap")
    hashZeros(offset - position)
    switch part {
    case .bytes(let bytes):
      try system.write(file, bytes, at: offset)
      bytes.withUnsafeBytes { hash.append($0) }
    case .source(let source, let own):
      var place = offset
      try source.forEachSlab { slab throws(StorageError) in
        try pace.work { () throws(StorageError) in
          hash.append(slab)
          own.append(slab)
          try system.write(file, slab, at: place)
        }
        place += slab.count
      }
    }
    position = offset + count
  }
  precondition(position <= byteCount, "a payload file is longer than its layout says")
  hashZeros(byteCount - position)
  // A courtesy to those who open it with tools that write: it costs no checkpoint.
  try? system.protect(file)
  try system.syncFile(file)
  return WrittenPayload(hash: hash.value, byteCount: byteCount, offsets: layout.offsets, hashes: hashes.map(\.value))
}

/// Sizes of payload files are multiples of this: the largest page size in use (STO-3).
let filePadding = 64 << 10
