import EngramTestSupport
import Foundation
import Testing

/// Pages that are written by a program stay what the program writes.
@Suite("Generated pages", .slow) struct GeneratedPagesTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The Python that runs the generators; nil on machines without one.
  static let python: URL? = {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["ENGRAM_PYTHON"].map { [$0] } ?? []
    let onPath = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
    return (named + onPath).first { FileManager.default.isExecutableFile(atPath: $0) }.map { URL(filePath: $0) }
  }()

  /// What `tools/<generator> --check` says, and its status.
  func check(_ generator: String) throws -> (status: Int32, output: String) {
    let python: URL = try #require(Self.python)
    let outcome = try Program(path: python.path).run(
      [Self.root.appending(path: "tools/\(generator)").path(), "--check"], environment: ["PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"])
    return (outcome.status, outcome.output + outcome.errors)
  }

  @Test(
    "fixtures/parity.md lists the features whose requirements have tests, and no feature lost its tick",
    .enabled(if: python != nil, "needs python3"))
  func parity() throws {
    let (status, output) = try check("parity")
    #expect(status == 0, "\(output)")
  }

  @Test(
    "Documentation/Seed.md has every name of the seed with a public symbol and a test", .enabled(if: python != nil, "needs python3"))
  func seed() throws {
    let (status, output) = try check("seed-table")
    #expect(status == 0, "\(output)")
  }

  @Test(
    "Documentation/Promises.md has a fault for every promise and a test that found it; each fault has its place, each test exists",
    .enabled(if: python != nil, "needs python3"))
  func promises() throws {
    let (status, output) = try check("mutants")
    #expect(status == 0, "\(output)")
  }
}
