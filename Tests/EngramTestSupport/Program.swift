public import Foundation

/// A program, started as a user starts it.
public struct Program: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// One that the build made, beside the tests.
  public init(built name: String) {
    let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name).path
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    path = FileManager.default.isExecutableFile(atPath: beside) ? beside : root.appending(path: ".build/debug/\(name)").path
  }

  public static let engram = Program(built: "engram")
  public static let balancedNetwork = Program(built: "BalancedNetwork")

  public struct Outcome: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String
    public var lines: [Substring] { output.split(separator: "\n") }
  }

  /// Runs it to its end. Output goes through files: pipes would fill up while nobody reads.
  ///
  /// - Parameters:
  ///   - environment: what differs from that of the tests.
  ///   - standardOutput: takes the output instead.
  public func run(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:], standardOutput: FileHandle? = nil
  ) throws -> Outcome {
    let texts = try TemporaryFolder()
    let process = try start(
      arguments, in: folder, environment: environment, output: texts.path("out"), errors: texts.path("err"), standardOutput: standardOutput)
    process.waitUntilExit()
    func text(_ name: String) -> String { (try? String(contentsOf: texts[name], encoding: .utf8)) ?? "" }
    return Outcome(status: process.terminationStatus, output: text("out"), errors: text("err"))
  }

  /// Starts it and does not wait.
  ///
  /// - Parameters: `output` and `errors` are files that take what it says; nil: nobody hears it.
  public func start(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:], output: String? = nil, errors: String? = nil,
    standardOutput: FileHandle? = nil
  ) throws -> Process {
    func handle(_ path: String?) throws -> FileHandle {
      guard let path else { return .nullDevice }
      _ = FileManager.default.createFile(atPath: path, contents: nil)
      return try FileHandle(forWritingTo: URL(filePath: path))
    }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    if !environment.isEmpty { process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 } }
    process.standardOutput = try standardOutput ?? handle(output)
    process.standardError = try handle(errors)
    try process.run()
    return process
  }
}
