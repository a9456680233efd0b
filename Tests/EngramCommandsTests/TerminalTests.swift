import Engram
import EngramModels
import EngramSimulation
import EngramSystem
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

@testable import EngramCommands

@Suite("Words of others on a terminal") struct TerminalTests {
  /// Clears the screen, sets a title, forges a row, turns the text around.
  static let hostile = "\u{1B}[2J\u{1B}]0;title\u{7}fine\r\nck-9  forged\u{202E}\u{9B}31m"

  /// Nothing that a terminal obeys but the line ends and tabs of the layout.
  private func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      scalar == "\n" || scalar == "\t" || ![.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
  }

  @Test("Comments and tags that hold commands for a terminal are shown, not obeyed, and forge no row; in JSON they are what they are")
  func listing() throws {
    let folder = try TemporaryFolder()
    let directory = folder.path("r.engram")
    try withScope {
      let G = try NeuronGroup(1, "v : 1", name: "G")
      let network = try Network(at: URL(fileURLWithPath: directory), name: "net") { G }
      try network.store("one", options: StoreOptions(comment: Self.hostile, tags: ["tag\u{202E}gat"]))
      network.closeRunDirectory()
    }
    for command in [["ls", directory], ["log", directory], ["show", directory], ["ls", directory, "--json"], ["verify", directory]] {
      let outcome = try Program.engram.run(command)
      #expect(outcome.status == 0 && isHarmless(outcome.output) && isHarmless(outcome.errors), "\(command)")
      #expect(!outcome.lines.contains { $0.hasPrefix("ck-9") }, "\(command)")
    }
    let list = try Program.engram.run("ls", directory)
    #expect(list.lines.count == 3)
    #expect(list.output.contains("\\u{1B}[2J") && list.output.contains("fine\\r\\nck-9  forged\\u{202E}") && list.output.contains("tag\\u{202E}gat"))
    let json = try #require(try Program.engram.run("ls", directory, "--json").json()["checkpoints"] as? [[String: Any]])
    #expect(json.first?["comment"] as? String == Self.hostile && json.first?["tags"] as? [String] == ["tag\u{202E}gat"])
  }

  @Test("Lines, laid out texts and paragraphs show what a terminal would obey; only what the program laid out keeps its lines") func kinds() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("out")
    let file = open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(file) }
    let output = Output(descriptor: file)
    let words = "a\u{1B}[2J\u{202E}\nb"
    try output.line(words)
    try output.text(words)
    try output.paragraph(words)
    let shown = "a\\u{1B}[2J\\u{202E}"
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "\(shown)\\nb\n" + "\(shown)\nb\n" + "\(shown)\n  b\n")
  }

  @Test("Errors show file names and pieces of model files without obeying them, each problem in its own lines")
  func errors() throws {
    let folder = try TemporaryFolder()
    try "x: 1".write(toFile: folder.path("evil\u{1B}[2J\nerror: forged.yaml"), atomically: true, encoding: .utf8)
    let missing = try Program.engram.run("run", folder.path("model.yaml"))
    #expect(missing.status == 1 && isHarmless(missing.errors) && missing.errors.contains("evil\\u{1B}[2J\\nerror: forged.yaml"))
    #expect(missing.errors.split(separator: "\n").count == 1)

    let model = folder.path("m.yaml")
    let text = """
      objects:
        - {kind: NeuronGroup, name: "a\\nerror: forged\\e[31m", N: 1, model: "v : 1"}
        - {kind: NeuronGroup, name: G, N: "x\\u202e", model: "v : 1"}
        - {kind: "Neuron\u{202E}Group", name: H, N: 2}
      """
    try text.write(toFile: model, atomically: true, encoding: .utf8)
    let problems = try Program.engram.run("explain", model)
    #expect(problems.status == 1 && isHarmless(problems.errors) && problems.errors.contains("\\u{1B}[31m"))
    #expect(!problems.errors.split(separator: "\n").contains { $0.hasPrefix("error: forged") })
    // The mark stands below what it means although an invisible character is shown at length before it.
    let lines = problems.errors.split(separator: "\n")
    let place = try #require(lines.firstIndex { $0.contains("Neuron\\u{202E}Group") && $0.hasPrefix("    - {kind") })
    let caret = try #require(lines[place + 1].firstIndex(of: "^"))
    let column = lines[place + 1].distance(from: lines[place + 1].startIndex, to: caret)
    #expect(lines[place].dropFirst(column).hasPrefix("\"Neuron") || lines[place].dropFirst(column).hasPrefix("Neuron"))
  }
}
