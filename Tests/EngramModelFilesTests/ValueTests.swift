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

/// Datasets by name: what a file reader gives, without files.
private struct TestArrays: ArrayFileReader {
  var arrays: [String: FileArray]
  func location(of path: String) -> String? { nil }
  func read(_ request: FileRequest) throws -> [FileArray] {
    guard case .dataset(let name) = request.content, let array = arrays[name] else { throw CocoaError(.fileReadNoSuchFile) }
    return [array]
  }
}

@Suite("How values are written", .expecting("group.Group.resolve.resolution_conflict", "modelfile.unused_constant")) struct ValueTests {
  private func look<R>(_ text: String, files: any ArrayFileReader = NoArrayFiles(), fileName: String = "values.yaml", _ body: (Network) throws -> R) throws -> R
  {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(at: folder.path("a.engram"), headers: PlainHeaderWriter())
    defer { directory.close() }
    return try withScope {
      let file = try Experiment.read(Array(text.utf8), fileName: fileName, files: files)
      let experiment = try Experiment(file, in: directory, files: files, options: .init())
      _ = try experiment.run()
      return try body(experiment.network)
    }
  }

  private func values(_ text: String, _ object: String, _ variable: String, files: any ArrayFileReader = NoArrayFiles()) throws -> [Double] {
    try look(text, files: files) { try $0.object(object, as: Group.self).variable(variable).values }
  }

  private func message(_ text: String) throws -> String {
    do {
      try look(text) { _ in }
      return ""
    } catch { return "\(error)" }
  }

  private func group(_ keys: String, head: String = "", run: String = "0.1 ms") -> String {
    "\(head)objects:\n  - {kind: NeuronGroup, name: G, N: 3, \(keys)}\nrun: \(run)\n"
  }

  // ------------------------------------------------------------------------------------------------------------ constants

  @Test(
    "MDL-20: a text of constants only is a constant: both spellings of a rate are refused when they are negative",
    arguments: [
      "-10 Hz", "-10*Hz", "-f", "2*(f - 15*Hz)",
    ])
  func negativeRates(rates: String) throws {
    let text = "constants: {f: 10 Hz}\nobjects:\n  - {kind: PoissonGroup, name: P, N: 2, rates: \(rates)}\nrun: 1 ms\n"
    let found = try message(text)
    #expect(found.contains("-10. Hz is negative") || found.contains("-10.0 Hz is negative"), "\(found)")
  }

  @Test(
    "MDL-20: a list of constants chooses the elements of a variable and of what is recorded",
    arguments: ["chosen", "2*arange(3) + 1", "[1, 3, 5]", "k + list_of_others"])
  func listedTargets(selection: String) throws {
    let text = """
      constants: {chosen: [1, 3, 5], k: 1, list_of_others: [0, 2, 4]}
      objects:
        - {kind: NeuronGroup, name: G, N: 8, model: "v : 1", initial: {"v[\(selection)]": 2}}
        - {kind: StateMonitor, name: M, source: G, variables: v, record: "\(selection)"}
      run: [{run: 0.1 ms}, {set: {"G.v[\(selection)]": [7, 8, 9]}}]
      """
    try look(text) { network in
      #expect(try network.object("G", as: Group.self).variable("v").values == [0, 7, 0, 8, 0, 9, 0, 0])
      let recorded = try network.object("M", as: StateMonitor.self).v
      #expect((0..<3).map { recorded[$0].si } == [[2], [2], [2]])
    }
  }

  @Test(
    "MDL-20: what chooses no elements is refused with the reason",
    arguments: [
      ("v[half]", "'half' is a number with a fraction"), ("v[far]", "index 8"), ("v[times]", "'times' is a quantity"), ("v[chosen:5]", "one end of a range"),
      ("v[[1, chosen]]", "one of several"), ("v[choosen]", "choosen"),
    ])
  func noTargets(target: String, reason: String) throws {
    let head = "constants: {chosen: [1, 3, 5], half: [0.5, 1], far: [1, 8], times: [1 ms, 2 ms]}\n"
    let found = try message(group("model: \"v : 1\", initial: {\"\(target)\": 2}", head: head))
    #expect(found.contains(reason), "\(found)")
  }

  @Test("MDL-20: rates that are constants can be set later, whichever way they are written", arguments: ["10 Hz", "10*Hz", "f/2", "exp(log(10))*Hz"])
  func rates(rates: String) throws {
    let text = """
      constants: {f: 20 Hz}
      objects:
        - {kind: PoissonGroup, name: P, N: 2, rates: \(rates)}
      run:
        - run: 0.1 ms
        - set: {P.rates: 20 Hz}
        - run: 0.1 ms
      """
    #expect(try values(text, "P", "rates") == [20, 20])
  }

  @Test(
    "MDL-20: rates that use time, elements, chance or a constant that a step changes stay formulas",
    arguments: [
      "i*Hz", "10*Hz*int(t > 1*ms)", "f*2", "10*Hz*rand()",
    ])
  func formulas(rates: String) throws {
    let steps = "run:\n  - run: 0.1 ms\n  - constants: {f: 30 Hz}\n  - run: 0.1 ms\n"
    let text = "constants: {f: 10 Hz}\nobjects:\n  - {kind: PoissonGroup, name: P, N: 2, rates: \(rates)}\n" + steps
    #expect(try message(text + "  - set: {P.rates: 20 Hz}\n").contains("read-only"))
  }

  @Test("MDL-31: the probability of a pair is the same number however it is written", arguments: ["0.3", "0.6/2", "chance", "\"1 - 0.7\""])
  func probabilities(p: String) throws {
    let text = """
      seed: 4
      constants: {chance: 0.3}
      objects:
        - {kind: NeuronGroup, name: G, N: 40, model: "v : 1"}
        - {kind: Synapses, name: S, source: G, model: "w : 1", connect: {p: PP}}
      run: 0.1 ms
      """
    let expected = try values(text.replacing("PP", with: "0.3"), "S", "i")
    #expect(try values(text.replacing("PP", with: p), "S", "i") == expected)
  }

  @Test("MDL-20: a constant that is no finite number is refused with its value", arguments: ["inf", "-inf*mV", "1/0", "exp(1000)", "1e308*10"])
  func notFinite(value: String) throws {
    let text = try message(group("model: \"v : 1\"", head: "constants: {K: \(value)}\n"))
    #expect(text.contains("'K' is") && text.contains("not a finite number"), "\(text)")
  }

  @Test("NSP-1, MDL-20: the variables and the constants of an object come before those of the file") func shadowing() throws {
    let head = "constants: {w: 5, c: 7}\n"
    #expect(try values(group("model: \"v : 1\\nw : 1\", initial: {w: i, v: 2*w}", head: head), "G", "v") == [0, 2, 4])
    #expect(try values(group("model: \"v : 1\", namespace: {c: 3}, initial: {v: 2*c}", head: head), "G", "v") == [6, 6, 6])
  }

  // --------------------------------------------------------------------------------------------------------------- units

  @Test(
    "MDL-20, UNI-5: one sentence for a value of the wrong unit, in initial, set and all keys that take quantities",
    arguments: [
      ("model: \"v : volt\", initial: {v: 3}", "0.1 ms", "should have the unit 'volt' but is 3. (unit '1')"),
      ("model: \"v : volt\"", "[{set: {G.v: 3}}, {run: 1 ms}]", "should have the unit 'volt' but is 3. (unit '1')"),
      ("model: \"v : volt\"", "[{set: {G.v: [3, 4, 5]}}, {run: 1 ms}]", "should have the unit 'volt'"),
      ("model: \"v : volt\", dt: 3", "0.1 ms", "'dt' should have the unit 'second' but is 3. (unit '1')"),
      ("model: \"v : volt\"", "3 mV", "'run' should have the unit 'second' but is 3. mV (unit 'volt')"),
      ("model: \"v : volt\", run_at: {code: v += 1*mV, times: [1, 2]}", "0.1 ms", "'times' should have the unit 'second'"),
      ("model: \"v : volt\", threshold: v > 1*mV, reset: v = 0*mV, refractory: 3 mV", "0.1 ms", "found a quantity in volt"),
      ("model: \"v : volt/second\", initial: {v: 3}", "0.1 ms", "should have the unit 'volt/second' but is 3. (unit '1')"),
      ("model: \"v : 1\", initial: {v: 3 mV/ms}", "0.1 ms", "but is 3 volt/second (unit 'volt/second')"),
    ])
  func wrongUnits(keys: String, run: String, expected: String) throws {
    let text = try message(group(keys, run: run))
    #expect(text.contains(expected), "\(text)")
    #expect(!text.contains("m^2") && !text.contains("s^-3"), "\(text)")
  }

  @Test(
    "MDL-20: an unknown unit is named, with the unit that is meant",
    arguments: [
      ("10 msec", "'msec'", "did you mean 'ms'?"), ("3 Volt", "'Volt'", "did you mean 'volt'?"), ("5 millivolts", "'millivolts'", "did you mean 'mV'?"),
      ("1 banana", "'banana'", ""),
    ])
  func unknownUnits(value: String, word: String, hint: String) throws {
    let text = try message(group("model: \"v : 1\"", head: "constants: {tau: \(value)}\n"))
    #expect(text.contains("\(word) is not a known unit") && (hint.isEmpty || text.contains(hint)), "\(text)")
    #expect(text.contains("values.yaml:1:\(19 + value.prefix { $0 != " " }.count)"), "\(text)")
  }

  // -------------------------------------------------------------------------------------------------------------- lists

  @Test("MDL-2, MDL-20: lists and datasets of true and false are assigned to boolean variables") func booleans() throws {
    let arrays = TestArrays(arrays: ["/b": FileArray(values: [0, 1, 1])])
    #expect(try values(group("model: \"b : boolean\", initial: {b: [true, false, True]}"), "G", "b") == [1, 0, 1])
    #expect(try values(group("model: \"b : boolean\", initial: {b: {hdf5: f.h5, dataset: /b}}"), "G", "b", files: arrays) == [0, 1, 1])
    #expect(try values(group("model: \"b : boolean\"", run: "[{set: {\"G.b[0:2]\": [true, true]}}, {run: 1 ms}]"), "G", "b") == [1, 1, 0])
    #expect(try message(group("model: \"b : boolean\", initial: {b: [true, 1, false]}")).contains("mixes numbers with true and false"))
  }

  @Test("MDL-21: a dataset of a single value is one value") func singleValue() throws {
    let arrays = TestArrays(arrays: ["/x": FileArray(values: [4])])
    #expect(try values(group("model: \"v : 1\", initial: {v: {hdf5: f.h5, dataset: /x}}"), "G", "v", files: arrays) == [4, 4, 4])
  }

  @Test(
    "MDL-21: units of other programs are understood", arguments: [("milliseconds", 1e-3), ("msec", 1e-3), ("Seconds", 1), ("microvolts", 1e-6), ("mV", 1e-3)])
  func foreignUnits(unit: String, scale: Double) throws {
    let array = try FileArray(values: [2], unit: unit).quantities()
    #expect(abs(array.si[0] - 2 * scale) < 1e-15 && !array.dimension.isDimensionless)
  }

  @Test(
    "MDL, repeat: rounds go over ramps, arrays with a unit and counts from constants",
    arguments: [
      "over: {start: 1 ms, stop: 3 ms, count: 3}", "over: {start: 1 ms, stop: 3.5 ms, step: d}", "over: {values: [1, 2, 3], unit: ms}", "over: [d, 2*d, 3 ms]",
    ])
  func ramps(rounds: String) throws {
    let text = """
      constants: {d: 1 ms}
      objects:
        - {kind: NeuronGroup, name: G, N: 1, model: "v : second\\nn : 1"}
      run:
        - repeat:
            \(rounds)
            as: x
            steps: [set: {G.v: v + x, G.n: n + 1}, run: 0.1 ms]
        - repeat: {count: 2*2, steps: [set: {G.n: n + 10}]}
      """
    #expect(abs(try values(text, "G", "v")[0] - 6e-3) < 1e-15)
    #expect(try values(text, "G", "n") == [43])
  }

  @Test("RNG-1: seeds come from constants and from rounds") func seeds() throws {
    func text(_ seed: String, _ steps: String = "") -> String {
      """
      seed: \(seed)
      constants: {n: 40}
      objects:
        - {kind: NeuronGroup, name: G, N: 5, model: "v : 1", run_regularly: v = rand()}
      run:
      \(steps.isEmpty ? "" : steps + "\n")  - run: 0.1 ms
      """
    }
    let expected = try values(text("42"), "G", "v")
    #expect(try values(text("n + 2"), "G", "v") == expected)
    #expect(try values(text("7", "  - seed: n + 2"), "G", "v") == expected)
    #expect(try message(text("-n")).contains("'seed' is an integer from 0 to 2^64 − 1, found -40."))
  }

  // ---------------------------------------------------------------------------------------------------------- selections

  @Test("MDL-33, SUB-1: bounds of ranges and elements may be calculated from constants") func selections() throws {
    let text = """
      constants: {n: 3}
      objects:
        - {kind: NeuronGroup, name: G, N: 4*n, model: "v : 1", initial: {v: i, "v[n]": -1, "v[2*n:(2*n + 2)]": -2, "v[[0, n - 1]]": -3}}
        - {kind: Subgroup, name: A, of: "G[:n]"}
        - {kind: Subgroup, name: B, of: "G[n:2*n]"}
        - {kind: StateMonitor, name: m, source: A, variables: v, record: true}
        - {kind: StateMonitor, name: o, source: G, variables: v, record: "n:2*n"}
      run:
        - set: {"G.v[4*n - 1]": 5}
        - run: 0.1 ms
      """
    try look(text) { (network: Network) throws -> Void in
      #expect(try network.object("G", as: Group.self).v.values == [-3, 1, -3, -1, 4, 5, -2, -2, 8, 9, 10, 5])
      #expect(try network.object("m", as: StateMonitor.self).indices == [0, 1, 2])
      #expect(try network.object("o", as: StateMonitor.self).indices == [3, 4, 5])
    }
    // A bound before the first element is the first, as in Python.
    try look(text.replacing("\"G[:n]\"", with: "\"G[-13:n]\"")) { (network: Network) throws -> Void in
      #expect(try network.object("m", as: StateMonitor.self).indices == [0, 1, 2])
    }
    #expect(try message(text.replacing("\"G[:n]\"", with: "\"G[:m]\"")).contains("'m' is not defined"))
    #expect(try message(text.replacing("\"G[:n]\"", with: "\"G[:n/2]\"")).contains("not an integer"))
    #expect(try message(text.replacing("\"G[:n]\"", with: "\"G[5:2]\"")).contains("'G[5:2]' is empty: it ends before it begins"))
  }

  // ---------------------------------------------------------------------------------------------------------------- names

  @Test(
    "MDL: the name of a file becomes the name of its network",
    arguments: [
      ("my-model.yaml", "my_model"), ("068-cuba.yaml", "model_068_cuba"), ("a b+c.yaml", "a_b_c"), ("modell.v2.yaml", "modell"), ("模型.yaml", "model"),
      ("ok_.yml", "ok_"),
    ])
  func fileNames(file: String, name: String) throws {
    #expect(try look(group("model: \"v : 1\""), fileName: "folder/\(file)") { $0.name } == name)
  }

  @Test("MDL-12: what is wrong with a constant of the command line is told as such") func commandLine() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: ModelFileError.self) {
      try execute(group("model: \"dv/dt = -v/tau : 1\"", head: "constants: {tau: 10 ms}\n"), in: folder.path("a")) { $0.constants = [("tau", "10 msec")] }
    }
    #expect(error?.problems.first?.message == "--constant tau=10 msec: 'msec' is not a known unit", "\(error.map { "\($0)" } ?? "")")
  }

  @Test(
    "MDL-20, COR-1: integers at the ends of their range are numbers or errors wherever they stand",
    arguments: ["9223372036854775807", "-9223372036854775808", "9223372036854775807 + 1", "-9223372036854775807 - 1", "2*largest", "-largest - 2"])
  func extremeIntegers(number: String) throws {
    let places = [
      "objects: [{kind: NeuronGroup, name: G, N: '\(number)', model: 'v : 1'}]", "dt: '\(number)'", "seed: '\(number)'",
      "objects: [{kind: NeuronGroup, name: G, N: 2, model: 'v : 1', initial: {v: '\(number)'}}]",
      "objects: [{kind: NeuronGroup, name: G, N: 2, model: 'k : integer', initial: {k: '\(number)'}}]",
      "objects: [{kind: NeuronGroup, name: G, N: 2, model: 'v : 1', order: '\(number)'}]",
      "objects: [{kind: NeuronGroup, name: G, N: 2, model: 'v : 1'}, {kind: StateMonitor, source: G, variables: v, record: '\(number)'}]",
      "objects: [{kind: NeuronGroup, name: G, N: 2, model: 'v : 1'}, {kind: Synapses, source: G, connect: {i: '\(number)', j: 0}}]",
      "run: '\(number)'", "run: '(\(number))*second'", "run: [{repeat: {count: '\(number)', steps: [{run: 1 ms}]}}]",
    ]
    for place in places {
      let folder = try TemporaryFolder()
      let text = "constants: {largest: 9223372036854775807}\n\(place)\n" + (place.hasPrefix("run") ? "" : "run: 1 ms\n")
      // What it means is not the question; every answer but the end of the program is one.
      do { try execute(text, in: folder.path("r")) { $0.untilSeconds = 0.002 } } catch { #expect(!"\(error)".isEmpty, "\(place)") }
    }
  }
}
