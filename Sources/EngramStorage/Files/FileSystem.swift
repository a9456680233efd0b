/// The names of everything the room asks of the system; each is a place where a test can make it fail.
package enum FileOperation: String, CaseIterable, Sendable {
  case openDirectory = "open directory"
  case makeDirectory = "make directory"
  case open = "open"
  case create = "create"
  case status = "examine"
  case read = "read"
  case write = "write"
  case allocate = "claim space for"
  case truncate = "set size of"
  case syncFile = "flush"
  case syncData = "flush data of"
  case syncDirectory = "flush directory"
  case rename = "rename"
  case link = "link"
  case clone = "clone"
  case remove = "remove"
  case removeDirectory = "remove directory"
  case list = "list"
  case lock = "lock"
  case close = "close"
  case map = "map"
  case protect = "write-protect"
  case discard = "give back space of"
}

/// An open file or directory. Plain, so that a test disk can hand out its own.
package struct Descriptor: Hashable, Sendable {
  package let number: Int32
  package init(_ number: Int32) { self.number = number }
}

package struct FileStatus: Equatable, Sendable {
  package var byteCount: Int
  package var isRegular: Bool
  package var isDirectory: Bool
  /// Which file it is, on its file system.
  package var inode: UInt64
  /// Names that the file has.
  package var linkCount: Int
  /// Changes whenever the content does.
  package var modifiedNanoseconds: Int64
  package init(
    byteCount: Int, isRegular: Bool, isDirectory: Bool, inode: UInt64 = 0, linkCount: Int = 1, modifiedNanoseconds: Int64 = 0
  ) {
    self.byteCount = byteCount
    self.isRegular = isRegular
    self.isDirectory = isDirectory
    self.inode = inode
    self.linkCount = linkCount
    self.modifiedNanoseconds = modifiedNanoseconds
  }
}

package enum OpenMode: Sendable {
  case read
  /// For reading and writing; the entry must not exist.
  case createNew
  /// For reading and writing; a file that this process has made and had open before.
  case reopen
  /// For reading and writing; created where missing. One that exists and may be somebody else's is refused before a byte of
  /// it changes: a link, a file with a second name, or of an owner who has nothing to do with the directory. A new one can be opened
  /// only by those who may write it, since whoever has it open can hold its lock.
  case createOrOpen
  /// The same, and everything written goes behind what is there, whoever wrote that.
  case append
}

package enum MappingMode: Sendable {
  case readShared, writePrivate, writeShared
}

/// What the room asks of the system. Names are single path components below an open directory; links are never followed.
///
/// Conformers: ``RealFileSystem``; in the tests a disk that loses, tears and reorders what was not synchronised.
/// Reads and writes are complete or throw; interruptions and short transfers are the conformer's business.
package protocol FileSystem: Sendable {
  func openDirectory(path: String) throws(StorageError) -> Descriptor
  func openDirectory(_ name: String, in directory: Descriptor) throws(StorageError) -> Descriptor
  /// For whom is the umask's business; the owner can always use it. Throws `EEXIST` as a system error.
  func makeDirectory(_ name: String, in directory: Descriptor) throws(StorageError)
  /// Regular files only. For whom a new one is, is the umask's business; the owner can always read and write it.
  func open(_ name: String, in directory: Descriptor, _ mode: OpenMode) throws(StorageError) -> Descriptor
  func status(_ file: Descriptor) throws(StorageError) -> FileStatus
  /// Reads up to `buffer.count` bytes; fewer only at the end of the file.
  func read(_ file: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) -> Int
  func write(_ file: Descriptor, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError)
  /// Claims space; where that fails, the file keeps the size it had.
  func allocate(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError)
  /// Gives the space behind some bytes back; they read as 0 then. False where the file system cannot.
  func discard(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) -> Bool
  func truncate(_ file: Descriptor, byteCount: Int) throws(StorageError)
  func syncFile(_ file: Descriptor) throws(StorageError)
  func syncData(_ file: Descriptor) throws(StorageError)
  func syncDirectory(_ directory: Descriptor) throws(StorageError)
  /// Atomic. `replacing: false` throws where the target exists.
  func rename(
    _ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor, replacing: Bool
  ) throws(StorageError)
  /// A second name for the same file. Returns false where the file system cannot.
  func link(_ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor) throws(StorageError) -> Bool
  /// Shares the blocks of `source`. Returns false where the file system cannot.
  func clone(_ source: Descriptor, into target: Descriptor) throws(StorageError) -> Bool
  func remove(_ name: String, in directory: Descriptor) throws(StorageError)
  func removeDirectory(_ name: String, in directory: Descriptor) throws(StorageError)
  /// Names in byte order, without `.` and `..`.
  func list(_ directory: Descriptor) throws(StorageError) -> [String]
  /// False where somebody else holds the lock.
  func lock(_ file: Descriptor) throws(StorageError) -> Bool
  /// Gives up a lock that is held. One that ends with its descriptor needs no more.
  func unlock(_ file: Descriptor) throws(StorageError)
  /// Takes the permission to write from everybody, so that other tools do not change by accident what must not change.
  /// Quietly nothing where the file system knows no permissions.
  func protect(_ file: Descriptor) throws(StorageError)
  func close(_ file: Descriptor) throws(StorageError)
  /// What lies under that name now; nil: nothing.
  func status(_ name: String, in directory: Descriptor) throws(StorageError) -> FileStatus?
  /// What a file takes on the disk; nil: it is none, or gone.
  func claimedByteCount(_ name: String, in directory: Descriptor) -> Int?
  /// Shows the file at `start`, or anywhere where nil. `offset` and `start` are multiples of the page size.
  func map(
    _ file: Descriptor, offset: Int, byteCount: Int, mode: MappingMode, at start: UnsafeMutableRawPointer?
  ) throws(StorageError) -> UnsafeMutableRawPointer
  func freeByteCount(_ file: Descriptor) -> UInt64
  /// No file of this process may become longer.
  var greatestFileByteCount: Int { get }
  /// Which files are kept open, where there are many.
  var descriptors: DescriptorPool { get }
  func isNetworkFileSystem(_ file: Descriptor) -> Bool
  /// Has files that are made in a folder from now on rewritten where they are, so that the space that was claimed for them stays
  /// enough (STO-7).
  ///
  /// - Returns: false where the file system gives every rewrite new blocks: a full disk could end a run that writes into a mapping.
  func keepRewritesInPlace(in folder: Descriptor) -> Bool
}

extension FileSystem {
  package func unlock(_ file: Descriptor) throws(StorageError) {}
}
