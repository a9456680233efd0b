import EngramEquations
import EngramExpressions
import EngramModel
import EngramMorphology
import EngramUnits
import Foundation
import Testing

@Suite("Descriptions of neurons with a shape") struct SpatialDescriptionTests {
  /// A shape with sections of every form, names and places.
  private func shape() throws -> NeuronMorphology {
    var shape = try NeuronMorphology.soma(diameter: 20 * um, x: 1 * um)
    shape.axon = try .cylinder(diameter: 1 * um, length: 100 * um, n: 4, type: "axon")
    shape.axon?.L = try .cylinder(diameter: 0.5 * um, n: 2, x: [0, 3] * um, y: [0, 4] * um)
    shape.axon?.R = try .section(diameter: [1, 0.7, 0.3] * um, length: [2, 3] * um)
    shape.dendrite = try .section(diameter: [3, 2] * um, z: [0, 9] * um)
    let traced = try NeuronMorphology(points: [
      MorphologyPoint(1, "soma", 0, 0, 0, diameter: 9, parent: -1), MorphologyPoint(2, "dend", 9, 0, 0, diameter: 2, parent: 1),
      MorphologyPoint(3, nil, 0, 9, 0, diameter: 2, parent: 1),
    ])
    shape["traced"] = traced
    return shape
  }

  private func described() throws -> ObjectDescription {
    let neurons = NeuronGroupDescription(
      try shape().compartmentCount, "Im = gL*(EL - v) : amp/metre**2\nI : amp (point current)", threshold: "v > 0*mV", refractory: .expression("v > -20*mV"))
    return ObjectDescription(
      name: "cell",
      .spatialNeuron(
        SpatialNeuronDescription(
          neurons, morphology: try shape(), capacitance: Quantity(0.01, .capacitance / .area), resistivity: Quantity(1, .resistance * .length),
          thresholdLocation: 3)))
  }

  @Test("SPA-7, CKP-20: a neuron with a shape is stored with all of it, in bytes that stay")
  func stored() throws {
    let file = Golden.formats.appendingPathComponent("shapes-1.bin")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil { try Data(try [described()].encoded).write(to: file) }
    #expect(try [described()].encoded == Golden.shapes)
    guard case .spatialNeuron(let found)? = try [ObjectDescription](decoding: Golden.shapes).first?.kind else {
      Issue.record("the kind is another one")
      return
    }
    #expect(try found.morphology == shape() && found.thresholdLocation == 3 && found.capacitance.si == 0.01)
  }

  @Test("SPA-7, CKP-27: a stored shape that is damaged is refused, whatever is damaged")
  func damaged() throws {
    let stored = try described().stored
    guard case .mapping(let outer) = stored, case .mapping(let fields)? = stored["fields"], case .list(let sections)? = stored["fields"]?["morphology"] else {
      Issue.record("the form is another one")
      return
    }
    func check(_ text: String, _ change: ([DescriptionValue]) -> DescriptionValue) {
      let value = DescriptionValue.mapping(
        outer.map { field in
          field.key != "fields"
            ? field : DescriptionField("fields", .mapping(fields.map { $0.key == "morphology" ? DescriptionField($0.key, change(sections)) : $0 }))
        })
      do throws(DescriptionError) {
        _ = try ObjectDescription(stored: value)
        Issue.record("nothing was thrown: \(text)")
      } catch { #expect("\(error)".contains(text), "\(error)") }
    }
    func with(_ key: String, _ value: DescriptionValue?, in section: Int) -> ([DescriptionValue]) -> DescriptionValue {
      { sections in
        var sections = sections
        let kept = (sections[section].asFields ?? []).filter { $0.key != key }
        sections[section] = .mapping(kept + (value.map { [DescriptionField(key, $0)] } ?? []))
        return .list(sections)
      }
    }
    check("compartments") { .list(Array($0.dropLast())) }
    check("no tree", with("parent", .integer(4), in: 1))
    check("no tree", with("parent", .integer(-1), in: 2))
    check("positive length", with("diameter", .numbers([-1]), in: 0))
    check("positive length", with("length", .numbers([.nan]), in: 1))
    check("lacks its shape", with("diameter", .numbers([]), in: 0))
    check("three coordinates", with("coordinates", .numbers([1, 2]), in: 2))
    check("do not fit together", with("diameter", .numbers([1e-6]), in: 3))
    check("can be numbered", with("n", .integer(1 << 40), in: 1))
    check("no shape of a section", with("shape", .text("torus"), in: 1))
    check("called 'axon'", with("name", .text("axon"), in: 4))
  }
}
