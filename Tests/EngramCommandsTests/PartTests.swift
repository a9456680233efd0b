import EngramHDF5
import EngramTestSupport
import Foundation
import Testing

/// Parts of groups where commands and exports take OBJECT.VARIABLE.
@Suite("Parts of groups on the command line") struct PartTests {
  /// A cell of 1 + 20 compartments and ten elements, whose variables are their numbers.
  private static let model = """
    name: p
    dt: 1 ms
    objects:
      - kind: SpatialNeuron
        name: cell
        morphology: [{shape: soma, diameter: 30 um}, {shape: cylinder, name: axon, diameter: 1 um, length: 200 um, n: 20}]
        model: |
          Im = 0*amp/metre**2 : amp/metre**2
          u : 1
        initial: {u: i}
      - {kind: NeuronGroup, name: P, N: 10, model: "v : 1", initial: {v: i}}
      - {kind: Subgroup, name: part, of: "P[3:6]"}
    run:
      - run: 1 ms
      - export: {file: step.h5, only: [PART]}
    """

  private static let parts: [(text: String, of: String, values: [Double])] = [
    ("cell.axon.u", "cell/u", (1...20).map(Double.init)), ("cell.axon[2:5].u", "cell/u", [3, 4, 5]), ("cell.axon[20 um:50 um].u", "cell/u", [3, 4, 5]),
    ("cell.axon", "cell/u", (1...20).map(Double.init)), ("cell.axon.u[-2:]", "cell/u", [19, 20]), ("P[3:6].v", "P/v", [3, 4, 5]), ("P[3:6]", "P/v", [3, 4, 5]),
    ("P[3:6].v[1]", "P/v", [4]),
  ]

  private func run(_ part: String, _ folder: TemporaryFolder) throws -> Program.Outcome {
    let file = folder.path("p.yaml")
    try Self.model.replacing("[PART]", with: "[\"\(part)\"]").write(toFile: file, atomically: true, encoding: .utf8)
    return try Program.engram.run("run", file, "--in", folder.path("p.engram"))
  }

  private func doubles(_ path: String, _ name: String) throws -> [Double] {
    try #require(try HDF5File.open(at: path).root.dataset("objects/\(name)"), "\(name)").readAll(as: Double.self, atMost: 100)
  }

  @Test("HDF-8, MDL-51: exports of steps and of the command take parts of groups", arguments: parts)
  func exports(text: String, of: String, values: [Double]) throws {
    let folder = try TemporaryFolder()
    let ran = try run(text, folder)
    #expect(ran.status == 0, "\(ran.errors)")
    #expect(try doubles(folder.path("step.h5"), of) == values)
    let path = folder.path("command.h5")
    let exported = try Program.engram.run("export", folder.path("p.engram"), "-o", path, "--only", text)
    #expect(exported.status == 0, "\(exported.errors)")
    #expect(try doubles(path, of) == values)
  }

  @Test("MDL-51: a Subgroup of the file is a part in its steps") func subgroup() throws {
    let folder = try TemporaryFolder()
    #expect(try run("part.v", folder).status == 0)
    #expect(try doubles(folder.path("step.h5"), "P/v") == [3, 4, 5])
  }

  @Test("OBS-1, MDL-51: show tells the values of a part") func show() throws {
    let folder = try TemporaryFolder()
    #expect(try run("P", folder).status == 0)
    func shown(_ text: String) throws -> Program.Outcome { try Program.engram.run("show", folder.path("p.engram"), text) }
    for (text, _, values) in Self.parts where text.contains(".u") || text.contains(".v") {
      let found = try shown(text)
      #expect(found.status == 0, "\(text): \(found.errors)")
      let whole = try shown("\(text.hasPrefix("cell") ? "cell.u" : "P.v")[\(Int(values[0])):\(Int(values[values.count - 1]) + 1)]")
      #expect(found.output == whole.output, "\(text)")
    }
    for (text, problem) in [
      ("cell.axno.u", "axno"), ("cell.axon.x", "'cell' has no stored variable 'x'"), ("cell.axon[30].u", "compartment 30"),
      ("cell.axon", "a variable of it is meant"),
      ("cell.axon.u[20]", "20 is not one of 20 places"), ("P[3:6].w", "'P' has no stored variable 'w'"),
    ] {
      let refused = try shown(text)
      #expect(refused.status == 1 && refused.errors.contains(problem), "\(text): \(refused.errors)")
    }
  }
}
