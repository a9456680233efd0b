import EngramScalars
import EngramTestSupport
import Testing

@testable import EngramStorage

@Suite("Damage") struct DamageTests {
  private static let options = testOptions(large: 256, segment: 512, padding: 512)

  /// A small run directory with two checkpoints on a simulated disk, and what they hold.
  private func makeRun() throws -> (disk: SimulatedDisk, images: [String: [String: [UInt8]]]) {
    let disk = SimulatedDisk()
    let directory = try open("/run", system: disk, options: DamageTests.options)
    let state = try SmallState(largeRows: 40)
    var images: [String: [String: [UInt8]]] = [:]
    for name in ["a", "b"] {
      try state.advance(3)
      images[name] = try state.image
      try directory.commit(state.stored, CommitOptions(name: name)).wait()
    }
    try directory.rename("a", to: "c")
    images["c"] = images.removeValue(forKey: "a")
    directory.close()
    return (disk, images)
  }

  private enum Outcome: Equatable {
    /// `verify` names the file.
    case detected
    /// Nothing that counts: garbage behind a recording, or the text in the lock.
    case irrelevant
    case silentlyWrong(String)
  }

  private func outcome(_ disk: SimulatedDisk, _ path: String, _ images: [String: [String: [UInt8]]]) -> Outcome {
    var detected = false
    do {
      let directory = try open("/run", .read, system: disk, options: DamageTests.options)
      let report = try directory.verify()
      detected = report.problems.contains { $0.file.isEmpty || path.hasSuffix($0.file) || $0.file == path }
      if !report.isSound, !detected { return .silentlyWrong("another file is blamed: \(report.problems)") }
      for (name, expected) in images {
        do {
          let loaded = try directory.load(name)
          let found = try image(of: loaded)
          do { try loaded.waitForVerification() } catch { continue }
          if found != expected { return .silentlyWrong("'\(name)' differs") }
        } catch { if !detected { return .silentlyWrong("load fails, verify is content: \(error)") } }
      }
    } catch { return .detected }
    return detected ? .detected : .irrelevant
  }

  @Test("CKP-15, ACC-5: every flipped bit is detected, or lies where nothing counts; values never change unnoticed")
  func flips() throws {
    let (disk, images) = try makeRun()
    #expect(outcome(disk, "", images) == .irrelevant)
    for (path, bytes) in disk.files().sorted(by: { $0.key < $1.key }) {
      // Six rows of 16 bytes, and nothing behind them.
      if path.contains("/segments/") { #expect(bytes.count == 4096 + 6 * 16) }
      // What a checkpoint says of its objects is where a wrong bit could be believed: of manifests no byte is left out.
      let stride = isCampaign || path.contains("/checkpoints/") ? 1 : max(1, bytes.count / 60)
      for position in Swift.stride(from: 0, to: bytes.count, by: stride) {
        for bit in isCampaign ? Array(0..<8) : [(position * 5 + 3) % 8] {
          var damaged = bytes
          damaged[position] ^= 1 << UInt8(bit)
          disk.overwrite(path, damaged)
          let found = outcome(disk, path, images)
          let counts = path != "/run/lock"
          #expect(found == (counts ? .detected : .irrelevant), "\(path) byte \(position) bit \(bit)")
        }
      }
      disk.overwrite(path, bytes)
    }
  }

  @Test("CKP-15, CKP-16, STO-8: every shortened file is detected, unless nothing but the zeros behind its content is missing")
  func truncations() throws {
    let (disk, images) = try makeRun()
    let reader = try open("/run", .read, system: disk, options: DamageTests.options)
    var ends: [String: Int] = [:]
    for sequence: UInt64 in [1, 2] {
      let manifest = try reader.readManifest(sequence)
      for (file, end) in zip(manifest.files, manifest.contentEnds) { ends["/run/" + file.path] = max(end, ends["/run/" + file.path] ?? 0) }
    }
    for (path, bytes) in disk.files().sorted(by: { $0.key < $1.key }) where path != "/run/lock" {
      let stride = isCampaign ? 1 : max(1, bytes.count / 30)
      for length in Swift.stride(from: 0, to: bytes.count, by: stride) {
        disk.overwrite(path, Array(bytes[..<length]))
        let found = outcome(disk, path, images)
        let isPadding = path.contains("/objects/") && length >= (ends[path] ?? 0)
        #expect(found == (isPadding ? .irrelevant : .detected), "\(path) to \(length)")
      }
      disk.overwrite(path, bytes)
    }
  }

  @Test("CKP-15: a report names object, variable, place and the checkpoints concerned")
  func report() throws {
    let (disk, _) = try makeRun()
    let directory = try open("/run", .read, system: disk, options: DamageTests.options)
    let manifest = try directory.readManifest(2)
    let column = try #require(manifest.columns.first { $0.key == StoredKey("S", "w") })
    let extent = try #require(column.extent)
    let path = "/run/objects/" + manifest.files[extent.file].name
    var bytes = try #require(disk.files()[path])
    bytes[extent.offset + 17] ^= 4
    disk.overwrite(path, bytes)
    let problem = try #require(try directory.verify().problems.first)
    #expect(problem.file == path)
    #expect(problem.what.contains("S.w"))
    #expect(problem.place == "bytes \(extent.offset)..<\(extent.offset + extent.byteCount)")
    #expect(problem.checkpoints == ["ck-1", "ck-2"])
  }

  @Test("CKP-42: nothing commits on top of a restored state whose payload turns out to be damaged")
  func background() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/run"
    let directory = try open(path)
    let state = try SmallState(largeRows: 300_000)
    try state.advance()
    try directory.commit(state.stored, CommitOptions(name: "a")).wait()
    let object = try #require(try listing(path + "/objects").max { try readFile(path + "/objects/" + $0).count < readFile(path + "/objects/" + $1).count })
    var bytes = try readFile(path + "/objects/" + object)
    bytes[1_000_000] ^= 1
    try writeFile(path + "/objects/" + object, bytes)
    let loaded = try directory.load("a")
    try state.restore(loaded)
    try state.advance()
    let error = #expect(throws: StorageError.self) { try directory.commit(state.stored, CommitOptions(name: "b")).wait() }
    guard case .damaged(_, let what, let place) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what.contains("S.w"))
    #expect(place.hasPrefix("bytes 4096..<"))
    #expect(try directory.list().map(\.names) == [["a"]])
    #expect(throws: StorageError.self) { try loaded.waitForVerification() }
  }

  @Test("CKP-16: manifests of any bytes give errors, never crashes or large allocations")
  func fuzz() throws {
    let (disk, _) = try makeRun()
    let manifest = try #require(disk.files()["/run/checkpoints/ck-2.manifest"])
    var random = SplitMix(state: 42)
    for round in 0..<(isCampaign ? 200_000 : 1500) {
      var bytes = manifest
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let position = Int.random(in: 32..<bytes.count - 16, using: &random)
        bytes[position] = [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random)!
      }
      if round % 7 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      // With a checksum that agrees, so that the parsers behind it are reached.
      if bytes.count >= 48 {
        let body = Array(bytes.dropLast(16))
        var tail = ByteWriter()
        tail.append(ContentHash(of: body))
        bytes = body + tail.bytes
      }
      _ = try? Manifest(decoding: bytes, file: "fuzz")
      _ = try? NamesTable(decoding: bytes, file: "fuzz")
    }
  }

  @Test("CKP-19: a manifest that cannot be read is kept with all that it may refer to, is reported, and can be removed by its id")
  func damagedManifest() throws {
    let (disk, _) = try makeRun()
    var bytes = try #require(disk.files()["/run/checkpoints/ck-2.manifest"])
    bytes[100] ^= 1
    disk.overwrite("/run/checkpoints/ck-2.manifest", bytes)
    let directory = try open("/run", system: disk, options: DamageTests.options)
    #expect(directory.damagedCheckpoints.keys.sorted() == ["ck-2"])
    let objects = disk.files().keys.filter { $0.contains("/objects/") }.count
    #expect(try directory.collectGarbage() == 0)
    #expect(disk.files().keys.filter { $0.contains("/objects/") }.count == objects)
    #expect(throws: StorageError.self) { try directory.load("latest") }
    #expect(throws: Never.self) { try directory.load("ck-1") }
    try directory.remove("ck-2")
    #expect(try directory.collectGarbage() > 0)
    #expect(try directory.info("latest").id == "ck-1")
    #expect(try directory.verify().isSound)
  }
}
