import EngramSystem

/// A run directory that is made under another name and gets its own when it is complete: it is there as a whole or not at all.
///
/// What a process that was killed left is found by its name and removed by the next one that makes the same directory; the lock
/// tells it from what somebody is still making.
final class DirectoryInMaking {
  let root: Descriptor
  /// Where it is being made.
  let path: String
  private let target: String
  private let name: String
  private let aside: String
  private let parent: Descriptor
  private var lock: Descriptor?
  private let system: any FileSystem
  private let replacesEmpty: Bool

  /// - Parameter replacingEmpty: whether a directory without anything of value gives way.
  /// - Throws: `exists` where the directory is there already.
  init(_ target: String, _ system: any FileSystem, replacingEmpty: Bool = false) throws(StorageError) {
    let (parentPath, name) = splitPath(target)
    (self.target, self.name, self.system) = (target, name, system)
    aside = ".\(name).partial"
    path = "\(parentPath)/\(aside)"
    let parent = try system.openDirectory(path: parentPath)
    var opened = [parent]
    do throws(StorageError) {
      let names = try system.list(parent)
      let isThere = replacingEmpty && names.contains(name)
      replacesEmpty = isThere ? try DirectoryInMaking.isEmpty(name, in: parent, system) : false
      guard replacesEmpty || !names.contains(name) else { throw .exists(path: target) }
      if names.contains(aside) { try DirectoryInMaking.remove(aside, in: parent, system) }
      try system.makeDirectory(aside, in: parent)
      do throws(StorageError) {
        let root = try system.openDirectory(aside, in: parent)
        opened.append(root)
        let lock = try system.open("lock", in: root, .createNew)
        opened.append(lock)
        guard try system.lock(lock) else { throw .locked(path: target, owner: "") }
        (self.parent, self.root, self.lock) = (parent, root, lock)
      } catch {
        try? DirectoryInMaking.remove(aside, in: parent, system, lockedByUs: true)
        throw error
      }
    } catch {
      for descriptor in opened.reversed() { try? system.close(descriptor) }
      throw error
    }
  }

  deinit { for descriptor in [lock, root, parent] { if let descriptor { try? system.close(descriptor) } } }

  /// Lets a run directory that is opened there take the lock.
  func handOverLock() {
    if let lock {
      try? system.unlock(lock)
      try? system.close(lock)
    }
    lock = nil
  }

  /// Gives it its name. Nothing else is left to be done.
  func publish() throws(StorageError) {
    if replacesEmpty { try DirectoryInMaking.remove(name, in: parent, system) }
    try system.rename(aside, in: parent, to: name, in: parent, replacing: false)
    try system.syncDirectory(parent)
  }

  /// Removes what has been made.
  func abandon() { try? DirectoryInMaking.remove(aside, in: parent, system, lockedByUs: true) }

  /// Whether a directory has nothing in it, or is a run directory without a checkpoint.
  private static func isEmpty(_ name: String, in parent: Descriptor, _ system: any FileSystem) throws(StorageError) -> Bool {
    guard let root = try? system.openDirectory(name, in: parent) else { return false }
    defer { try? system.close(root) }
    let known: Set<String> = ["lock", NamesTable.fileName, Journal.name, Journal.copyName, FormatFile.name, RunDirectory.statusName]
    for entry in try system.list(root) where !known.contains(entry) {
      guard RunDirectory.subdirectories.contains(entry) else { return false }
      let directory = try system.openDirectory(entry, in: root)
      defer { try? system.close(directory) }
      let isBare = try system.list(directory).isEmpty
      guard entry == "tmp" || isBare else { return false }
    }
    return true
  }

  /// Removes a directory that is half made, or has no checkpoint; not what somebody is still using.
  static func remove(_ name: String, in parent: Descriptor, _ system: any FileSystem, lockedByUs: Bool = false) throws(StorageError) {
    let root = try system.openDirectory(name, in: parent)
    defer { try? system.close(root) }
    if !lockedByUs, let lock = try system.openIfPresent("lock", in: root) {
      defer {
        try? system.unlock(lock)
        try? system.close(lock)
      }
      guard try system.lock(lock) else { throw .locked(path: name, owner: "another process that is making it") }
    }
    for entry in try system.list(root) {
      guard RunDirectory.subdirectories.contains(entry) else {
        try system.remove(entry, in: root)
        continue
      }
      let directory = try system.openDirectory(entry, in: root)
      defer { try? system.close(directory) }
      for file in try system.list(directory) { try system.remove(file, in: directory) }
      try system.removeDirectory(entry, in: root)
    }
    try system.removeDirectory(name, in: parent)
  }
}
