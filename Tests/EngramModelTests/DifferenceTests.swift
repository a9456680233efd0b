import EngramExpressions
import EngramModel
import EngramUnits
import Testing

@Suite("Differences between descriptions") struct DifferenceTests {
  @Test("CKP-24: descriptions that are equal differ in nothing, wherever their texts come from")
  func equal() throws {
    for object in try Golden.objects { #expect(Fingerprint.differences(stored: object, live: object).isEmpty) }
    let here = ObjectDescription(name: "G", .neuronGroup(NeuronGroupDescription(1, SourceText("v : 1", origin: .program(fileID: "a.swift", line: 3)))))
    let there = ObjectDescription(name: "G", .neuronGroup(NeuronGroupDescription(1, SourceText("v : 1"))))
    #expect(here == there && Fingerprint.differences(stored: here, live: there).isEmpty)
  }

  @Test("CKP-24: a property that one of two descriptions lacks is one difference, of its class, for every property of every kind")
  func each() throws {
    let classes = try Dictionary(grouping: DescriptionKey.allCases.map(\.rawValue)) { try expected($0) }
    for object in try Golden.objects {
      for field in object.fields {
        // Without the property, as a class of a program could say it.
        let rest = ObjectDescription(name: object.name, .other(object.kind.name, object.fields.filter { $0.key != field.key }))
        let found = Fingerprint.differences(stored: object, live: rest)
        let isState = ["delay", "indices", "times", "period", "Cm", "Ri"].contains(field.key)
        if isState {
          #expect(found.isEmpty, "\(object.name), \(field.key)")
        } else if field.key == "namespace" {
          #expect(!found.isEmpty && found.allSatisfy { $0.0 == .constants })
        } else {
          #expect(found.count == 1 && classes[found[0].0.rawValue]?.contains(field.key) == true, "\(object.name), \(field.key)")
        }
      }
    }
  }

  /// The classes of the specification.
  private func expected(_ key: String) throws -> String {
    switch key {
    case "model": "equations"
    case "threshold", "reset", "refractory", "events", "method", "method_options", "on_pre", "on_post", "on_event", "run_regularly", "run_at", "run_on_event",
      "threshold_location":
      "code"
    case "namespace": "constants"
    case "dtype": "types"
    case "delay", "indices", "times", "period", "Cm", "Ri": "state"
    default: "structure"
    }
  }

  @Test("CKP-24: every key has objects that are described with it")
  func keys() throws {
    let used = Set(try Golden.objects.flatMap { $0.fields.map(\.key) })
    // Parts of groups are no objects of a network by themselves.
    for key in DescriptionKey.allCases where key != .of { #expect(used.contains(key.rawValue), "\(key)") }
  }

  @Test("CKP-24: values are compared by their bits: NaN equals itself, zero is not minus zero")
  func bits() {
    func input(_ weight: Double) -> ObjectDescription {
      ObjectDescription(
        name: "I",
        .poissonInput(
          PoissonInputDescription(GroupReference("G"), "v", count: 1, rate: Quantity(1, .frequency), weight: .quantity(Quantity(weight, .dimensionless)))))
    }
    #expect(Fingerprint.differences(stored: input(.nan), live: input(.nan)).isEmpty && input(.nan) == input(.nan))
    #expect(Fingerprint.differences(stored: input(0), live: input(-0.0)).map(\.0) == [.structure] && input(0) != input(-0.0))
  }
}
