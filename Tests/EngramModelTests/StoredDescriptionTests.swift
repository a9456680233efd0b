import EngramEquations
import EngramExpressions
import EngramModel
import EngramScalars
import EngramUnits
import Foundation
import Testing

/// What release 0.1.0 stored of objects of every kind.
enum Golden {
  static let formats = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("fixtures/formats")
  static var model: [UInt8] { get throws { Array(try Data(contentsOf: formats.appendingPathComponent("model-1.bin"))) } }
  static var functions: [UInt8] { get throws { Array(try Data(contentsOf: formats.appendingPathComponent("functions-1.bin"))) } }
  /// A neuron with a shape, a kind that came later: `SpatialDescriptionTests` says how it was made.
  static var shapes: [UInt8] { get throws { Array(try Data(contentsOf: formats.appendingPathComponent("shapes-1.bin"))) } }
  static var objects: [ObjectDescription] { get throws { try [ObjectDescription](decoding: model) + [ObjectDescription](decoding: shapes) } }
  static func object(_ name: String) throws -> ObjectDescription { try #require(objects.first { $0.name == name }) }
}

@Suite("Descriptions as checkpoints store them") struct StoredDescriptionTests {
  @Test("CKP-20, CKP-31: what release 0.1.0 stored of objects of every kind is read, and written again byte for byte")
  func objects() throws {
    let objects = try Golden.objects
    #expect(try [ObjectDescription](decoding: Golden.model).encoded == Golden.model)
    #expect(try [ObjectDescription](decoding: Golden.shapes).encoded == Golden.shapes)
    let kinds = Set(objects.map(\.kind.name))
    let inFiles: Set<ModelKind> = [.timedArray, .binomialFunction, .clock, .eventClock, .subgroup, .networkOperation]
    for kind in ModelKind.allCases where !inFiles.contains(kind) { #expect(kinds.contains(kind.rawValue)) }
  }

  @Test("CKP-21, CKP-31: what release 0.1.0 stored of functions is read, and written again byte for byte")
  func functions() throws {
    let fields = try #require(try DescriptionValue(bytes: Golden.functions).asFields)
    #expect(fields.count == 4)
    for field in fields {
      let function = try FunctionDescription(stored: field.value, numbers: [1, 2, 3, 4])
      let (stored, numbers) = function.storedApart
      #expect(stored.encoded == field.value.encoded)
      switch function.kind {
      case .timedArray: #expect(numbers == [1, 2, 3, 4])
      case .binomial(let binomial): #expect(numbers == nil && (binomial.n == 10) == !binomial.isApproximate)
      }
    }
  }

  @Test("CKP-20: a description that is read says what the model file said")
  func meanings() throws {
    guard case .neuronGroup(let group) = try Golden.object("G").kind, case .synapses(let synapses) = try Golden.object("S").kind,
      case .neuronGroup(let linked) = try Golden.object("H").kind, case .poissonInput(let input) = try Golden.object("J").kind,
      case .stateMonitor(let monitor) = try Golden.object("everything").kind, case .eventMonitor(let counts) = try Golden.object("counts").kind
    else {
      Issue.record("a kind is another one")
      return
    }
    #expect(group.count == 6 && group.threshold?.text == "v > 1" && group.reset?.text == "v = 0" && group.refractory == .duration(Quantity(1e-3, .time)))
    #expect(group.group.timing == TimingDescription(clock: .own(step: Quantity(2e-4, .time)), when: .start, order: 1, isActive: false))
    #expect(group.group.regularCode.map(\.name) == ["G_run_regularly", "often", "G_run_regularly_1"])
    #expect(group.group.regularCode[1].timing == TimingDescription(when: .end, order: 2, isActive: false))
    #expect(group.group.regularCode[2].timing.clock == .named("slow") && group.group.timedCode[0].times?.map(\.si) == [3e-4, 1e-3])
    #expect(group.eventSchedule == [Named("high", PlaceInStep(.after(.resets), order: 3))] && group.method == .firstOf(["exact", "euler"]))
    #expect(group.types.floats == .float64 && group.types.byName == ["w": .float32])
    #expect(synapses.source == GroupReference("G") && synapses.target == GroupReference("H") && synapses.pathwayNames == ["first", "second", "post"])
    #expect(synapses.events == [Named("second", "high")] && synapses.schedule == [Named("first", PlaceInStep(.end, order: -1))])
    #expect(linked.links == [Named("y", LinkDescription(VariableReference(GroupReference("G"), "w"), index: .indices([0, 1])))])
    #expect(linked.method == .scheme(.init("x_new = x + dt*f(x,t)", noise: .none, name: "mine")))
    #expect(input.target == GroupReference("G", part: 2..<4) && input.timing == TimingDescription(when: .start, order: 1, isActive: false))
    #expect(monitor.variables == .all && monitor.record == .all && monitor.timing.order == 5)
    #expect(counts.event == nil && !counts.isRecording && counts.place == PlaceInStep(.end, order: 2) && counts.variables == ["w", "v"])
    #expect(try Golden.object("G").namespace?.entries.map(\.name) == ["zz", "yy", "xx"])
  }

  @Test("CKP-20: what a stored description has and no release knows is an error that names the object and the word")
  func unknown() throws {
    for object in try Golden.objects where !object.fields.isEmpty {
      let more = stored(object, object.fields + [DescriptionField("colour", .text("red"))])
      let error = #expect(throws: DescriptionError.self) { try ObjectDescription(stored: more) }
      #expect(error == .unknown("the description of '\(object.name)': 'colour' is a word that this release does not know here"))
    }
  }

  @Test("CKP-20: a stored value of another kind than its property has is an error that names the object and the key")
  func damaged() throws {
    for object in try Golden.objects {
      for place in object.fields.indices {
        var fields = object.fields
        let key = fields[place].key
        // Nothing in a model is a list of a mapping of nothing.
        fields[place] = DescriptionField(key, .list([.mapping([])]))
        let error = #expect(throws: DescriptionError.self, "\(object.name), \(key)") { try ObjectDescription(stored: stored(object, fields)) }
        #expect(error.map { "\($0)".contains("'\(object.name)'") } == true, "\(key)")
        if key != "namespace" { #expect(error.map { "\($0)".contains("'\(key)'") } == true, "\(object.name)") }
      }
    }
  }

  @Test("CKP-20: an object of a class of the program that has a name of this library is that of the program")
  func sameName() throws {
    let own = ObjectDescription(name: "x", .other("StateMonitor", []))
    #expect(try ObjectDescription(stored: own.stored) == own)
    let more = ObjectDescription(
      name: "y", .other("Mine", [DescriptionField("threshold", .real(2))]), namespace: NamespaceDescription([Named("a", .integer(1))]))
    #expect(try ObjectDescription(stored: more.stored) == more && more.fields.map(\.key) == ["threshold", "namespace"])
  }

  private func stored(_ object: ObjectDescription, _ fields: [DescriptionField]) -> DescriptionValue {
    .mapping([DescriptionField("kind", .text(object.kind.name)), DescriptionField("name", .text(object.name)), DescriptionField("fields", .mapping(fields))])
  }
}
