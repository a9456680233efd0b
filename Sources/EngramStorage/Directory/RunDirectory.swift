import EngramScalars
import Glibc
import Synchronization

/// A directory that holds the checkpoints of one run (FORMAT.md).
///
/// Invariants: what a committed manifest refers to is never written again; a manifest appears only after everything it
/// refers to survives a power cut; a checkpoint is reported only after its manifest does; nothing is removed that a
/// manifest on disk may still refer to.
///
/// Unchecked: descriptors and options do not change; the rest is behind `state`. One operation that writes runs at a
/// time: each waits for the one before (``settle()``).
package final class RunDirectory: SegmentSource, @unchecked Sendable {
  package enum Access: Sendable { case write, read }

  package struct Options: Sendable {
    /// Which checkpoints are kept without being asked for.
    package var retention = RetentionPolicy()
    /// Payload bytes a segment file can hold.
    package var segmentExtent = 1 << 30
    /// Columns from this size on have an object file of their own and are mapped when restored.
    package var largeColumnByteCount = 1 << 20
    /// Sizes of object files are multiples of this: the largest page size in use (STO-3).
    var filePadding = EngramStorage.filePadding
    /// Nanoseconds since 1970.
    package var clock: @Sendable () -> Int64 = {
      var now = timespec()
      clock_gettime(CLOCK_REALTIME, &now)
      return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
    /// Bytes of memory that can still be taken.
    var availableMemory: @Sendable () -> Int = EngramStorage.availableMemory
    package var random: @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
    package init() {}
  }

  /// Where the content of a column lies already.
  struct Place: Sendable {
    var version: UInt64
    var file: Manifest.FileEntry
    var offset: Int
    var byteCount: Int
    var hash: ContentHash
  }

  struct ContentKey: Hashable {
    let hash: ContentHash
    let byteCount: Int
  }

  struct State {
    var runID = ""
    var line = "main"
    /// The checkpoint that the live state comes from.
    var current: UInt64?
    /// Committed checkpoints, without their opaque parts.
    var manifests: [UInt64: Manifest] = [:]
    /// Manifest files that cannot be read, by sequence.
    var damaged: [UInt64: StorageError] = [:]
    var table = NamesTable()
    var tableProblem: StorageError?
    var nextSequence: UInt64 = 1
    var places: [UInt64: Place] = [:]
    var contents: [ContentKey: Place] = [:]
    /// Names of object files that some committed manifest refers to.
    var objects: Set<String> = []
    /// Segment files that a recording of this process still uses.
    var segments: [WeakSegment] = []
    var segmentsDirectoryIsDirty = false
    /// The checkpoint that `live.h5` shows, if this process made it.
    var live: UInt64?
    var inFlight: CommitHandle?
    var verifications: [Promise<Bool>] = []
    var sealed: [(column: Unowned, place: Place)] = []
    var isClosed = false
    /// Set after opening; nil: that of the options.
    var retention: RetentionPolicy?
  }

  struct WeakSegment { weak var file: SegmentFile? }
  /// A column that may be given back; looked at by the thread of the run only.
  struct Unowned: @unchecked Sendable { weak var column: Column? }

  package let path: String
  package let access: Access
  let system: any FileSystem
  package let headers: any PayloadHeaderWriter
  let options: Options
  let root, objects, segments, checkpoints, temporary: Descriptor
  private let lockFile: Descriptor?
  let queue = BackgroundQueue()
  let verifier = BackgroundQueue()
  let publisher = BackgroundQueue()
  let shadow: ShadowPool
  let state = Mutex(State())

  /// Bytes that the file system still has for this user.
  package var freeByteCount: UInt64 { system.freeByteCount(root) }

  static let subdirectories = ["objects", "segments", "checkpoints", "tmp"]
  /// What may lie in a directory whose creation was cut short.
  private static let ownNames: Set<String> = ["objects", "segments", "checkpoints", "tmp", "lock", "kernels"]

  /// Opens a run directory.
  ///
  /// - Parameters:
  ///   - access: `.write` takes the lock; `.read` needs none and sees what is committed.
  ///   - creating: makes the directory where it is missing, empty, or left half made.
  package init(
    at path: String, access: Access = .write, creating: Bool = true, headers: any PayloadHeaderWriter,
    system: any FileSystem = RealFileSystem(), options: Options = Options()
  ) throws(StorageError) {
    self.path = path
    self.access = access
    self.system = system
    self.headers = headers
    self.options = options
    shadow = ShadowPool(available: options.availableMemory)
    var opened: [Descriptor] = []
    do throws(StorageError) {
      let root = try RunDirectory.openRoot(path, creating: creating && access == .write, system)
      opened.append(root)
      var names = Set(try system.list(root))
      if !names.contains(FormatFile.name) {
        guard creating, access == .write, names.isSubset(of: RunDirectory.ownNames) else {
          throw .notARunDirectory(path: path, reason: names.isEmpty ? "it is empty" : "the file FORMAT is missing")
        }
      }
      var lockFile: Descriptor?
      if access == .write {
        lockFile = try RunDirectory.takeLock(in: root, path: path, system)
        opened.append(lockFile!)
        names = Set(try system.list(root))
        if !names.contains(FormatFile.name) { try RunDirectory.furnish(root, present: names, system, options) }
      }
      self.lockFile = lockFile
      let format = try system.open(FormatFile.name, in: root, .read)
      let text: [UInt8]
      do throws(StorageError) { text = try system.contents(format, path: path + "/FORMAT", atMost: 4096) } catch {
        try? system.close(format)
        throw error
      }
      try system.close(format)
      let runID = try FormatFile(decoding: text, path: path + "/FORMAT").runID
      var directories: [Descriptor] = []
      for name in RunDirectory.subdirectories {
        let directory = try system.openDirectory(name, in: root)
        opened.append(directory)
        directories.append(directory)
      }
      (self.root, objects, segments, checkpoints, temporary) = (root, directories[0], directories[1], directories[2], directories[3])
      // From here on everything open belongs to self and is closed with it.
      opened = []
      state.withLock { $0.runID = runID }
      if access == .write {
        // A writer that was killed may have left its last rename in memory only; from here on it is truth.
        try system.syncDirectory(checkpoints)
        try system.syncDirectory(root)
        for name in try system.list(temporary) { try? system.remove(name, in: temporary) }
      }
      try readManifests()
    } catch {
      for descriptor in opened { try? system.close(descriptor) }
      throw error
    }
  }

  deinit {
    shadow.cancel()
    for descriptor in [root, objects, segments, checkpoints, temporary] { try? system.close(descriptor) }
    if let lockFile, !state.withLock({ $0.isClosed }) { try? system.close(lockFile) }
  }

  /// Waits for what is under way and gives the lock back. Nothing can be written afterwards.
  package func close() {
    shadow.cancel()
    settle()
    // What waits for a commit, such as its view, is still at work there.
    for queue in [queue, publisher] {
      let drained = Promise<Bool>()
      queue.add { drained.fulfil(.success(true)) }
      _ = try? drained.wait()
    }
    let wasClosed = state.withLock { state in
      defer { state.isClosed = true }
      return state.isClosed
    }
    if !wasClosed, let lockFile { try? system.close(lockFile) }
  }

  /// Which checkpoints stay when others are committed.
  package var retention: RetentionPolicy {
    get { state.withLock { $0.retention } ?? options.retention }
    set { state.withLock { $0.retention = newValue } }
  }

  package var runID: String { state.withLock { $0.runID } }
  /// The line that the next checkpoint continues.
  package var line: String { state.withLock { $0.line } }
  /// Id of the checkpoint that the live state comes from.
  package var currentID: String? { state.withLock { $0.current.map(CheckpointName.id) } }
  /// Whether locks and mappings promise less here than on a local disk; worth a warning.
  package var isOnNetworkFileSystem: Bool { system.isNetworkFileSystem(root) }
  /// For state that is to live in files rather than in memory.
  package var scratch: ScratchSpace { ScratchSpace(system: system, directory: temporary) }

  /// From now on the recording streams to segment files here.
  package func attach(_ recording: Recording) {
    if access == .write { recording.attach(to: self) }
  }

  /// Waits for the operation under way. Its failure is its own handle's business.
  func settle() {
    guard let handle = state.withLock({ $0.inFlight }) else { return }
    _ = try? handle.wait()
    state.withLock { state in if state.inFlight === handle { state.inFlight = nil } }
  }

  func requireWriter() throws(StorageError) {
    guard access == .write, !state.withLock({ $0.isClosed }) else { throw .readOnly(path: path) }
    settle()
  }

  // MARK: Opening

  private static func openRoot(_ path: String, creating: Bool, _ system: any FileSystem) throws(StorageError) -> Descriptor {
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

  private static func takeLock(in root: Descriptor, path: String, _ system: any FileSystem) throws(StorageError) -> Descriptor {
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
      // For the message only; the lock itself is the system's and ends with this process.
      try? system.truncate(file, byteCount: 0)
      try? system.write(file, Array(ownerDescription().utf8), at: 0)
      return file
    } catch {
      try? system.close(file)
      throw error
    }
  }

  /// The first line is for the message; the second tells whether the machine has been started again since.
  private static func ownerDescription() -> String {
    "process \(getpid()) on host \(HostIdentity.name)\nboot \(HostIdentity.boot)\n"
  }

  /// Makes what a run directory consists of; FORMAT last, because it says that the rest is there.
  private static func furnish(
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
    try publish(format.encoded, as: FormatFile.name, in: root, by: temporary, replacing: false, system)
  }

  func readManifests() throws(StorageError) {
    let found = try readTable()
    var highest = found.table.upToSequence
    var manifests: [UInt64: Manifest] = [:]
    var damaged: [UInt64: StorageError] = [:]
    for fileName in try system.list(checkpoints) where fileName.hasSuffix(".manifest") {
      guard let sequence = CheckpointName.sequence(ofID: String(fileName.dropLast(".manifest".count))) else { continue }
      highest = max(highest, sequence)
      do throws(StorageError) {
        var manifest = try readManifest(sequence)
        manifest.sections = [:]
        manifest.unknownSections = []
        manifests[sequence] = manifest
      } catch {
        if case .system(_, _, ENOENT) = error { continue }
        damaged[sequence] = error
      }
    }
    let newest = manifests.keys.max()
    state.withLock { state in
      state.table = found.table
      state.tableProblem = found.problem
      state.manifests = manifests
      state.damaged = damaged
      state.nextSequence = highest + 1
      state.current = nil
      if let newest, let line = manifests[newest]?.line { state.line = line }
      state.index()
    }
  }

  private func readTable() throws(StorageError) -> (table: NamesTable, problem: StorageError?) {
    guard let file = try system.openIfPresent("names", in: root) else { return (NamesTable(), nil) }
    defer { try? system.close(file) }
    do throws(StorageError) {
      let bytes = try system.contents(file, path: "names", atMost: SectionedFile.greatestByteCount)
      return (try NamesTable(decoding: bytes, file: path + "/names"), nil)
    } catch { return (NamesTable(), error) }
  }

  /// Reads and checks one manifest file.
  func readManifest(_ sequence: UInt64) throws(StorageError) -> Manifest {
    let name = CheckpointName.id(sequence) + ".manifest"
    let file = try system.open(name, in: checkpoints, .read)
    defer { try? system.close(file) }
    let label = "\(path)/checkpoints/\(name)"
    let manifest = try Manifest(
      decoding: try system.contents(file, path: label, atMost: SectionedFile.greatestByteCount), file: label)
    guard manifest.sequence == sequence else {
      throw .damaged(file: label, what: "it describes checkpoint \(manifest.id)", place: "its sequence number")
    }
    return manifest
  }
}

extension RunDirectory.State {
  /// Rebuilds what is derived from the manifests.
  mutating func index() {
    contents = [:]
    objects = []
    for manifest in manifests.values {
      for file in manifest.files where file.kind == .object { objects.insert(file.name) }
      for column in manifest.columns {
        guard let extent = column.extent, manifest.files[extent.file].kind == .object else { continue }
        contents[RunDirectory.ContentKey(hash: extent.hash, byteCount: extent.byteCount)] = RunDirectory.Place(
          version: 0, file: manifest.files[extent.file], offset: extent.offset, byteCount: extent.byteCount, hash: extent.hash)
      }
    }
    let live = objects
    places = places.filter { live.contains($0.value.file.name) }
    segments.removeAll { $0.file == nil }
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
