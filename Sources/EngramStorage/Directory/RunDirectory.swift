import EngramScalars
import EngramSystem
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
    /// Pieces of a recording from this size on are not copied again to be joined with others.
    package var joinedByteCount = 64 << 20
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
    /// What says that the directory is complete is written under this name; another one while it is still being made elsewhere.
    var formatName = FormatFile.name
    /// Bytes of memory that can still be taken.
    var availableMemory: @Sendable () -> Int = EngramSystem.availableMemory
    /// Bytes that may be rewritten in shared mappings all the time.
    var greatestHotByteCount: @Sendable () -> Int = WriteBack.comfortableByteCount
    package var random: @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
    /// Who this process is.
    var identity = ProcessIdentity.current
    /// Whether a process of this host and boot still runs.
    var isRunning: @Sendable (ProcessIdentity) -> Bool = { $0.runsHere }
    /// How long a writer on another host is watched for a sign of life, where locks may not reach it.
    var observationSeconds = 6.0
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
    /// Made before there was a journal.
    var isOldFormat = false
    /// The line of the live state, once there is one.
    var ownLine: ExactName?
    /// Whether a restored checkpoint of another line does not change the line.
    var staysOnLine = false
    /// The checkpoint that the live state comes from.
    var current: UInt64?
    /// What the directory holds.
    var findings = Findings()
    /// No greater number was used, committed or not.
    var greatestSequence: UInt64 = 0
    var places: [UInt64: Place] = [:]
    var contents = KnownContents()
    /// Names of object files that are known to be there.
    var objects: Set<String> = []
    /// Files of this process that no manifest refers to: `objects/…`, `segments/…`.
    var abandoned: Set<String> = []
    /// Manifests that were reported as failed and may be there all the same.
    var failedCommits: Set<UInt64> = []
    /// How many checkpoints refer to a file; counted when something is to be removed for the first time.
    var references: [String: Int]?
    /// Checkpoints that may have lost what kept them; nil: all are to be looked at, and all files.
    var candidates: Set<UInt64>?
    var periods = Catalogue.Periods()
    /// Segment files that a recording of this process still uses.
    var segments: [WeakSegment] = []
    /// How many there are when those that are gone are looked for.
    var segmentsToSweep = 16
    var segmentsDirectoryIsDirty = false
    /// The checkpoint that `live.h5` shows, if this process made it.
    var live: UInt64?
    /// Says which step the arrays in `live` belong to.
    var liveStep: LiveStep?
    var inFlight: CommitHandle?
    var verifications: [CheckpointVerification] = []
    var sealed: [(key: StoredKey, column: Unowned, place: Place)] = []
    /// Bytes from a place in a file that this process has written or found intact, by that place.
    var proven: [String: [Int: Int]] = [:]
    var isClosed = false
    var ownership: Ownership?
    var isWriterProvenDead = true
    var warnings = Warnings()
    var segmentCount = 0
    /// Set after opening; nil: that of the options.
    var retention: RetentionPolicy?
  }

  struct WeakSegment { weak var file: SegmentFile? }
  /// A column that may be given back; looked at by the thread of the run only.
  struct Unowned: @unchecked Sendable { weak var column: Column? }

  package let path: String
  package let access: Access
  let system: any FileSystem
  package let format: CheckpointFormat
  var headers: any PayloadHeaderWriter { format.headers }
  let segmentHeaders: HeaderCache
  let options: Options
  let root, checkpoints, temporary: Descriptor
  /// Kept open by the files in them that are in use.
  let objectFiles, segmentFiles: DirectoryHandle
  var objects: Descriptor { objectFiles.descriptor }
  var segments: Descriptor { segmentFiles.descriptor }
  let acceptsSegments: Atomic<Bool>
  let lock: (file: Descriptor, inode: UInt64)?
  /// Part of the names of all files this process makes.
  let token: UInt64
  let queue = BackgroundQueue()
  let verifier = BackgroundQueue()
  let publisher = BackgroundQueue()
  let shadow: ShadowPool
  let live: LiveSpace
  let recordingFaults = RecordingFaults()
  let state = Mutex(State())

  /// Bytes that the file system still has for this user.
  package var freeByteCount: UInt64 { system.freeByteCount(root) }

  static let subdirectories = ["objects", "segments", "checkpoints", "tmp"]
  /// What may lie in a directory whose creation was cut short.
  static let ownNames: Set<String> = ["objects", "segments", "checkpoints", "tmp", "lock", "kernels", LiveSpace.folderName]

  /// Opens a run directory.
  ///
  /// - Parameters:
  ///   - access: `.write` takes the lock; `.read` needs none and sees what is committed.
  ///   - creating: makes the directory where it is missing, empty, or left half made.
  ///   - format: what is written there; what is there already is read whatever it is.
  package init(
    at path: String, access: Access = .write, creating: Bool = true, format: CheckpointFormat,
    system: any FileSystem = RealFileSystem(), options: Options = Options()
  ) throws(StorageError) {
    self.path = path
    self.access = access
    self.system = system
    self.format = format
    segmentHeaders = HeaderCache(format.headers)
    acceptsSegments = Atomic(access == .write)
    self.options = options
    shadow = ShadowPool(available: options.availableMemory)
    token = options.random()
    var opened: [Descriptor] = []
    do throws(StorageError) {
      let root = try RunDirectory.openRoot(path, creating: creating && access == .write, system)
      opened.append(root)
      var names = Set(try system.list(root))
      if !names.contains(options.formatName) {
        guard creating, access == .write, names.isSubset(of: RunDirectory.ownNames) else {
          throw .notARunDirectory(path: path, reason: names.isEmpty ? "it is empty" : "the file FORMAT is missing")
        }
      }
      var lock: (file: Descriptor, inode: UInt64)?
      if access == .write {
        let taken = try RunDirectory.takeLock(in: root, path: path, system)
        opened.append(taken.file)
        lock = taken
        names = Set(try system.list(root))
        if !names.contains(options.formatName) { try RunDirectory.furnish(root, present: names, system, options) }
      }
      self.lock = lock
      let formatFile = try system.open(options.formatName, in: root, .read)
      let text: [UInt8]
      do throws(StorageError) { text = try system.contents(formatFile, path: path + "/FORMAT", atMost: 4096) } catch {
        try? system.close(formatFile)
        throw error
      }
      try system.close(formatFile)
      let description = try FormatFile(decoding: text, path: path + "/FORMAT")
      var directories: [Descriptor] = []
      for name in RunDirectory.subdirectories {
        let directory = try system.openDirectory(name, in: root)
        opened.append(directory)
        directories.append(directory)
      }
      (self.root, checkpoints, temporary) = (root, directories[2], directories[3])
      (objectFiles, segmentFiles) = (DirectoryHandle(system, directories[0]), DirectoryHandle(system, directories[1]))
      live = LiveSpace(in: root, path: path, headers: format.headers, system: system)
      // From here on everything open belongs to self and is closed with it.
      opened = []
      state.withLock { ($0.runID, $0.isOldFormat) = (description.runID, description.minorVersion == 0) }
      if access == .write {
        // A writer that was killed may have left its last rename in memory only; from here on it is truth.
        try system.syncDirectory(checkpoints)
        try system.syncDirectory(root)
      }
      try readAll()
      if access == .write {
        try judgeFormerWriter()
        for name in try system.list(temporary) { try? system.remove(name, in: temporary) }
        if names.contains(LiveSpace.folderName) { LiveSpace.clear(in: root, system) }
      }
    } catch {
      for descriptor in opened { try? system.close(descriptor) }
      throw error
    }
  }

  /// The same where nothing is written beside the checkpoints.
  package convenience init(
    at path: String, access: Access = .write, creating: Bool = true, headers: any PayloadHeaderWriter,
    system: any FileSystem = RealFileSystem(), options: Options = Options()
  ) throws(StorageError) {
    try self.init(
      at: path, access: access, creating: creating, format: CheckpointFormat(headers: headers), system: system, options: options)
  }

  deinit {
    shadow.cancel()
    live.close()
    if let lock, !state.withLock({ $0.isClosed }) {
      finishSegments()
      leave()
      try? system.unlock(lock.file)
      try? system.close(lock.file)
    }
    for descriptor in [root, checkpoints, temporary] { try? system.close(descriptor) }
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
    if !wasClosed, let lock {
      state.withLock { $0.liveStep = nil }
      live.close()
      finishSegments()
      leave()
      try? system.unlock(lock.file)
      try? system.close(lock.file)
    }
  }

  /// Which checkpoints stay when others are committed.
  package var retention: RetentionPolicy {
    get { state.withLock { $0.retention } ?? options.retention }
    set {
      state.withLock { state in
        state.retention = newValue
        state.candidates = nil
      }
    }
  }

  package var runID: String { state.withLock { $0.runID } }
  /// The line that the next checkpoint continues.
  package var line: String { state.withLock { $0.line.text } }
  /// Whether a checkpoint of another line that is restored leaves the line as it is: what later checkpoints continue is decided once.
  package var staysOnLine: Bool {
    get { state.withLock { $0.staysOnLine } }
    set { state.withLock { $0.staysOnLine = newValue } }
  }
  /// Id of the checkpoint that the live state comes from.
  package var currentID: String? { state.withLock { $0.current.map(CheckpointName.id) } }
  /// Whether locks and mappings promise less here than on a local disk; worth a warning.
  package var isOnNetworkFileSystem: Bool { system.isNetworkFileSystem(root) }

  /// For arrays that nobody but this process needs, in files that nobody sees here.
  package func makeScratch() throws(StorageError) -> ScratchSpace { try ScratchSpace(path: path, system: system) }

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
    try begin()
  }
}

extension RunDirectory.State {
  var catalogue: Catalogue {
    get { findings.catalogue }
    _modify { yield &findings.catalogue }
  }

  /// The line that the next checkpoint continues: that of the newest one, as long as nothing was restored.
  var line: ExactName {
    ownLine ?? catalogue.newest.flatMap { catalogue.heads[$0]?.line } ?? Catalogue.mainLine
  }

  /// The line whose names come first: one's own; for onlookers the one that all others descend from.
  var namingLine: ExactName { ownLine ?? Catalogue.mainLine }

  mutating func install(_ found: Findings) {
    findings = found
    greatestSequence = max(greatestSequence, found.greatestSequence, found.catalogue.highest)
    for problem in found.problems { warnings.add(problem.text) }
    for (sequence, problem) in found.damaged.sorted(by: { $0.key < $1.key }) { warnings.add("\(CheckpointName.id(sequence)): \(problem)") }
  }
}
