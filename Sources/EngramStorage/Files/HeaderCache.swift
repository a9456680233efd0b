import EngramScalars
import Synchronization

/// Headers of lists of rows: the recordings of a run are often of one type and row length, and ask for a header each time they have grown.
final class HeaderCache: Sendable {
  private struct Key: Hashable {
    let scalarType: ScalarType
    let rowLength: Int
  }

  private enum Kind {
    /// As they were asked for, by number of rows.
    case asked([Int: [UInt8]])
    case template(HeaderTemplate)
    /// Every header has to be asked for.
    case unlike
  }

  private let writer: any PayloadHeaderWriter
  private let kinds = Mutex<[Key: Kind]>([:])
  private static let capacity = 64
  /// Headers of one kind that are asked for before others are made after their pattern.
  private static let patience = 4

  init(_ writer: any PayloadHeaderWriter) { self.writer = writer }

  /// - Parameters:
  ///   - start: where the first row is.
  ///   - make: asks for the header of so many rows.
  func header(
    _ scalarType: ScalarType, rows: Int, rowLength: Int, start: Int,
    _ make: (_ writer: any PayloadHeaderWriter, _ rows: Int) throws(StorageError) -> [UInt8]
  ) throws(StorageError) -> [UInt8] {
    let key = Key(scalarType: scalarType, rowLength: rowLength)
    var known: [Int: [UInt8]] = [:]
    switch kinds.withLock({ $0[key] }) {
    case .asked(let headers):
      if let header = headers[rows] { return header }
      known = headers
    case .template(let template): if let header = template.header(rows: rows) { return header } else { return try make(writer, rows) }
    case .unlike: return try make(writer, rows)
    case nil: break
    }
    let header = try make(writer, rows)
    known[rows] = header
    var kind = Kind.asked(known)
    if known.count >= HeaderCache.patience {
      let template = HeaderTemplate(rowByteCount: rowLength * scalarType.byteCount, start: start) { rows throws(StorageError) in
        try make(writer, rows)
      }
      kind = template.map(Kind.template) ?? .unlike
    }
    kinds.withLock { kinds in
      if kinds.count >= HeaderCache.capacity { kinds = [:] }
      kinds[key] = kind
    }
    return header
  }
}
