import EngramCheckpoints
import EngramMagic
import EngramMessageTestSupport
import EngramModel
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

@Suite("Keys of descriptions", .expecting("modelfile.unused_constant", "synapses.different_dt")) struct DescriptionKeyTests {
  /// What files say of how objects and their values come about. It is in no description: checkpoints have the objects and the values.
  private let making: Set<String> = ["kind", "name", "initial", "connect", "spikes", "sorted", "storage"]
  /// Kinds whose descriptions are values of constants, or clocks.
  private let others: Set<String> = ["TimedArray", "BinomialFunction", "Clock", "EventClock"]

  private static let formats = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("fixtures/formats")

  @Test("CKP-20, CKP-31: objects of every kind are described by the same bytes as in release 0.1.0")
  func described() throws {
    let folder = try TemporaryFolder()
    let directory = try RunDirectory(at: folder.path("r.engram"), headers: PlainHeaderWriter())
    defer { directory.close() }
    let bytes = try Data(contentsOf: Self.formats.appendingPathComponent("model-1.yaml"))
    let descriptions = try withScope {
      let file = try FileReader.read(Array(bytes), fileName: "model-1.yaml")
      let network = try Experiment(file, in: directory, files: NoArrayFiles(), options: .init()).network
      return network.descriptions(of: network.allObjects)
    }
    #expect(descriptions.encoded == Array(try Data(contentsOf: Self.formats.appendingPathComponent("model-1.bin"))))
  }

  @Test("CKP-20, CKP-31: what the run directory of version 1.0 says of its objects is read, and written again byte for byte")
  func goldenRun() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("copy.engram")
    try FileManager.default.copyItem(atPath: Self.formats.appendingPathComponent("run-1").path, toPath: path)
    try FileManager.default.createDirectory(atPath: path + "/tmp", withIntermediateDirectories: true)
    let directory = try RunDirectory(at: path, access: .read, headers: PlainHeaderWriter())
    for info in try directory.list() {
      let bytes = try #require(try directory.look(at: info.id).sections["model"])
      #expect(try [ObjectDescription](decoding: bytes).encoded == bytes)
    }
  }

  @Test("CKP-24, MDL-6: every key of the language of model files says how an object comes about, or is one of its description")
  func language() {
    for (kind, table) in ModelLanguage.kinds where !others.contains(kind) {
      for key in table.all where !making.contains(key) {
        #expect(DescriptionKey(rawValue: key) != nil, "'\(key)' of \(kind) has no class")
      }
    }
  }
}
