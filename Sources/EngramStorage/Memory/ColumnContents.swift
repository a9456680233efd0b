package import EngramScalars
import EngramSystem
import Synchronization

/// The content of a column at one moment; immutable and shared.
///
/// Unchecked: the bytes are written only while this is being made, `pages` is behind a mutex.
package final class ColumnContents: @unchecked Sendable {
  package let scalarType: ScalarType
  package let rowLength: Int
  package let rows: Int
  package let bytes: UnsafeRawBufferPointer
  /// What of the copy came from a file and has not been compared yet.
  private let pages: Mutex<CopiedPages?>

  init(copying column: Column) throws(StorageError) {
    scalarType = column.scalarType
    rowLength = column.rowLength
    rows = column.rows
    let count = column.byteCount
    guard let copy = malloc(max(count, 1)) else { throw .outOfMemory(bytes: count) }
    memcpy(copy, column.base, count)
    bytes = UnsafeRawBufferPointer(start: copy, count: count)
    do throws(StorageError) { pages = Mutex(try column.unsettled?.copied(byteCount: count)) } catch {
      free(copy)
      throw error
    }
  }

  /// Compares what was copied from pages that showed a file. To be called before the content is used.
  package func confirm() throws(StorageError) {
    guard let waiting = pages.withLock({ $0 }) else { return }
    try waiting.check(bytes, at: 0)
    try waiting.checkSources()
    pages.withLock { $0 = nil }
  }

  deinit { free(UnsafeMutableRawPointer(mutating: bytes.baseAddress)) }
}
