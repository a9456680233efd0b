package import EngramModelFiles
internal import EngramSystem

/// Reads a file in a process of its own, which may break down or hang (MDL-24).
package enum ReadingProcess {
  /// The subcommand of `engram` that reads; it is not shown to people.
  package static let command = "read-arrays"

  /// `engram` beside the running program, which may be itself, or on the path; nil: not at hand.
  package static func program() -> String? {
    let own = ProcessFacts.program.flatMap { own in own.lastIndex(of: "/").map { String(own[..<$0]) } }
    let folders = [own].compactMap(\.self)
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return (folders + path.split(separator: ":").map(String.init)).map { $0 + "/engram" }.first { access($0, X_OK) == 0 && isOrdinary($0) }
  }

  private static func isOrdinary(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  package static func read(
    _ content: FileRequest.Content, from path: String, atMost count: Int = FileRequest.Content.elementLimit, with program: String,
    seconds limit: Int? = nil
  ) throws -> [FileArray] {
    let result = engram_memory_file("engram-arrays")
    guard result >= 0 else { throw FileReadingError.notStarted(program: program, reason: String(cString: strerror(-result))) }
    defer { close(result) }
    let seconds = limit ?? Limits(of: path, count: count).seconds
    let words = ["engram", command] + content.arguments(path, atMost: count)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var status: Int32 = 0
    let code = engram_run_program(program, &arguments, result, 0, Int32(clamping: seconds * 1000), &status)
    if code == ETIMEDOUT { throw FileReadingError.tookTooLong(seconds: seconds) }
    guard code == 0 else { throw FileReadingError.notStarted(program: program, reason: String(cString: strerror(code))) }
    let signal = status & 0x7f
    if signal == SIGXCPU { throw FileReadingError.tookTooLong(seconds: Limits(of: path, count: count).computingSeconds) }
    // The library may also have run out of memory; it is told by a signal as well.
    if signal != 0 { throw FileReadingError.ended(signal: signal) }
    let exit = (status >> 8) & 0xff
    guard exit == 0 else { throw FileReadingError.endedWithStatus(exit) }
    return try ReadingMessage.read(from: result)
  }

  /// The other side: reads, and writes the result to standard output.
  package static func answer(_ content: FileRequest.Content, from path: String, atMost count: Int) throws {
    let limits = Limits(of: path, count: count)
    let code = engram_confine_process(limits.addressBytes, limits.resultBytes, UInt64(limits.computingSeconds))
    guard code == 0 else { throw FileReadingError.refused("the reading process could not be confined: \(String(cString: strerror(code)))") }
    let arrays: [FileArray]
    do { arrays = try content.read(from: path, atMost: count) } catch { return try ReadingMessage.write(problem: "\(error)", to: STDOUT_FILENO) }
    try ReadingMessage.write(arrays, to: STDOUT_FILENO)
  }

  /// What a file of some size may cost, of which so many numbers are of use.
  private struct Limits {
    private let fileBytes: UInt64
    /// What the numbers can take: no file of this size holds more, and no more are wanted.
    private let numberBytes: UInt64

    init(of path: String, count: Int) {
      var status = stat()
      fileBytes = stat(path, &status) == 0 ? UInt64(max(0, status.st_size)) : 0
      let (unpacked, overflow) = fileBytes.multipliedReportingOverflow(by: 1100)
      numberBytes = min(UInt64(max(0, min(count, FileRequest.Content.elementLimit))) * 8, overflow ? .max : unpacked)
    }

    /// 2 MB/s, the rate of a bad network, and a minute for everything else.
    var seconds: Int { 60 + Int(min(fileBytes / 2_000_000, 3600)) }
    /// Of a processor: a damaged file that keeps the library busy is given up before long.
    var computingSeconds: Int { 10 + Int(min((fileBytes + numberBytes) / 20_000_000, 3600)) }
    /// Two arrays at most, and what is said of them.
    var resultBytes: UInt64 { 2 * numberBytes + 1 << 20 }
    /// The numbers of both arrays once or twice, a piece of the file unpacked, and the program itself.
    var addressBytes: UInt64 { 4 << 30 + 3 * numberBytes }
  }
}

extension FileRequest.Content {
  /// As the command takes them; nothing in them is taken for an option.
  func arguments(_ path: String, atMost count: Int) -> [String] {
    let (kind, names) =
      switch self {
      case .dataset(let name): ("dataset", [name])
      case .part(let name, let part): ("part", [name, part.description])
      case .numpy(let part): ("numpy", ["", part.description])
      case .table(let column, let part): ("table", [column ?? "", part.description])
      case .sonataSpikes(let population): ("spikes", [population].compactMap(\.self))
      case .swc: ("swc", [])
      }
    return [kind, "--at-most", "\(count)", "--", path] + names
  }

  /// Reads in a process of its own where the program for that is at hand, else in this one.
  package func readSafely(from path: String, atMost count: Int = elementLimit) throws -> [FileArray] {
    guard access(path, F_OK) == 0 else { throw FileReadingError.noFile(path) }
    // This program's own code reads it, which takes no more than the numbers that are of use; a library is what may break down.
    switch self {
    case .numpy, .swc: return try read(from: path, atMost: count)
    case .dataset, .part, .table, .sonataSpikes: break
    }
    guard let program = ReadingProcess.program() else { return try read(from: path, atMost: count) }
    do { return try ReadingProcess.read(self, from: path, atMost: count, with: program) } catch FileReadingError.endedWithStatus(64) {
      // The program is of another release and does not know this command.
      return try read(from: path, atMost: count)
    }
  }
}
