import EngramMessageTestSupport
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramUnits
import Foundation
import Testing

/// Against Brian 2: events equal in cell and step, traces and final values within a part of their scale.
@Suite(
  "Deterministic models against the reference",
  .expecting(
    "codegen.order_dependence", "group.Group.resolve.resolution_conflict", "statemonitor.scalar_variable", "synapses.different_dt", "timedarray.misaligned_dt"))
struct DeterministicModelTests {
  @Test("There are at least sixty models to compare, and every model file has its recorded results") func present() throws {
    let files = try FileManager.default.contentsOfDirectory(at: ReferenceCase.folder, includingPropertiesForKeys: nil)
    let models = Set(files.filter { $0.pathExtension == "yaml" }.map { $0.deletingPathExtension().lastPathComponent })
    #expect(models.count >= 60)
    #expect(models == Set(ReferenceCase.all.map(\.name)))
  }

  @Test(
    "What a model records and ends with is what the reference records and ends with",
    arguments: ReferenceCase.all)
  func agreesWithReference(_ reference: ReferenceCase) throws { try agrees(reference) }

  @Test("There are random models to compare") func randomModels() { #expect(ReferenceCase.random.count >= 10) }

  @Test("Models made by chance record and end with what the reference does", arguments: ReferenceCase.random)
  func agreesByChance(_ reference: ReferenceCase) throws { try agrees(reference) }

  private func agrees(_ reference: ReferenceCase) throws {
    try withExperiment(reference.text, named: reference.name) { experiment in
      _ = try experiment.run()
      var differences: [String] = []
      for (name, expected) in reference.objects.sorted(by: { $0.key < $1.key }) {
        let comparison = Comparison(object: name, tolerance: reference.tolerance)
        do { differences += try comparison.differences(of: experiment.network[name], from: expected) } catch {
          differences.append("\(name): \(error)")
        }
      }
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }
  }
}

/// Compares one object with what the reference says about it.
private struct Comparison {
  let object: String
  let tolerance: Double

  func differences(of found: BrianObject?, from expected: ReferenceCase.Recorded) throws -> [String] {
    switch (found, expected.kind) {
    case (let monitor as EventMonitor, "events"): try events(monitor, expected)
    case (let monitor as StateMonitor, "trace"): try trace(monitor, expected)
    case (let monitor as PopulationRateMonitor, "rate"):
      try times(monitor.t.si, expected.t) + values(monitor.rate.si, expected.rate?.values ?? [], "rate")
    case (let group as Group, "values"): try finalValues(group, expected)
    // Taken out of the network by the file itself.
    case (nil, "events"): []
    default: ["\(object): the reference has \(expected.kind) here, found \(found.map { "\(type(of: $0))" } ?? "nothing")"]
    }
  }

  private func events(_ monitor: EventMonitor, _ expected: ReferenceCase.Recorded) throws -> [String] {
    var result: [String] = []
    if let counts = expected.count, monitor.counts != counts { result.append("\(object): counts \(monitor.counts), reference \(counts)") }
    guard let cells = expected.i else { return result }
    let found = try monitor.i.map(Int.init)
    if found != cells {
      let at = zip(found, cells).enumerated().first { $1.0 != $1.1 }?.offset ?? min(found.count, cells.count)
      result.append("\(object): \(found.count) events, reference \(cells.count); different from event \(at)")
      return result
    }
    result += try times(monitor.t.si, expected.t)
    for (name, reference) in expected.variables ?? [:] { result += try values(monitor[name].si, reference.values, name) }
    return result
  }

  private func trace(_ monitor: StateMonitor, _ expected: ReferenceCase.Recorded) throws -> [String] {
    var result: [String] = []
    if let elements = expected.elements, monitor.indices != elements { result.append("\(object): elements \(monitor.indices), reference \(elements)") }
    result += try times(monitor.t.si, expected.t)
    guard result.isEmpty else { return result }
    for (name, reference) in expected.variables ?? [:] {
      result += try values(monitor[name].values.flatMap { $0 }, reference.values, name)
    }
    return result
  }

  private func finalValues(_ group: Group, _ expected: ReferenceCase.Recorded) throws -> [String] {
    var result: [String] = []
    for (name, reference) in (expected.variables ?? [:]).sorted(by: { $0.key < $1.key }) {
      let parts = name.split(separator: ".").map(String.init)
      let found: [Double]
      if parts.count == 2, let synapses = group as? Synapses {
        found = try synapses.pathway(parts[0]).delay.values
      } else {
        found = try group[dynamicMember: name].values
      }
      result += values(found, reference.values, name)
    }
    return result
  }

  /// Equal in step: far closer than any step in use.
  private func times(_ found: [Double], _ expected: ReferenceCase.Doubles?) -> [String] {
    guard let expected = expected?.values else { return [] }
    if found.count != expected.count { return ["\(object): \(found.count) times, reference \(expected.count)"] }
    guard let at = found.indices.first(where: { (found[$0] - expected[$0]).magnitude > 1e-9 }) else { return [] }
    return ["\(object): time number \(at) is \(found[at]) s, reference \(expected[at]) s"]
  }

  private func values(_ found: [Double], _ expected: [Double], _ name: String) -> [String] {
    if found.count != expected.count { return ["\(object).\(name): \(found.count) values, reference \(expected.count)"] }
    let scale = expected.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    func differs(_ at: Int) -> Bool {
      found[at] != expected[at] && !(found[at].isNaN && expected[at].isNaN) && !((found[at] - expected[at]).magnitude <= tolerance * scale)
    }
    guard let at = found.indices.first(where: differs) else { return [] }
    return ["\(object).\(name): value number \(at) is \(found[at]), reference \(expected[at]) (scale \(scale))"]
  }
}
