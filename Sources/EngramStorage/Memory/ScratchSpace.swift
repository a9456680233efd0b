import EngramSystem
import Synchronization

/// A directory for arrays that nobody but this process needs: in unlinked files, which vanish with the process, also when it is
/// killed (STO-11).
///
/// One file serves all arrays, whatever their number, so that descriptors are few; a second one is made only where a limit
/// keeps the first from growing.
package final class ScratchSpace: Sendable {
  private let system: any FileSystem
  private let directory: Descriptor
  private let files = Mutex<[SharedScratch]>([])

  /// In the directory at `path`, which must exist.
  package init(path: String, system: any FileSystem = RealFileSystem()) throws(StorageError) {
    self.system = system
    directory = try system.openDirectory(path: path)
  }

  deinit { try? system.close(directory) }

  func makeArray() -> ScratchArray { ScratchArray(self) }

  /// A file that can give so many bytes, most often the one made last.
  func file(for byteCount: Int) throws(StorageError) -> SharedScratch {
    if let last = files.withLock({ $0.last }), last.hasRoom(for: byteCount) { return last }
    let made = try SharedScratch(in: directory, system)
    files.withLock { $0.append(made) }
    return made
  }
}

/// An unlinked file, and which parts of it are free.
///
/// Unchecked: everything that changes is behind `state`.
final class SharedScratch: @unchecked Sendable {
  private let system: any FileSystem
  private let descriptor: Descriptor

  private struct State {
    var end = 0
    /// Parts that were given back, in the order of the file; none touches another.
    var free: [Range<Int>] = []
  }
  private let state = Mutex(State())

  init(in directory: Descriptor, _ system: any FileSystem) throws(StorageError) {
    self.system = system
    let name = "scratch-" + hexadecimal(UInt64.random(in: .min ... .max)) + hexadecimal(UInt64.random(in: .min ... .max))
    descriptor = try system.open(name, in: directory, .createNew)
    do throws(StorageError) { try system.remove(name, in: directory) } catch {
      try? system.close(descriptor)
      throw error
    }
  }

  deinit { try? system.close(descriptor) }

  func hasRoom(for byteCount: Int) -> Bool {
    state.withLock { state in
      state.free.contains { $0.count >= byteCount } || byteCount <= system.greatestFileByteCount - state.end || state.end == 0
    }
  }

  /// Claims a part of the file, zeroed, and shows it there. Space is claimed before it is shown: a full disk is an error of
  /// the growing call, never a bus error in a step (STO-7).
  func show(_ byteCount: Int, at start: UnsafeMutableRawPointer) throws(StorageError) -> Range<Int> {
    let place = state.withLock { state in
      if let fitting = state.free.firstIndex(where: { $0.count >= byteCount }) {
        let part = state.free[fitting]
        let taken = part.lowerBound..<part.lowerBound + byteCount
        if taken == part { state.free.remove(at: fitting) } else { state.free[fitting] = taken.upperBound..<part.upperBound }
        return taken
      }
      defer { state.end += byteCount }
      return state.end..<state.end + byteCount
    }
    do throws(StorageError) {
      try system.allocate(descriptor, offset: place.lowerBound, byteCount: byteCount)
      try show(place, at: start)
      return place
    } catch {
      giveBack(place)
      throw error
    }
  }

  /// Shows a part at another place as well.
  func show(_ place: Range<Int>, at start: UnsafeMutableRawPointer) throws(StorageError) {
    _ = try system.map(descriptor, offset: place.lowerBound, byteCount: place.count, mode: .writeShared, at: start)
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) { try system.write(descriptor, bytes, at: offset) }

  /// Gives the space back and makes it zero, for the next array; where that is impossible it is not used again.
  func giveBack(_ place: Range<Int>) {
    guard (try? system.discard(descriptor, offset: place.lowerBound, byteCount: place.count)) == true else { return }
    state.withLock { state in
      let index = state.free.firstIndex { $0.lowerBound > place.lowerBound } ?? state.free.count
      state.free.insert(place, at: index)
      for left in [index, index - 1]
      where left >= 0 && left + 1 < state.free.count && state.free[left].upperBound == state.free[left + 1].lowerBound {
        state.free[left] = state.free[left].lowerBound..<state.free[left + 1].upperBound
        state.free.remove(at: left + 1)
      }
    }
  }
}

/// The parts of scratch files that one array lies in, in its order.
final class ScratchArray {
  private let space: ScratchSpace
  private var parts: [(file: SharedScratch, place: Range<Int>)] = []

  init(_ space: ScratchSpace) { self.space = space }

  deinit { for part in parts { part.file.giveBack(part.place) } }

  /// Writes bytes through the file, where they lie in one part of it.
  ///
  /// - Returns: whether it was done.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    var start = 0
    for part in parts {
      if offset >= start, offset + bytes.count <= start + part.place.count {
        return (try? part.file.write(bytes, at: part.place.lowerBound + offset - start)) != nil
      }
      start += part.place.count
    }
    return false
  }

  /// Shows everything at the start of a range, as far as it is not there, and claims more up to `byteCount`.
  func map(_ range: AddressRange, upTo byteCount: Int) throws(StorageError) {
    let wanted = AddressRange.roundedToPages(byteCount)
    guard wanted <= range.reservedByteCount else { throw .outOfMemory(bytes: byteCount) }
    var position = 0
    for part in parts {
      if position >= range.writableByteCount { try part.file.show(part.place, at: range.start + position) }
      position += part.place.count
    }
    if wanted > position {
      let file = try space.file(for: wanted - position)
      parts.append((file, try file.show(wanted - position, at: range.start + position)))
    }
    range.noteMapped(upTo: max(position, wanted))
  }
}
