import Glibc

extension StorageError {
  /// Which limit of this process is behind an error of the system, and how large it is; empty where none is.
  static func limit(behind code: Int32) -> String {
    switch code {
    case EMFILE: bound(RLIMIT_NOFILE).map { "; this process may have \($0) files open (ulimit -n)" } ?? ""
    case EFBIG: bound(RLIMIT_FSIZE).map { "; no file of this process may have more than \($0) bytes (ulimit -f)" } ?? ""
    case ENOMEM: AddressSpace.explanation
    default: ""
    }
  }

  private static func bound(_ resource: __rlimit_resource) -> UInt64? {
    var now = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &now) == 0, now.rlim_cur != rlim_t.max else { return nil }
    return UInt64(now.rlim_cur)
  }
}
