import EngramScalars
import Glibc

/// Where the bytes of one array come from when a file is written.
enum PayloadSource {
  case memory(UnsafeRawBufferPointer)
  case file(OpenPayloadFile, offset: Int, byteCount: Int)
  case pieces(RecordingContents)
  indirect case parts([PayloadSource])

  var byteCount: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .file(_, _, let byteCount): byteCount
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
    case .file(let file, let offset, let byteCount):
      try readSlabs(of: file.descriptor, file.system, offset..<offset + byteCount, path: file.path, body)
    case .parts(let parts):
      for part in parts { try part.forEachSlab(body) }
    case .pieces(let contents):
      for piece in contents.pieces {
        switch piece.source {
        case .memory(let chunk):
          try PayloadSource.memory(UnsafeRawBufferPointer(start: chunk.base, count: piece.byteCount)).forEachSlab(body)
        case .segment(let file):
          let range = file.payloadOffset..<file.payloadOffset + piece.byteCount
          try readSlabs(of: file.descriptor, file.system, range, path: "segments/\(file.name)", body)
        }
      }
    }
  }

  func hash() throws(StorageError) -> ContentHash {
    let hash = RunningHash()
    try forEachSlab { bytes throws(StorageError) in hash.append(bytes) }
    return hash.value
  }
}

let slabByteCount = 4 << 20

/// Reads a range of a file in slabs; a file that ends early is damage, not a short answer.
func readSlabs(
  of descriptor: Descriptor, _ system: any FileSystem, _ range: Range<Int>, path: String,
  _ body: (UnsafeRawBufferPointer) throws(StorageError) -> Void
) throws(StorageError) {
  guard !range.isEmpty else { return }
  let size = min(slabByteCount, range.count)
  guard let buffer = malloc(size) else { throw .outOfMemory(bytes: size) }
  defer { free(buffer) }
  var start = range.lowerBound
  while start < range.upperBound {
    let wanted = min(size, range.upperBound - start)
    let count = try system.read(descriptor, into: UnsafeMutableRawBufferPointer(start: buffer, count: wanted), at: start)
    guard count == wanted else {
      throw .damaged(file: path, what: "the file ends early", place: "byte \(start + count)")
    }
    try body(UnsafeRawBufferPointer(start: buffer, count: count))
    start += count
  }
}

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
    case source(PayloadSource)
  }
  var parts: [(offset: Int, count: Int, part: Part)] = layout.metadata.map { ($0.offset, $0.bytes.count, .bytes($0.bytes)) }
  for (source, offset) in zip(sources, layout.offsets) { parts.append((offset, source.byteCount, .source(source))) }
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
    case .source(let source):
      var place = offset
      try source.forEachSlab { slab throws(StorageError) in
        try pace.work { () throws(StorageError) in
          hash.append(slab)
          try system.write(file, slab, at: place)
        }
        place += slab.count
      }
    }
    position = offset + count
  }
  precondition(position <= byteCount, "a payload file is longer than its layout says")
  hashZeros(byteCount - position)
  try system.syncFile(file)
  return WrittenPayload(hash: hash.value, byteCount: byteCount, offsets: layout.offsets)
}

/// Sizes of payload files are multiples of this: the largest page size in use (STO-3).
let filePadding = 64 << 10
