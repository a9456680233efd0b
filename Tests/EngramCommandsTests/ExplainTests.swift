import EngramCheckpoints
import EngramCommands
import EngramMagic
import EngramMessageTestSupport
import EngramModelFiles
import EngramSimulation
import EngramTestSupport
import Foundation
import Testing

/// Objects and steps of many kinds, in spellings that are not the canonical ones.
private let model = """
  engram: 1
  name: example
  description: "with a colon: here"
  dt: 100 us
  seed: 5
  constants: {tau: 10 ms, twice: 2*tau, count: 3}
  objects:
    - kind: NeuronGroup
      name: P
      count: 4
      model: |
        dv/dt = (I - v)/tau : volt (unless refractory)
        dx/dt = -x/twice : 1
        I : volt
      threshold: v > 10*mV
      reset: |
        v = 0*mV
        x += 1
      refractory: 2 ms
      initial: {v: 1 mV, "I[0]": 12 mV}
    - kind: Synapses
      source: P
      model: "w : volt"
      onPre: v_post += w
      delay: 1.5 ms
      connect: {condition: i != j, skipIfInvalid: true}
      initial: {"w[0, :]": 0.25 mV}
    - {kind: SpikeMonitor, source: P}
    - {kind: StateMonitor, name: trace, source: P, variables: [v, x], record: [0, 2], dt: 0.5 ms}
  run:
    - run: 5 ms
    - store: {name: middle, comment: "half-way, # 1"}
    - repeat: {over: [1 mV, 2 mV], as: drive, steps: [{set: {P.I: drive}}, {run: 1 ms}]}

  """

private struct NoFiles: ArrayFileReader {
  func location(of path: String) -> String? { nil }
  func read(_ request: FileRequest) throws -> [FileArray] { throw CommandError("no files here") }
}

private func explain(_ text: String) throws -> Explanation {
  try withScope { try Explanation(FileReader.read(Array(text.utf8), fileName: "example.yaml"), files: NoFiles()) }
}

/// Remarks tell how a value was written, so they may differ.
private func withoutRemarks(_ text: String) -> [String] {
  text.split(separator: "\n").map { line in line.range(of: "  # ").map { String(line[..<$0.lowerBound]) } ?? String(line) }
}

@Suite("Explaining model files", .expecting("modelfile.unused_constant")) struct ExplainTests {
  @Test("MDL-7: what 'explain' prints is a model file of the same network, with and without its comments")
  func roundTrip() throws {
    let first = try explain(model)
    for text in [first.fileText, first.annotatedText] {
      let again = try explain(text)
      #expect(again.descriptions == first.descriptions)
      #expect(again.kernels.map(\.program) == first.kernels.map(\.program))
      #expect(withoutRemarks(again.fileText) == withoutRemarks(first.fileText))
    }
    let forms = try [model, first.annotatedText].map { CanonicalForm(try FileReader.read(Array($0.utf8), fileName: "example.yaml")) }
    #expect(forms[0].steps == forms[1].steps)
  }

  @Test("MDL-7: values are in SI with a readable unit, names and defaults are filled in, spelling is canonical")
  func filledIn() throws {
    let lines = Set(try explain(model).fileText.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
    for expected in [
      "tau: 0.01 second  # 10 ms", "twice: 0.02 second  # 2*tau", "count: 3", "N: 4", "name: synapses", "name: spikemonitor", "on_pre: v_post += w",
      "skip_if_invalid: true", "target: P", "refractory: 0.002 second  # 2 ms", "keep: 2", "wall: 60 second", "record: true",
      #"description: "with a colon: here""#, "schedule: [start, groups, thresholds, synapses, resets, end]",
    ] { #expect(lines.contains(expected), "\(expected)") }
  }

  @Test("MDL-7: 'explain' names the integrator and why, the statements, the schedule and the kernels")
  func parts() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("example.yaml")
    try model.write(toFile: path, atomically: true, encoding: .utf8)
    let equations = try Program.engram.run("explain", path, "--only", "equations").output
    #expect(equations.contains("dv/dt = (I - v) / tau : volt (unless refractory)"))
    #expect(equations.contains("integrated by 'exact', the first choice") && equations.contains("x = _next_x"))
    #expect(equations.contains("v_post += w") && equations.contains("for elements with the event (P_spike_resetter)"))
    let schedule = try Program.engram.run("explain", path, "--only", "schedule").lines
    let order = ["trace", "P_stateupdater", "P_spike_thresholder", "spikemonitor", "synapses_pre", "P_spike_resetter"]
    #expect(schedule.dropFirst(2).map { String($0.prefix { $0 != " " }) } == order)
    let kernels = try Program.engram.run("explain", path, "--only", "kernels").output
    #expect(kernels.contains("synapses_pre\nkernel ") && kernels.contains("accumulates P.v"))
    let json = try Program.engram.run("explain", path, "--json").json()
    let models = try #require(json["models"] as? [[String: Any]])
    #expect((models.first?["integration"] as? [String: Any])?["method"] as? String == "exact")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == ["example.yaml"])
  }

  @Test("MDL-7, EQN-12, EQN-18: 'explain' draws each equation as a tree with the unit of each part, and what subexpressions become")
  func trees() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("example.yaml")
    try model.replacing("dv/dt = (I - v)/tau : volt", with: "dv/dt = (I + u)/tau : volt").replacing("I : volt", with: "u = -v : volt\n        I : volt")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let lines = try Program.engram.run("explain", path, "--object", "P").lines
    let start = try #require(lines.firstIndex { $0.hasSuffix("dv/dt = (I + u) / tau : volt (unless refractory)") })
    #expect(
      lines[(start + 1)...(start + 6)].map { $0.trimmingCharacters(in: .whitespaces) } == [
        "/        volt/second", "├─ +     volt", "│  ├─ I  volt", "│  └─ u  volt", "└─ tau   second  10 ms",
        "with subexpressions inserted: dv/dt = (I + -v) / tau",
      ])
    #expect(!lines.contains { $0.hasPrefix("synapses") })
    let owner = (try Program.engram.run("explain", path, "--object", "P", "--json").json()["models"] as? [[String: Any]])?.first
    let equations = try #require(owner?["equations"] as? [[String: Any]])
    let tree = try #require(equations.first { $0["name"] as? String == "v" }?["tree"] as? [String: Any])
    #expect(tree["label"] as? String == "/" && tree["unit"] as? String == "volt/second")
    #expect((tree["parts"] as? [[String: Any]])?.map { $0["unit"] as? String } == ["volt", "second"])
    let wrong = try Program.engram.run("explain", path, "--object", "Q")
    #expect(wrong.status == 1 && wrong.errors.contains("'Q' is no object with equations or code; there are: P, synapses"))
  }

  @Test("MDL-4: problems of the file end 'explain' with status 1 and are drawn with line and caret")
  func problems() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("example.yaml")
    try model.replacing("-x/twice", with: "-x/twicee").write(toFile: path, atomically: true, encoding: .utf8)
    let outcome = try Program.engram.run("explain", path)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("error: ") && outcome.errors.contains("example.yaml:13:") && outcome.errors.contains("^"))
  }
}
