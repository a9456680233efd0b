import EngramSystem
import EngramTestSupport
import Synchronization

@testable import EngramStorage

/// A disk that keeps its word about synchronised data only, and breaks it about everything else.
///
/// Every file and directory has a durable state and a list of changes since it was last synchronised. A power cut
/// keeps an arbitrary part of those changes, in any order, writes torn at sectors. Every operation has a number; the
/// disk can fail at one (error) or lose power there.
final class SimulatedDisk: FileSystem, @unchecked Sendable {
  enum Fault: Equatable {
    case none
    /// This operation returns an error, once.
    case error(at: Int, code: Int32)
    /// All of these do.
    case errors(at: Range<Int>, code: Int32)
    /// From this operation on nothing works any more; the operation itself may have been half done.
    case powerCut(at: Int)
  }

  /// Mutants: a correct store on such a disk must be caught losing data.
  var ignoresFileSync = false
  var ignoresDirectorySync = false

  private final class Node {
    var isDirectory: Bool
    var bytes: [UInt8] = []
    var durableBytes: [UInt8] = []
    var pendingWrites: [Change] = []
    var entries: [String: Node] = [:]
    var durableEntries: [String: Node] = [:]
    var pendingEntries: [(name: String, node: Node?)] = []
    var lockedBy: Int32?
    /// Names it has now.
    var linkCount = 0
    var version: Int64 = 0
    let inode: UInt64
    private static let next = Atomic<UInt64>(1)
    init(isDirectory: Bool) {
      self.isDirectory = isDirectory
      inode = Node.next.add(1, ordering: .relaxed).newValue
    }
    var status: FileStatus {
      FileStatus(
        byteCount: bytes.count, isRegular: !isDirectory, isDirectory: isDirectory, inode: inode, linkCount: linkCount,
        modifiedNanoseconds: version)
    }
  }

  private enum Change {
    case write(offset: Int, bytes: [UInt8])
    case size(Int)
  }

  private let root = Node(isDirectory: true)
  private var open: [Int32: Node] = [:]
  private var nextDescriptor: Int32 = 1_000_000
  private var appending: Set<Int32> = []
  private let lock = Lock()
  private(set) var operationCount = 0
  private var log: [(FileOperation, String)] = []
  var operationNames: [String] { log.map { "\($0.0.rawValue) \($0.1)" } }
  var fault = Fault.none
  private var isDead = false
  var freeBytes: UInt64 = 1 << 40
  /// No file may become longer.
  var greatestBytes = Int.max
  let descriptors: DescriptorPool
  /// The longest chain of what a test asks for.
  static let sector = 512

  /// - Parameter descriptorLimit: at most this many pooled files are open while nobody uses them.
  init(descriptorLimit: Int = 1000) { descriptors = DescriptorPool { descriptorLimit } }

  /// Starts counting anew.
  func arm(_ fault: Fault) {
    lock.withLock {
      operationCount = 0
      log = []
      self.fault = fault
    }
  }

  var openDescriptorCount: Int { lock.withLock { open.count } }
  private(set) var mostOpenDescriptors = 0

  /// What is there after a power cut: another disk, with everything closed.
  func afterPowerCut(seed: UInt64) -> SimulatedDisk {
    var random = SplitMix(state: seed)
    let disk = SimulatedDisk()
    var copies: [ObjectIdentifier: Node] = [:]
    func survivor(_ node: Node) -> Node {
      if let known = copies[ObjectIdentifier(node)] { return known }
      let copy = Node(isDirectory: node.isDirectory)
      copies[ObjectIdentifier(node)] = copy
      if node.isDirectory {
        var entries = node.durableEntries
        for change in node.pendingEntries where random.next() % 2 == 0 { entries[change.name] = change.node }
        for (name, child) in entries.sorted(by: { $0.key < $1.key }) {
          copy.entries[name] = survivor(child)
          copy.entries[name]!.linkCount += 1
        }
        copy.durableEntries = copy.entries
      } else {
        var bytes = node.durableBytes
        for change in node.pendingWrites.shuffled(using: &random) {
          switch change {
          case .size(let count):
            if random.next() % 2 == 0 { SimulatedDisk.resize(&bytes, count) }
          case .write(let offset, let content):
            var start = 0
            while start < content.count {
              let end = min(content.count, (offset + start) / SimulatedDisk.sector * SimulatedDisk.sector + SimulatedDisk.sector - offset)
              if random.next() % 2 == 0 {
                if bytes.count < offset + end { SimulatedDisk.resize(&bytes, offset + end) }
                SimulatedDisk.put(&bytes, offset + start, content, start..<end)
              }
              start = end
            }
          }
        }
        copy.bytes = bytes
        copy.durableBytes = bytes
      }
      return copy
    }
    let newRoot = lock.withLock { survivor(root) }
    disk.root.entries = newRoot.entries
    disk.root.durableEntries = newRoot.entries
    return disk
  }

  /// What is there after the process was killed: everything written, nothing open.
  func afterKill() -> SimulatedDisk {
    let disk = SimulatedDisk()
    lock.withLock {
      disk.root.entries = root.entries
      disk.root.durableEntries = root.durableEntries
      disk.root.pendingEntries = root.pendingEntries
    }
    func unlock(_ node: Node) {
      node.lockedBy = nil
      for child in node.entries.values { unlock(child) }
    }
    unlock(disk.root)
    return disk
  }

  /// All files below, by path; for comparing and damaging.
  func files() -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    func visit(_ node: Node, _ path: String) {
      for (name, child) in node.entries {
        if child.isDirectory { visit(child, path + "/" + name) } else { result[path + "/" + name] = child.bytes }
      }
    }
    lock.withLock { visit(root, "") }
    return result
  }

  /// Somebody else's hand, also while the background still reads: other bytes in a file, at once and durably.
  func overwrite(_ path: String, _ bytes: [UInt8]) {
    lock.withLock {
      var node = root
      for part in path.split(separator: "/") { node = node.entries[String(part)]! }
      node.bytes = bytes
      node.durableBytes = bytes
      node.pendingWrites = []
      node.version += 1
    }
  }

  /// Somebody else's hand: the entry is gone, at once and durably.
  func erase(_ path: String) {
    let parts = path.split(separator: "/").map(String.init)
    lock.withLock {
      var parent = root
      for part in parts.dropLast() { parent = parent.entries[part]! }
      parent.entries.removeValue(forKey: parts.last!)?.linkCount -= 1
      parent.durableEntries[parts.last!] = nil
      parent.pendingEntries.removeAll { $0.name == parts.last! }
      parent.version += 1
    }
  }

  /// Another file under the same name.
  func replace(_ path: String, _ bytes: [UInt8]) {
    let parts = path.split(separator: "/").map(String.init)
    let fresh = Node(isDirectory: false)
    (fresh.bytes, fresh.durableBytes, fresh.linkCount) = (bytes, bytes, 1)
    lock.withLock {
      var node = root
      for part in parts.dropLast() { node = node.entries[part]! }
      node.entries[parts.last!] = fresh
      node.durableEntries[parts.last!] = fresh
    }
  }

  // Plain copies: the generic ones take most of the time of an unoptimised test.
  private static func resize(_ bytes: inout [UInt8], _ count: Int) {
    guard count != bytes.count else { return }
    let old = bytes
    bytes = [UInt8](repeating: 0, count: count)
    put(&bytes, 0, old, 0..<min(old.count, count))
  }

  private static func put(_ bytes: inout [UInt8], _ offset: Int, _ content: [UInt8], _ range: Range<Int>) {
    guard range.upperBound > range.lowerBound else { return }
    bytes.withUnsafeMutableBytes { target in
      content.withUnsafeBytes { _ = memcpy(target.baseAddress! + offset, $0.baseAddress! + range.lowerBound, range.upperBound - range.lowerBound) }
    }
  }

  // MARK: Faults

  private func perform<Value>(
    _ operation: FileOperation, _ path: String, half: (() -> Void)? = nil, _ body: () throws(StorageError) -> Value
  ) throws(StorageError) -> Value {
    let result: Result<Value, StorageError> = lock.withLock {
      if isDead { return .failure(.system(operation: operation.rawValue, path: path, code: EIO)) }
      let number = operationCount
      operationCount += 1
      log.append((operation, path))
      switch fault {
      case .powerCut(let at) where at == number:
        half?()
        isDead = true
        return .failure(.system(operation: operation.rawValue, path: path, code: EIO))
      case .error(let at, let code) where at == number:
        half?()
        return .failure(.system(operation: operation.rawValue, path: path, code: code))
      case .errors(let at, let code) where at.contains(number):
        half?()
        return .failure(.system(operation: operation.rawValue, path: path, code: code))
      default: break
      }
      do throws(StorageError) { return .success(try body()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private func node(_ descriptor: Descriptor) throws(StorageError) -> Node {
    guard let node = open[descriptor.number] else { throw .system(operation: "use", path: "descriptor \(descriptor.number)", code: EBADF) }
    return node
  }

  private func hand(_ node: Node, _ mode: OpenMode = .read) -> Descriptor {
    nextDescriptor += 1
    if mode == .append { appending.insert(nextDescriptor) }
    open[nextDescriptor] = node
    mostOpenDescriptors = max(mostOpenDescriptors, open.count)
    return Descriptor(nextDescriptor)
  }

  private func set(_ name: String, _ child: Node?, in directory: Node) {
    directory.entries[name]?.linkCount -= 1
    child?.linkCount += 1
    directory.version += 1
    directory.entries[name] = child
    directory.pendingEntries.append((name, child))
  }

  private func fail(_ operation: FileOperation, _ path: String, _ code: Int32) -> StorageError {
    .system(operation: operation.rawValue, path: path, code: code)
  }

  // MARK: FileSystem

  func openDirectory(path: String) throws(StorageError) -> Descriptor {
    try perform(.openDirectory, path) { () throws(StorageError) in
      var node = root
      for part in path.split(separator: "/") where part != "." {
        guard let child = node.entries[String(part)] else { throw fail(.openDirectory, path, ENOENT) }
        guard child.isDirectory else { throw fail(.openDirectory, path, ENOTDIR) }
        node = child
      }
      return hand(node)
    }
  }

  func openDirectory(_ name: String, in directory: Descriptor) throws(StorageError) -> Descriptor {
    try perform(.openDirectory, name) { () throws(StorageError) in
      guard let child = try node(directory).entries[name] else { throw fail(.openDirectory, name, ENOENT) }
      guard child.isDirectory else { throw fail(.openDirectory, name, ENOTDIR) }
      return hand(child)
    }
  }

  func makeDirectory(_ name: String, in directory: Descriptor) throws(StorageError) {
    let make: () throws(StorageError) -> Void = { [self] () throws(StorageError) in
      let parent = try node(directory)
      guard parent.entries[name] == nil else { throw fail(.makeDirectory, name, EEXIST) }
      set(name, Node(isDirectory: true), in: parent)
    }
    try perform(.makeDirectory, name, half: fault.isPowerCut ? { try? make() } : nil, make)
  }

  func open(_ name: String, in directory: Descriptor, _ mode: OpenMode) throws(StorageError) -> Descriptor {
    try perform(mode == .read ? .open : .create, name) { () throws(StorageError) in
      let parent = try node(directory)
      if let child = parent.entries[name] {
        guard mode != .createNew else { throw fail(.create, name, EEXIST) }
        if [.createOrOpen, .append].contains(mode), child.linkCount != 1 {
          throw .notOurs(path: name, reason: "it has \(child.linkCount) names (hard links)")
        }
        guard !child.isDirectory else { throw fail(.open, name, EISDIR) }
        return hand(child, mode)
      }
      guard mode != .read, mode != .reopen else { throw fail(.open, name, ENOENT) }
      let child = Node(isDirectory: false)
      set(name, child, in: parent)
      return hand(child, mode)
    }
  }

  func status(_ file: Descriptor) throws(StorageError) -> FileStatus {
    try perform(.status, "") { () throws(StorageError) in
      return try node(file).status
    }
  }

  func claimedByteCount(_ name: String, in directory: Descriptor) -> Int? {
    lock.withLock { open[directory.number]?.entries[name].flatMap { $0.isDirectory ? nil : $0.bytes.count } }
  }

  func status(_ name: String, in directory: Descriptor) throws(StorageError) -> FileStatus? {
    try perform(.status, name) { () throws(StorageError) in try node(directory).entries[name]?.status }
  }

  func read(_ file: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) -> Int {
    try perform(.read, "") { () throws(StorageError) in
      let bytes = try node(file).bytes
      let count = max(0, min(buffer.count, bytes.count - offset))
      if count > 0 { _ = bytes.withUnsafeBytes { memcpy(buffer.baseAddress!, $0.baseAddress! + offset, count) } }
      return count
    }
  }

  func write(_ file: Descriptor, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
    let content = Array(bytes)
    func put(_ content: [UInt8]) throws(StorageError) {
      let node = try node(file)
      let offset = appending.contains(file.number) ? node.bytes.count : offset
      node.version += 1
      if node.bytes.count < offset + content.count { SimulatedDisk.resize(&node.bytes, offset + content.count) }
      SimulatedDisk.put(&node.bytes, offset, content, 0..<content.count)
      node.pendingWrites.append(.write(offset: offset, bytes: content))
    }
    try perform(.write, "", half: { try? put(Array(content.prefix(content.count / 2))) }) { () throws(StorageError) in
      try put(content)
    }
  }

  func allocate(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) {
    try perform(.allocate, "") { () throws(StorageError) in
      let node = try node(file)
      if node.bytes.count < offset + byteCount {
        SimulatedDisk.resize(&node.bytes, offset + byteCount)
        node.pendingWrites.append(.size(offset + byteCount))
      }
    }
  }

  func discard(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) -> Bool {
    try perform(.discard, "") { () throws(StorageError) in false }
  }

  func truncate(_ file: Descriptor, byteCount: Int) throws(StorageError) {
    try perform(.truncate, "") { () throws(StorageError) in
      let node = try node(file)
      SimulatedDisk.resize(&node.bytes, byteCount)
      node.pendingWrites.append(.size(byteCount))
    }
  }

  func syncFile(_ file: Descriptor) throws(StorageError) { try sync(file, .syncFile) }
  func syncData(_ file: Descriptor) throws(StorageError) { try sync(file, .syncData) }

  private func sync(_ file: Descriptor, _ operation: FileOperation) throws(StorageError) {
    // After a failed flush the system takes the pages as clean: they are never written, however often one asks again.
    let forget = { [self] in if !fault.isPowerCut { (try? node(file))?.pendingWrites = [] } }
    try perform(operation, "", half: forget) { () throws(StorageError) in
      let node = try node(file)
      guard !ignoresFileSync else { return }
      for change in node.pendingWrites {
        switch change {
        case .size(let count): SimulatedDisk.resize(&node.durableBytes, count)
        case .write(let offset, let bytes):
          if node.durableBytes.count < offset + bytes.count { SimulatedDisk.resize(&node.durableBytes, offset + bytes.count) }
          SimulatedDisk.put(&node.durableBytes, offset, bytes, 0..<bytes.count)
        }
      }
      node.pendingWrites = []
    }
  }

  func syncDirectory(_ directory: Descriptor) throws(StorageError) {
    try perform(.syncDirectory, "") { () throws(StorageError) in
      let node = try node(directory)
      guard !ignoresDirectorySync else { return }
      node.durableEntries = node.entries
      node.pendingEntries = []
    }
  }

  func rename(
    _ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor, replacing: Bool
  ) throws(StorageError) {
    let act: () throws(StorageError) -> Void = { [self] () throws(StorageError) in
      let (source, target) = (try node(directory), try node(newDirectory))
      guard let child = source.entries[name] else { throw fail(.rename, name, ENOENT) }
      guard replacing || target.entries[newName] == nil else { throw fail(.rename, newName, EEXIST) }
      set(newName, child, in: target)
      set(name, nil, in: source)
    }
    try perform(.rename, newName, half: fault.isPowerCut ? { try? act() } : nil, act)
  }

  func link(_ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor) throws(StorageError) -> Bool {
    try perform(.link, newName) { () throws(StorageError) in
      let (source, target) = (try node(directory), try node(newDirectory))
      guard let child = source.entries[name] else { throw fail(.link, name, ENOENT) }
      guard target.entries[newName] == nil else { throw fail(.link, newName, EEXIST) }
      set(newName, child, in: target)
      return true
    }
  }

  func clone(_ source: Descriptor, into target: Descriptor) throws(StorageError) -> Bool {
    try perform(.clone, "") { () throws(StorageError) in false }
  }

  func remove(_ name: String, in directory: Descriptor) throws(StorageError) {
    let act: () throws(StorageError) -> Void = { [self] () throws(StorageError) in
      let parent = try node(directory)
      guard let child = parent.entries[name] else { throw fail(.remove, name, ENOENT) }
      guard !child.isDirectory else { throw fail(.remove, name, EISDIR) }
      set(name, nil, in: parent)
    }
    try perform(.remove, name, half: fault.isPowerCut ? { try? act() } : nil, act)
  }

  func removeDirectory(_ name: String, in directory: Descriptor) throws(StorageError) {
    try perform(.removeDirectory, name) { () throws(StorageError) in
      let parent = try node(directory)
      guard let child = parent.entries[name], child.isDirectory else { throw fail(.removeDirectory, name, ENOTDIR) }
      guard child.entries.isEmpty else { throw fail(.removeDirectory, name, ENOTEMPTY) }
      set(name, nil, in: parent)
    }
  }

  func list(_ directory: Descriptor) throws(StorageError) -> [String] {
    try perform(.list, "") { () throws(StorageError) in try node(directory).entries.keys.sorted() }
  }

  func lock(_ file: Descriptor) throws(StorageError) -> Bool {
    try perform(.lock, "") { () throws(StorageError) in
      let node = try node(file)
      guard node.lockedBy == nil else { return false }
      node.lockedBy = file.number
      return true
    }
  }

  func protect(_ file: Descriptor) throws(StorageError) {
    try perform(.protect, "") { () throws(StorageError) in _ = try node(file) }
  }

  func close(_ file: Descriptor) throws(StorageError) {
    // A descriptor is gone whatever else is reported; a dead machine has none.
    lock.withLock {
      appending.remove(file.number)
      if let node = open.removeValue(forKey: file.number), node.lockedBy == file.number { node.lockedBy = nil }
    }
    try perform(.close, "") { () throws(StorageError) in }
  }

  func map(
    _ file: Descriptor, offset: Int, byteCount: Int, mode: MappingMode, at start: UnsafeMutableRawPointer?
  ) throws(StorageError) -> UnsafeMutableRawPointer {
    try perform(.map, "") { () throws(StorageError) in
      precondition(mode != .writeShared, "the simulated disk shows copies")
      let bytes = try node(file).bytes
      var place = start
      if place == nil, engram_reserve(AddressRange.roundedToPages(byteCount), &place) != 0 { throw fail(.map, "", ENOMEM) }
      guard let place, engram_make_writable(place, AddressRange.roundedToPages(byteCount)) == 0 else { throw fail(.map, "", ENOMEM) }
      let count = max(0, min(byteCount, bytes.count - offset))
      if count > 0 { _ = bytes.withUnsafeBytes { memcpy(place, $0.baseAddress! + offset, count) } }
      return place
    }
  }

  func freeByteCount(_ file: Descriptor) -> UInt64 { freeBytes }
  var greatestFileByteCount: Int { greatestBytes }
  func isNetworkFileSystem(_ file: Descriptor) -> Bool { false }
  func keepRewritesInPlace(in folder: Descriptor) -> Bool { true }
}

extension SimulatedDisk.Fault {
  var isPowerCut: Bool { if case .powerCut = self { true } else { false } }
}
