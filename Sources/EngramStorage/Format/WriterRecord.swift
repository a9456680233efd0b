import EngramScalars
import Glibc

/// A process, so that a number given again later is not taken for it.
package struct ProcessIdentity: Hashable, Sendable {
  package var number: Int32
  /// When it began, in the system's ticks since the machine started; 0 where that is not known.
  package var started: UInt64
  package var host: String
  package var boot: String

  package init(number: Int32, started: UInt64, host: String, boot: String) {
    (self.number, self.started, self.host, self.boot) = (number, started, host, boot)
  }

  package static var current: ProcessIdentity {
    ProcessIdentity(number: getpid(), started: startTicks(of: getpid()) ?? 0, host: HostIdentity.name, boot: HostIdentity.boot)
  }

  /// Whether it runs on this machine; only for identities of this host and boot.
  var runsHere: Bool {
    if kill(number, 0) != 0, errno == ESRCH { return false }
    guard started != 0, let found = ProcessIdentity.startTicks(of: number) else { return true }
    return found == started
  }

  /// Field 22 of the system's description of a process; the name before may contain anything.
  private static func startTicks(of process: Int32) -> UInt64? {
    guard let text = smallFile("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? UInt64(fields[19]) : nil
  }
}

/// Who writes a run directory, as its journal says.
struct WriterRecord: Equatable, Sendable {
  /// Counts the writers of the directory.
  var generation: UInt64
  /// Chosen at random; part of the names of all files this writer makes.
  var token: UInt64
  var process: ProcessIdentity
  /// Inodes of the directory and of its lock at that time: a copy of the directory has others.
  var directory: UInt64
  var lock: UInt64
  var openedNanoseconds: Int64
  /// Files made for checkpoints below this number were made by writers that are proven dead.
  var deadBelow: UInt64

  var text: String { "process \(process.number) on host \(process.host)" }
}

extension ByteWriter {
  mutating func append(_ record: WriterRecord) {
    append(record.generation)
    append(record.token)
    append(record.process.number)
    append(UInt32(0))
    append(record.process.started)
    append(record.directory)
    append(record.lock)
    append(record.openedNanoseconds)
    append(record.deadBelow)
    append(record.process.host)
    append(record.process.boot)
  }
}

extension ByteReader {
  mutating func writerRecord() throws(FormatProblem) -> WriterRecord {
    let (generation, token): (UInt64, UInt64) = (try number(), try number())
    let process: Int32 = try number()
    _ = try number(UInt32.self)
    let (started, directory, lock): (UInt64, UInt64, UInt64) = (try number(), try number(), try number())
    let opened: Int64 = try number()
    let deadBelow: UInt64 = try number()
    let identity = ProcessIdentity(number: process, started: started, host: try text(), boot: try text())
    return WriterRecord(
      generation: generation, token: token, process: identity, directory: directory, lock: lock, openedNanoseconds: opened, deadBelow: deadBelow)
  }
}
