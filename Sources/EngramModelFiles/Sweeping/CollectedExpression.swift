internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation
package import EngramUnits

/// A number that is made of what a checkpoint holds: `mean(S.w)`, `P.v[3] - P.v[4]`, `w = sum(spikes.count)/(10*second)`.
///
/// Variables are written as `engram show` takes them; around them stands the arithmetic of model files, with units.
package struct CollectedExpression {
  /// What becomes of the values of a variable.
  package enum Reduction: String, CaseIterable, Sendable {
    case mean, std, min, max, sum, count, first, last
    /// The only value that there is.
    case value
  }

  /// The values that a variable has, and what one number is made of them.
  package struct Part: Hashable, Sendable {
    package let reduction: Reduction
    /// `S.w`, `P.v[0:10]`.
    package let text: String
  }

  /// The head of its column.
  package let name: String
  package let parts: [Part]
  private let text: String

  /// - Throws: ``CollectionProblem`` where no variable stands in it.
  package init(_ given: String) throws(CollectionProblem) {
    var text = given.trimmingWhitespace()
    if let equals = text.firstIndex(of: "="), String(text[..<equals].trimmingWhitespace()).isName, text[equals...].dropFirst().first != "=" {
      name = text[..<equals].trimmingWhitespace()
      text = text[text.index(after: equals)...].trimmingWhitespace()
    } else {
      name = text
    }
    var scanner = Scanner(characters: Array(text))
    scanner.scan()
    guard !scanner.parts.isEmpty else { throw .noVariable(given) }
    (parts, self.text) = (scanner.parts, scanner.text)
  }

  /// - Parameter values: of the parts, in their order.
  package func value(of values: [Quantity]) throws -> Quantity {
    var names = Namespace()
    for (number, value) in values.enumerated() { names[Self.placeholder(number)] = .quantity(value) }
    switch try ConstantExpression(SourceText(text), constants: names).value {
    case .quantity(let quantity): return quantity
    case .integer(let integer): return Quantity(Double(integer), .dimensionless)
    case .boolean(let flag): return Quantity(flag ? 1 : 0, .dimensionless)
    case .array, .function: throw CollectionProblem.noVariable(name)
    }
  }

  private static func placeholder(_ number: Int) -> String { "collected\(number)" }

  /// Replaces references by names that stand for their values.
  private struct Scanner {
    let characters: [Character]
    var place = 0
    var text = ""
    var parts: [Part] = []

    init(characters: [Character]) { self.characters = characters }

    mutating func scan() {
      while place < characters.count {
        let character = characters[place]
        if character.isNumber || character == "." {
          text += take { $0.isNumber || $0.isLetter || $0 == "." }
        } else if character.isLetter || character == "_" {
          word()
        } else {
          text.append(character)
          place += 1
        }
      }
    }

    private mutating func take(_ isWanted: (Character) -> Bool) -> String {
      let start = place
      while place < characters.count, isWanted(characters[place]) { place += 1 }
      return String(characters[start..<place])
    }

    private mutating func word() {
      let reference = reference()
      if reference.contains(".") || reference.contains("[") { return add(.value, reference) }
      guard let reduction = Reduction(rawValue: reference), reduction != .value, place < characters.count, characters[place] == "(" else {
        text += reference
        return
      }
      let before = place
      place += 1
      _ = take { $0 == " " }
      let inner = self.reference()
      _ = take { $0 == " " }
      guard inner.contains("."), place < characters.count, characters[place] == ")" else {
        place = before
        text += reference
        return
      }
      place += 1
      add(reduction, inner)
    }

    private mutating func reference() -> String {
      let names = take { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
      guard place < characters.count, characters[place] == "[" else { return names }
      var depth = 0
      let selection = take { character in
        if character == "[" { depth += 1 }
        if character == "]" { depth -= 1 }
        return depth > 0
      }
      guard place < characters.count else { return names + selection }
      place += 1
      return names + selection + "]"
    }

    private mutating func add(_ reduction: Reduction, _ reference: String) {
      text += CollectedExpression.placeholder(parts.count)
      parts.append(Part(reduction: reduction, text: reference))
    }
  }
}

/// Why nothing can be collected by an expression.
package enum CollectionProblem: Error, Hashable, CustomStringConvertible {
  case noVariable(String)

  package var description: String {
    switch self {
    case .noVariable(let text):
      "'\(text)' names no variable; forms: mean(S.w), P.v[3], name=sum(spikes.count), with "
        + CollectedExpression.Reduction.allCases.filter { $0 != .value }.map(\.rawValue).joined(separator: ", ")
    }
  }
}
