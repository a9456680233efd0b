package import EngramScalars
import Glibc

/// The content of a column at one moment; immutable and shared.
///
/// Unchecked, because the bytes are written only while this is being made.
package final class ColumnContents: @unchecked Sendable {
  package let scalarType: ScalarType
  package let rowLength: Int
  package let rows: Int
  package let bytes: UnsafeRawBufferPointer

  init(copying column: Column) throws(StorageError) {
    scalarType = column.scalarType
    rowLength = column.rowLength
    rows = column.rows
    let count = column.byteCount
    guard let copy = malloc(max(count, 1)) else { throw .outOfMemory(bytes: count) }
    memcpy(copy, column.base, count)
    bytes = UnsafeRawBufferPointer(start: copy, count: count)
  }

  deinit { free(UnsafeMutableRawPointer(mutating: bytes.baseAddress)) }
}
