import EngramCheckpoints
import EngramMagic
import EngramMessageTestSupport
import EngramModelFiles
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

private let model = """
  name: same
  seed: 5
  constants: {tau: 10 ms, n: 3}
  objects:
    - kind: NeuronGroup
      name: G
      N: 3
      model: |
        dv/dt = (1 - v)/tau + 0.1*xi/sqrt(tau) : 1
        x = 2*v : 1
      method: euler
    - {kind: Synapses, name: S, source: G, model: "w : 1", connect: {condition: i != j}}
    - {kind: PoissonGroup, name: P, N: 2, rates: 10 Hz}
    - {kind: SpikeMonitor, name: sp, source: P}
  run: 1 ms

  """

@Suite("What counts as the same model", .slow, .expecting("modelfile.unused_constant")) struct IdentityTests {
  /// Runs `model` half-way, then `other` in the same place.
  private func goOn(with other: String, after first: String = model, until seconds: Double? = 0.0005) throws -> String {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    try execute(first, in: path) { $0.untilSeconds = seconds }
    do { return try execute(other, in: path).outcome } catch let error as ExperimentError { return "\(error)" }
  }

  @Test(
    "MDL-63: what does not change the meaning does not count",
    arguments: [
      ("seed: 5\n", "seed: 5  # the fifth\n\n"), ("tau: 10 ms", "tau: 0.01 second"), ("tau: 10 ms", "tau: 10*ms"),
      ("tau: 10 ms, n: 3", "tau: 5*ms + 5*ms, n: 3"),
      ("dv/dt = (1 - v)/tau", "dv/dt=(1-v)/tau"), ("x = 2*v : 1", "x = 2 * v : 1   # twice"), ("x = 2*v : 1", "x = (2*v) : 1"),
      ("name: same\n", "name: same\ndt: 0.1 ms\n"), ("name: same\n", "name: same\nengram: 1\ndescription: words\n"),
      ("name: same\n", "name: same\nschedule: [start, groups, thresholds, synapses, resets, end]\n"),
      ("name: same\n", "name: same\npreferences: {core.default_float_dtype: float64}\n"), ("name: same\n", "name: same\ndtype: float64\n"),
      ("N: 3\n", "N: 3\n    active: true\n    order: 0\n"), ("source: G, model", "source: G, target: G, model"), ("source: P}", "source: P, record: true}"),
      ("condition: i != j", "condition: \"i!=j\", p: 1, n: 1, skip_if_invalid: false"), ("connect: {condition: i != j}", "connect: [{condition: i != j}]"),
      ("rates: 10 Hz", "rates: 0.01 kHz"), ("rates: 10 Hz", "rates: 10*Hz"), ("rates: 10 Hz", "when: thresholds, rates: 10 Hz"),
      ("run: 1 ms", "run: [{run: 1 ms}]"), ("run: 1 ms", "run:\n  - run: {for: 0.001 second}"), ("run: 1 ms", "checkpoints: {every: 1 s, keep: 3}\nrun: 1 ms"),
      ("    N: 3\n", "    method: euler\n    N: 3\n"),
      ("    N: 3\n", "    N: 3\n    dtype: float64\n"),
    ])
  func same(old: String, new: String) throws {
    var other = model.replacing(old, with: new)
    if new.contains("method: euler") { other = other.replacing("    method: euler\n  - ", with: "  - ") }
    #expect(other != model)
    #expect(try goOn(with: other) == "reachedEnd")
  }

  @Test(
    "MDL-63: a change is told by itself, not with all that is around it",
    arguments: [
      ("N: 3\n", "N: 4\n", "object 1, NeuronGroup 'G', N: stored 3, here 4"),
      ("tau: 10 ms", "tau: 20 ms", "constant tau: stored 0.01 second, here 0.02 second"),
      ("(1 - v)/tau", "(2 - v)/tau", "object 1, NeuronGroup 'G', model, dv/dt: stored dv/dt = (1 - v) / tau"),
      ("rates: 10 Hz", "rates: i*Hz", "rates: stored 10 hertz, here i * Hz"),
      ("rates: 10 Hz}", "rates: 10 Hz, order: 2}", "object 3, PoissonGroup 'P', order: not in the stored model, here 2"),
      ("condition: i != j", "condition: i < j", "object 2, Synapses 'S', connect, condition: stored i != j, here i < j"),
      ("n: 3}", "n: 3, m: 4}", "constant m: not in the stored model, here 4"),
      ("run: 1 ms", "run: 1 s\ndt: 0.2 ms", "dt: stored 0.0001 second, here 0.0002 second"),
    ])
  func difference(old: String, new: String, expected: String) throws {
    let told = try goOn(with: model.replacing(old, with: new))
    let lines = told.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.contains(expected) }, "\(told)")
    // One line for what differs, beside what the message always says.
    #expect(lines.allSatisfy { $0.count < 300 } && lines.count <= 4, "\(told)")
    #expect(told.contains("--fresh"))
  }

  @Test("MDL-63, EQN-11: the order of equations does not count, nor does it change a bit")
  func orderOfEquations() throws {
    let (noisy, quiet, ratio) = ("dv/dt = -v/tau + xi_1*tau**-0.5 : 1", "dw/dt = -w/tau + xi_2*tau**-0.5 : 1", "x = v/w : 1")
    func file(_ lines: [String]) -> String {
      """
      seed: 5
      constants: {tau: 10 ms}
      objects:
        - kind: NeuronGroup
          name: G
          N: 3
          model: |
            \(lines.joined(separator: "\n        "))
          method: euler
      run: 1 ms

      """
    }
    let first = file([noisy, quiet, ratio])
    let folder = try TemporaryFolder()
    let expected = try execute(first, in: folder.path("first.engram")).digest
    for (number, lines) in [[ratio, noisy, quiet], [quiet, noisy, ratio], [quiet, ratio, noisy]].enumerated() {
      #expect(try goOn(with: file(lines), after: first) == "reachedEnd")
      #expect(try execute(file(lines), in: folder.path("\(number).engram")).digest == expected)
    }
  }

  @Test("MDL-63, MDL-65: who makes an executed run longer learns how to run on", arguments: [0.0005, nil])
  func longer(until: Double?) throws {
    let told = try goOn(with: model.replacing("run: 1 ms", with: "run: 3 ms"), until: until)
    #expect(told.contains("step 1, which has been executed, run for: stored 0.001 second, here 0.003 second"), "\(told)")
    #expect(told.contains("engram run test.yaml --until 3ms"), "\(told)")
    // And the remedy helps.
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    try execute(model, in: path) { $0.untilSeconds = until }
    #expect(abs(try execute(model, in: path) { $0.untilSeconds = 0.003 }.t - 0.003) < 1e-12)
  }

  @Test("MDL-63: steps may be added behind what has been executed") func appended() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    try execute(model, in: path)
    let longer = model.replacing("run: 1 ms", with: "run:\n  - run: 1 ms\n  - run: 2 ms")
    let continued = try execute(longer, in: path)
    #expect(continued.outcome == "reachedEnd")
    #expect(try execute(longer, in: folder.path("whole.engram")).digest == continued.digest)
  }

  @Test("MDL-7, MDL-63: the output of explain continues the run of its file, for every published model") func explained() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("fixtures/models")
    for url in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) where url.pathExtension == "yaml" {
      let bytes = Array(try Data(contentsOf: url))
      let file = try FileReader.read(bytes, fileName: url.lastPathComponent)
      let explained = try withScope { try Explanation(file, files: NoArrayFiles()).annotatedText }
      let again = try FileReader.read(Array(explained.utf8), fileName: url.lastPathComponent)
      let lines = CanonicalForm(again).differences(from: CanonicalForm(file), stepsBefore: max(file.steps.count, again.steps.count))
      #expect(lines == [], "\(url.lastPathComponent)")
    }
  }

  @Test("MDL-7, MDL-63: so does that of a file with everything that can be written in several ways") func explainedSpellings() throws {
    let text = """
      name: spellings
      constants: {tau: 2*5*ms, a: 3, b: -1.5*a}
      objects:
        - {kind: NeuronGroup, N: 2*a, model: {text: "dv/dt = -v/t0 : 1", replace: {t0: tau}}, threshold: "v>1", reset: "v=0", refractory: 2 ms,
           initial: {v: [1, 2, 3, 4, 5, 6], "v[0]": b}, run_regularly: {code: "v+=0.1", dt: 1 ms}}
        - {kind: Synapses, source: neurongroup, onPre: v_post+=w, model: "w:1", connect: {j: "k for k in range(i-1,i+2)", skipInvalid: true},
           delay: 1 ms, initial: {"w[0,:]": 2}}
        - {kind: TimedArray, name: stim, values: {start: 0, stop: 4, count: 5}, dt: 1 ms}
        - {kind: StateMonitor, source: "neurongroup[:a]", variables: v, record: [0, 1]}
        - {kind: SpikeGeneratorGroup, N: 2, indices: [0, 1], times: {values: [1, 2], unit: ms}}
      run:
        - run: {for: 1 ms}
        - repeat: {over: {start: 1 mV, stop: 2 mV, count: 2}, as: x, steps: [set: {"neurongroup.v[:a]": 0.1}, run: 1 ms, store: "s{k}"]}
        - restore: {name: s1, random: keep_current}
        - connect: {synapses: true}
        - dt: {defaultclock: 0.05 ms}
        - run: {until: 5 ms}
      """
    // 'skipInvalid' is the spelling of Swift.
    let file = try FileReader.read(Array(text.utf8), fileName: "spellings.yaml")
    let explained = try withScope { try Explanation(file, files: NoArrayFiles()).fileText }
    let again = try FileReader.read(Array(explained.utf8), fileName: "spellings.yaml")
    #expect(CanonicalForm(again).differences(from: CanonicalForm(file), stepsBefore: file.steps.count) == [], "\(explained)")
    #expect(again.steps.count == file.steps.count)
  }
}
