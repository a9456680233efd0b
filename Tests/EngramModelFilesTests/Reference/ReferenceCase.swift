import EngramMagic
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

/// `fixtures/` of the repository.
let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../fixtures").standardized

/// A model file, executed in a run directory of its own that disappears afterwards.
///
/// - Parameter body: what to ask of the network, inside the scope in which it lives.
func withExperiment<R>(_ text: String, named name: String, seed: UInt64? = nil, _ body: (Experiment) throws -> R) throws -> R {
  let folder = try TemporaryFolder()
  return try withScope {
    let file = try FileReader.read(Array(text.utf8), fileName: "\(name).yaml")
    let directory = try RunDirectory(at: folder.path("r.engram"), headers: PlainHeaderWriter())
    defer { directory.close() }
    var options = Experiment.Options()
    options.seed = seed
    return try body(Experiment(file, in: directory, files: NoArrayFiles(), options: options))
  }
}

/// What Brian 2 recorded for a model file (tools/reference/deterministic.py).
struct ReferenceCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Recorded: Decodable, Sendable {
    let kind: String
    var count, i, elements: [Int]?
    var t, rate: Doubles?
    var variables: [String: Doubles]?
  }

  /// Little-endian doubles in base64.
  struct Doubles: Decodable, Sendable {
    let values: [Double]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      guard let data = Data(base64Encoded: try container.decode(String.self)) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "not base64")
      }
      values = stride(from: 0, to: data.count, by: 8).map { place in
        Double(bitPattern: (0..<8).reduce(0) { $0 | UInt64(data[place + $1]) << (8 * UInt64($1)) })
      }
    }
  }

  let covers: [String]
  let tolerance: Double
  let objects: [String: Recorded]
  var name = ""
  var text = ""

  private enum CodingKeys: CodingKey { case covers, tolerance, objects }

  var testDescription: String { "\(name) (\(covers.joined(separator: " ")))" }

  static let folder = fixtures.appending(path: "reference/deterministic")

  static let all = read(folder)
  /// Models made by chance (tools/campaigns/random_models.py), a few that stand for many.
  static let random = read(fixtures.appending(path: "reference/random"))

  private static func read(_ folder: URL) -> [ReferenceCase] {
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.compactMap { file in
      guard let data = try? Data(contentsOf: file), var found = try? JSONDecoder().decode(ReferenceCase.self, from: data),
        let text = try? String(contentsOf: file.deletingPathExtension().appendingPathExtension("yaml"), encoding: .utf8)
      else { return nil }
      found.name = file.deletingPathExtension().lastPathComponent
      found.text = text
      return found
    }
  }
}
