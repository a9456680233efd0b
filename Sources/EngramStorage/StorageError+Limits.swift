import EngramSystem

extension StorageError {
  /// Which limit of this process is behind an error of the system, and how large it is; empty where none is.
  static func limit(behind code: Int32) -> String {
    switch code {
    case EMFILE: ResourceLimit.openFiles.value.map { "; this process may have \($0) files open (ulimit -n)" } ?? ""
    case EFBIG: ResourceLimit.fileBytes.value.map { "; no file of this process may have more than \($0) bytes (ulimit -f)" } ?? ""
    case ENOMEM: AddressSpace.explanation
    default: ""
    }
  }
}
