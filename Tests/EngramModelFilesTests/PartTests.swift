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

/// Parts of groups where variables are named: of neurons with a shape, Subgroups, and elements in brackets.
@Suite("Parts of groups in names of variables", .expecting("modelfile.beyond_group")) struct PartTests {
  /// A cell of 1 + 20 + 5 compartments, `v` of which is their number [mV] and stays so; ten elements whose `v` is their number.
  private func model(watch: String = "", objects: String = "", steps: String) -> String {
    """
    dt: 1 ms
    \(watch)
    objects:
      - kind: SpatialNeuron
        name: cell
        morphology:
          - {shape: soma, diameter: 30 um}
          - {shape: cylinder, name: axon, diameter: 1 um, length: 200 um, n: 20}
          - {shape: cylinder, name: d, diameter: 1 um, length: 100 um, n: 5}
        model: |
          Im = 0*amp/metre**2 : amp/metre**2
          u : 1
        initial: {u: i}
      - {kind: NeuronGroup, name: P, N: 10, model: "v : 1", threshold: v > 100, reset: "", initial: {v: i}}
      - {kind: Subgroup, name: part, of: "P[3:6]"}
    \(Self.items(objects))
    run:
      - run: 1 ms
    \(Self.items(steps))
    """
  }

  /// Items of a list, however they are indented.
  private static func items(_ text: String) -> String {
    text.split(separator: "\n").map { "  " + $0.drop { $0 == " " } }.joined(separator: "\n")
  }

  private func message(_ text: String) -> String {
    do {
      try ArrayTests.run(text) { _ in }
      return ""
    } catch { return "\(error)" }
  }

  private static let parts: [(text: String, values: [Double])] = [
    ("cell.axon.u", (1...20).map(Double.init)), ("cell.axon[2:5].u", [3, 4, 5]), ("cell.axon[20 um:50 um].u", [3, 4, 5]), ("cell.main.u", [0]),
    ("cell[24:].u", [24, 25]), ("cell.u[24:]", [24, 25]), ("cell.d.u[1:3]", [22, 23]), ("part.v", [3, 4, 5]), ("P[3:6].v", [3, 4, 5]),
    ("P[two:4].v", [2, 3]), ("P.v[3:6]", [3, 4, 5]), ("part.v[1:]", [4, 5]),
  ]

  @Test("MDL-45, MDL-51: conditions and values of steps look at parts", arguments: parts)
  func conditions(text: String, values: [Double]) throws {
    // As model text a length is multiplied by its unit.
    let text = text.replacing(" um", with: "*um")
    let steps = """
      - set: {P.v: "0*P.v + sum(\(text))"}
      - if: {condition: "len(\(text)) == \(values.count)", then: [{set: {cell.u: 7}}]}
      """
    try ArrayTests.run(model(watch: "constants: {two: 2}", steps: steps)) { network in
      let sums = try network.object("P", as: NeuronGroup.self).v.values
      #expect(sums == [Double](repeating: values.reduce(0, +), count: 10))
      let marked = try network.object("cell", as: SpatialNeuron.self).u.values
      #expect(marked == [Double](repeating: 7, count: 26))
    }
  }

  @Test("WDG-1, MDL-51: watchdogs look at parts alone, and name the element of the whole", arguments: parts)
  func watching(text: String, values: [Double]) throws {
    let (owner, name) = text.hasPrefix("cell") ? ("cell", "u") : ("P", "v")
    let bounds = "watch: {bounds: {\"\(text)\": [-1000, 1000]}, nan: [\"\(text)\"]}\nconstants: {two: 2}"
    // What lies outside of the part may be anything.
    let others = (0..<(owner == "cell" ? 26 : 10)).filter { !values.contains(Double($0)) }
    #expect(message(model(watch: bounds, steps: "    - set: {\"\(owner).\(name)[\(others)]\": 5000}\n    - run: 1 ms")) == "")
    let last = Int(values[values.count - 1])
    let bitten = message(model(watch: bounds, steps: "    - set: {\"\(owner).\(name)[\(last)]\": 5000}\n    - run: 1 ms"))
    #expect(bitten.contains("'\(owner).\(name)[\(last)]' 5000"), "\(bitten)")
  }

  @Test("WDG-2, MDL-51: the rate of a part is that of its elements", arguments: ["part", "P[3:6]"])
  func rates(text: String) throws {
    // Two of ten elements spike in each step of 1 ms; none of the part, or both.
    func run(_ elements: String) -> String {
      message(model(watch: "watch: {rate: {\"\(text)\": 300 Hz}}", steps: "    - set: {\"P.v[\(elements)]\": 200}\n    - run: 200 ms"))
    }
    #expect(run("7:9") == "")
    #expect(run("4:6").contains("more than 300 Hz"))
  }

  @Test(
    "MDL-40, MDL-51: parts that there are not are told at their place",
    arguments: [
      ("watch: {nan: [cell.axno.u]}", "", "axno"), ("watch: {nan: [cell.axon.x]}", "", "has no variable 'x'"),
      ("watch: {bounds: {part.w: [0, 1]}}", "", "has no variable 'w'"), ("watch: {rate: {cell.axon: 10 Hz}}", "", "has no spikes"),
      ("watch: {nan: ['P[20:30].v']}", "", "P[20:30]"), ("watch: {nan: ['cell.axon[30].u']}", "", "compartment 30"),
      ("", "- if: {condition: 'max(cell.axno.u) > 1', then: []}", "axno"), ("", "- set: {P.v: 'sum(cell.axon.x)'}", "has no variable 'x'"),
      ("", "- set: {P.v: 'sum(P[3:3].v)'}", "is empty"), ("", "- export: {file: x.h5, only: [cell.axno.u]}", "axno"),
      ("", "- export: {file: x.h5, only: ['part.v[7]']}", "7 is not one of the 3 elements"),
      ("", "- export: {file: x.h5, only: [part.w]}", "has no variable 'w'"),
    ])
  func mistakes(watch: String, step: String, expected: String) throws {
    let found = message(model(watch: watch, steps: step.isEmpty ? "" : "    \(step)"))
    #expect(found.contains(expected), "\(found)")
  }

  @Test("LNK-1, MDL-51: links lead to parts, also from synapses and in steps", arguments: parts)
  func links(text: String, values: [Double]) throws {
    let target = "{to: \"\(text)\", index: [0, \(values.count - 1)]}"
    let objects = """
      - {kind: NeuronGroup, name: L, N: \(values.count), model: "y : 1 (linked)\\n      z = y : 1"}
      - {kind: Synapses, name: S, source: P, model: "y : 1 (linked)\\n      z = y : 1", connect: {i: [0, 1], j: [0, 1]}, link: {y: \(target)}}
      """
    let steps = "    - link: {L: {y: \"\(text)\"}, S: {y: {to: \"\(text)\", index: [\(values.count - 1), 0]}}}\n    - run: 1 ms"
    let text = model(watch: "constants: {two: 2}", objects: objects, steps: steps)
    try ArrayTests.run(text) { network in
      let (seen, bySynapses) = (try network.object("L", as: NeuronGroup.self).z.values, try network.object("S", as: Synapses.self).z.values)
      #expect(seen == values)
      #expect(bySynapses == [values[values.count - 1], values[0]])
    }
    let folder = try TemporaryFolder()
    _ = try execute(text, in: folder.path("m.engram"))
    let directory = try RunDirectory(at: folder.path("m.engram"), headers: PlainHeaderWriter())
    defer { directory.close() }
    try withScope {
      let experiment = try Experiment(resuming: directory, at: Continuation(nil, in: directory), files: NoArrayFiles(), options: .init())
      let seen = try experiment.network.object("L", as: NeuronGroup.self).z.values
      #expect(seen == values)
    }
  }

  @Test("MDL-51, MOR-8: coordinates at random follow the seed, and come back with the run")
  func randomCoordinates() throws {
    func places(_ words: String, seed: UInt64) throws -> [Double] {
      let text = """
        objects:
          - kind: SpatialNeuron
            name: cell
            morphology:
              sections: [{shape: soma, diameter: 30 um}, {shape: cylinder, name: axon, diameter: 1 um, length: 200 um, n: 20}]
              generate_coordinates: \(words)
            model: "Im = 0*amp/metre**2 : amp/metre**2"
        run: [{run: 1 ms}, {store: here}, {run: 1 ms}]
        """
      let folder = try TemporaryFolder()
      _ = try execute(text, in: folder.path("m.engram")) { $0.seed = seed }
      let directory = try RunDirectory(at: folder.path("m.engram"), headers: PlainHeaderWriter())
      defer { directory.close() }
      let stored = try withScope {
        try Experiment(resuming: directory, at: Continuation("here", in: directory), files: NoArrayFiles(), options: .init()).network
          .object("cell", as: SpatialNeuron.self).variable("x").values
      }
      let live = try ArrayTests.run(text, seed: seed) { try $0.object("cell", as: SpatialNeuron.self).variable("x").values }
      #expect(stored == live)
      return live
    }
    let words = "{section_randomness: 20, compartment_randomness: 5}"
    #expect(try places(words, seed: 1) == places(words, seed: 1))
    #expect(try places(words, seed: 1) != places(words, seed: 2))
    #expect(try places("true", seed: 1) == places("{}", seed: 2))
    #expect(try places("{overwrite_existing: true}", seed: 1) == places("true", seed: 2))
    for (wrong, expected) in [
      ("{section_randomness: -1}", "0 or more, found -1"), ("{section_randomness: 1 mV}", "section_randomness"), ("{sections: 1}", "sections"),
    ] {
      #expect(throws: (any Error).self) { try places(wrong, seed: 1) }
      do { _ = try places(wrong, seed: 1) } catch { #expect("\(error)".contains(expected), "\(error)") }
    }
  }

  @Test("MDL-51: set takes a part in front of the variable")
  func set() throws {
    try ArrayTests.run(model(steps: "    - set: {\"P[2:4].v\": -1, \"P[5:].v[1:3]\": -2, part.v: -3}")) { network in
      let found = try network.object("P", as: NeuronGroup.self).v.values
      #expect(found == [0, 1, -1, -3, -3, -3, -2, -2, 8, 9])
    }
  }

  @Test("SUB-1, SPA-6: what goes beyond a section or a group is cut with a warning, as Brian 2 cuts; distances beyond a section are refused")
  func beyond() throws {
    func warnings(_ key: String) throws -> [String] {
      try Messages.capturing { try ArrayTests.run(model(steps: "    - set: {\"\(key)\": 1}")) { _ in } }.1.map(\.text)
    }
    #expect(try warnings("cell.axon[0:99].u").contains { $0.contains("goes beyond 'axon', which has 20 compartments; taken are 0 to 19") })
    #expect(try warnings("cell.axon.main[-50:3].u").contains { $0.contains("taken are 0 to 2") })
    #expect(try warnings("P[5:99].v").contains { $0.contains("goes beyond 'P', which has 10 elements; taken are 5 to 9") })
    #expect(try !warnings("cell.axon[0:20].u").contains { $0.contains("beyond") })
    for key in ["cell.axon[0 um:250 um].u", "cell.axon[250 um:].u", "cell.axon[201 um].u", "cell.axon[-1 um:20 um].u"] {
      #expect(message(model(steps: "    - set: {\"\(key)\": 1}")).contains("lies outside of the section, which goes from 0 to 200. um"), "\(key)")
    }
    // The end of a section is no place beyond it, however it is calculated.
    #expect(message(model(steps: "    - set: {\"cell.axon[0.1 mm:0.2 mm].u\": 1}")) == "")
  }
}
