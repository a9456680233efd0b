@testable import EngramMorphology
import EngramUnits
import Foundation
import Testing

/// Shapes with the measures that Brian 2 gives them: `tools/reference/morphology.py`.
struct ReferenceMorphologies: Decodable {
  struct Sizes: Decodable {
    let values: [Double]
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      values = try (try? container.decode([Double].self)) ?? [container.decode(Double.self)]
    }
    var micrometres: QuantityArray { values * um }
    var micrometre: Length { values[0] * um }
  }
  struct Section: Decodable {
    let kind: String, parent: Int?, name: String?, n: Int?, diameter: Sizes, length: Sizes?, x: Sizes?, y: Sizes?, z: Sizes?

    func made() throws -> NeuronMorphology {
      switch kind {
      case "soma": try .soma(diameter: diameter.micrometre, x: x?.micrometre, y: y?.micrometre, z: z?.micrometre)
      case "cylinder":
        try length.map { try .cylinder(diameter: diameter.micrometre, length: $0.micrometre, n: n ?? 1) }
          ?? .cylinder(diameter: diameter.micrometre, n: n ?? 1, x: x?.micrometres, y: y?.micrometres, z: z?.micrometres)
      default:
        try length.map { try .section(diameter: diameter.micrometres, length: $0.micrometres) }
          ?? .section(diameter: diameter.micrometres, x: x?.micrometres, y: y?.micrometres, z: z?.micrometres)
      }
    }
  }
  struct Measures: Decodable {
    struct Section: Decodable { let n: Int, parent: Int }
    let length, distance, area, volume, diameter, r_length_1, r_length_2, start_diameter, end_diameter: [Double]
    let start_x, start_y, start_z, x, y, z, end_x, end_y, end_z: [Double?]?
    let sections: [Section]
    let topology: String
  }
  struct Places: Decodable { let x, y, z, end_x, end_y, end_z: [Double?] }
  struct Shape: Decodable { let name: String, sections: [Section], expected: Measures, paths: [String: [Int]], placed: Places? }
  struct File: Decodable { let name: String, text: String, expected: Measures }
  let shapes: [Shape]
  let files: [File]

  static func load() throws -> ReferenceMorphologies {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../fixtures/reference/morphology.json")
    return try JSONDecoder().decode(ReferenceMorphologies.self, from: Data(contentsOf: file))
  }
}

@Suite("Shapes of neurons beside Brian 2") struct ReferenceMorphologyTests {
  private func check(_ found: [Double], _ expected: [Double], _ what: String) {
    #expect(found.count == expected.count, "\(what)")
    let bad = zip(found, expected).enumerated().first { abs($1.0 - $1.1) > 4e-16 * abs($1.1) + 1e-21 }
    #expect(bad == nil, "\(what): \(String(describing: bad))")
  }

  private func check(_ found: [SIMD3<Double>]?, _ expected: [[Double?]?], _ what: String) {
    for (axis, values) in expected.enumerated() {
      guard let values else {
        #expect(found == nil, "\(what)")
        continue
      }
      let own = found?.map { $0[axis] } ?? []
      #expect(own.count == values.count, "\(what)")
      for (place, (value, wanted)) in zip(own, values).enumerated() {
        if let wanted { #expect(abs(value - wanted) <= 1e-18, "\(what) \(axis) \(place): \(value) \(wanted)") } else { #expect(value.isNaN, "\(what)") }
      }
    }
  }

  private func check(_ morphology: NeuronMorphology, _ expected: ReferenceMorphologies.Measures, _ name: String) {
    let found = morphology.compartments
    #expect(morphology.nodes.map(\.section.count) == expected.sections.map(\.n) && morphology.nodes.map(\.parent) == expected.sections.map(\.parent), "\(name)")
    check(found.lengths, expected.length, "\(name) length")
    check(found.distances, expected.distance, "\(name) distance")
    check(found.areas, expected.area, "\(name) area")
    check(found.volumes, expected.volume, "\(name) volume")
    check(found.diameters, expected.diameter, "\(name) diameter")
    check(found.startConductances, expected.r_length_1, "\(name) r_length_1")
    check(found.endConductances, expected.r_length_2, "\(name) r_length_2")
    check(found.startDiameters, expected.start_diameter, "\(name) start diameter")
    check(found.endDiameters, expected.end_diameter, "\(name) end diameter")
    check(found.starts, [expected.start_x, expected.start_y, expected.start_z], "\(name) start")
    check(found.centres, [expected.x, expected.y, expected.z], "\(name) middle")
    check(found.ends, [expected.end_x, expected.end_y, expected.end_z], "\(name) end")
    // The reference calls every branch without a name None.
    if !expected.topology.contains("None") { #expect(morphology.topology == expected.topology, "\(name)") }
  }

  private func built(_ shape: ReferenceMorphologies.Shape) throws -> NeuronMorphology {
    var nodes: [NeuronMorphology.Node] = []
    for section in shape.sections {
      let number = nodes.filter { $0.parent == section.parent }.count + 1
      nodes.append(NeuronMorphology.Node(section: try section.made().root, parent: section.parent ?? -1, number: number, name: section.name))
    }
    return try NeuronMorphology(nodes: nodes)
  }

  @Test("MOR-3: Compartments have the order, the measures and the places that Brian 2 gives them") func measures() throws {
    for shape in try ReferenceMorphologies.load().shapes { check(try built(shape), shape.expected, shape.name) }
  }

  @Test("MOR-6: Names, numbers and distances mean the compartments that they mean in Brian 2") func paths() throws {
    for shape in try ReferenceMorphologies.load().shapes {
      let index = CompartmentIndex(try built(shape))
      for (path, range) in shape.paths {
        let found = try index.range(of: path)
        #expect(found == range[0]..<range[1], "\(shape.name) \(path): \(found)")
      }
    }
  }

  @Test("MOR-4, MOR-5, MOR-7: An SWC file becomes the sections, names and measures that Brian 2 makes of it") func files() throws {
    for file in try ReferenceMorphologies.load().files { check(try NeuronMorphology(swc: file.text), file.expected, file.name) }
  }

  @Test("MOR-8: Sections without a place get the one that Brian 2 gives them") func coordinates() throws {
    for shape in try ReferenceMorphologies.load().shapes {
      guard let placed = shape.placed else { continue }
      let found = try built(shape).withCoordinates(overwriting: true).compartments
      // The reference computes sines and cosines to another last bit.
      for (values, wanted) in zip([found.centres, found.ends], [[placed.x, placed.y, placed.z], [placed.end_x, placed.end_y, placed.end_z]]) {
        for axis in 0..<3 {
          for (value, wanted) in zip(values ?? [], wanted[axis]) { #expect(abs(value[axis] - (wanted ?? .nan)) < 1e-17, "\(shape.name) \(axis)") }
        }
      }
    }
  }
}
