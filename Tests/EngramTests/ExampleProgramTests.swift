import EngramTestSupport
import Foundation
import Testing

@Suite("Example programs") struct ExampleProgramTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Words of what it printed when it ended well.
  private static func words(_ arguments: [String], in folder: URL) throws -> [Substring] {
    let outcome = try Program.balancedNetwork.run(arguments, in: folder)
    try #require(outcome.status == 0)
    return outcome.output.split(whereSeparator: \.isWhitespace)
  }

  @Test("ACC-1: a Swift program that is killed goes on from its newest checkpoint when it is started again, to the same digest") func killed() throws {
    try TemporaryFolder.lend { folder in
      let whole = try Self.words([folder.appendingPathComponent("whole").path], in: folder)
      let path = folder.appendingPathComponent("killed").path
      let process = try Program.balancedNetwork.start([path])
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
    try TemporaryFolder.lend { words = try Self.words([], in: $0) }
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
