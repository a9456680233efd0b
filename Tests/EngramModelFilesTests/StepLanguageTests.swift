import EngramCheckpoints
import EngramMagic
import EngramMessageTestSupport
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

@Suite(
  "Functions, templates and steps that decide",
  .expecting("group.Group.resolve.resolution_conflict", "modelfile.unused_constant", "modelfile.until", "stateupdater.method_choice"))
struct StepLanguageTests {
  private func message(_ text: String) throws -> String {
    do {
      try ArrayTests.run(text) { _ in }
      return ""
    } catch { return "\(error)" }
  }

  private func values(_ text: String, _ variable: String = "v", constants: [String: String] = [:]) throws -> [Double] {
    try ArrayTests.run(text, constants: constants) { try $0.object("G", as: NeuronGroup.self).variable(variable).values }
  }

  // ----------------------------------------------------------------------------------------------------------- functions

  @Test("MDL-26: functions that the file defines stand for their formulas, in equations, code, values and other functions")
  func functions() throws {
    let text = """
      constants: {a: 2, start: "twice(3)"}
      functions:
        "twice(x)": "a*x"
        "sum_of(x, y)": "twice(x) + y"
        decay: {arguments: [x, tau], units: [1, second, Hz], expression: -x/tau}
      objects:
        - kind: NeuronGroup
          name: G
          N: 3
          method: exact
          model: "dv/dt = decay(v, 10*ms) : 1\\n      w = sum_of(v, 1) : 1\\n      u : 1"
          threshold: "twice(v) < -1"
          reset: "v = twice(0)"
          initial: {v: "twice(i)", u: "sum_of(twice(1), start)"}
      run: 10 ms
      """
    let found = try values(text)
    #expect(zip(found, [0, 2, 4]).allSatisfy { abs($0 - $1 * exp(-1)) < 1e-14 }, "\(found)")
    #expect(try values(text, "u") == [10, 10, 10])
  }

  @Test(
    "MDL-26: what is wrong with a function or a call is told at its place",
    arguments: [
      ("'f(x)': x + y", "v = f(1) : 1", "'y' is neither an argument of 'f' nor a constant of the file"),
      ("'f(x)': x +", "v = f(1) : 1", "a value is missing here"), ("'exp(x)': x", "v : 1", "'exp' is a unit, function or constant of the language"),
      ("'f(x)': x", "v = f(1, 2) : 1", "'f' takes 1 argument"), ("'f(x)': x*x", "v = f(rand()) : 1", "uses its argument 'x' several times"),
      ("f: {arguments: [x], units: [volt, 1], expression: x + 1}", "v : 1", "cannot add values with different units"),
      ("f: {arguments: [x], units: [volt, amp], expression: x}", "v : 1", "the value of 'f' should have"),
      ("'f(x)': tau*x", "v = f(1) : 1\\n      tau : 1", "needs the constant 'tau', and 'G' has a variable"), ("'f(x)': x", "v = f(1 : 1", "is never closed"),
      ("f: x", "v : 1", "the function 'f' has no arguments"),
    ])
  func wrongFunctions(function: String, model: String, expected: String) throws {
    let text = "constants: {tau: 2}\nfunctions:\n  \(function)\nobjects:\n  - kind: NeuronGroup\n    name: G\n    N: 1\n    model: \"\(model)\"\nrun: 0.1 ms\n"
    let found = try message(text)
    #expect(found.contains(expected), "\(found)")
  }

  @Test("MDL-26, EQN-15: a model may be a list of templates, each with several sets of replacements")
  func templates() throws {
    let text = """
      objects:
        - kind: NeuronGroup
          name: G
          N: 1
          method: exact
          model:
            - {text: "dx/dt = -x/tau : 1", replace: [{x: a, tau: 1 ms}, {x: b, tau: 2 ms}]}
            - "v = a + b + c : 1"
            - {text: "x = k : 1", replace: {x: c, k: 5}}
          initial: {a: 1, b: 1}
      run: 2 ms
      """
    #expect(abs(try values(text)[0] - (exp(-2) + exp(-1) + 5)) < 1e-14)
    #expect(try message(text.replacing("tau: 2 ms}", with: "tau: 2 ms}, {x: a, tau: 3 ms}")).contains("'a'"))
    #expect(try message(text.replacing("v = a + b", with: "v = a + q")).contains("'q' is not defined"))
  }

  // --------------------------------------------------------------------------------------------------------------- steps

  private static let bisection = """
    constants: {low: 0, high: 8, middle: 0}
    objects:
      - {kind: NeuronGroup, name: G, N: 1, model: "dv/dt = (drive - v)/(5*ms) : 1\\n      drive : 1", threshold: v > 1, reset: v = 0, method: exact}
      - {kind: SpikeMonitor, name: spikes, source: G}
      - {kind: StateMonitor, name: M, source: G, variables: drive, record: true}
    run:
      - run: 0.1 ms
      - store: start
      - until:
          condition: high - low < 0.01
          at_most: 40
          as: round
          steps:
            - restore: start
            - constants: {middle: (low + high)/2}
            - set: {G.drive: middle}
            - run: 50 ms
            - if:
                condition: len(spikes.t) > 0
                then: [{constants: {high: middle}}]
                else: [{constants: {low: middle}}]
      - set: {G.drive: high}
      - run: 0.1 ms
    """

  @Test("MDL-45: a bisection finds the threshold, by steps that look at spikes")
  func bisection() throws {
    // v reaches 1 within 50 ms if the drive exceeds 1/(1 - exp(-10)).
    let found = try values(Self.bisection, "drive")[0]
    #expect(found > 1 / (1 - exp(-10)) && found < 1.02, "\(found)")
  }

  @Test("MDL-45, MDL-61: a run goes on from any round of a repetition that decides, with the same bits")
  func resumable() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    let text = Self.bisection.replacing("        - run: 50 ms\n", with: "        - run: 20 ms\n        - store: 'r-{round}'\n        - run: 30 ms\n")
    try #require(text.contains("r-{round}"))
    let undisturbed = try execute(text, in: path) { $0.seed = 1 }
    for name in ["r-0", "r-3", "r-7"] {
      let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
      defer { directory.close() }
      let again = try withScope {
        let experiment = try Experiment(resuming: directory, at: Continuation(name, in: directory), files: NoArrayFiles(), options: .init())
        _ = try experiment.run()
        return try experiment.network.digest
      }
      #expect(again == undisturbed.digest, "from \(name)")
    }
    // Stopped inside a round, and once more where nothing has moved.
    let other = folder.path("b.engram")
    for until in [0.01, 0.02, 0.05] { try execute(text, in: other) { ($0.seed, $0.untilSeconds) = (1, until) } }
    #expect(try execute(text, in: other) { $0.seed = 1 }.digest == undisturbed.digest)
  }

  @Test("MDL-45: a repetition that decides ends at its limit, and says so; the values of recordings can be constants")
  func limit() throws {
    let text = """
      constants: {last: 0}
      objects:
        - {kind: NeuronGroup, name: G, N: 2, model: "v : 1", run_regularly: {code: v += 1, dt: 1 ms}}
        - {kind: StateMonitor, name: M, source: G, variables: v, record: true, dt: 1 ms}
      run:
        - until: {condition: "last > 100", at_most: 3, steps: [{run: 1 ms}, {constants: {last: "M.v[-1, 0] + 10"}}]}
        - set: {G.v: "last + mean(M.v)"}
        - if: {condition: "max(G.v) > 5", then: [{set: {G.v: "G.v*2"}}]}
        - run: 0.1 ms
      """
    // Recorded behind the code of 0, 1 and 2 ms: 1, 2, 3. So last is 13, v 13 + 2, twice that, and the code of 3 ms adds 1.
    #expect(try values(text) == [31, 31])
  }

  @Test("MDL-46: code that a step gives a group runs from then on, for the whole group or a part")
  func codeBetweenRuns() throws {
    let text = """
      objects:
        - {kind: NeuronGroup, name: G, N: 2, model: "v : 1\\n      w : 1", threshold: "v >= 3", reset: "", events: {high: v > 1}}
      run:
        - run: 2 ms
        - run_regularly: {G: [{code: v += 1, dt: 1 ms, name: counting}, {code: w = -1, of: "G[1:]", dt: 5 ms}]}
        - run_at: {G: {code: v += 100, times: [8 ms]}}
        - run: 5 ms
        - active: {counting: false}
        - run: 2 ms
      """
    #expect(try values(text) == [105, 105])
    #expect(try values(text, "w") == [0, -1])
    #expect(try message(text.replacing("v += 1,", with: "vv += q,")).contains("'q'"))
    #expect(try message(text.replacing("{G: [", with: "{H: [")).contains("there is no group 'H'"))
  }

  /// `v` grows by 1 in each step of 1 ms; 2, 3, 4 at the end of the first run.
  private static let laterEvents = """
    dt: 1 ms
    objects:
      - {kind: NeuronGroup, name: G, N: 3, model: "v : 1\\n      w : 1\\n      u : 1", run_regularly: v += 1, initial: {v: i}}
      - {kind: NeuronGroup, name: H, N: 3, model: "x : 1"}
    run:
      - run: 2 ms
      - events: {G: {high: v >= 5, chance: rand() < 0.5}}
      - run_on_event: {G: {high: w += 1, chance: u += 1}}
      - add:
          - {kind: EventMonitor, name: crossings, source: G, event: high, variables: v}
          - {kind: Synapses, name: S, source: G, target: H, on_pre: x_post += 1, on_event: {pre: high}, connect: {condition: i == j}}
      - run: 3 ms
      - store: later
      - run: 2 ms
    """

  @Test("MDL-46, EVT-1: an event that a step adds happens from then on, for code, monitors and synapses of later steps")
  func laterEvents() throws {
    // v of element k is 3 + k, 4 + k, … from the third step on, so 5 is reached after 5 - k steps.
    #expect(try values(Self.laterEvents, "w") == [3, 4, 5])
    try ArrayTests.run(Self.laterEvents) { network in
      let monitor = try network.object("crossings", as: EventMonitor.self)
      #expect(monitor.counts == [3, 4, 5])
      #expect(try monitor["v"].si.prefix(3) == [5, 5, 6])
      #expect(try network.object("H", as: NeuronGroup.self).x.values == [3, 4, 5])
      let chances = try network.object("G", as: NeuronGroup.self).u.values
      #expect(chances.allSatisfy { (0...5).contains($0) })
    }
  }

  @Test("MDL-46, MDL-61: a run goes on behind an event that a step has added, with the same bits, and without the model file")
  func laterEventsGoOn() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    let undisturbed = try execute(Self.laterEvents, in: path) { $0.seed = 3 }
    let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
    let again = try withScope {
      let experiment = try Experiment(resuming: directory, at: Continuation("later", in: directory), files: NoArrayFiles(), options: .init())
      let group = try experiment.network.object("G", as: NeuronGroup.self)
      #expect(group.eventNames.map(\.rawValue).sorted() == ["chance", "high"])
      _ = try experiment.run()
      #expect(try experiment.network.object("crossings", as: EventMonitor.self).counts == [3, 4, 5])
      #expect(try group.w.values == [3, 4, 5])
      return try experiment.network.digest
    }
    #expect(again == undisturbed.digest)
    directory.close()
    // Stopped in the middle of runs before and behind the step.
    let other = folder.path("b.engram")
    for until in [0.001, 0.003, 0.006] { try execute(Self.laterEvents, in: other) { ($0.seed, $0.untilSeconds) = (3, until) } }
    #expect(try execute(Self.laterEvents, in: other) { $0.seed = 3 }.digest == undisturbed.digest)
  }

  @Test(
    "MDL-46, MDL-40: mistakes in events of steps are told before the first step",
    arguments: [
      ("events: {G: {high: v > 1}}", "'G' has an event 'high' already"), ("events: {K: {up: v > 1}}", "there is no group 'K'"),
      ("events: {G: {spike: v > 1}}", "'G' defines 'spike' by a threshold and among its events"), ("events: {G: {up: v + 1}}", "is not true or false"),
      ("events: {G: {up: vv > 1}}", "'vv'"), ("events: {part: {up: v > 1}}", "there is no group 'part'"), ("events: {G: v > 1}", "'events' is a mapping"),
      ("events: {G: {'a b': v > 1}}", "'a b' cannot name an event"), ("events: {inputs: {up: 1 > 0}}", "only a NeuronGroup has 'events'"),
      ("run_on_event: {G: {up: v = 0}}", "'G' has no event 'up'"), ("event_schedule: {G: {up: {when: end}}}", "'G' has no event 'up'"),
      ("if: {condition: a > 0, then: [{events: {G: {up: v > 1}}}]}", "'events' cannot stand in 'until' or 'if'"),
    ])
  func wrongEvents(step: String, expected: String) throws {
    let text = """
      constants: {a: 1}
      objects:
        - {kind: NeuronGroup, name: G, N: 2, model: "v : 1", threshold: v > 3, reset: v = 0, events: {high: v > 1}}
        - {kind: Subgroup, name: part, of: "G[1:]"}
        - {kind: PoissonGroup, name: inputs, N: 2, rates: a*Hz}
      run:
        - run: 1 ms
        - \(step)
        - run: 1 ms
      """
    let found = try message(text)
    #expect(found.contains(expected), "\(found)")
  }

  @Test("MDL-46, CKP-24: what was stored before an event was added is another model, and says so")
  func restoreBeforeEvent() throws {
    let text = """
      objects:
        - {kind: NeuronGroup, name: G, N: 1, model: "v : 1"}
      run:
        - store: before
        - events: {G: {high: v > 1}}
        - run: 1 ms
        - restore: {name: before}
        - run: 1 ms
      """
    #expect(try message(text).contains("not in the checkpoint: 'G_high_thresholder'"))
    let behind = text.replacing("  - store: before\n", with: "").replacing("  - restore", with: "  - store: before\n  - restore")
    #expect(try message(behind) == "")
  }

  @Test(
    "MDL-40: mistakes in conditions and in what they decide are told before the first step",
    arguments: [
      ("until: {condition: G.vv > 1, at_most: 3, steps: [{run: 1 ms}]}", "'G' has no variable 'vv'"),
      ("until: {condition: H.v > 1, at_most: 3, steps: [{run: 1 ms}]}", "there is no object 'H'"),
      ("until: {condition: mean(G.v), at_most: 3, steps: [{run: 1 ms}]}", "'condition' is true or false"),
      ("until: {condition: mean(G.v) > 1*mV, at_most: 3, steps: [{run: 1 ms}]}", "cannot compare values with different units"),
      ("until: {condition: mean(G.v) > 1, steps: [{run: 1 ms}]}", "until needs the key 'at_most'"),
      ("if: {condition: a > 1, then: [{remove: G}]}", "'remove' cannot stand in 'until' or 'if'"),
      ("if: {condition: a > 1, then: [{run: 1 mV}]}", "'run' should have the unit"),
      ("if: {condition: rand() > 1, then: [{run: 1 ms}]}", "draws random numbers"),
      ("constants: {a: 'mean(G.v)*mV'}", "the constant 'a' has the unit"),
      ("repeat: {count: 2, steps: [{constants: {a: 'len(G.v)'}}, {add: [{kind: NeuronGroup, N: a, model: 'v : 1'}]}]}", "whose value a run decides"),
    ])
  func problems(step: String, expected: String) throws {
    let text = "constants: {a: 1}\nobjects:\n  - {kind: NeuronGroup, name: G, N: 1, model: 'v : 1'}\nrun:\n  - run: 1 ms\n  - \(step)\n  - run: 1 ms\n"
    let found = try message(text)
    #expect(found.contains(expected), "\(found)")
  }

  @Test("MDL-45: rounds may have lists, and parts of tables")
  func lists() throws {
    let text = """
      objects:
        - {kind: NeuronGroup, name: G, N: 2, model: "v : 1\\n      u : 1"}
      run:
        - repeat: {over: [[1, 2], [3, 4]], as: row, steps: [{set: {G.v: row, G.u: "row*2"}}, {run: 0.1 ms}]}
        - repeat: {over: "linspace(1, 3, 3)", as: x, steps: [{set: {G.v: "G.v + x"}}, {run: 0.1 ms}]}
      """
    #expect(try values(text, "u") == [6, 8])
    #expect(try values(text) == [9, 10])
  }

  // ------------------------------------------------------------------------------------------------------- documentation

  @Test("MDL-1: the examples of the documentation are models")
  func documentation() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Documentation/ModelFiles.md")
    let parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "```")
    let examples = parts.filter { $0.hasPrefix("yaml\n") && $0.contains("\nobjects:") }
    #expect(examples.count >= 2)
    for example in examples { try ArrayTests.run("\(example.dropFirst(5))run: 1 ms\n") { _ in } }
  }
}
