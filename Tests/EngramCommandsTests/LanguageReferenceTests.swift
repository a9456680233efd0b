import Engram
import EngramMessageTestSupport
import EngramModelFiles
import EngramTestSupport
import Foundation
import Testing

/// The reference of model files, which is made of the tables that read them.
@Suite(
  "Reference of model files",
  .expecting("stateupdater", "neurongroup", "synapses", "spikegenerator", "modelfile", "base", "experiment", "run", "network", "branch", "clock"))
struct LanguageReferenceTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("MDL-6: every key of the language has an example, and each example is a model file without a problem", arguments: ModelLanguage.reference.map(\.name))
  func examples(part name: String) throws {
    let folder = try TemporaryFolder()
    let inputs = Self.root.appending(path: "fixtures/inputs")
    for file in ["arrays.h5", "spikes.h5", "list.npy", "named.csv", "neuron.swc"] {
      try FileManager.default.copyItem(at: inputs.appending(path: file), to: folder.url.appending(path: file))
    }
    let part = try #require(ModelLanguage.reference.first { $0.name == name })
    for key in part.table.keys where key.name != "kind" {
      #expect(!key.example.isEmpty && !key.meaning.isEmpty, "\(key.name)")
      let text = part.example(of: key)
      // What is read is what is shown: the key stands in the file with its example behind it.
      #expect(key.name == "objects" || text.contains("\(key.name): \(key.example)"), "\(key.name): \(text)")
      let file = folder.url.appending(path: "model.yaml")
      try text.write(to: file, atomically: true, encoding: .utf8)
      let problems = try Experiment.problems(ofModelFile: file)
      #expect(problems.isEmpty, "\(key.name): \(problems.map(\.message))\n\(text)")
    }
  }

  @Test("MDL-6: the reference has every kind of object, every verb, and no part twice")
  func parts() {
    let names = ModelLanguage.reference.map(\.name)
    #expect(Set(names).count == names.count)
    for kind in ModelLanguage.kinds.keys { #expect(names.contains(kind)) }
    let tables = ModelLanguage.reference.map { Set($0.table.all) }
    #expect(tables.contains(Set(ModelLanguage.verbs)) && tables.contains(Set(ModelLanguage.top.all)))
  }

  @Test("MDL-6: `engram keys` shows the keys of a part, and a misspelt part is met with the nearest one")
  func command() throws {
    let shown = try Program.engram.run("keys", "NeuronGroup")
    #expect(shown.status == 0 && shown.output.contains("threshold: expression") && shown.output.contains("Required."))
    #expect(try Program.engram.run("keys").output.contains("PoissonInput"))
    let wrong = try Program.engram.run("keys", "NeuronGrup")
    #expect(wrong.status == 1 && wrong.errors.contains("did you mean 'NeuronGroup'?"))
    let json = try Program.engram.run("keys", "ramp", "--json").json()
    #expect(json["status"] as? Int == 1)
    let parts = try #require(try Program.engram.run("keys", "a ramp", "--json").json()["parts"] as? [[String: Any]])
    #expect((parts.first?["keys"] as? [[String: Any]])?.map { $0["name"] as? String } == ["start", "stop", "count", "step"])
    #expect(try Program.engram.run("keys", "store", "--example").output.contains("store: {name: trained, tags: [paper]}"))
  }

  @Test(
    "Documentation/Reference and the man page are what the program says of itself",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "needs python3"))
  func pages() throws {
    let outcome = try Program(path: "/usr/bin/python3").run(
      [Self.root.appending(path: "tools/reference-pages").path(), "--check", "--engram", Program.engram.path],
      environment: ["PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
  }
}
