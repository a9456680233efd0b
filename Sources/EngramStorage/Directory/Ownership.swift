import EngramSystem

/// The right to write a run directory, and the journal as its proof.
///
/// Held are the lock, and the two copies of the journal. Before anything is published, replaced or removed, ``check()`` compares them with
/// what the directory has under their names: a lock that was removed, replaced or linked elsewhere, or a journal that somebody else wrote
/// to, ends the right for good. Then nothing is removed any more, since it may be somebody else's.
///
/// Unchecked: everything that changes is behind `access`.
final class Ownership: @unchecked Sendable {
  /// One of the two files of the journal.
  private struct File {
    let name: String
    var descriptor: Descriptor
    var inode: UInt64
    /// Bytes that could not be written behind `written` yet.
    var owed: [UInt8] = []
    var written: Int
    /// Holds an older journal, and waits to be replaced.
    var isStale = false
  }

  let record: WriterRecord
  private let path: String
  private let system: any FileSystem
  private let root: Descriptor
  private let temporary: Descriptor
  private let runID: String
  private let lockInode: UInt64
  private let access = Lock()
  private var files: [File] = []
  private var end: Journal.End
  private var loss: StorageError?
  private var suspicion = false

  /// Puts a new journal in place, in both copies.
  init(
    _ record: WriterRecord, path: String, root: Descriptor, temporary: Descriptor, runID: String, lockInode: UInt64, system: any FileSystem,
    replacing journal: (bytes: [UInt8], end: Journal.End)
  ) throws(StorageError) {
    (self.record, self.path, self.root, self.temporary, self.runID) = (record, path, root, temporary, runID)
    (self.lockInode, self.system) = (lockInode, system)
    end = journal.end
    try replace(journal)
  }

  /// Goes on with the journal that is there.
  init(
    _ record: WriterRecord, path: String, root: Descriptor, temporary: Descriptor, runID: String, lockInode: UInt64, system: any FileSystem,
    continuing end: Journal.End
  ) throws(StorageError) {
    (self.record, self.path, self.root, self.temporary, self.runID) = (record, path, root, temporary, runID)
    (self.lockInode, self.system) = (lockInode, system)
    self.end = end
    for name in [Journal.name, Journal.copyName] {
      let file = try system.open(name, in: root, .append)
      let status: FileStatus
      do throws(StorageError) { status = try system.status(file) } catch {
        close()
        try? system.close(file)
        throw error
      }
      files.append(File(name: name, descriptor: file, inode: status.inode, written: end.byteCount))
    }
  }

  deinit { close() }

  func close() {
    access.withLock {
      for file in files { try? system.close(file.descriptor) }
      files = []
    }
  }

  /// Position and chain that the next manifest is anchored at.
  var anchor: (position: UInt64, chain: ContentHash) { access.withLock { (end.position, end.chain) } }
  /// Why nothing is written any more.
  var lost: StorageError? { access.withLock { loss } }

  /// Whether what is on disk of the journal is not known any more, after a flush that failed: it is to be written anew.
  var isSuspect: Bool { access.withLock { suspicion } }

  // MARK: The right

  /// Throws where somebody else may write here.
  func check() throws(StorageError) {
    let result: Result<Void, StorageError> = access.withLock {
      do throws(StorageError) { return .success(try checkNow()) } catch { return .failure(error) }
    }
    try result.get()
  }

  private func checkNow() throws(StorageError) {
    if let loss { throw loss }
    func lose(_ reason: String) -> StorageError {
      let error = StorageError.ownershipLost(path: path, reason: reason)
      loss = error
      return error
    }
    guard let lock = try system.status("lock", in: root) else { throw lose("its lock was removed") }
    guard lock.inode == lockInode else { throw lose("its lock was replaced") }
    guard lock.linkCount == 1 else { throw lose("its lock has \(lock.linkCount) names") }
    for file in files {
      guard let found = try system.status(file.name, in: root) else { throw lose("its file '\(file.name)' was removed") }
      guard found.inode == file.inode else { throw lose("its file '\(file.name)' was replaced") }
      guard file.isStale || suspicion || found.byteCount == file.written else { throw lose("somebody else has written to its file '\(file.name)'") }
    }
  }

  // MARK: The journal

  /// Adds records. They are on disk when it returns if `flushing`; otherwise whatever is lost of them in a power cut can be told from the
  /// manifests.
  ///
  /// A record that cannot be written is written with the next one; it is an error only where somebody relies on it.
  ///
  /// - Parameter copies: how many of the two files are flushed; one is enough for what no name depends on.
  func append(_ records: [JournalRecord], flushing: Bool, copies: Int = 2) throws(StorageError) {
    let result: Result<Void, StorageError> = access.withLock {
      if let loss { return .failure(loss) }
      let (oldEnd, oldFiles) = (end, files)
      for record in records {
        let bytes = Journal.encoded(record, &end)
        for index in files.indices where !files[index].isStale { files[index].owed += bytes }
      }
      do throws(StorageError) {
        for index in files.indices where !files[index].isStale {
          try settle(&files[index])
          if flushing, index < copies { try system.syncData(files[index].descriptor) }
        }
        return .success(())
      } catch {
        guard flushing else { return .success(()) }
        // Nobody may find later what is reported as failed now.
        for (index, old) in oldFiles.enumerated() where files[index].written != old.written {
          try? system.truncate(old.descriptor, byteCount: old.written)
        }
        (end, files, suspicion) = (oldEnd, oldFiles, true)
        return .failure(error)
      }
    }
    try result.get()
  }

  private func settle(_ file: inout File) throws(StorageError) {
    guard !file.owed.isEmpty else { return }
    do throws(StorageError) { try system.write(file.descriptor, file.owed, at: file.written) } catch {
      // Half a record must not stay before the next one.
      do throws(StorageError) { try system.truncate(file.descriptor, byteCount: file.written) } catch { suspicion = true }
      throw error
    }
    file.written += file.owed.count
    file.owed = []
  }

  /// Puts a journal that begins with one record in the place of the long one.
  func compact(to record: JournalRecord) throws(StorageError) {
    let result: Result<Void, StorageError> = access.withLock {
      do throws(StorageError) {
        try checkNow()
        let journal = Journal.beginning(record, at: end.position, after: end.chain, runID: runID)
        return .success(try replace(journal))
      } catch { return .failure(error) }
    }
    try result.get()
  }

  private func replace(_ journal: (bytes: [UInt8], end: Journal.End)) throws(StorageError) {
    for name in [Journal.name, Journal.copyName] {
      let file: File
      do throws(StorageError) {
        try publish(journal.bytes, as: name, in: root, by: temporary, replacing: true, system)
        let descriptor = try system.open(name, in: root, .append)
        do throws(StorageError) {
          file = File(name: name, descriptor: descriptor, inode: try system.status(descriptor).inode, written: journal.bytes.count)
        } catch {
          try? system.close(descriptor)
          throw error
        }
      } catch {
        guard name == Journal.copyName, files.count == 2, let index = files.firstIndex(where: { $0.name == name }) else { throw error }
        // One whole copy is enough until the next try.
        files[index].isStale = true
        files[index].owed = []
        (end, suspicion) = (journal.end, true)
        return
      }
      if let index = files.firstIndex(where: { $0.name == name }) {
        try? system.close(files[index].descriptor)
        files.remove(at: index)
      }
      files.append(file)
    }
    (end, suspicion) = (journal.end, false)
  }
}
