import EngramScalars

/// The file that says which checkpoints a run directory has, what they are called, and who writes: one record after the other.
///
/// Every record ends with the hash of the hash before it, and of itself: a record that changed, is missing, or comes from elsewhere breaks
/// the chain. It is kept twice, so that one damaged file loses nothing. Described byte by byte in FORMAT.md.
enum Journal {
  static let name = "journal"
  static let copyName = "journal.copy"
  static let magic: [UInt8] = [0x89] + Array("ENGJNL".utf8) + [0x0A]
  private static let mark: UInt32 = 0x1E43_4552  // "REC", then a record separator
  private static let headByteCount = 24
  private static let hashByteCount = 16

  /// Where a journal ends, as whoever appends to it must know it.
  struct End: Equatable, Sendable {
    var byteCount: Int
    /// Number of records, those before a compaction included.
    var position: UInt64
    var chain: ContentHash
  }

  /// A journal that begins with one record.
  static func beginning(_ record: JournalRecord, at position: UInt64, after chain: ContentHash, runID: String) -> (bytes: [UInt8], end: End) {
    var writer = ByteWriter()
    writer.append(raw: magic)
    writer.append(SectionedFile.majorVersion)
    writer.append(SectionedFile.minorVersion)
    writer.append(UInt32(0))
    writer.append(position)
    writer.append(chain)
    writer.append(ContentHash(of: Array(runID.utf8)))
    let check = ContentHash(of: writer.bytes)
    writer.append(check)
    var end = End(byteCount: writer.bytes.count, position: position, chain: check)
    return (writer.bytes + encoded(record, &end), end)
  }

  static let headerByteCount = 72

  /// The bytes of a record that follows `end`, which moves behind it.
  static func encoded(_ record: JournalRecord, _ end: inout End) -> [UInt8] {
    let (kind, body) = record.encoded
    var writer = ByteWriter()
    writer.append(mark)
    writer.append(kind)
    writer.append(end.position)
    writer.append(UInt32(body.count))
    writer.append(UInt32(0))
    writer.append(raw: body)
    writer.pad(to: 8)
    let chain = chained(end.chain, writer.bytes[...])
    writer.append(chain)
    end = End(byteCount: end.byteCount + writer.bytes.count, position: end.position + 1, chain: chain)
    return writer.bytes
  }

  private static func chained(_ before: ContentHash, _ record: ArraySlice<UInt8>) -> ContentHash {
    var writer = ByteWriter()
    writer.append(before)
    writer.append(raw: Array(record))
    return ContentHash(of: writer.bytes)
  }

  /// What could be read of a journal.
  struct Contents: Sendable {
    var records: [JournalRecord] = []
    var end: End
    /// Records that are known to be missing or unreadable.
    var problem: FormatProblem?
    /// Bytes at the end that are no record: a power cut, or damage to the last one.
    var tailByteCount = 0
    /// The chain behind each of the records, from the first on; to compare with anchors of manifests.
    var chains: [ContentHash] = []
    var firstPosition: UInt64 = 0
    /// The chain that the journal before the last compaction ended with.
    var formerChain: ContentHash
    /// What stands before the first record that does not fit, if records follow it that do.
    private var beforeGap: Gap?

    /// Where records are missing between others.
    struct Gap: Sendable {
      let recordCount: Int
      let end: End
      let chains: [ContentHash]
      /// Records behind it whose writer waited for the disk.
      var awaitedCount = 0
    }

    /// The same as far as it can be relied on after a power cut: what had not been flushed may be there in parts, in any order.
    ///
    /// Nil: there is no gap, or it is none that a power cut leaves. A writer goes on behind a record that it waits for only when
    /// everything before it is on disk, so that at most the last of them can stand behind a gap.
    var upToGap: Contents? {
      guard let gap = beforeGap, gap.awaitedCount <= 1 else { return nil }
      var contents = self
      contents.records = Array(records.prefix(gap.recordCount))
      contents.tailByteCount = end.byteCount + tailByteCount - gap.end.byteCount
      (contents.end, contents.chains, contents.problem, contents.beforeGap) = (gap.end, gap.chains, nil, nil)
      (contents.firstPosition, contents.formerChain) = (gap.end.position - UInt64(gap.chains.count), firstFormerChain)
      return contents
    }
    private let firstFormerChain: ContentHash

    init(end: End, problem: FormatProblem?, formerChain: ContentHash) {
      (self.end, self.problem, self.formerChain, firstFormerChain) = (end, problem, formerChain, formerChain)
      firstPosition = end.position
    }

    fileprivate mutating func noteGap(at offset: Int) {
      if problem == nil { beforeGap = Gap(recordCount: records.count, end: end, chains: chains) }
      problem = problem ?? FormatProblem(what: "records are damaged or missing", offset: offset)
    }

    fileprivate mutating func noteKind(_ record: JournalRecord) {
      switch record {
      case .opened, .renamed, .tagged: beforeGap?.awaitedCount += 1
      case .snapshot, .closed, .committed, .removed: break
      }
    }

    /// Nil: before what this journal still knows, or beyond it.
    func chain(at position: UInt64) -> ContentHash? {
      if position == firstPosition { return formerChain }
      guard position > firstPosition, position - firstPosition <= UInt64(chains.count) else { return nil }
      return chains[Int(position - firstPosition) - 1]
    }
  }

  /// Reads what can be read; behind a damaged record it goes on where one fits the hash before it.
  ///
  /// - Throws: where it is no journal of this run, or of a version that this release does not know.
  static func read(_ bytes: [UInt8], runID: String) throws(SectionedFile.Refusal) -> Contents {
    var problem: FormatProblem?
    var first: UInt64 = 0
    var former = ContentHash(of: [])
    var chain = ContentHash(of: [])
    do throws(FormatProblem) {
      var reader = ByteReader(bytes[...])
      guard Array(try reader.take(8)) == magic else { throw FormatProblem(what: "not a journal", offset: 0) }
      let (major, minor): (UInt16, UInt16) = (try reader.number(), try reader.number())
      _ = try reader.number(UInt32.self)
      first = try reader.number()
      former = try reader.hash()
      let run = try reader.hash()
      let check = try reader.hash()
      guard ContentHash(of: Array(bytes[..<(headerByteCount - hashByteCount)])) == check else {
        throw FormatProblem(what: "the check number of its head does not agree", offset: 0)
      }
      guard major == SectionedFile.majorVersion else {
        throw FormatProblem(what: "version \(major).\(minor)", offset: 8, reason: .version(found: "\(major).\(minor)"))
      }
      guard run == ContentHash(of: Array(runID.utf8)) else {
        throw FormatProblem(what: "it belongs to another run", offset: 40, reason: .foreign)
      }
      chain = check
    } catch {
      if error.reason != .damage || bytes.count < headerByteCount { throw SectionedFile.Refusal(error) }
      problem = error
      chain = hash(bytes, endingAt: headerByteCount)
    }
    var contents = Contents(end: End(byteCount: headerByteCount, position: first, chain: chain), problem: problem, formerChain: former)
    var offset = headerByteCount
    while offset < bytes.count {
      if let found = record(bytes, at: offset, after: contents.end.chain) {
        try contents.take(found)
        offset = found.end
        continue
      }
      // Somebody who had lost the directory may have written one record into it; the chain goes on behind that.
      if let length = length(bytes, at: offset), let next = record(bytes, at: offset + length, after: contents.end.chain) {
        try contents.take(next)
        offset = next.end
        continue
      }
      guard let next = resumption(bytes, behind: offset) else { break }
      contents.noteGap(at: offset)
      // What the chain was in between is not known.
      contents.firstPosition = next.position
      contents.formerChain = hash(bytes, endingAt: next.start)
      contents.chains = []
      try contents.take(next)
      offset = next.end
    }
    contents.tailByteCount = bytes.count - contents.end.byteCount
    return contents
  }

  struct Found {
    let start, end: Int
    let position: UInt64
    let kind: UInt32
    let body: ArraySlice<UInt8>
    let chain: ContentHash
  }

  /// Length of what looks like a record.
  private static func length(_ bytes: [UInt8], at offset: Int) -> Int? {
    guard offset + headByteCount + hashByteCount <= bytes.count else { return nil }
    var reader = ByteReader(bytes[offset...])
    guard let found = try? reader.number(UInt32.self), found == mark, (try? reader.take(12)) != nil, let body = try? reader.number(UInt32.self) else {
      return nil
    }
    let length = headByteCount + (Int(body) + 7) / 8 * 8 + hashByteCount
    return length <= bytes.count - offset ? length : nil
  }

  private static func record(_ bytes: [UInt8], at offset: Int, after chain: ContentHash) -> Found? {
    guard let length = length(bytes, at: offset) else { return nil }
    let stored = hash(bytes, endingAt: offset + length)
    guard chained(chain, bytes[offset..<offset + length - hashByteCount]) == stored else { return nil }
    var reader = ByteReader(bytes[(offset + 4)...])
    guard let kind = try? reader.number(UInt32.self), let position = try? reader.number(UInt64.self), let count = try? reader.number(UInt32.self) else {
      return nil
    }
    let body = offset + headByteCount
    return Found(start: offset, end: offset + length, position: position, kind: kind, body: bytes[body..<body + Int(count)], chain: stored)
  }

  private static func hash(_ bytes: [UInt8], endingAt end: Int) -> ContentHash {
    var reader = ByteReader(bytes[max(0, end - hashByteCount)...])
    return (try? reader.hash()) ?? ContentHash(of: [])
  }

  /// The next record that fits the hash stored before it.
  private static func resumption(_ bytes: [UInt8], behind offset: Int) -> Found? {
    var next = offset + 8
    while next + headByteCount + hashByteCount <= bytes.count {
      if let found = record(bytes, at: next, after: hash(bytes, endingAt: next)) { return found }
      next += 8
    }
    return nil
  }
}

extension Journal.Contents {
  fileprivate mutating func take(_ found: Journal.Found) throws(SectionedFile.Refusal) {
    do throws(FormatProblem) {
      if let record = try JournalRecord.decoded(found.kind, found.body) {
        records.append(record)
        noteKind(record)
      }
    } catch { throw .damaged(error) }
    chains.append(found.chain)
    end = Journal.End(byteCount: found.end, position: found.position + 1, chain: found.chain)
  }
}
