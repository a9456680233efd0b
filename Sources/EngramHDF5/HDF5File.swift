import CHDF5

/// An HDF5 file that is open.
///
/// Written in the earliest format that serves, without times, so that equal content gives equal bytes. A file is either
/// complete and closed or worthless: write under another name and rename (HDF-11).
package final class HDF5File {
  package let path: String
  package let root: HDF5Group
  private let handle: Handle

  private init(path: String, id: hid_t, root: hid_t) {
    self.path = path
    handle = Handle(id) { H5Fclose($0) }
    self.root = HDF5Group(handle: Handle(root) { H5Gclose($0) }, path: "/", file: handle)
  }

  /// Makes a new file; an existing one is replaced.
  ///
  /// - Parameter name: what it is called in messages, where that is not its path.
  package static func create(at path: String, called name: String? = nil, userBlockByteCount: Int = 0) throws(HDF5Error) -> HDF5File {
    try create(at: path, called: name, userBlockByteCount: userBlockByteCount, .plain)
  }

  package static func create(in file: UnnamedFile, called name: String, userBlockByteCount: Int = 0) throws(HDF5Error) -> HDF5File {
    try create(at: file.path, called: name, userBlockByteCount: userBlockByteCount, .unnamed)
  }

  private static func create(
    at path: String, called name: String?, userBlockByteCount: Int, _ driver: FileDriver
  ) throws(HDF5Error) -> HDF5File {
    let ids = try HDF5Library.perform("create the file '\(name ?? path)'") {
      Scratch.with { scratch -> (hid_t, hid_t)? in
        guard let access = fileAccess(driver, &scratch), let creation = fileCreation(userBlockByteCount, &scratch) else { return nil }
        return opened(H5Fcreate(path, engram_h5_truncate(), creation, access))
      }
    }
    return HDF5File(path: name ?? path, id: ids.0, root: ids.1)
  }

  package static func open(at path: String, forWriting: Bool = false) throws(HDF5Error) -> HDF5File {
    try open(at: path, forWriting: forWriting) { _ in 0 }
  }

  /// `adjust` changes the list of access properties.
  static func open(
    at path: String, forWriting: Bool, _ driver: FileDriver = .plain, _ adjust: (hid_t) -> herr_t
  ) throws(HDF5Error) -> HDF5File {
    let ids = try HDF5Library.perform("open the file '\(path)'") {
      Scratch.with { scratch -> (hid_t, hid_t)? in
        guard let access = fileAccess(driver, &scratch), adjust(access) >= 0 else { return nil }
        return opened(H5Fopen(path, forWriting ? engram_h5_read_write() : engram_h5_read_only(), access))
      }
    }
    return HDF5File(path: path, id: ids.0, root: ids.1)
  }

  /// Closes the file and everything opened in it. Without this the file closes with its last user, silently.
  package func close() throws(HDF5Error) {
    try handle.close("close the file '\(path)'") { H5Fclose($0) }
  }

  private static func opened(_ file: hid_t) -> (hid_t, hid_t)? {
    guard file >= 0 else { return nil }
    let root = H5Gopen2(file, "/", hid_t(H5P_DEFAULT))
    if root >= 0 { return (file, root) }
    H5Fclose(file)
    return nil
  }
}

/// How the library reaches the bytes of a file.
enum FileDriver {
  case plain
  /// The way through the C library: the other one asks for the name behind a path in /proc, which an ``UnnamedFile`` has not.
  case unnamed
}

/// Earliest format, and closing a file closes everything in it.
func fileAccess(_ driver: FileDriver, _ scratch: inout Scratch) -> hid_t? {
  guard let list = scratch.keep(H5Pcreate(engram_h5_file_access()), H5Pclose),
    H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110) >= 0,
    H5Pset_fclose_degree(list, H5F_CLOSE_STRONG) >= 0,
    // Files get their names when they are complete; a lock would only outlive its file in a child made meanwhile.
    H5Pset_file_locking(list, false, true) >= 0,
    driver == .plain || H5Pset_fapl_stdio(list) >= 0
  else { return nil }
  return list
}

func fileCreation(_ userBlockByteCount: Int, _ scratch: inout Scratch) -> hid_t? {
  guard let list = scratch.keep(H5Pcreate(engram_h5_file_create()), H5Pclose),
    H5Pset_userblock(list, hsize_t(userBlockByteCount)) >= 0, H5Pset_obj_track_times(list, false) >= 0
  else { return nil }
  return list
}
