import Foundation
import Testing

@Suite("Example programs") struct ExampleProgramTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The program, its output going to a file.
  private static func start(_ arguments: [String], output: URL) throws -> Process {
    let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("BalancedNetwork")
    let process = Process()
    process.executableURL =
      FileManager.default.isExecutableFile(atPath: beside.path) ? beside : root.appendingPathComponent(".build/debug/BalancedNetwork")
    process.arguments = arguments
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Words of what it printed when it ended well.
  private static func words(_ arguments: [String], in folder: URL) throws -> [Substring] {
    let output = folder.appendingPathComponent("\(UUID().uuidString).txt")
    let process = try start(arguments, output: output)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return try String(contentsOf: output, encoding: .utf8).split(whereSeparator: \.isWhitespace)
  }

  private static func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("balanced-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test("ACC-1: a Swift program that is killed goes on from its newest checkpoint when it is started again, to the same digest") func killed() throws {
    try Self.inFolder { folder in
      let whole = try Self.words([folder.appendingPathComponent("whole").path], in: folder)
      let path = folder.appendingPathComponent("killed").path
      let process = try Self.start([path], output: folder.appendingPathComponent("killed.txt"))
      // Some way into the run: the first automatic checkpoints are there.
      while process.isRunning, !FileManager.default.fileExists(atPath: path + "/checkpoints/ck-4.manifest") { usleep(2000) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let rest = try Self.words([path], in: folder)
      #expect(rest.first == "continuing" && rest.suffix(2) == whole.suffix(2) && whole.suffix(2).first == "digest")
    }
  }

  @Test("The balanced network written in Swift fires at the rate that the reference finds over twelve seeds") func balancedNetwork() throws {
    var words: [Substring] = []
    try Self.inFolder { words = try Self.words([], in: $0) }
    let place = try #require(words.firstIndex(of: "rate"))
    let rate = try #require(Double(words[place + 1]))

    struct Reference: Decodable {
      struct Run: Decodable { var mean_rate_hz: Double }
      var runs: [Run]
    }
    let file = Self.root.appendingPathComponent("fixtures/reference/cuba_rates.json")
    let rates = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file)).runs.map(\.mean_rate_hz)
    let mean = rates.reduce(0, +) / Double(rates.count)
    let variance = rates.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(rates.count - 1)
    #expect(abs(rate - mean) < 4 * variance.squareRoot(), "\(rate) Hz here, \(mean) Hz there")
  }
}
