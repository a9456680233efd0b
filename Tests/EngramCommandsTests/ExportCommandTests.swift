import EngramCheckpoints
import EngramEquations
import EngramExport
import EngramExpressions
import EngramHDF5
import EngramMagic
import EngramModel
import EngramModels
import EngramScalars
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

/// Exports by the command and by the step of model files, read back with the HDF5 library.
@Suite("Exports from the command line and from model files") struct ExportCommandTests {
  private func doubles(_ path: String, _ name: String) throws -> [Double] {
    try #require(try HDF5File.open(at: path).root.dataset(name), "\(name)").readAll(as: Double.self, atMost: 100_000)
  }
  private func members(_ path: String, _ group: String) throws -> [String] { try HDF5File.open(at: path).root.group(group).memberNames() }

  @Test("HDF-8: --only takes objects, variables, pathways and elements, --from and --to choose times") func selections() throws {
    let small = try SmallRun()
    let path = small.folder.path("part.h5")
    func export(_ arguments: String...) throws -> (status: Int32, errors: String) {
      let outcome = try Program.engram.run(["export", "\(small.directory)@late", "-o", path, "--only"] + arguments)
      return (outcome.status, outcome.errors)
    }
    #expect(try export("P.v[5:8]", "P.label[[3, 1]]", "S.pre.delay", "trace[3]", "spikes[0:10]", "--from", "15 ms", "--to", "18 ms").status == 0)
    #expect(try members(path, "objects") == ["P", "S_pre"] && members(path, "recordings") == ["spikes", "trace"])
    #expect(try doubles(path, "objects/P/v") == Array(small.potentials[5..<8]))
    #expect(try #require(try HDF5File.open(at: path).root.dataset("objects/P/label")).readAll(as: Int32.self, atMost: 9) == [9, 1])
    let times = try doubles(path, "recordings/trace/t")
    // 0.1 ms apart; the last step is at 0.018 s but for rounding.
    #expect((30...31).contains(times.count) && times.allSatisfy { $0 > 0.01499 && $0 < 0.01801 })
    #expect(try #require(try HDF5File.open(at: path).root.dataset("recordings/trace/v")).shape == [times.count, 1])
    let (spikeTimes, spikeIndices) = (
      try doubles(path, "recordings/spikes/t"),
      try #require(try HDF5File.open(at: path).root.dataset("recordings/spikes/i")).readAll(as: Int32.self, atMost: 9999)
    )
    #expect(spikeTimes.allSatisfy { $0 > 0.01499 && $0 < 0.01801 } && spikeIndices.allSatisfy { $0 < 10 } && spikeTimes.count == spikeIndices.count)

    for (item, problem) in [
      ("trac", "did you mean 'trace'?"), ("P.vv", "'P' has no stored variable 'vv'"), ("P.v[20]", "20 is not one of 20 elements"),
      ("P.v['v > 0']", "not by a condition"), ("S.w[0, 1]", "one range or list"), ("trace[1]", "does not record element 1"), ("P.", "chooses nothing"),
    ] {
      let refused = try export(item)
      #expect(refused.status == 1 && refused.errors.contains(problem), "\(item): \(refused.errors)")
    }
    #expect(try doubles(path, "objects/P/v") == Array(small.potentials[5..<8]), "the older export stays")
  }

  @Test("HDF-6, NAM-7: delays lie with the synapses whose pathway they are of, also where other synapses are called as its name begins")
  func ownersOfPathways() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("p.yaml")
    try """
    name: p
    seed: 1
    objects:
      - {kind: NeuronGroup, name: G, N: 3, model: "v : 1", threshold: "v > 1", reset: ""}
      - {kind: Synapses, name: S, source: G, on_pre: {x_late: "v_post += 1"}, delay: {x_late: 1 ms}, connect: {}}
      - {kind: Synapses, name: S_x, source: G, on_pre: "v_post += 2", connect: {}}
    run: 1 ms
    """.write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", file, "--in", folder.path("p.engram")).status == 0)
    let export = folder.path("p.h5")
    #expect(try Program.engram.run("export", folder.path("p.engram"), "-o", export).status == 0)
    #expect(try HDF5File.open(at: export).root.dataset("objects/S_x/late/delay") == nil)
    #expect(try doubles(export, "objects/S/x_late/delay") == [0.001])
  }

  @Test("HDF-6, NAM-7: the owner of a pathway is told by its record; in checkpoints of older releases, by the synapses that describe it")
  func recordedOwners() throws {
    var sections = try withScope {
      let G = try NeuronGroup(3, "v : 1", threshold: "v > 1", reset: "", name: "G")
      let S = try Synapses(G, G, onPre: ["x_late": "v_post += 1"], onPost: "v_pre += 1", name: "S")
      let S_x = try Synapses(G, G, onPre: "v_post += 2", name: "S_x")
      return try Network(name: "net") {
        G
        S
        S_x
      }.gatherState().sections
    }
    let expected: [String: ExportedNetwork.Object.Role] = [
      "S_x_late": .pathway(of: "S", name: "x_late"), "S_post": .pathway(of: "S", name: "post"), "S_x_pre": .pathway(of: "S_x", name: "pre"),
    ]
    for isOld in [false, true] {
      if isOld {
        let record = try DescriptionValue(decoding: #require(sections["network"]))
        let old = try #require(record.asFields).map { field in
          field.key != "objects"
            ? field
            : DescriptionField(
              "objects",
              .list(
                field.value.asList?.map { object in
                  .mapping(object.asFields?.filter { $0.key != "owner" } ?? [])
                } ?? []))
        }
        sections["network"] = DescriptionValue.mapping(old).encoded
      }
      let roles = try ExportedNetwork(StoredNetwork(sections: sections)).objects.filter { $0.kind == "SynapticPathway" }
      #expect(Dictionary(uniqueKeysWithValues: roles.map { ($0.name, $0.role) }) == expected, "older release: \(isOld)")
    }
  }

  private func model(_ steps: String) -> String {
    """
    name: small
    seed: 1
    objects:
      - {kind: NeuronGroup, name: G, N: 4, model: "dv/dt = (1 - v)/(10*ms) : 1", method: exact, initial: {v: 0.1*i}}
      - {kind: StateMonitor, name: trace, source: G, variables: v, record: [1, 2]}
    run:
    \(steps)
    """
  }

  @Test("HDF-8, MDL-40: the step 'export' writes what there is then, with the number of the round in the name; a resumed run repeats it")
  func step() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("model.yaml")
    try model(
      """
        - repeat: {count: 2, as: k, steps: [{run: 1 ms}, {export: {file: "part-{k}.h5", only: ["G.v[1:3]", trace], from: 0.5 ms, chunked: true}}]}
        - export: all.h5
        - run: 1 ms
      """
    ).write(toFile: file, atomically: true, encoding: .utf8)
    let outcome = try Program.engram.run("run", file, "--in", folder.path("r.engram"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let theory = { (i: Double, t: Double) in 1 + (0.1 * i - 1) * exp(-t / 0.01) }
    for (name, seconds) in [("part-0.h5", 1e-3), ("part-1.h5", 2e-3), ("all.h5", 2e-3)] {
      let path = folder.path(name)
      let elements: [Double] = name == "all.h5" ? [0, 1, 2, 3] : [1, 2]
      for (value, element) in zip(try doubles(path, "objects/G/v"), elements) { #expect(abs(value - theory(element, seconds)) < 1e-12, "\(name)") }
      #expect(try doubles(path, "objects/G/v").count == elements.count)
      #expect(try HDF5File.open(at: path).root.numbers("t") == [seconds])
    }
    #expect(try doubles(folder.path("part-1.h5"), "recordings/trace/t").first == 5e-4)
    // Files of others stay, and the run can go on when they are out of the way.
    let other = folder.path("all.h5")
    try "precious".write(toFile: other, atomically: true, encoding: .utf8)
    let again = try Program.engram.run("run", file, "--in", folder.path("s.engram"))
    #expect(again.status == 1 && again.errors.contains("is not an export of Engram"), "\(again.errors)")
    #expect(try String(contentsOfFile: other, encoding: .utf8) == "precious")
    try FileManager.default.removeItem(atPath: other)
    #expect(try Program.engram.run("run", file, "--in", folder.path("s.engram")).status == 0)
    #expect(try doubles(other, "objects/G/v").count == 4)
    #expect(
      try Program.engram.run("digest", folder.path("r.engram")).output.split(separator: " ").first
        == Program.engram.run("digest", folder.path("s.engram")).output.split(separator: " ").first)
  }

  @Test("MDL-40: what is wrong with a step 'export' is told before the first step, at its place") func wrongSteps() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("model.yaml")
    for (step, problem) in [
      ("export: ../x.h5", "must lie below the folder"), ("export: {only: G}", "file"), ("export: {file: x.h5, only: H}", "there is no object 'H'"),
      ("export: {file: x.h5, only: [G.vv]}", "'G' has no variable 'vv'"), ("export: {file: x.h5, from: 2 ms, to: 1 ms}", "'to' lies before 'from'"),
      ("export: {file: x.h5, from: 2 mV}", "from"), ("export: {file: x.h5, chunked: 3}", "true or false"), ("export: {file: x.h5, ony: G}", "only"),
      ("export: {file: \"x-{q}.h5\"}", "is in no repetition"), ("export: {file: x.h5, only: \"G.v['v > 0']\"}", "not by a condition"),
    ] {
      try model("  - run: 1 ms\n  - \(step)").write(toFile: file, atomically: true, encoding: .utf8)
      let outcome = try Program.engram.run("run", file, "--in", folder.path("r.engram"))
      #expect(outcome.status == 1 && outcome.errors.contains(problem) && outcome.errors.contains("model.yaml:8"), "\(step): \(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("r.engram")))
    }
  }

  @Test("ACC-7: every stored array of a checkpoint is in its export, with its type, shape and bits, and nothing else is") func everyArray() throws {
    let small = try SmallRun()
    let path = small.folder.path("all.h5")
    #expect(try Program.engram.run("export", "\(small.directory)@late", "--internal", "-o", path).status == 0)
    let directory = try RunDirectory(at: small.directory, access: .read, creating: false, headers: HDF5HeaderWriter())
    let checkpoint = try directory.look(at: "late")
    let arrays = CheckpointArrays(checkpoint)
    let root = try HDF5File.open(at: path).root
    var expected: Set<String> = []
    for key in arrays.keys {
      let places = ["objects", "recordings", "clocks"].map { "\($0)/\(key.owner)/\(key.variable)" }
      let place = try #require(try places.first { try root.dataset($0) != nil }, "\(key) is not in the export")
      expected.insert(place)
      let (dataset, shape) = (try #require(try root.dataset(place)), try #require(arrays.shape(key)))
      #expect(dataset.kind.scalarType == shape.scalarType && dataset.shape.reduce(1, *) == shape.rows * shape.rowLength, "\(key)")
      var stored: [UInt8] = []
      try arrays.forEachPiece(key, rows: 0..<shape.rows) { stored += $0 }
      var exported = [UInt8](repeating: 0, count: stored.count)
      let rows = dataset.shape.first ?? 1
      if !stored.isEmpty, !dataset.shape.isEmpty {
        try exported.withUnsafeMutableBytes { try dataset.read(rows: 0..<rows, as: shape.scalarType, into: $0) }
        #expect(exported == stored, "\(key)")
      }
    }
    var found: Set<String> = []
    for level in ["objects", "recordings", "clocks"] {
      for owner in try root.group(level).memberNames() {
        for name in try root.group(level).group(owner).memberNames() where (try? root.dataset("\(level)/\(owner)/\(name)")) != nil {
          found.insert("\(level)/\(owner)/\(name)")
        }
      }
    }
    // Beside them only the numbers of elements and events, and the delay of 'pre' a second time.
    let additional = found.subtracting(expected)
    #expect(additional.allSatisfy { ["neuron", "synapse", "spike", "delay"].contains($0.split(separator: "/").last ?? "") }, "\(additional)")
  }
}
