import EngramMessageTestSupport
import EngramModelFiles
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// A source of choices that is the same on every machine.
private struct Choices {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func number(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
  mutating func of<T>(_ list: [T]) -> T { list[number(below: list.count)] }
}

/// Sensible values for every key of every kind; several where they take different ways.
private let values: [String: [String: [String]]] = [
  "NeuronGroup": [
    "N": ["3", "1"],
    "model": ["{text: \"dv/dt = (1.5 - v)/(1*ms) : 1 (unless refractory)\\nw : 1\\nk : integer\\nb : boolean\\nc = 2*v : 1\\nl : 1 (shared)\"}"],
    "threshold": ["v > 1"], "reset": ["v = 0", "\"\""], "refractory": ["1 ms", "v > 0.5"], "events": ["{high: v > 0.9}"],
    "method": ["euler", "[exact, euler]", "exponential_euler"], "method_options": ["{}"], "namespace": ["{zz: 3}"],
    "dtype": ["float32", "{v: float32}"], "initial": ["{v: rand()}", "{v: [0.1, 0.2, 0.3], k: i, b: \"i > 1\"}", "{w: 2, l: 1}"],
    "run_regularly": ["w += 1", "[{code: k += 1, dt: 0.5 ms}, {code: w = v, when: end, order: -3}]"],
    "run_at": ["{code: v = 0.1, times: [0.3 ms, 1 ms]}"], "run_on_event": ["{high: w += 1}"], "event_schedule": ["{high: {when: after_resets, order: 2}}"],
  ],
  "Synapses": [
    "source": ["G", "\"G[0:1]\"", "gen", "part"], "target": ["G", "part"],
    "model": ["\"u : 1\\ndx/dt = -x/ms : 1 (event-driven)\"", "\"dy/dt = -y/ms : 1 (clock-driven)\\nu : 1\""],
    "on_pre": ["w_post += u", "{pre: w_post += 1, other: u += 1}"], "on_post": ["u += 1"], "delay": ["0.3 ms", "{pre: 1 ms}"],
    "on_event": ["spike"], "connect": ["true", "{condition: i == j}", "[{i: [0], j: [0]}, {p: 0.5}]", "{j: i, n: 2}"],
    "pathways": ["{pre: {when: end}}"], "multisynaptic_index": ["mm"], "method": ["exact", "euler"], "method_options": ["{}"], "namespace": ["{zz: 1}"],
    "dtype": ["float32"], "initial": ["{u: 1}", "{u: rand(), delay: 0.2 ms}"], "run_regularly": ["u += 0.1"], "run_at": ["{code: u = 0, times: [1 ms]}"],
  ],
  "PoissonGroup": ["N": ["4"], "rates": ["100 Hz", "\"100*Hz*(1 + t/second)\""], "namespace": ["{zz: 1}"]],
  "PoissonInput": ["target": ["G", "part"], "target_var": ["w"], "N": ["10"], "rate": ["50 Hz"], "weight": ["0.1", "\"0.1*rand()\""]],
  "SpikeGeneratorGroup": ["N": ["2"], "indices": ["[0, 1]"], "times": ["[0.2 ms, 1 ms]"], "period": ["2 ms"], "sorted": ["true", "false"]],
  "StateMonitor": [
    "source": ["G", "part", "S", "noise"],
    "variables": ["v", "all", "[v, v]", "[v, t]", "[v, w]", "[N]", "[i]", "[lastspike]", "[u]", "[rates]", "[]", "[delay]", "[i, j]"],
    "record": ["true", "false", "0", "[0, 0]", "[0]", "\"0:1\"", "part", "\"S[0, :]\""],
  ],
  "SpikeMonitor": [
    "source": ["G", "gen", "part", "noise"], "variables": ["[v]", "[v, v]", "[v, t]", "[i]", "[count]", "all", "[k, b]", "[]"], "record": ["true", "false"],
  ],
  "EventMonitor": ["source": ["G"], "event": ["high", "spike"], "variables": ["[w, w]", "[t]", "[c]", "[l]"], "record": ["true", "false"]],
  "PopulationRateMonitor": ["source": ["G", "gen", "part", "noise"]],
  "Subgroup": ["of": ["\"G[0:1]\"", "\"gen[1:]\"", "\"noise[1:3]\""]],
  "Clock": ["dt": ["0.3 ms", "0.1 ms"]], "EventClock": ["times": ["[0 ms, 1 ms]", "[0.5 ms]"]],
  "TimedArray": ["values": ["[1, 2]", "[[1, 2], [3, 4]]"], "dt": ["1 ms", "0.07 ms"]],
  "BinomialFunction": ["n": ["5", "0"], "p": ["0.5", "0"], "approximate": ["true", "false"]],
]

private let common: [String: [String]] = [
  "dt": ["0.2 ms"], "clock": ["c", "m"], "when": ["start", "end", "before_groups", "after_resets"], "order": ["-2", "7", "2000000000"],
  "active": ["true", "false"],
]

@Suite("Combinations of valid keys", .expecting("neurongroup.no_refractory", "neurongroup.no_reset", "spikegenerator.past_spikes", "synapses.different_dt"))
struct CombinationTests {
  /// A file with one object of each kind; each has its required keys and some others, chosen at random.
  private func file(_ choices: inout Choices) -> String {
    var objects = [
      "{kind: Clock, name: c, dt: 0.3 ms}", "{kind: EventClock, name: m, times: [0.4 ms, 0.9 ms]}",
    ]
    func object(_ kind: String, _ name: String?, always: [String] = []) -> String {
      guard let table = ModelLanguage.kinds[kind] else { return "{kind: \(kind)}" }
      var fields = ["kind: \(kind)"] + (name.map { ["name: \($0)"] } ?? [])
      for key in table.required + table.optional where key != "kind" && key != "name" {
        guard table.required.contains(key) || always.contains(key) || choices.number(below: 4) == 0 else { continue }
        if key == "clock", fields.contains(where: { $0.hasPrefix("dt:") }) { continue }
        if key == "order", !fields.contains(where: { $0.hasPrefix("when:") }) { continue }
        guard let list = values[kind]?[key] ?? common[key] else { continue }
        fields.append("\(key): \(choices.of(list))")
      }
      return "{\(fields.joined(separator: ", "))}"
    }
    objects.append(object("NeuronGroup", "G", always: ["threshold"]))
    objects.append(object("SpikeGeneratorGroup", "gen", always: ["indices", "times"]))
    objects.append(object("PoissonGroup", "noise"))
    objects.append("{kind: Subgroup, name: part, of: \"G[0:1]\"}")
    objects.append(object("Synapses", "S", always: ["model", "connect"]))
    for kind in [
      "TimedArray", "BinomialFunction", "PoissonInput", "StateMonitor", "StateMonitor", "SpikeMonitor", "EventMonitor", "PopulationRateMonitor", "Clock",
    ] {
      objects.append(object(kind, nil))
    }
    return "name: combination\nseed: 1\nobjects:\n" + objects.map { "  - \($0)\n" }.joined() + "run: 2 ms\n"
  }

  @Test("MDL-31: whatever valid keys are combined, a file runs, is stored, and goes on, or is refused with words")
  func combinations() throws {
    let folder = try TemporaryFolder()
    let rounds = ProcessInfo.processInfo.environment["ENGRAM_CAMPAIGN"] == "1" ? 20_000 : 24
    var (ran, refused) = (0, 0)
    var last = ""
    for round in 0..<rounds {
      var choices = Choices(UInt64(round) + 1)
      var lines = file(&choices).split(separator: "\n").map(String.init)
      let path = folder.path("\(round).engram")
      // What is refused is taken out, so that the others are met, too.
      for _ in 0..<12 {
        do {
          try execute(lines.joined(separator: "\n"), in: path) { $0.untilSeconds = 1e-3 }
          try execute(lines.joined(separator: "\n"), in: path)
          ran += 1
          break
        } catch {
          last = "\(error)"
          #expect(!last.isEmpty)
          refused += 1
          try? FileManager.default.removeItem(atPath: path)
          guard let error = error as? ModelFileError, let line = error.problems.first?.place.line, lines.indices.contains(line - 1), line > 3 else { break }
          lines.remove(at: line - 1)
        }
      }
      try? FileManager.default.removeItem(atPath: path)
    }
    // The generator is worth something only where most files run.
    #expect(ran > rounds / 2, "\(ran) ran, \(refused) were refused, the last one: \(last)")
  }
}
