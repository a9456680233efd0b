import EngramScalars
import EngramSystem

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
