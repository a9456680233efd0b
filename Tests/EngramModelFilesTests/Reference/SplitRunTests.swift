import EngramCheckpoints
import EngramMagic
import EngramMessageTestSupport
import EngramModelFiles
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// A run in parts, each part with objects made anew from the directory, against a run in one piece (CKP-10, MDL-62).
@Suite(
  "Split runs", .slow,
  .expecting(
    "codegen.order_dependence", "group.Group.resolve.resolution_conflict", "modelfile.unused_constant", "statemonitor.scalar_variable", "synapses.different_dt",
    "timedarray.misaligned_dt")) struct SplitRunTests
{
  struct Model: Sendable, CustomTestStringConvertible {
    let name, text: String
    /// Where the run ends [s]; nil: at the end of the steps.
    let end: Double?
    /// Where it may be cut [s].
    let cuts: ClosedRange<Double>
    var testDescription: String { name }
  }

  /// The first milliseconds of each published model; the whole run is tools/campaigns/split.py.
  static let published: [Model] = {
    let folder = fixtures.appending(path: "models")
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }.compactMap { file in
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
      return Model(name: file.deletingPathExtension().lastPathComponent, text: text, end: 0.006, cuts: 0.0003...0.0057)
    }
  }()

  static let small = ReferenceCase.all.map { Model(name: $0.name, text: $0.text, end: nil, cuts: 0.0001...0.0009) }

  /// Digest of everything after the last of the stops.
  private func digest(_ model: Model, stops: [Double?]) throws -> String { try run(model, stops: stops).digest }

  /// The same, and the time [s] that it is for.
  private func run(_ model: Model, stops: [Double?]) throws -> (digest: String, end: Double) {
    let folder = try TemporaryFolder()
    var result = (digest: "", end: 0.0)
    for stop in stops {
      try withScope {
        let file = try FileReader.read(Array(model.text.utf8), fileName: "\(model.name).yaml")
        let directory = try RunDirectory(at: folder.path("r.engram"), headers: PlainHeaderWriter())
        defer { directory.close() }
        var options = Experiment.Options()
        options.untilSeconds = stop
        // Files without a seed would differ in every run.
        if case .entropy = file.seed { options.seed = 7 }
        let experiment = try Experiment(file, in: directory, files: NoArrayFiles(), options: options)
        _ = try experiment.run()
        result = (try experiment.network.digest, experiment.network.t.si)
      }
    }
    return result
  }

  @Test("CKP-10, CKP-12, MDL-62, MDL-65: 0 → T equals 0 → t, new objects, → T, bit for bit, for every published model", arguments: published)
  func publishedModels(_ model: Model) throws {
    let cut = Double.random(in: model.cuts)
    #expect(try digest(model, stops: [cut, model.end]) == digest(model, stops: [model.end]), "cut at \(cut) s")
  }

  @Test("CKP-12, EVT-5: where a schedule lets spikes act in the next step, they are not lost between two parts, whatever the cut") func spikesBetweenSteps()
    throws
  {
    let model = try #require(Self.small.first { $0.name == "schedule" })
    let expected = try digest(model, stops: [nil])
    for step in 1..<20 { #expect(try digest(model, stops: [Double(step) * 1e-4, nil]) == expected, "cut after step \(step)") }
  }

  @Test("There are at least fifteen published models, each with a citation and a figure of merit") func present() {
    #expect(Self.published.count >= 15)
    for model in Self.published {
      #expect(model.text.contains("citation: "), "\(model.name)")
      #expect(model.text.contains("Figure of merit: "), "\(model.name)")
    }
  }

  /// Every third of the small models; `ENGRAM_CAMPAIGN=1` takes all.
  static let someSmall = ProcessInfo.processInfo.environment["ENGRAM_CAMPAIGN"] == "1" ? small : small.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)

  @Test("CKP-10, MDL-61, MDL-62, MDL-65: the same for small models of each kind, cut twice", arguments: someSmall)
  func smallModels(_ model: Model) throws {
    let whole = try run(model, stops: [nil])
    // A stop beyond the end would make the run longer.
    let places = model.cuts.clamped(to: 0...0.9 * whole.end)
    let cuts = [Double.random(in: places), Double.random(in: places)].sorted()
    #expect(try run(model, stops: cuts + [nil]) == whole, "cut at \(cuts[0]) s and \(cuts[1]) s")
  }
}
