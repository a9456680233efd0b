import Foundation
import Testing

@Suite("Example programs") struct ExampleProgramTests {
  @Test("The balanced network written in Swift fires at the rate that the reference finds over twelve seeds") func balancedNetwork() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("BalancedNetwork")
    let program = FileManager.default.isExecutableFile(atPath: beside.path) ? beside : root.appendingPathComponent(".build/debug/BalancedNetwork")
    let output = FileManager.default.temporaryDirectory.appendingPathComponent("balanced-\(UUID().uuidString).txt")
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: output) }
    let process = Process()
    process.executableURL = program
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let text = try String(contentsOf: output, encoding: .utf8)
    let words = text.split(whereSeparator: \.isWhitespace)
    let place = try #require(words.firstIndex(of: "rate"))
    let rate = try #require(Double(words[place + 1]))

    struct Reference: Decodable {
      struct Run: Decodable { var mean_rate_hz: Double }
      var runs: [Run]
    }
    let file = root.appendingPathComponent("fixtures/reference/cuba_rates.json")
    let rates = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file)).runs.map(\.mean_rate_hz)
    let mean = rates.reduce(0, +) / Double(rates.count)
    let variance = rates.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(rates.count - 1)
    #expect(abs(rate - mean) < 4 * variance.squareRoot(), "\(rate) Hz here, \(mean) Hz there")
  }
}
