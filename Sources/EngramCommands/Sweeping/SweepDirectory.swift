internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import Foundation

/// The folder of a sweep: `sweep.json`, and a folder for each condition with its run directory and what became of it.
struct SweepDirectory {
  let path: String

  init(_ path: String) { self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }

  private var manifestPath: String { "\(path)/sweep.json" }
  /// The folder of a condition, counted from 0; people count from 1.
  func folder(_ number: Int) -> String { "\(path)/\(name(number))" }
  func name(_ number: Int) -> String {
    let digits = "\(number + 1)"
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
  func run(_ number: Int) -> String { "\(folder(number))/run.engram" }
  func errors(_ number: Int) -> String { "\(folder(number))/messages.txt" }
  private func resultPath(_ number: Int) -> String { "\(folder(number))/result.json" }

  static func isSweep(_ path: String) -> Bool { access("\(path)/sweep.json", F_OK) == 0 }

  // ---------------------------------------------------------------------------------------------------------------- manifest

  /// Nil where there is no sweep yet.
  func manifest() throws -> SweepManifest? {
    guard let data = FileManager.default.contents(atPath: manifestPath) else {
      if access(manifestPath, F_OK) == 0 { throw CommandError("'\(manifestPath)' cannot be read; check its permissions") }
      return nil
    }
    do {
      let manifest = try JSONDecoder().decode(SweepManifest.self, from: data)
      guard manifest.format == SweepManifest.format else {
        throw CommandError("'\(manifestPath)' has the form '\(manifest.format)'; this release reads '\(SweepManifest.format)'")
      }
      return manifest
    } catch let error as CommandError { throw error } catch {
      throw CommandError("'\(manifestPath)' is damaged: \(error); take another directory with --in")
    }
  }

  func write(_ manifest: SweepManifest) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try DurableFile.write(String(decoding: try encoder.encode(manifest), as: UTF8.self) + "\n", to: manifestPath)
  }

  // ----------------------------------------------------------------------------------------------------------------- results

  /// What became of a run; nil: it is to be begun or continued. What a crash has spoilt is no result.
  func result(_ number: Int, of manifest: SweepManifest) -> SweepResult? {
    guard let data = FileManager.default.contents(atPath: resultPath(number)),
      let result = try? JSONDecoder().decode(SweepResult.self, from: data)
    else { return nil }
    // It went as far as was asked then; another wish now.
    return result.state == .finished && result.extent != manifest.extent ? nil : result
  }

  func write(_ result: SweepResult, _ number: Int) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try DurableFile.write(String(decoding: try encoder.encode(result), as: UTF8.self) + "\n", to: resultPath(number))
  }

  func forgetResult(_ number: Int) { unlink(resultPath(number)) }

  /// What the process of a run said last.
  func lastWords(_ number: Int) -> String {
    let text = FileManager.default.contents(atPath: errors(number)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n").last.map(String.init) ?? ""
  }

  // -------------------------------------------------------------------------------------------------------------------- lock

  /// Makes the folder where it is missing, and keeps other sweeps out of it until the process ends.
  ///
  /// - Throws: where another process sweeps there, or the folder holds something else.
  func lock() throws {
    let files = FileManager.default
    if let names = try? files.contentsOfDirectory(atPath: path) {
      guard names.isEmpty || names.contains("sweep.json") || Set(names).isSubset(of: ["lock"]) || names.allSatisfy({ $0.hasSuffix(".partial") || $0 == "lock" })
      else { throw CommandError("'\(path)' holds something that is no sweep; choose another directory with --in") }
    } else {
      do { try files.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
        throw CommandError("the folder '\(path)' cannot be made: \(error.localizedDescription)")
      }
    }
    let file = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw CommandError("'\(path)/lock' cannot be opened: \(String(cString: strerror(errno)))") }
    // Never closed: it is held until the process ends.
    guard engram_lock(file) == 0 else {
      var bytes = [UInt8](repeating: 0, count: 256)
      let count = pread(file, &bytes, bytes.count, 0)
      close(file)
      let owner = count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self).trimmingWhitespace() : "another process"
      throw CommandError("'\(path)' is being swept by \(owner); wait for it, or choose another directory with --in")
    }
    ftruncate(file, 0)
    let text = "process \(getpid()) on host \(HostIdentity.name)"
    _ = text.withCString { pwrite(file, $0, strlen($0), 0) }
  }
}
