import EngramTestSupport
import Foundation
import Testing

/// What the compiler says of the examples in comments and on pages.
@Suite("Examples in the documentation") struct DocumentationExampleTests {
  /// A ```swift block of a comment or of a page.
  struct Example {
    let file: String
    /// Of its first line, counted from 1.
    let line: Int
    let code: [Substring]
    /// The first line of the declaration under the comment.
    var subject: Substring = ""
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let modules = ProcessInfo.processInfo.environment["ENGRAM_MODULES"].map { URL(filePath: $0) }

  /// What an example may use without making it.
  static let given = """
    neurons: NeuronGroup, input: PoissonGroup, synapses: Synapses, spikes: SpikeMonitor, monitor: StateMonitor, trace: StateMonitor,
    network: Network, net: Network, G: NeuronGroup, P: PoissonGroup, S: Synapses, M: StateMonitor, file: URL, url: URL
    """

  /// What a user of the library meets first, as it is declared: each has an example.
  static let central = [
    "NeuronGroup": "public class NeuronGroup:", "neurons with a shape": "public final class SpatialNeuron:", "shapes": "public struct NeuronMorphology:",
    "parts of groups": "public subscript(range: some RangeExpression<Int>) -> Subgroup",
    "Subgroup": "public final class Subgroup:", "link": "public func link(", "Synapses": "public final class Synapses:",
    "connect by conditions, by generators": "public func connect(", "connect by lists": "public func connect(i: some Collection<Int>, j: some",
    "StateMonitor": "public final class StateMonitor:", "SpikeMonitor": "public final class SpikeMonitor:",
    "PopulationRateMonitor": "public final class PopulationRateMonitor:", "PoissonGroup": "public final class PoissonGroup:",
    "PoissonInput": "public final class PoissonInput:", "SpikeGeneratorGroup": "public final class SpikeGeneratorGroup:",
    "TimedArray": "public struct TimedArray:", "BinomialFunction": "public struct BinomialFunction:", "Equations": "public struct Equations:",
    "methods": "public struct Method:", "code": "public struct ModelCode:", "Quantity": "public struct Quantity:",
    "QuantityArray": "public struct QuantityArray:", "networks with checkpoints": "public convenience init(",
    "store": "public func store(_ name: String", "checkpoints": "public final class CheckpointStore ",
    "retention": "public struct RetentionPolicy:", "export": "public func exportHDF5(to url: URL, options:",
    "export of checkpoints": "public struct ExportOptions:", "explanation": "public struct NetworkExplanation:",
    "files of arrays": "public init(hdf5 file: URL", "Network": "class Network:", "run": "public func run(",
    "resume": "public func resumeRun(", "restore": "public func restore(", "checkpoints by themselves": "public struct CheckpointPolicy:",
    "assignment": "public func <- (view: VariableView, value", "Clock": "public final class Clock:", "Function": "public struct Function:",
    "NetworkOperation": "public final class NetworkOperation:",
  ]

  static func files(_ folder: String, _ suffix: String) -> [URL] {
    let found = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)
    return (found?.compactMap { $0 as? URL } ?? []).filter { $0.path.hasSuffix(suffix) }.sorted { $0.path < $1.path }
  }

  private static func folders(in folder: URL, of suffix: String = "") throws -> [URL] {
    try FileManager.default.contentsOfDirectory(atPath: folder.resolvingSymlinksInPath().path).filter { $0.hasSuffix(suffix) }
      .map { folder.appending(path: $0) }
  }

  /// The blocks of a text, without what stands in front of every line of a comment.
  static func examples(of file: URL, inComments: Bool) throws -> [Example] {
    let name = String(file.path.dropFirst(root.path.count + 1))
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    var found: [Example] = []
    var block: (line: Int, code: [Substring])?
    for (number, whole) in lines.enumerated() {
      let trimmed = whole.drop { $0 == " " }
      guard !inComments || trimmed.hasPrefix("///") else {
        // The comment has ended; what is declared stands here, or under its attributes.
        if !trimmed.isEmpty, !trimmed.hasPrefix("@") {
          for place in found.indices.reversed() where found[place].subject.isEmpty { found[place].subject = trimmed }
        }
        continue
      }
      let line = inComments ? trimmed.dropFirst(trimmed.hasPrefix("/// ") ? 4 : 3) : whole
      if line.hasPrefix("```") {
        if let ended = block {
          found.append(Example(file: name, line: ended.line, code: ended.code))
          block = nil
        } else if line.hasPrefix("```swift") {
          block = (number + 2, [])
        }
      } else {
        block?.code.append(line)
      }
    }
    return found
  }

  static func inComments() throws -> [Example] { try files("Sources", ".swift").flatMap { try examples(of: $0, inComments: true) } }

  /// Asks the compiler itself, which has to know where the modules lie; tools/test says so.
  static func problems(of examples: [Example]) throws -> String {
    var source = ["import Engram", "import Foundation"]
    for (number, example) in examples.enumerated() {
      let isAsync = example.code.contains { $0.contains("await ") }
      source.append("func example\(number)(\(given)) \(isAsync ? "async " : "")throws {")
      source.append("#sourceLocation(file: \"\(example.file)\", line: \(example.line))")
      source += example.code.map { $0.hasPrefix("import ") ? "" : String($0) } + ["#sourceLocation()", "}"]
    }
    let folder = try TemporaryFolder()
    let file = try folder.write("examples.swift", source.joined(separator: "\n").utf8)
    let built = try #require(modules).deletingLastPathComponent()
    // What the built modules were made with: the C modules beneath them.
    let own = try folders(in: built, of: ".build").map { $0.appending(path: "module.modulemap") }
    let packages = try folders(in: built.deletingLastPathComponent().appending(path: "checkouts")).flatMap { try folders(in: $0.appending(path: "Sources")) }
    let maps = own + packages.map { $0.appending(path: "include/module.modulemap") }
    let systems = files("Sources", "/module.modulemap").map { $0.deletingLastPathComponent().path }
    let headers = try Program(path: "/usr/bin/env").run(["pkg-config", "--cflags-only-I", "hdf5", "libxxhash"]).output.split(whereSeparator: \.isWhitespace)
    var arguments = ["swiftc", "-typecheck", "-swift-version", "6", "-suppress-warnings", file, "-I", built.appending(path: "Modules").path]
    for system in systems { arguments += ["-I", system] }
    for header in headers { arguments += ["-Xcc", String(header)] }
    for map in maps where FileManager.default.fileExists(atPath: map.path) { arguments += ["-Xcc", "-fmodule-map-file=\(map.path)"] }
    let outcome = try Program(path: "/usr/bin/env").run(arguments)
    return outcome.status == 0 ? "" : outcome.errors + outcome.output
  }

  @Test(
    "Every example in a comment of the sources compiles",
    .enabled(if: modules != nil, "set ENGRAM_MODULES to the folder of the built modules"))
  func comments() throws {
    let examples = try Self.inComments()
    #expect(examples.count > 20)
    let problems = try Self.problems(of: examples)
    #expect(problems.isEmpty, "\(problems)")
  }

  @Test(
    "Every example on a page compiles",
    .enabled(if: modules != nil, "set ENGRAM_MODULES to the folder of the built modules"))
  func pages() throws {
    let pages = [Self.root.appending(path: "README.md")] + Self.files("Documentation", ".md") + Self.files("Sources", "README.md")
    let problems = try Self.problems(of: pages.flatMap { try Self.examples(of: $0, inComments: false) })
    #expect(problems.isEmpty, "\(problems)")
  }

  @Test("What a user of the library meets first has an example in its comment") func presence() throws {
    let subjects = try Self.inComments().map(\.subject)
    for (name, declaration) in Self.central.sorted(by: { $0.key < $1.key }) {
      #expect(subjects.contains { $0.contains(declaration) }, "\(name): no comment with a swift block stands over '\(declaration)…'")
    }
  }
}
