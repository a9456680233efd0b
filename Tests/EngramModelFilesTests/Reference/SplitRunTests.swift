import EngramModelFiles
import EngramSimulation
import EngramStorage
import Foundation
import Testing

/// A run in parts, each part with objects made anew from the directory, against a run in one piece (CKP-10, MDL-62).
@Suite("Split runs") struct SplitRunTests {
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
  private func digest(_ model: Model, stops: [Double?]) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "engram-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var digest = ""
    for stop in stops {
      try withScope {
        let file = try FileReader.read(Array(model.text.utf8), fileName: "\(model.name).yaml")
        let directory = try RunDirectory(at: folder.path, headers: PlainHeaderWriter())
        defer { directory.close() }
        var options = Experiment.Options()
        options.untilSeconds = stop
        // Files without a seed would differ in every run.
        options.seed = file.seed == .entropy ? 7 : nil
        let experiment = try Experiment(file, in: directory, files: NoArrayFiles(), options: options)
        _ = try experiment.run()
        digest = try experiment.network.digest
      }
    }
    return digest
  }

  @Test("CKP-10, CKP-12, MDL-62, MDL-65: 0 → T equals 0 → t, new objects, → T, bit for bit, for every published model", arguments: published)
  func publishedModels(_ model: Model) throws {
    let cut = Double.random(in: model.cuts)
    #expect(try digest(model, stops: [cut, model.end]) == digest(model, stops: [model.end]), "cut at \(cut) s")
  }

  @Test("CKP-12, EVT-5: where a schedule lets spikes act in the next step, they are not lost between two parts, whatever the cut") func spikesBetweenSteps() throws {
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

  @Test("CKP-10, MDL-61, MDL-62, MDL-65: the same for every small model, cut twice", arguments: small)
  func smallModels(_ model: Model) throws {
    let cuts = [Double.random(in: model.cuts), Double.random(in: model.cuts)].sorted()
    #expect(try digest(model, stops: cuts + [nil]) == digest(model, stops: [nil]), "cut at \(cuts[0]) s and \(cuts[1]) s")
  }
}
