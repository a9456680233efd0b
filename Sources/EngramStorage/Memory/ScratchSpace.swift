import CEngramSystem
import Glibc

/// A directory for files that nobody but this process needs: unlinked as soon as they are open, so that they vanish
/// with it, also when it is killed (STO-11).
package final class ScratchSpace: Sendable {
  let system: any FileSystem
  let directory: Descriptor
  private let owned: Bool

  /// Below an open directory that outlives this.
  init(system: any FileSystem, directory: Descriptor) {
    (self.system, self.directory, owned) = (system, directory, false)
  }

  /// In the directory at `path`, which must exist.
  package init(path: String, system: any FileSystem = RealFileSystem()) throws(StorageError) {
    self.system = system
    directory = try system.openDirectory(path: path)
    owned = true
  }

  deinit { if owned { try? system.close(directory) } }

  func makeFile() throws(StorageError) -> ScratchFile {
    let name = "scratch-" + hexadecimal(UInt64.random(in: .min ... .max)) + hexadecimal(UInt64.random(in: .min ... .max))
    let descriptor = try system.open(name, in: directory, .createNew)
    do throws(StorageError) {
      try system.remove(name, in: directory)
    } catch {
      try? system.close(descriptor)
      throw error
    }
    return ScratchFile(space: self, descriptor: descriptor)
  }
}

/// An unlinked file that grows under a mapping. Space is claimed before it is shown: a full disk is an error of the
/// growing call, never a bus error in a step (STO-7).
final class ScratchFile {
  private let space: ScratchSpace
  private let descriptor: Descriptor

  init(space: ScratchSpace, descriptor: Descriptor) {
    self.space = space
    self.descriptor = descriptor
  }

  deinit { try? space.system.close(descriptor) }

  func map(_ range: AddressRange, upTo byteCount: Int) throws(StorageError) {
    let old = range.writableByteCount
    let wanted = AddressRange.roundedToPages(byteCount)
    guard wanted <= range.reservedByteCount else { throw .outOfMemory(bytes: byteCount) }
    guard wanted > old else { return }
    try space.system.allocate(descriptor, offset: old, byteCount: wanted - old)
    _ = try space.system.map(
      descriptor, offset: old, byteCount: wanted - old, mode: .writeShared, at: range.start + old)
    range.noteMapped(upTo: wanted)
  }
}
