import Engram
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

/// What leaves a network is what was verified, whatever happens to the files that it was restored from.
@Suite("Sources of a network's values", .slow) struct SourceTests {
  enum Place: String, CaseIterable { case portable, directory, own }
  enum Use: String, CaseIterable { case store, storeElsewhere, export, branch, branchElsewhere, digest, diff, run }

  /// A number whose bytes are all 0x41, so that its array is found in any file.
  private static let marked = Double(bitPattern: 0x4141_4141_4141_4141)

  /// All elements but the first: an array whose elements are all the same would be in no file.
  private static func mark(_ group: NeuronGroup) throws {
    try group.w <- marked
    try group.w[0] <- 2
  }

  private func makeNetwork() throws -> Network {
    let G = try NeuronGroup(200_000, "w : 1\ndv/dt = 1*Hz*int(i < 1000) : 1", method: .named(.euler), name: "G")
    try Self.mark(G)
    return try Network(name: "net") { G }
  }

  /// Changes a bit in the middle of the array, and back.
  private func flip(_ file: URL) throws {
    let start = try #require(try Data(contentsOf: file).range(of: Data([UInt8](repeating: 0x41, count: 4096)))).lowerBound
    let handle = try FileHandle(forUpdating: file)
    defer { try? handle.close() }
    try handle.seek(toOffset: UInt64(start + 800_000))
    let byte = try #require(try handle.read(upToCount: 1)?.first)
    try handle.seek(toOffset: UInt64(start + 800_000))
    try handle.write(contentsOf: Data([byte ^ 0x10]))
  }

  /// The portable file, or the object with the array.
  private func file(in source: URL) throws -> URL {
    guard source.pathExtension != "h5" else { return source }
    let objects = try FileManager.default.contentsOfDirectory(at: source.appending(path: "objects"), includingPropertiesForKeys: nil)
    return try #require(try objects.first { try Data(contentsOf: $0).range(of: Data([UInt8](repeating: 0x41, count: 4096))) != nil })
  }

  @Test(
    "CKP-42: nothing leaves a network before what it was restored from has been verified, wherever that lies, nor with damage that came later",
    arguments: Place.allCases, Use.allCases)
  func leaving(place: Place, use: Use) throws {
    let folder = try TemporaryFolder()
    let home = folder["home.engram"]
    let source = place == .own ? home : folder[place == .portable ? "p.h5" : "other.engram"]
    let base = place == .own ? "a" : "base"
    try withScope {
      let network = try makeNetwork()
      for (name, url) in [(base, home), ("a", source)] where name == "a" || place != .own {
        if url.pathExtension == "h5" {
          try network.store(name, to: url)
        } else {
          // The base is another state: nothing in its directory equals what is restored later.
          if name == "base" { try network.object("G", as: NeuronGroup.self).w <- 1 }
          try network.useRunDirectory(at: url)
          try network.store(name)
          network.closeRunDirectory()
          if name == "base" { try Self.mark(network.object("G", as: NeuronGroup.self)) }
        }
      }
    }
    let damaged = try file(in: source)
    for isEarly in [true, false] {
      if isEarly { try flip(damaged) }
      try withScope {
        let network = try makeNetwork()
        try network.useRunDirectory(at: home)
        defer { network.closeRunDirectory() }
        let from = place == .own ? nil : source
        try network.restore("a", from: from, verifyFirst: !isEarly)
        if !isEarly { try flip(damaged) }
        let made = ["out.h5", "else.h5", "aside.engram"].map { folder[$0] }
        func attempt() throws {
          switch use {
          case .store: try network.store("b")
          case .storeElsewhere: try network.store("b", to: made[1])
          case .export: try network.exportHDF5(to: made[0])
          case .branch: try network.branch("c", from: base)
          case .branchElsewhere: try network.branch("c", from: base, to: made[2])
          case .digest: _ = try network.digest
          case .diff: _ = try network.diff("a", from: from)
          case .run: try network.run(0.2 * ms)
          }
        }
        // What is not copied and has been verified by this process is referred to.
        let isReference = use == .branch || use == .branchElsewhere || (use == .store && place == .own)
        guard isEarly || !isReference else { return }
        let error = #expect(throws: (any Error).self) { try attempt() }
        #expect(error.map { "\($0)" }?.contains("G.w") == true, "\(error.map { "\($0)" } ?? "")")
        for url in made { #expect(!FileManager.default.fileExists(atPath: url.path)) }
        #expect(try network.checkpoints.allSatisfy { ["a", "base", nil].contains($0.names.first) })
      }
      try flip(damaged)
    }
  }

  @Test("CKP-42: a run over a file that rots meanwhile ends with an error; what it stored since is not trusted") func rotInARun() throws {
    let folder = try TemporaryFolder()
    let home = folder["home.engram"]
    try withScope {
      let network = try makeNetwork()
      try network.useRunDirectory(at: home)
      try network.run(0.1 * ms)
      try network.store("a")
      network.closeRunDirectory()
    }
    let damaged = try file(in: home)
    try withScope {
      let network = try makeNetwork()
      try network.useRunDirectory(at: home)
      defer { network.closeRunDirectory() }
      try network.restore("a", verifyFirst: true)
      try network.run(0.1 * ms)
      try network.store("b")
      try flip(damaged)
      let error = #expect(throws: (any Error).self) { try network.run(0.1 * ms) }
      #expect(error.map { "\($0)" }?.contains("G.w") == true, "\(error.map { "\($0)" } ?? "")")
      #expect(throws: NetworkError.self) { try network.run(0.1 * ms) }
      #expect(throws: (any Error).self) { try network.store("c") }
    }
    try flip(damaged)
    let store = try CheckpointStore(at: home, mode: .read)
    #expect(try store.list().compactMap(\.names.first) == ["a"])
    #expect(try store.verify().problems.map(\.what).contains { $0.contains("may have been computed from damaged values") && $0.contains("G.w") })
  }
}
