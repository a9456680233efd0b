/// What the process may have at most.
package enum ResourceLimit {
  case openFiles, fileBytes, addressBytes, seconds, lockedBytes

  /// Nil where there is no limit.
  package var value: UInt64? {
    let kind =
      switch self {
      case .openFiles: ENGRAM_LIMIT_OPEN_FILES
      case .fileBytes: ENGRAM_LIMIT_FILE_BYTES
      case .addressBytes: ENGRAM_LIMIT_ADDRESS_BYTES
      case .seconds: ENGRAM_LIMIT_SECONDS
      case .lockedBytes: ENGRAM_LIMIT_LOCKED_BYTES
      }
    let found = engram_limit(Int32(kind))
    return found == .max ? nil : found
  }
}
