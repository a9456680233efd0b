import EngramMagic
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

@Suite("What messages say") struct MessageTests {
  private func error(_ objects: String, run: String = "1 ms", head: String = "") throws -> ModelFileError? {
    let folder = try TemporaryFolder()
    let text = "\(head)objects:\n\(objects)\nrun: \(run)\n"
    do {
      try execute(text, in: folder.path("a.engram"))
      return nil
    } catch let error as ModelFileError { return error }
  }

  private func message(_ objects: String, run: String = "1 ms", head: String = "") throws -> String {
    try error(objects, run: run, head: head).map { "\($0)" } ?? ""
  }

  private func warnings(_ objects: String) throws -> [String] {
    try Messages.capturing { try message(objects) }.1.filter { $0.level == .warning }.map(\.text)
  }

  // --------------------------------------------------------------------------------------------------- misleading before

  @Test(
    "MDL-4: a word behind a number that is nearly a unit is told as an unknown unit, with the one that is meant",
    arguments: [("10 msec", "ms"), ("10 mv", "mV"), ("3 hz", "Hz"), ("10 Millivolt", "mV"), ("10 seconds", "second")])
  func unitWord(text: String, unit: String) throws {
    let word = text.split(separator: " ")[1]
    let found = try message("  - {kind: NeuronGroup, name: A, N: 2, model: \"dv/dt = -v/(\(text)) : 1\"}")
    #expect(found.contains("'\(word)' is not a known unit") && found.contains("*\(unit)'") && !found.contains("operator"), "\(found)")
  }

  @Test("MDL-4: a variable behind a number is no unit") func variableWord() throws {
    let found = try message("  - {kind: NeuronGroup, name: A, N: 2, model: \"dv/dt = -2 v/ms : 1\"}")
    #expect(found.contains("an operator is missing before 'v'") && found.contains("'2*v'"), "\(found)")
  }

  @Test("SYN-2: a part that goes beyond its group is taken as far as there is, with a warning", arguments: ["P[0:20]", "P[1:3]", "P[-5:]"])
  func beyond(part: String) throws {
    let found = try warnings(pair + "  - {kind: SpikeMonitor, name: M, source: \"\(part)\"}")
    #expect(found.count == 1 && found.contains { $0.contains("'\(part)' goes beyond 'P', which has 2 elements") }, "\(found)")
  }

  @Test("SYN-2: a part inside of its group brings no warning", arguments: ["P[0:2]", "P[:1]", "P[-1:]", "P[:]"])
  func inside(part: String) throws {
    #expect(try warnings(pair + "  - {kind: SpikeMonitor, name: M, source: \"\(part)\"}").isEmpty)
  }

  @Test("MDL-4: an unknown name that is in the way of several parts of an object is told once") func onceForAll() throws {
    let found = try error("  - {kind: PoissonGroup, name: P, N: 10, rates: \"10*hertz + 3*Hzz\"}")
    #expect(found?.problems.count == 1 && found?.problems.first?.hint == "did you mean 'Hz'?", "\(found as Any)")
  }

  @Test(
    "MDL-6: a key that changes nothing where it stands is told with its line and the reason",
    arguments: [
      ("{kind: SpikeMonitor, source: P, dt: 1 ms}", "dt"), ("{kind: PopulationRateMonitor, source: P, when: end}", "when"),
      ("{kind: NeuronGroup, name: B, N: 1, model: \"v : 1\", run_at: {code: v = 1, times: [0.1 ms], clock: defaultclock}}", "clock"),
    ])
  func withoutEffect(object: String, key: String) throws {
    let found = try warnings(pair + "  - \(object)")
    #expect(found.count == 1 && found[0].contains(".yaml:") && found[0].contains("'\(key)' has no effect here: "), "\(found)")
    #expect(try warnings(pair + "  - {kind: StateMonitor, source: P, variables: v, record: true, dt: 0.5 ms, when: end}").isEmpty)
  }

  @Test("MDL-4: where units do not agree, a constant without unit is named") func plainNumber() throws {
    let model = "  - {kind: NeuronGroup, name: A, N: 2, model: \"dv/dt = -v/tau : volt\"}"
    #expect(try message(model, head: "constants: {tau: 10}\n").contains("'tau' is a plain number; should it have a unit?"))
    #expect(try !message(model, head: "constants: {tau: 10 mV}\n").contains("plain number"))
  }

  @Test("MDL-4: what follows from a mistake in the same place is not told beside it") func oneCause() throws {
    let found = try message(pair + "  - {kind: Synapses, name: S, source: P, on_pre: v_post += 1, connect: {p: 1.5}}")
    #expect(found.contains("a probability lies between 0 and 1") && !found.contains("no synapses"), "\(found)")
  }

  @Test("EQN-13: noise outside of differential equations is told as such") func noise() throws {
    let text = try message("  - {kind: NeuronGroup, name: A, N: 2, model: \"v : 1\", threshold: v > xi*second**0.5, reset: v = 0}")
    #expect(text.contains("'xi' is white noise, which only differential equations") && !text.contains("did you mean"), "\(text)")
  }

  @Test("EQN-1: a second derivative is told as such, with the way to write it", arguments: ["d2v/dt2", "d^2v/dt^2", "d**2v/dt**2", "d3v/dt3"])
  func secondDerivative(left: String) throws {
    let text = try message("  - {kind: NeuronGroup, name: B, N: 2, model: \"\(left) = -v/second**2 : 1\"}")
    #expect(text.contains("of first order; this one is of order \(left.contains("3") ? 3 : 2)") && text.contains("dv/dt = v_rate"), "\(text)")
  }

  private let pair = "  - {kind: NeuronGroup, name: P, N: 2, model: \"v : 1\", threshold: v > 1, reset: v = 0}\n"

  @Test(
    "SYN-2: names with _pre or _post that are no variable of that side are errors, with the nearest one",
    arguments: [
      ("g_post += 1", "'g_post': 'P', the target of 'S', has no variable 'g'", ""), ("g_missing_post = 1", "has no variable 'g_missing'", ""),
      ("w = g_pre", "'g_pre': 'P', the source of 'S', has no variable 'g'", ""), ("vv_post += 1", "has no variable 'vv'", "did you mean 'v_post'?"),
    ])
  func suffixes(code: String, expected: String, hint: String) throws {
    let text = try message(pair + "  - {kind: Synapses, name: S, source: P, model: \"w : 1\", on_pre: \(code), connect: true}")
    #expect(text.contains(expected) && (hint.isEmpty || text.contains(hint)) && !text.contains("further up"), "\(text)")
  }

  @Test("COD-8: a misspelt name that is only added to is not taken for a temporary variable") func misspeltSum() throws {
    let text = try message(pair + "  - {kind: Synapses, name: S, source: P, model: \"w : 1\", on_pre: v_pots += w, connect: true}")
    #expect(text.contains("'v_pots' is not defined") && text.contains("did you mean 'v_post'?"), "\(text)")
  }

  @Test("COD-8: a temporary variable that nothing reads is warned of, with the variable that is meant") func unread() throws {
    let found = try warnings("  - {kind: NeuronGroup, name: G, N: 3, model: \"v : 1\", threshold: v > 1, reset: vv = 0}")
    #expect(
      found.contains { $0.contains("'vv' is a temporary variable that nothing reads") && $0.contains("did you mean 'v'?") && $0.contains("test.yaml:2:") },
      "\(found)")
    let fine = try warnings("  - {kind: NeuronGroup, name: G, N: 3, model: \"v : 1\", threshold: v > 1, reset: \"x = 2\\nv = x\"}")
    #expect(!fine.contains { $0.contains("temporary") }, "\(fine)")
  }

  @Test("MON-1, LNK-1: a monitor of a variable that was never linked says so") func neverLinked() throws {
    let text = try message(
      "  - {kind: NeuronGroup, name: D, N: 2, model: \"y : 1 (linked)\"}\n  - {kind: StateMonitor, name: M, source: D, variables: y, record: true}")
    #expect(text.contains("'M' cannot record 'y': it is a linked variable of 'D' that has not been linked before this run"), "\(text)")
  }

  @Test("SUB-1: a range that ends before it begins is told as it was written") func emptyRange() throws {
    let text = try message(pair + "  - {kind: Subgroup, name: E, of: \"P[5:2]\"}")
    #expect(text.contains("'P[5:2]' is empty: it ends before it begins") && text.contains("did you mean 'P[2:5]'?") && !text.contains("..<"), "\(text)")
  }

  @Test("SUB-1: a range beyond the last element is told as it was written") func rangeBeyond() throws {
    let text = try message(pair + "  - {kind: Subgroup, name: E, of: \"P[50:60]\"}")
    #expect(text.contains("50") && text.contains("60"), "\(text)")
  }

  @Test("SYN-25: formulas for both i and j are told as such") func bothFormulas() throws {
    let text = try message(pair + "  - {kind: Synapses, name: F, source: P, connect: {i: j, j: i}}")
    #expect(text.contains("'i' and 'j' cannot both be formulas") && !text.contains("not defined"), "\(text)")
  }

  @Test("EVT-1: a threshold that is a number is met with a comparison that makes sense", arguments: [("v + 1", "v + 1 > …"), ("1", "did you mean 'v > 1'?")])
  func threshold(text: String, hint: String) throws {
    let told = try message("  - {kind: NeuronGroup, name: G, N: 2, model: \"v : 1\", threshold: \(text), reset: v = 0}")
    #expect(told.contains(hint) && !told.contains("v > v"), "\(told)")
  }

  // ---------------------------------------------------------------------------------------------------------------- hints

  @Test("MDL-6: hints name what files know: followed, they help") func hints() throws {
    let objects = "  - {kind: NeuronGroup, name: G, N: 3, model: \"v : 1\", threshold: v > 1, reset: v = 0}\n"
    func synapses(_ more: String) -> String { objects + "  - {kind: Synapses, name: S, source: G, on_pre: v_post += 1\(more)}" }
    let outside = try message(synapses(", connect: {j: \"k for k in range(i-1, i+2)\"}"))
    #expect(outside.contains("skip_if_invalid: true leaves such synapses out") && !outside.contains("skipInvalid"), "\(outside)")
    #expect(try message(synapses(", connect: {j: \"k for k in range(i-1, i+2)\", skip_if_invalid: true}")) == "")
    #expect(try message(synapses(", connect: {j: \"k for k in range(i-1, i+2)\", skipInvalid: true}")) == "")
    let unconnected = try message(synapses(""))
    #expect(unconnected.contains("active: false") && !unconnected.contains("isActive"), "\(unconnected)")
    #expect(try message(synapses(", active: false")) == "")
  }

  @Test(
    "MDL-4: suggestions are of the kind that is missing",
    arguments: [
      ("model: \"dv/dt = (EL - v)/tau : 1\"", "'EL'", "did you mean 'El'?"), ("model: \"dv/dt = -v/(10*msec) : 1\"", "'msec'", "did you mean 'ms'?"),
      ("model: \"v : Volt\"", "'Volt'", "did you mean 'volt'?"), ("model: \"v : mvolts\"", "'mvolts'", "did you mean 'volt'?"),
      ("model: \"dv/dt = Exp(-v)/tau : 1\"", "'Exp'", "did you mean 'exp'?"), ("model: \"dv/dt = -v/Tau : 1\"", "'Tau'", "did you mean 'tau'?"),
      ("model: \"v : 1\", treshold: v > 1", "'treshold'", "did you mean 'threshold'?"), ("model: \"v : 1\", method: rk5", "'rk5'", "did you mean 'rk2'?"),
      ("model: \"v : 1\", threshold: w > 1, reset: v = 0", "'w'", ""),
    ])
  func suggestions(keys: String, word: String, hint: String) throws {
    let text = try message("  - {kind: NeuronGroup, name: G, N: 2, \(keys)}", head: "constants: {tau: 10 ms, El: 3}\n")
    #expect(text.contains(word) && (hint.isEmpty || text.contains(hint)), "\(text)")
    if hint.isEmpty { #expect(!text.contains("did you mean"), "\(text)") }
  }

  // --------------------------------------------------------------------------------------------------------------- places

  @Test(
    "MDL-4: an error of an object is told at the key that it is about",
    arguments: [
      ("method: rk5", "rk5"), ("N: 0", "'N' is"), ("reset: v = 0", "reset but no threshold"), ("refractory: 3 mV", "refractory"),
      ("dt: -1 ms", "must be positive"),
      ("dtype: {w: float32}", "'w'"), ("link: {v: G.v}", "link"), ("events: {a b: v > 1}", "'a b'"), ("dtype: int8", "'int8'"),
    ])
  func keys(key: String, expected: String) throws {
    let count = key.hasPrefix("N") ? "" : "    N: 2\n"
    let found = try error("  - kind: NeuronGroup\n    name: G\n\(count)    model: \"v : 1\"\n    \(key)")
    let line = key.hasPrefix("N") ? 5 : 6
    #expect(found?.problems.contains { $0.message.contains(expected) && $0.place.line == line } == true, "\(found.map { "\($0)" } ?? "")")
  }

  @Test("MDL-4: of an object that could not be made nothing is said but what is wrong with it, once") func unfinished() throws {
    let objects = "  - {kind: PoissonGroup, name: P, N: 2, rates: -10 Hz}"
    #expect(try warnings(objects).isEmpty)
    #expect(try error(objects)?.problems.map(\.message) == ["'P': the rate -10.0 Hz is negative"])
  }

  @Test(
    "MDL-4, MDL-43: no message names a file of the program",
    arguments: [
      "[{run: 1 ms}, {add: [{kind: NeuronGroup, name: H, N: 2, model: \"dv/dt = -v/tauu : 1\"}]}, {run: 1 ms}]", "[{remove: [G]}, {run: 1 ms}]",
    ])
  func noProgram(run: String) throws {
    let text = try message(
      "  - {kind: NeuronGroup, name: G, N: 3, model: \"v : 1\"}\n  - {kind: SpikeMonitor, source: G}".replacing(
        "\"v : 1\"", with: "\"v : 1\", threshold: v > 1, reset: v = 0"), run: run)
    #expect(!text.isEmpty && !text.contains(".swift") && !text.contains("created at"), "\(text)")
  }

  // ---------------------------------------------------------------------------------------------------------------- model

  @Test("SYN-4: a synaptic variable may have the name of a pathway") func variableCalledPre() throws {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(at: folder.path("a.engram"), headers: PlainHeaderWriter())
    defer { directory.close() }
    let text = """
      name: x
      objects:
        - {kind: NeuronGroup, name: A, N: 3, model: "v : 1", threshold: "t < 0.05*ms", reset: ""}
        - kind: Synapses
          name: S
          source: A
          model: "dpre/dt = -pre/(20*ms) : 1 (event-driven)"
          on_pre: pre = 1. + pre
          connect: {condition: i == j}
          initial: {pre: 0.5, delay: 1 ms, pre.delay: 2 ms}
      run: 4 ms
      """
    try withScope {
      let experiment = try Experiment(FileReader.read(Array(text.utf8), fileName: "x.yaml"), in: directory, files: NoArrayFiles(), options: .init())
      _ = try experiment.run()
      let synapses = try experiment.network.object("S", as: Synapses.self)
      // The spike of t = 0 arrives after 2 ms: 1 + 0.5*exp(-2/20).
      for value in try synapses.variable("pre").values { #expect(abs(value - (1 + 0.5 * exp(-0.1))) < 1e-12) }
      #expect(try synapses.pre.delay.values == [2e-3, 2e-3, 2e-3])
    }
  }

  @Test(
    "EQN-3: units with a prefix whose value is that of SI are units of variables",
    arguments: [
      ("mmolar", 1.0), ("mM", 1), ("kgram", 1), ("klitre", 1), ("mmolar/second", 1), ("mmole/litre", 0),
    ])
  func scaledUnits(unit: String, value: Double) throws {
    let text = try message("  - {kind: NeuronGroup, name: A, N: 1, model: \"Y : \(unit)\"}")
    #expect(text.isEmpty == (value == 1), "\(text)")
  }

  @Test(
    "PRF-4: errors of preferences tell the rule",
    arguments: [
      ("core.default_float_dtype: int32", "expected float64 or float32"), ("core.default_integer_dtype: float64", "expected int32 or int64"),
      ("core.network.default_schedule: [before_start]", "expected a list of names of slots, each once"),
      ("legacy.refractory_timing: 3", "expected true or false"),
    ])
  func preferences(entry: String, expected: String) throws {
    let text = try message("  - {kind: NeuronGroup, name: A, N: 1, model: \"v : 1\"}", head: "preferences: {\(entry)}\n")
    #expect(text.contains(expected), "\(text)")
  }
}
