import EngramCheckpoints
import EngramMagic
import EngramModelFiles
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// A run directory written by version 1.0, kept forever; made once with ENGRAM_UPDATE_GOLDEN=1.
@Suite("The run directory of version 1.0") struct GoldenRunTests {
  private static let formats = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("fixtures/formats")
  private var golden: URL { GoldenRunTests.formats.appendingPathComponent("run-1") }
  private var digests: URL { GoldenRunTests.formats.appendingPathComponent("run-1.digests") }

  /// Small files, so that the repository stays small.
  private var options: RunDirectory.Options {
    var options = RunDirectory.Options()
    options.segmentExtent = 4096
    return options
  }

  private func write() throws {
    try? FileManager.default.removeItem(at: golden)
    let directory = try RunDirectory(at: golden.path, headers: PlainHeaderWriter(), options: options)
    try withScope {
      let file = try FileReader.read(Array(smallModel.utf8), fileName: "small.yaml")
      var choices = Experiment.Options()
      choices.untilSeconds = 0.015
      choices.checkpoints = .every(simulated: 10 * ms)
      _ = try Experiment(file, in: directory, files: NoArrayFiles(), options: choices).run()
    }
    let ids = try directory.list().map(\.id)
    directory.close()
    try FileManager.default.removeItem(at: golden.appendingPathComponent("lock"))
    try FileManager.default.removeItem(at: golden.appendingPathComponent("tmp"))
    let folder = try TemporaryFolder()
    let path = try copy(folder)
    let lines = try ids.map { "\($0) \(try storedDigest(in: path, at: $0))" }
    try (lines.joined(separator: "\n") + "\n").write(to: digests, atomically: true, encoding: .utf8)
  }

  /// As a user would have it: with the directory for temporaries, which a repository does not keep.
  private func copy(_ folder: TemporaryFolder) throws -> String {
    let path = folder.path("copy.engram")
    try FileManager.default.copyItem(atPath: golden.path, toPath: path)
    try FileManager.default.createDirectory(atPath: path + "/tmp", withIntermediateDirectories: true)
    return path
  }

  @Test("CKP-31: every checkpoint of a run directory of version 1.0 is intact, holds the state it held, and can be continued")
  func reads() throws {
    if ProcessInfo.processInfo.environment["ENGRAM_UPDATE_GOLDEN"] != nil { try write() }
    let folder = try TemporaryFolder()
    let path = try copy(folder)
    let expected = try String(contentsOf: digests, encoding: .utf8).split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(expected.count >= 2)
    do {
      let directory = try RunDirectory(at: path, access: .read, headers: PlainHeaderWriter())
      #expect(try directory.verify().problems == [])
      #expect(try directory.list().map(\.id) == expected.map { $0[0] })
    }
    for line in expected { #expect(try storedDigest(in: path, at: line[0]) == line[1], "\(line[0])") }
    #expect(try execute(smallModel, in: path).t > 0.0299)
  }
}
