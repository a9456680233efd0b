import EngramMagic
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

/// Objects with something for every verb.
private let head = """
  name: steps
  seed: 1
  constants: {tau: 10 ms, n: 2, other: 3}
  objects:
    - kind: NeuronGroup
      name: G
      N: 4
      model: |
        dv/dt = -v/tau : 1
        u : volt
        k : integer
        x : 1 (linked)
        q : 1 (linked)
      threshold: v > 1
      reset: v = 0
      link: {q: {to: G.v, index: [0, 0, 1, 1]}}
    - {kind: NeuronGroup, name: H, N: 1, model: "y : 1"}
    - {kind: Synapses, name: S, source: G, model: "w : 1", on_pre: v_post += w, connect: true}
    - {kind: Synapses, name: C, source: G, model: "z : 1", on_pre: v_post += z, active: false}
    - {kind: SpikeGeneratorGroup, name: gen, N: 2, indices: [0], times: [1 ms]}
    - {kind: PoissonGroup, name: P, N: 3, rates: 10 Hz}
    - {kind: StateMonitor, name: M, source: G, variables: v, record: [0]}
    - {kind: SpikeMonitor, name: sp, source: G}

  """

private func text(_ steps: String) -> String {
  head + "run:\n" + steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n") + "\n"
}

/// What is told of a file before its first step; empty where it runs. Fails the test if a step was taken before.
private func problems(_ file: String) throws -> [ModelFileProblem] {
  let folder = try TemporaryFolder()
  let path = folder.path("a.engram")
  do {
    try execute(file, in: path)
    return []
  } catch let error as ModelFileError {
    let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
    defer { directory.close() }
    #expect(try directory.list().isEmpty, "steps were taken before the mistake was told")
    return error.problems
  }
}

/// A step that cannot be right, and a part of what is to be said.
struct WrongStep: Sendable, CustomTestStringConvertible {
  let step: String
  let message: String
  var testDescription: String { step }
  init(_ step: String, _ message: String) { (self.step, self.message) = (step, message) }
}

private let wrongSteps: [WrongStep] = [
  // run
  .init("run: -1 ms", "cannot last"), .init("run: 3", "'run' should have the unit 'second'"), .init("run: 3 mV", "'run' should have the unit 'second'"),
  .init("run: 3 msec", "'msec' is not a known unit"), .init("run: qq*ms", "'qq' is not defined"), .init("run: rand()*ms", "draws random numbers"),
  .init("run: {until: 0.5 ms}", "already"), .init("run: {until: 3}", "'until' should have the unit 'second'"),
  .init("run: {for: 1 ms, namespace: {a: 3*qq}}", "'qq' is not defined"), .init("run: [1 ms, 2 ms]", "one value"),
  // store, restore
  .init("store: a/b", "a/b"), .init("store: latest", "latest"), .init("store: \"x{z}\"", "in no repetition"),
  .init("store: {name: x, file: ../y.h5}", "must lie below"),
  .init("restore: nothing", "no step before this one stores a checkpoint 'nothing'"), .init("restore: {name: hree}", "no step before this one stores"),
  .init("restore: {name: here, allow: [nonsense]}", "'allow' has no kind 'nonsense'"), .init("restore: {name: here, only: [Q]}", "there is no object 'Q'"),
  .init("restore: {name: here, only: [G.vv]}", "'G' has no variable 'vv'"), .init("restore: {name: here, random: {reseed: 1.5}}", "'reseed' is an integer"),
  .init("restore: {name: here, random: {reseed: qq}}", "'qq' is not defined"),
  // set
  .init("set: {Q.v: 1}", "there is no group 'Q'"), .init("set: {G.vv: 1}", "no variable 'vv'"), .init("set: {G: 1}", "names a group"),
  .init("set: {G.v: 1 mV}", "'G.v' should have the unit '1'"), .init("set: {G.u: 3}", "'G.u' should have the unit 'volt'"),
  .init("set: {G.v: [1, 2]}", "takes 4 values, not 2"), .init("set: {\"G.v[9]\": 1}", "index 9 is out of range"),
  .init("set: {\"G.v[0:2]\": [1, 2, 3]}", "takes 2 values, not 3"), .init("set: {G.v: qq*2}", "'qq' is not defined"),
  .init("set: {G.v: i*mV}", "unit"), .init("set: {\"G.v['zz > 1']\": 1}", "'zz' is not defined"), .init("set: {\"G.v['v + 1']\": 1}", "must be true or false"),
  .init("set: {\"G.v[\": 1}", "expected a number"), .init("set: {G.N: 5}", "read-only"), .init("set: {sp.t: 1}", "'sp' is a SpikeMonitor"),
  .init("set: {S.delayy: 1 ms}", "no variable 'delayy'"), .init("set: {S.delay: 1 mV}", "'second'"), .init("set: {P.rates: 3}", "'hertz'"),
  .init("set: {G.v: inf}", "not a finite number"), .init("set: {G.v: \"v +\"}", "a value is missing"), .init("set: {C.z: 1}", "has no synapses yet"),
  .init("set: {G.x: 1}", "linked"), .init("set: {\"G.v[2*m]\": 1}", "'m' is not defined"),
  // constants
  .init("constants: {tauu: 1 ms}", "the file defines no constant 'tauu'"), .init("constants: {tau: 3 mV}", "has the unit 'second'"),
  .init("constants: {tau: qq}", "'qq' is not defined"), .init("constants: {other: inf}", "not a finite number"),
  // dt
  .init("dt: -1 ms", "must be positive"), .init("dt: 3", "'dt' should have the unit 'second'"), .init("dt: {Q: 1 ms}", "there is no clock or object 'Q'"),
  .init("dt: {defaultclock: 3 mV}", "should have the unit 'second'"), .init("dt: 0.3 ms", "is not a multiple of 300. us"),
  // active
  .init("active: {Q: true}", "there is no object 'Q'"), .init("active: {G: 3}", "'G' is true or false"),
  .init("active: {G.nonsense: true}", "has no part 'nonsense'"),
  .init("active: {C: true}", "nothing has connected it before this run"),
  // add, remove
  .init("add: [{kind: NeuronGroup, name: G, N: 1, model: \"v : 1\"}]", "two objects named 'G'"),
  .init("add: [{kind: NeuronGroup, name: K, N: 1, model: \"dv/dt = -v/qq : 1\"}]", "'qq' is not defined"),
  .init("add: [{kind: SpikeMonitor, name: K, source: Q}]", "there is no object 'Q'"),
  .init("add: [{kind: NeuronGroup, name: K, N: 0, model: \"v : 1\"}]", "'N' is from 1"),
  .init("remove: [Q]", "there is no object 'Q'"), .init("remove: [G_stateupdater]", "is a part of another object"),
  .init("remove: [H, H]", "there is no object 'H'"),
  .init("remove: [G]", "needs 'G'"),
  // connect
  .init("connect: {Q: true}", "there is no Synapses 'Q'"), .init("connect: {G: true}", "not a Synapses"), .init("connect: {C: {p: qq}}", "'qq' is not defined"),
  .init("connect: {C: {condition: i + 1}}", "must be true or false"), .init("connect: {C: {i: [9], j: [0]}}", "index 9 is outside"),
  .init("connect: {C: {j: \"k for k in rnge(3)\"}}", "unknown iterator 'rnge'"), .init("connect: {C: {nonsense: 1}}", "has no key 'nonsense'"),
  .init("connect: {C: {i: [0, 1], j: [0, 1, 2]}}", "'i' has 2 values, 'j' has 3"), .init("connect: {C: {n: -2}}", "whole number"),
  .init("connect: {C: maybe}", "'connect' is true"), .init("connect: {C: {i: j, j: i}}", "cannot both be formulas"),
  // link
  .init("link: {Q: {x: H.y}}", "there is no group 'Q'"), .init("link: {G: {z: H.y}}", "no linked variable 'z'"),
  .init("link: {G: {x: H.qq}}", "no variable 'qq'"),
  .init("link: {G: {x: Q.y}}", "there is no group 'Q'"), .init("link: {G: {x: {to: G.u, index: [0, 0, 0, 0]}}}", "has the unit 1 and cannot be linked"),
  .init("link: {G: {x: {to: H.y, index: [0]}}}", "must have 4 values"),
  // set_spikes
  .init("set_spikes: {Q: {indices: [0], times: [1 ms]}}", "there is no SpikeGeneratorGroup 'Q'"),
  .init("set_spikes: {G: {indices: [0], times: [1 ms]}}", "not a SpikeGeneratorGroup"),
  .init("set_spikes: {gen: {indices: [5], times: [1 ms]}}", "index 5"), .init("set_spikes: {gen: {indices: [0]}}", "needs 'indices' and 'times'"),
  .init("set_spikes: {gen: {indices: [0, 1], times: [1 ms]}}", "2 indices but 1 times"), .init("set_spikes: {gen: {indices: [0], times: [1]}}", "'second'"),
  // schedule, seed, record, repeat
  .init("schedule: [start, end]", "runs in slot"), .init("schedule: 3", "is a list of slots"), .init("seed: qq*2", "'qq' is not defined"),
  .init("record: [Q]", "there is no StateMonitor 'Q'"), .init("record: sp", "not a StateMonitor"),
  .init("repeat: {count: -1, steps: [run: 1 ms]}", "'count' is from 0"), .init("repeat: {over: 3, steps: [run: 1 ms]}", "is a list of values"),
  .init("repeat: {over: [1, qq], as: r, steps: [set: {G.v: r}]}", "'qq' is not defined"),
  .init("repeat: {over: [1, 1 mV], as: r, steps: [set: {G.v: r}]}", "should have the unit '1'"),
  .init("repeat: {count: 2, as: r, steps: [store: \"a{s}\"]}", "none has the constant 's'"),
  .init("repeat: {count: 3, steps: [add: [{kind: SpikeMonitor, name: new, source: G}]]}", "two objects named 'new'"),
]

@Suite("Steps are rehearsed") struct RehearsalTests {
  @Test("MDL-40: a mistake in a step is told before the first step, at its place", arguments: wrongSteps)
  func wrong(_ wrong: WrongStep) throws {
    let file = text("- run: 1 ms\n- store: here\n- \(wrong.step)\n- run: 1 ms\n")
    let found = try problems(file)
    #expect(found.contains { $0.message.contains(wrong.message) }, "\(found.map(\.message))")
    // The step itself, or what it makes wrong in the run behind it; what is missing in an object may be told there.
    let line = head.split(separator: "\n", omittingEmptySubsequences: false).count + 3
    #expect(found.allSatisfy { $0.place.line == line || $0.place.line == line + 1 || $0.place.line < line - 3 }, "\(found.map(\.place))")
  }

  @Test("MDL-40, MDL-4: all mistakes of all steps are told at once, with those of the objects") func together() throws {
    let independent = wrongSteps.filter { wrong in
      !["run: {until: 0.5", "dt: 0.3", "remove: [G]", "remove: [H", "schedule: [", "active: {C", "repeat: {count: 3"].contains { wrong.step.hasPrefix($0) }
    }
    let file = text("- run: 1 ms\n- store: here\n" + independent.map { "- \($0.step)\n" }.joined() + "- run: 1 ms\n")
      .replacing("threshold: v > 1", with: "threshold: vv > 1")
    let found = try problems(file)
    for (number, wrong) in independent.enumerated() {
      let line = head.split(separator: "\n", omittingEmptySubsequences: false).count + 3 + number
      #expect(found.contains { $0.place.line == line || $0.message.contains(wrong.message) }, "nothing is said of '\(wrong.step)'")
    }
    #expect(found.contains { $0.message.contains("'vv' is not defined") })
  }

  @Test("MDL-40: a mistake in the last round of a long repetition is told before the first", arguments: [5, 100_000])
  func lastRound(rounds: Int) throws {
    let file = text("- repeat:\n    count: \(rounds)\n    as: r\n    steps:\n      - set: {G.v: \"1\"}\n      - run: \(rounds - 2)*ms - r*ms\n")
    let found = try problems(file)
    #expect(found.first?.message.contains("cannot last") == true, "\(found.map(\.message))")
  }

  // ---------------------------------------------------------------------------------------------- what earlier steps did

  private let pair = """
    name: x
    objects:
      - {kind: NeuronGroup, name: G, N: 1, model: "v : 1", threshold: "t > 0.9*ms", reset: ""}
      - {kind: Synapses, name: S, source: G, target: G, model: "w : 1", on_pre: v_post += wCONNECT}

    """

  private func run<R>(_ text: String, _ body: (Network) throws -> R) throws -> R {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(at: folder.path("a.engram"), headers: PlainHeaderWriter())
    defer { directory.close() }
    return try withScope {
      let experiment = try Experiment(FileReader.read(Array(text.utf8), fileName: "t.yaml"), in: directory, files: NoArrayFiles(), options: .init())
      _ = try experiment.run()
      return try body(experiment.network)
    }
  }

  // A spike in every step from 0.9 ms on: t > 0.9 ms holds in steps 10 … 29, of which each adds w = 1.
  @Test("SYN-1, MDL-40: synapses may be connected by the first step", arguments: ["", ", connect: []", ", connect: false"])
  func connectFirst(connect: String) throws {
    let steps = "run:\n  - connect: {S: true}\n  - set: {S.w: 1}\n  - run: 3 ms\n"
    let v = try run(pair.replacing("CONNECT", with: connect) + steps) { try $0.object("G", as: Group.self).v.values }
    #expect(v == [20])
  }

  @Test("CKP-1, MDL-40: a restore takes back that synapses were connected, and they may be connected again") func connectAgain() throws {
    let steps = """
      run:
        - store: a
        - connect: {S: true}
        - set: {S.w: 1}
        - run: 3 ms
        - restore: a
        - connect: {S: true}
        - store: b
      """
    let count = try run(pair.replacing("CONNECT", with: ", connect: []") + steps) { try $0.object("S", as: Synapses.self).synapseCount }
    #expect(count == 1)
  }

  @Test("LNK-1, MDL-40: a variable may be linked by the first step, also one that a monitor records") func linkFirst() throws {
    let file = """
      name: x
      objects:
        - {kind: NeuronGroup, name: A, N: 2, model: "dv/dt = (u - v)/ms : 1\\nu : 1 (linked)", method: euler, initial: {v: 1}}
        - {kind: NeuronGroup, name: B, N: 2, model: "du/dt = (v - u)/ms : 1\\nv : 1 (linked)", method: euler, link: {v: A.v}}
        - {kind: StateMonitor, name: m, source: A, variables: [v, u], record: true}
      run:
        - link: {A: {u: B.u}}
        - run: 1 ms
      """
    // d = v - u falls by 1 - 2 dt/ms = 0.8 in each step, v + u stays 1.
    let (v, u) = try run(file) { network in
      let monitor = try network.object("m", as: StateMonitor.self)
      return (try monitor["v"].row(1), try monitor["u"].row(1))
    }
    // The first group steps first, so that the second sees its new value: both are computed here step by step.
    var (a, b) = (1.0, 0.0)
    for step in 0..<10 {
      #expect(abs(v[step] - a) < 1e-12 && abs(u[step] - b) < 1e-12)
      a += 0.1 * (b - a)
      b += 0.1 * (a - b)
    }
  }

  @Test("MDL-40, CKP-3: objects may come and go between a store and its restore") func comeAndGo() throws {
    let steps = """
      run:
        - store: start
        - repeat:
            over: [11, 12, 13]
            as: k
            steps:
              - restore: {name: start, random: {reseed: k}}
              - add: [{kind: Synapses, name: T, source: G, target: G, on_pre: v_post += 1, connect: {p: 0.5}}]
              - run: 1 ms
              - store: "r{k}"
              - remove: [T]
      """
    let names = try {
      let folder = try TemporaryFolder()
      let path = folder.path("a.engram")
      try execute(pair.replacing("CONNECT", with: ", connect: true, initial: {w: 1}") + steps, in: path)
      let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
      defer { directory.close() }
      return try directory.list().flatMap(\.names).filter { $0.hasPrefix("r") }
    }()
    #expect(names == ["r0", "r1", "r2"])
  }

  @Test("MDL-40: constants of a run alone are known to it") func namespaceOfRun() throws {
    let file = """
      name: x
      objects:
        - {kind: NeuronGroup, name: G, N: 1, model: "dv/dt = rate : 1", method: euler}
      run:
        - run: {for: 1 ms, namespace: {rate: 100 Hz}}
        - run: {for: 1 ms, namespace: {rate: 200 Hz}}
      """
    #expect(abs(try run(file) { try $0.object("G", as: Group.self).v.values[0] } - 0.3) < 1e-12)
  }

  @Test("MDL-43: what depends on values is told when its step is reached, and what was done stays") func late() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    let file =
      pair.replacing("CONNECT", with: ", connect: {p: 0.5*int(i == 5)}") + "run:\n  - run: 1 ms\n  - store: good\n  - set: {\"S.w[7]\": 1}\n  - run: 1 ms\n"
    let error = #expect(throws: ModelFileError.self) { try execute(file, in: path) }
    #expect(error?.problems.first?.place.line == 8, "\(error.map { "\($0)" } ?? "")")
    let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
    defer { directory.close() }
    #expect(try directory.list().contains { $0.names.contains("good") })
  }

  @Test("MDL-61: names take the number of the round as {k} and by the constant of each repetition") func roundNames() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    let steps = """
      run:
        - repeat:
            count: 2
            as: outer
            steps:
              - repeat:
                  over: {start: 1 ms, stop: 2 ms, count: 2}
                  as: d
                  steps: [run: d, store: "s{outer}-{k}-{d}"]
      """
    try execute(pair.replacing("CONNECT", with: ", connect: true") + steps, in: path)
    let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
    defer { directory.close() }
    #expect(try directory.list().flatMap(\.names).filter { $0.hasPrefix("s") } == ["s0-0-0", "s0-1-1", "s1-0-0", "s1-1-1"])
  }

  @Test("MDL-41: a name that every round stores again is remarked upon, with the way to keep all") func overwriting() throws {
    let folder = try TemporaryFolder()
    let steps = "run:\n  - repeat:\n      count: 3\n      steps: [run: 1 ms, store: same]\n"
    let (_, messages) = try Messages.capturing { try execute(pair.replacing("CONNECT", with: ", connect: true") + steps, in: folder.path("a")) }
    #expect(messages.contains { $0.level == .warning && $0.text.contains("'same-{k}' keeps all") }, "\(messages.map(\.text))")
  }

  @Test("MDL-40: a step that was changed in a run that goes on is rehearsed, too") func continued() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.engram")
    let whole = pair.replacing("CONNECT", with: ", connect: true") + "run:\n  - run: 1 ms\n  - run: 1 ms\n"
    try execute(whole, in: path) { $0.untilSeconds = 0.001 }
    let error = #expect(throws: ModelFileError.self) { try execute(whole + "  - store: done\n  - set: {G.vv: 1}\n", in: path) }
    #expect(error?.problems.map(\.place.line) == [9])
    // Before the step in front of it.
    #expect(try RunDirectory(at: path, access: .read, creating: false, headers: PlainHeaderWriter()).list().allSatisfy { $0.names != ["done"] })
  }
}
