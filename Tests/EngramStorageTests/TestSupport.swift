import EngramScalars
import EngramSystem
import Testing

@testable import EngramStorage

/// Names in a directory; throws where it is none.
func listing(_ path: String) throws -> [String] {
  let system = RealFileSystem()
  var status = stat()
  guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw StorageError.notARunDirectory(path: path, reason: "") }
  let directory = try system.openDirectory(path: path)
  defer { try? system.close(directory) }
  return try system.list(directory)
}

func readFile(_ path: String) throws -> [UInt8] {
  let system = RealFileSystem()
  let (parent, name) = splitPath(path)
  let directory = try system.openDirectory(path: parent)
  defer { try? system.close(directory) }
  let file = try system.open(name, in: directory, .read)
  defer { try? system.close(file) }
  return try system.contents(file, path: path, atMost: 1 << 30)
}

func writeFile(_ path: String, _ bytes: [UInt8]) throws {
  let system = RealFileSystem()
  let (parent, name) = splitPath(path)
  let directory = try system.openDirectory(path: parent)
  defer { try? system.close(directory) }
  let file = try system.open(name, in: directory, .createOrOpen)
  defer { try? system.close(file) }
  try system.truncate(file, byteCount: bytes.count)
  try system.write(file, bytes, at: 0)
}

/// A small model of a simulation's state: a hot column, a growable one, an unchanging one, a large one on request, and a recording.
final class SmallState {
  let hot: Column
  let growing: Column
  let constant: Column
  let flags: Column
  let empty: Column
  var large: Column?
  let recording: Recording
  private(set) var step = 0

  init(largeRows: Int = 0) throws {
    hot = try Column(.float64, rows: 16)
    growing = try Column(.int32, rowLength: 2, rows: 0, growable: true)
    constant = try Column(.float32, rows: 5)
    flags = try Column(.bool, rows: 3)
    empty = try Column(.int64, rows: 0, growable: true)
    large = largeRows > 0 ? try Column(.float64, rows: largeRows) : nil
    recording = Recording(.int64, rowLength: 2)
    constant.withElements(of: Float.self) { for index in $0.indices { $0[index] = Float(index) + 0.5 } }
    constant.touch()
    large?.withElements(of: Double.self) { for index in $0.indices { $0[index] = Double(index) } }
    large?.touch()
  }

  func advance(_ steps: Int = 1) throws {
    for _ in 0..<steps {
      step += 1
      hot.withElements(of: Double.self) { for index in $0.indices { $0[index] = Double(step) * 1.5 + Double(index) } }
      hot.touch()
      try growing.resize(rows: step)
      growing.withElements(of: Int32.self) { $0[2 * step - 1] = Int32(step) }
      growing.touch()
      flags.withElements(of: UInt8.self) { $0[step % 3] ^= 1 }
      flags.touch()
      try append(step - 1..<step, to: recording)
    }
  }

  var stored: StateToStore {
    var state = StateToStore()
    state.add(hot, as: StoredKey("G", "v"), StoredMetadata(dimension: [2, 1, -3, -1, 0, 0, 0], unit: "V"))
    state.add(growing, as: StoredKey("S", "i"), StoredMetadata(flags: .dynamic))
    state.add(constant, as: StoredKey("G", "tau"), StoredMetadata(kind: .sealed, flags: [.constant]))
    state.add(flags, as: StoredKey("G", "not_refractory"))
    state.add(empty, as: StoredKey("S", "lastupdate"), StoredMetadata(flags: .dynamic))
    if let large { state.add(large, as: StoredKey("S", "w"), StoredMetadata(kind: .sealed)) }
    state.add(recording, as: StoredKey("M", "v"))
    state.sections["network"] = Array("step \(step)".utf8)
    return state
  }

  /// Everything that counts, as plain bytes.
  var image: [String: [UInt8]] {
    get throws {
      var image: [String: [UInt8]] = ["network": Array("step \(step)".utf8)]
      for (key, entry) in stored.columns { image[key.description] = entry.column.withBytes { Array($0) } }
      image["M.v"] = try recording.contents().withBytes(rows: 0..<recording.rows) { Array($0) }
      return image
    }
  }

  func restore(_ loaded: LoadedCheckpoint) throws {
    for (key, entry) in stored.columns { try loaded.fill(entry.column, from: key) }
    try recording.assign(loaded.recording(StoredKey("M", "v")))
    step = Int(String(decoding: loaded.sections["network"]!, as: UTF8.self).dropFirst(5))!
  }
}

/// The same of a loaded checkpoint.
func image(of loaded: LoadedCheckpoint) throws -> [String: [UInt8]] {
  var image = loaded.sections
  for key in loaded.columnKeys { image[key.description] = try loaded.column(key).withBytes { Array($0) } }
  for key in loaded.recordingKeys {
    let contents = try loaded.recording(key)
    image[key.description] = try contents.withBytes(rows: 0..<contents.rows) { Array($0) }
  }
  return image
}

/// Small files, no surprises from clocks.
func testOptions(large: Int = 1 << 20, segment: Int = 64 << 10, padding: Int = 64 << 10) -> RunDirectory.Options {
  var options = RunDirectory.Options()
  options.segmentExtent = segment
  options.largeColumnByteCount = large
  options.filePadding = padding
  options.clock = { 1_700_000_000_000_000_000 }
  return options
}

func open(
  _ path: String, _ access: RunDirectory.Access = .write, creating: Bool = true, system: any FileSystem = RealFileSystem(),
  options: RunDirectory.Options = testOptions()
) throws -> RunDirectory {
  try RunDirectory(at: path, access: access, creating: creating, headers: PlainHeaderWriter(), system: system, options: options)
}
