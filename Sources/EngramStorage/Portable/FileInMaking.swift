import EngramSystem

/// A file that is written under another name and gets its own when it is complete.
///
/// What a process that was killed left is found by its name and removed by the next one that writes the same file; the lock tells
/// it from what somebody is still writing.
final class FileInMaking {
  let descriptor: Descriptor
  private let name: String
  private let aside: String
  private let parent: Descriptor
  private let system: any FileSystem

  /// - Parameter byteCount: found out before anything is written.
  init(_ path: String, _ system: any FileSystem, byteCount: Int) throws(StorageError) {
    let (parentPath, name) = splitPath(path)
    (self.name, self.system) = (name, system)
    aside = ".\(name).partial"
    let parent = try system.openDirectory(path: parentPath)
    var opened = [parent]
    do throws(StorageError) {
      let free = system.freeByteCount(parent)
      guard free >= UInt64(byteCount) else { throw .noSpace(path: path, needed: UInt64(byteCount), available: free) }
      for leftover in try system.list(parent) where FileInMaking.isAside(leftover, of: name) {
        try FileInMaking.removeLeftover(leftover, in: parent, of: path, system)
      }
      let descriptor = try system.open(aside, in: parent, .createNew)
      opened.append(descriptor)
      do throws(StorageError) {
        guard try system.lock(descriptor) else { throw .locked(path: path, owner: "") }
      } catch {
        try? system.remove(aside, in: parent)
        throw error
      }
      (self.parent, self.descriptor) = (parent, descriptor)
    } catch {
      for descriptor in opened.reversed() { try? system.close(descriptor) }
      throw error
    }
  }

  deinit { for descriptor in [descriptor, parent] { try? system.close(descriptor) } }

  /// Gives it its name, in place of an older one. It has been flushed.
  func publish() throws(StorageError) {
    try system.rename(aside, in: parent, to: name, in: parent, replacing: true)
    try system.syncDirectory(parent)
  }

  func abandon() { try? system.remove(aside, in: parent) }

  /// Also those with a number behind, as earlier releases made them.
  private static func isAside(_ candidate: String, of name: String) -> Bool {
    let own = ".\(name).partial"
    if candidate == own { return true }
    guard candidate.hasPrefix(own + "-") else { return false }
    let number = candidate.dropFirst(own.count + 1)
    return number.utf8.count == 16 && number.allSatisfy(\.isHexDigit)
  }

  private static func removeLeftover(_ leftover: String, in parent: Descriptor, of path: String, _ system: any FileSystem) throws(StorageError) {
    guard let file = try system.openIfPresent(leftover, in: parent) else { return }
    defer { try? system.close(file) }
    guard try system.lock(file) else { throw .locked(path: path, owner: "") }
    try system.remove(leftover, in: parent)
  }
}
