import EngramModel
import EngramUnits
import Foundation

/// Where a checkpoint comes from (CKP-35). Not part of the state: digests leave it out.
package enum Provenance {
  /// Version of this release.
  package static let version = "0.1.0"

  /// Facts of this process, found out once.
  private static let facts: [DescriptionField] = {
    var name = utsname()
    uname(&name)
    func text<T>(_ field: T) -> String { withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } }
    return [
      DescriptionField("version", .text("engram \(version)")), DescriptionField("architecture", .text(text(name.machine))),
      DescriptionField("system", .text("\(text(name.sysname)) \(text(name.release))")), DescriptionField("host", .text(text(name.nodename))),
      DescriptionField("arguments", .text(CommandLine.arguments.joined(separator: " "))),
    ]
  }()

  static func section(seed: UInt64) -> [UInt8] {
    let date = Date().formatted(.iso8601)
    return DescriptionValue.mapping(facts + [DescriptionField("date", .text(date)), DescriptionField("seed", .text("\(seed)"))]).encoded
  }

  static func texts(decoding bytes: [UInt8]) throws(CheckpointError) -> [(key: String, text: String)] {
    (try DescriptionValue(decoding: bytes).asFields ?? []).compactMap { field in field.value.asText.map { (field.key, $0) } }
  }
}
