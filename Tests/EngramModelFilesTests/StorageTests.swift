import EngramCheckpoints
import EngramMagic
import EngramModelFiles
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

/// The text that a user sees about a file; empty where there is nothing wrong.
private func complaint(about text: String) throws -> String {
  do {
    _ = try withScope { try PreparedModel(FileReader.read(Array(text.utf8), fileName: "x.yaml"), files: NoArrayFiles(), options: .init()) }
    return ""
  } catch let error as ModelFileError { return "\(error)" }
}

@Suite("Where the arrays of a model file are", .slow) struct StorageTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let models = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("fixtures/models")

  @Test(
    "STO-1, CKP-10: a published model has the same bits mapped, private and in memory, in one run and in two with another storage",
    arguments: ["cuba", "cobahh", "tsodyks_markram", "gap_junctions", "song_miller_abbott", "izhikevich"])
  func sameBits(_ name: String) throws {
    let text = try String(contentsOf: Self.models.appendingPathComponent("\(name).yaml"), encoding: .utf8)
    var digests: Set<String> = []
    for storage in ArrayStorage.allCases {
      let whole = try execute(text, in: folder.path("\(storage).engram")) { ($0.seed, $0.storage, $0.untilSeconds) = (3, storage, 0.012) }
      digests.insert(whole.digest)
      let path = folder.path("\(storage)-parts.engram")
      try execute(text, in: path) { ($0.seed, $0.storage, $0.untilSeconds) = (3, storage, 0.007) }
      let other = ArrayStorage.allCases.first { $0 != storage } ?? .memory
      digests.insert(try execute(text, in: path) { ($0.seed, $0.storage, $0.untilSeconds) = (3, other, 0.012) }.digest)
    }
    #expect(digests.count == 1)
  }

  private let model = """
    seed: 2
    objects:
      - {kind: NeuronGroup, name: G, N: 5, model: "dv/dt = -v/(10*ms) : 1\\nw : 1", initial: {v: rand()}}
      - {kind: StateMonitor, name: M, source: G, variables: v, record: true}
    run: 2 ms

    """

  @Test("STO-1, MDL-63: storage is no part of a model's meaning: the file goes on with another one, for the whole, an object and an array")
  func identity() throws {
    let path = folder.path("a.engram")
    try execute(model, in: path) { $0.untilSeconds = 0.001 }
    let other =
      "storage: private\n"
      + model.replacing("initial: {v: rand()}", with: "initial: {v: rand()}, storage: {v: memory, w: mapped}")
      .replacing("record: true", with: "record: true, storage: memory")
    let end = try execute(other, in: path)
    #expect(end.outcome == "reachedEnd")
    #expect(try execute(model, in: folder.path("b.engram")).digest == end.digest)
  }

  @Test("STO-1: a file's words reach the network, its objects and arrays; the call's word replaces the file's") func words() throws {
    let text =
      "storage: private\n"
      + model.replacing("initial: {v: rand()}", with: "storage: {v: memory}").replacing("record: true", with: "record: true, storage: memory")
    func network(_ storage: ArrayStorage?) throws -> [ArrayStorage?] {
      let directory = try RunDirectory(at: folder.path("\(storage as Any)".filter(\.isLetter)), headers: PlainHeaderWriter())
      defer { directory.close() }
      return try withScope {
        var options = Experiment.Options()
        options.storage = storage
        let experiment = try Experiment(FileReader.read(Array(text.utf8), fileName: "x.yaml"), in: directory, files: NoArrayFiles(), options: options)
        let group = try experiment.network.object("G", as: Group.self)
        return [
          experiment.network.storage, (group.variables["v"] as? ArrayVariable)?.storage, (group.variables["w"] as? ArrayVariable)?.storage,
          try experiment.network.object("M", as: BrianObject.self).storage,
        ]
      }
    }
    #expect(try network(nil) == [.private, .memory, nil, .memory])
    #expect(try network(.mapped) == [.mapped, .memory, nil, .memory])
  }

  @Test("STO-1, MDL-4: a word that is none, and an array that there is not, are told at their places") func mistakes() throws {
    let word = try complaint(about: "storage: maped\n" + model)
    #expect(word.contains("'storage' is mapped, private or memory, found 'maped'") && word.contains("x.yaml:1:10") && word.contains("mapped"), "\(word)")
    let others = try complaint(about: model.replacing("initial: {v: rand()}", with: "storage: {u: memory, v: disk}"))
    #expect(others.contains("'G' has no array 'u'") && others.contains("found 'disk'"), "\(others)")
    #expect(try complaint(about: "storage: memory\n" + model) == "")
  }
}
