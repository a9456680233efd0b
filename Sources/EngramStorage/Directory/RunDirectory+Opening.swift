import EngramSystem
import Synchronization

extension RunDirectory {
  static func openRoot(_ path: String, creating: Bool, _ system: any FileSystem) throws(StorageError) -> Descriptor {
    do throws(StorageError) { return try system.openDirectory(path: path) } catch {
      guard creating, case .system(_, _, ENOENT) = error else {
        if case .system(_, _, ENOENT) = error { throw .notARunDirectory(path: path, reason: "it does not exist") }
        if case .system(_, _, ENOTDIR) = error { throw .notARunDirectory(path: path, reason: "it is a file; a portable file becomes one with `engram unpack`") }
        throw error
      }
    }
    let (parentPath, name) = splitPath(path)
    let parent = try system.openDirectory(path: parentPath)
    defer { try? system.close(parent) }
    try system.makeDirectory(name, in: parent)
    try system.syncDirectory(parent)
    return try system.openDirectory(name, in: parent)
  }

  /// - Returns: the lock that this process holds, and which file it is.
  static func takeLock(in root: Descriptor, path: String, _ system: any FileSystem) throws(StorageError) -> (file: Descriptor, inode: UInt64) {
    let file: Descriptor
    do throws(StorageError) { file = try system.open("lock", in: root, .createOrOpen) } catch {
      // The path that is missing a permission is that of the directory, for whoever reads the message.
      guard case .system(_, _, let code) = error, [EACCES, EPERM, EROFS].contains(code) else { throw error }
      throw .system(operation: "write into", path: path, code: code)
    }
    do throws(StorageError) {
      guard try system.lock(file) else {
        let owner = (try? system.contents(file, path: path + "/lock", atMost: 4096)).map { String(decoding: $0, as: UTF8.self) }
        throw .locked(path: path, owner: String((owner ?? "").prefix { !$0.isNewline }))
      }
      let status = try system.status(file)
      guard status.linkCount == 1 else {
        throw .damaged(file: "\(path)/lock", what: "the file has \(status.linkCount) names, a lock has one", place: "directory entry")
      }
      // For the message only; the lock itself is the system's and ends with this process.
      try? system.truncate(file, byteCount: 0)
      try? system.write(file, Array(ownerDescription().utf8), at: 0)
      return (file, status.inode)
    } catch {
      try? system.close(file)
      throw error
    }
  }

  private static func ownerDescription() -> String { "process \(getpid()) on host \(HostIdentity.name)\nboot \(HostIdentity.boot)\n" }

  /// Makes what a run directory consists of; FORMAT last, because it says that the rest is there.
  static func furnish(
    _ root: Descriptor, present: Set<String>, _ system: any FileSystem, _ options: Options
  ) throws(StorageError) {
    for name in subdirectories where !present.contains(name) { try system.makeDirectory(name, in: root) }
    for name in ["objects", "segments", "checkpoints"] {
      let directory = try system.openDirectory(name, in: root)
      defer { try? system.close(directory) }
      guard try system.list(directory).isEmpty else {
        throw .notARunDirectory(path: name, reason: "the file FORMAT is missing, yet there is data")
      }
    }
    let temporary = try system.openDirectory("tmp", in: root)
    defer { try? system.close(temporary) }
    for name in try system.list(temporary) { try system.remove(name, in: temporary) }
    try system.syncDirectory(root)
    let format = FormatFile(runID: hexadecimal(options.random()) + hexadecimal(options.random()))
    try publish(format.encoded, as: options.formatName, in: root, by: temporary, replacing: false, system)
  }
}

/// `a/b` ▶ (`a`, `b`); `b` ▶ (`.`, `b`).
func splitPath(_ path: String) -> (parent: String, name: String) {
  var trimmed = path[...]
  while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
  guard let slash = trimmed.lastIndex(of: "/") else { return (".", String(trimmed)) }
  let parent = trimmed[..<slash]
  return (parent.isEmpty ? "/" : String(parent), String(trimmed[trimmed.index(after: slash)...]))
}

/// Writes a small file aside, makes it survive a power cut, gives it its name, makes that survive.
func publish(
  _ bytes: [UInt8], as name: String, in directory: Descriptor, by temporary: Descriptor, replacing: Bool, _ system: any FileSystem
) throws(StorageError) {
  let aside = name + ".new"
  try? system.remove(aside, in: temporary)
  let file = try system.open(aside, in: temporary, .createNew)
  var isOpen = true
  do throws(StorageError) {
    try system.write(file, bytes, at: 0)
    try system.syncFile(file)
    isOpen = false
    try system.close(file)
    try system.rename(aside, in: temporary, to: name, in: directory, replacing: replacing)
  } catch {
    if isOpen { try? system.close(file) }
    try? system.remove(aside, in: temporary)
    throw error
  }
  try system.syncDirectory(directory)
}
