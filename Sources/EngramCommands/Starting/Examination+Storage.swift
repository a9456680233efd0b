internal import EngramScalars
internal import EngramStorage
internal import EngramSystem

extension Examination {
  /// The folder in which runs would be stored.
  static func storage(_ path: String) -> [Diagnosis] {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else {
      return [
        Diagnosis(
          subject: "folder", verdict: .unsafe, text: "'\(path)' cannot be opened: \(String(cString: strerror(errno)))",
          remedy: "name another one: engram doctor DIR")
      ]
    }
    defer { close(folder) }
    return [space(folder), kind(folder)] + probe(path)
  }

  private static func space(_ folder: Int32) -> Diagnosis {
    let free = engram_free_bytes(folder)
    if free == .max { return Diagnosis(subject: "disk", verdict: .fine, text: "how much room is left is not known") }
    let text = "\(byteText(Int(clamping: free))) are free"
    return free < 1 << 30
      ? Diagnosis(
        subject: "disk", verdict: .unsafe, text: text,
        remedy: "make room, or store runs elsewhere with --in: a run that finds no room stops with what is stored so far")
      : Diagnosis(subject: "disk", verdict: .fine, text: text)
  }

  private static func kind(_ folder: Int32) -> Diagnosis {
    let name = OpenFile.fileSystemName(of: folder)
    if engram_is_network_file_system(folder) != 0 {
      return Diagnosis(
        subject: "file system", verdict: .unsafe, text: "\(name), over a network: locks and flushes promise less there",
        remedy: "store runs on a disk of this machine with --in and copy them afterwards, or see that one process alone writes each")
    }
    if engram_is_memory_file_system(folder) != 0 {
      return Diagnosis(
        subject: "file system", verdict: .unsafe, text: "\(name): what is stored there is gone when the machine starts again, and takes memory",
        remedy: "store runs on a disk with --in")
    }
    return Diagnosis(subject: "file system", verdict: .fine, text: name)
  }

  /// What can be done with files there; a folder of its own is made for it and removed.
  private static func probe(_ path: String) -> [Diagnosis] {
    var name = Array("\(path)/.engram-doctor-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else {
      return [
        Diagnosis(
          subject: "writing", verdict: .unsafe, text: "nothing can be written in '\(path)': \(String(cString: strerror(errno)))",
          remedy: "choose a folder of yours, with --in or by going there")
      ]
    }
    let place = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let (first, second) = ("\(place)/a", "\(place)/b")
    defer {
      unlink(first)
      unlink(second)
      rmdir(place)
    }
    let source = open(first, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    let copy = open(second, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    defer {
      close(source)
      close(copy)
    }
    guard source >= 0, copy >= 0 else {
      return [Diagnosis(subject: "writing", verdict: .unsafe, text: "files cannot be made in '\(path)'", remedy: "choose another folder with --in")]
    }
    return [claiming(source), mapping(source), locking(source), flushing(source), cloning(copy, source)]
  }

  private static let probeBytes = 1 << 20

  private static func claiming(_ file: Int32) -> Diagnosis {
    let code = engram_allocate(file, 0, Int64(probeBytes))
    return code == 0
      ? Diagnosis(subject: "claiming space", verdict: .fine, text: "room is claimed before it is written")
      : Diagnosis(
        subject: "claiming space", verdict: .unsafe, text: "the file system does not claim room beforehand (\(String(cString: strerror(code))))",
        remedy: "keep a few times the size of a checkpoint free; or --storage private, which writes through the system's calls")
  }

  private static func mapping(_ file: Int32) -> Diagnosis {
    // The page has to be there before it is written through the mapping: a lack of room would be a signal.
    var zero: UInt8 = 0
    guard ftruncate(file, off_t(probeBytes)) == 0, pwrite(file, &zero, 1, 4097) == 1 else {
      return Diagnosis(
        subject: "mapping files", verdict: .unsafe, text: "a file of \(byteText(probeBytes)) cannot be made (\(String(cString: strerror(errno))))",
        remedy: "make room, raise the limit of file sizes, or choose another folder with --in")
    }
    var start: UnsafeMutableRawPointer?
    let code = engram_map_file(file, 0, probeBytes, Int32(ENGRAM_MAP_WRITE_SHARED), &start)
    let subject = "mapping files"
    let remedy = "run with --storage private: arrays are in memory then, and checkpoints are written"
    guard code == 0, let start else {
      return Diagnosis(subject: subject, verdict: .unsafe, text: "files cannot be mapped (\(String(cString: strerror(code))))", remedy: remedy)
    }
    start.storeBytes(of: 0x5A, toByteOffset: 4097, as: UInt8.self)
    engram_unmap(start, probeBytes)
    var seen: UInt8 = 0
    guard pread(file, &seen, 1, 4097) == 1, seen == 0x5A else {
      return Diagnosis(subject: subject, verdict: .unsafe, text: "what is written to a mapped file is not seen by others", remedy: remedy)
    }
    return Diagnosis(subject: subject, verdict: .fine, text: "arrays live in files while a run goes on")
  }

  private static func locking(_ file: Int32) -> Diagnosis {
    let code = engram_lock(file)
    if code == 0 { _ = engram_unlock(file) }
    return code == 0
      ? Diagnosis(subject: "locks", verdict: .fine, text: "two runs cannot write one directory")
      : Diagnosis(
        subject: "locks", verdict: .unsafe, text: "files cannot be locked (\(String(cString: strerror(code))))",
        remedy: "see that one process alone writes a run directory, or choose another file system with --in")
  }

  private static func flushing(_ file: Int32) -> Diagnosis {
    let clock = ContinuousClock()
    var byte: UInt8 = 1
    let times = (0..<3).map { place in
      clock.measure {
        _ = pwrite(file, &byte, 1, off_t(place))
        _ = engram_sync_data(file)
      }
    }
    let seconds = (times.min() ?? .zero).inSeconds
    let text = "a flush takes \(shortText(seconds * 1000, digits: 2)) ms"
    return seconds > 0.1
      ? Diagnosis(
        subject: "flushing", verdict: .slow, text: text,
        remedy: "make checkpoints less often (--checkpoint-every wall:5min), or store runs on another disk with --in")
      : Diagnosis(subject: "flushing", verdict: .fine, text: text)
  }

  private static func cloning(_ copy: Int32, _ source: Int32) -> Diagnosis {
    engram_clone(copy, source) == 0
      ? Diagnosis(subject: "copy-on-write", verdict: .fine, text: "copies of checkpoints share their blocks")
      : Diagnosis(subject: "copy-on-write", verdict: .fine, text: "not here: branches with --to link files instead, and packing copies them")
  }
}
