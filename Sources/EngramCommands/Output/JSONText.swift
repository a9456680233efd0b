internal import EngramModelFiles

/// A JSON value that prints itself with keys in the order given: the form of every `--json` output.
package indirect enum JSONText: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  case null
  case boolean(Bool)
  case integer(Int64)
  case unsigned(UInt64)
  /// Not-a-number and infinities print as the strings "nan", "inf", "-inf": JSON has no numbers for them.
  case number(Double)
  case string(String)
  case list([JSONText])
  case object([(String, JSONText)])

  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }

  package static func count(_ value: Int) -> JSONText { .integer(Int64(value)) }

  package var text: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .number(let value): value.isFinite ? "\(value)" : (value.isNaN ? "\"nan\"" : (value > 0 ? "\"inf\"" : "\"-inf\""))
    case .string(let value): YAMLText.quoted(value, .json)
    case .list(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
    case .object(let fields): "{" + fields.map { YAMLText.quoted($0.0, .json) + ": " + $0.1.text }.joined(separator: ", ") + "}"
    }
  }
}

/// What a command prints with `--json`: one object with the name of the command, its exit status and its own fields
/// (Documentation/JSON.md).
struct JSONReport {
  let command: String
  var status: Int32 = 0
  var fields: [(String, JSONText)]

  var text: String { JSONText.object([("command", .string(command)), ("status", .integer(Int64(status)))] + fields).text }
}
