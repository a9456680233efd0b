/// A key of a mapping in model files: what the reader accepts, and what the reference says of it.
///
/// A mapping is read with a ``KeyTable`` of these, so no key can be read that is not described.
package struct Key: Sendable {
  package var name: String
  /// One sentence.
  package var meaning: String
  package var form: ValueForm
  /// What it is where the key is left out; nil: nothing, or the meaning says it.
  package var usual: String?
  /// A value, as it stands behind the key; a test reads it.
  package var example: String
  package var isRequired: Bool
  /// Other keys that the example needs with these values, beside the required ones or in their place.
  package var beside: [(key: String, value: String)]
  /// Keys of the table's ``KeyTable/completion`` that do not go with this one.
  package var insteadOf: [String]
  /// Why the key changes nothing where it stands; nil: it does. Whoever gives it is told.
  package private(set) var reasonOfNoEffect: String?

  package init(
    _ name: String, _ form: ValueForm, _ meaning: String, usual: String? = nil, example: String, isRequired: Bool = false,
    beside: [(key: String, value: String)] = [], insteadOf: [String] = []
  ) {
    (self.name, self.form, self.meaning, self.usual, self.example) = (name, form, meaning, usual, example)
    (self.isRequired, self.beside, self.insteadOf) = (isRequired, beside, insteadOf)
  }

  /// A key that is read and changes nothing.
  ///
  /// - Parameter reason: why, as a clause.
  package static func withoutEffect(_ name: String, _ form: ValueForm, because reason: String, usual: String? = nil, example: String) -> Key {
    var key = Key(name, form, "Accepted, and without effect: \(reason). A warning says so.", usual: usual, example: example)
    key.reasonOfNoEffect = reason
    return key
  }

  /// The same key, which has to be there.
  package var required: Key {
    var key = self
    key.isRequired = true
    return key
  }
}

/// What may stand behind a key.
package indirect enum ValueForm: Sendable {
  case text, name, equations, code, boolean, steps
  /// An expression, with the unit that its value must have; nil: any.
  case expression(String?)
  /// A whole number, with the range in words.
  case integer(String?)
  /// One of these words.
  case words([String])
  /// A quantity, or a calculation that is one; with its SI unit.
  case quantity(String)
  /// A list, a ramp, a text of lists or a file.
  case list(unit: String?)
  /// Any value: number, quantity, boolean, calculation, list.
  case value
  /// An object above this place, or a part of one as in `P[0:100]`.
  case reference
  /// What the keys and values of a mapping are.
  case mapping(String)
  case listOf(ValueForm)
  case either([ValueForm])

  package var text: String {
    switch self {
    case .text: "text"
    case .name: "name"
    case .equations: "equations"
    case .code: "statements"
    case .boolean: "true or false"
    case .steps: "list of steps"
    case .expression: "expression"
    case .integer(let range): range.map { "integer, \($0)" } ?? "integer"
    case .words(let words): words.joined(separator: ", ")
    case .quantity(let unit): unit == "second" ? "time" : unit == "hertz" ? "rate" : unit == "1" ? "number" : "quantity"
    case .list: "list"
    case .value: "value"
    case .reference: "object or part of one"
    case .mapping(let what): "mapping: \(what)"
    case .listOf(let form): "list of \(form.text)"
    case .either(let forms): forms.map(\.text).joined(separator: "; or ")
    }
  }

  /// The SI unit of the value; nil: it has none, or it depends on what it is for.
  package var unit: String? {
    switch self {
    case .expression(let unit), .list(let unit): unit
    case .quantity(let unit): unit
    case .listOf(let form): form.unit
    case .either(let forms): forms.lazy.compactMap(\.unit).first
    case .text, .name, .equations, .code, .boolean, .steps, .integer, .words, .value, .reference, .mapping: nil
    }
  }
}

/// The keys of one mapping of the model file language.
///
/// A key is spelt as in the reference; the camel-case spelling of the Swift label means the same (MDL-6).
package struct KeyTable: Sendable {
  package let keys: [Key]
  package let required: [String]
  package let optional: [String]
  /// What an example of one key needs beside it, where the reader asks for one of several keys.
  package let completion: [(key: String, value: String)]

  package init(_ keys: [Key], completion: [(key: String, value: String)] = []) {
    self.keys = keys
    self.completion = completion
    required = keys.filter(\.isRequired).map(\.name)
    optional = keys.filter { !$0.isRequired }.map(\.name)
  }

  package var all: [String] { required + optional }

  func key(_ name: String) -> Key? { keys.first { $0.name == name } }

  /// The canonical spelling of a key, or nil when it is not one of the table.
  package func canonical(_ key: String) -> String? {
    if has(key) { return key }
    let snake = Self.snakeCase(key)
    return has(snake) ? snake : nil
  }

  private func has(_ key: String) -> Bool { keys.contains { $0.name == key } }

  package static func snakeCase(_ key: String) -> String {
    var out = ""
    for character in key {
      if character.isUppercase, !out.isEmpty, out.last?.isUppercase != true {
        out += "_" + character.lowercased()
      } else {
        out.append(character)
      }
    }
    return out
  }

  /// A mapping with the required keys and one more, on one line.
  package func example(of key: Key) -> String {
    var pairs = keys.filter(\.isRequired).map { (key: $0.name, value: $0.example) }
    func put(_ name: String, _ value: String) {
      if let place = pairs.firstIndex(where: { $0.key == name }) { pairs[place].value = value } else { pairs.append((name, value)) }
    }
    for pair in completion where !key.insteadOf.contains(pair.key) { put(pair.key, pair.value) }
    for pair in key.beside { put(pair.key, pair.value) }
    put(key.name, key.example)
    return "{" + pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
  }
}
