internal import EngramExpressions
internal import EngramScalars
public import EngramUnits

/// What a name in equations is replaced by (EQN-15).
public enum Replacement: Sendable, Hashable, ExpressibleByStringLiteral {
  /// Another name, on both sides of equations.
  case name(String)
  /// A value, in parentheses, on right-hand sides.
  case value(Quantity)

  public init(stringLiteral value: String) { self = .name(value) }
  /// A value such as `10 * ms`.
  public init(_ value: some QuantityConvertible) { self = .value(value.quantity) }
}

extension Replacement: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral value: Double) { self = .value(Quantity(si: value, dimension: .dimensionless)) }
  public init(integerLiteral value: Int) { self = .value(Quantity(si: Double(value), dimension: .dimensionless)) }
}

extension Equations {
  /// The same equations with names replaced, all at once: `["v": "u", "u": "v"]` exchanges them.
  ///
  /// - Throws: for a variable that would become a value, a name that exists already, and what is no name.
  public func replacing(_ replacements: [String: Replacement]) throws(EquationError) -> Equations {
    try valid()
    try check(replacements)
    let scanner = EquationScanner(source.text)
    var edits: [(range: Range<Int>, text: String)] = []
    for raw in scanner.equations {
      if let equation = all.first(where: { $0.nameSpan.lower >= raw.head.lowerBound && $0.nameSpan.upper <= raw.head.upperBound }),
        case .name(let new)? = replacements[equation.name]
      {
        edits.append((equation.nameSpan.lower..<equation.nameSpan.upper, new))
      }
      for word in raw.expression.map(scanner.words) ?? [] {
        switch replacements[scanner.text(word)] {
        case .name(let new)?: edits.append((word, new))
        case .value(let value)?: edits.append((word, Self.exactText(of: value)))
        case nil: break
        }
      }
    }
    return try Equations(source: source.replacing(edits))
  }

  private func check(_ replacements: [String: Replacement]) throws(EquationError) {
    var problems: [Problem] = []
    let kept = names.subtracting(replacements.keys)
    for (old, replacement) in replacements.sorted(by: { $0.key < $1.key }) {
      let span = self[old]?.nameSpan ?? .none
      switch replacement {
      case .value:
        if self[old] != nil {
          problems.append(
            Problem(.syntax, "'\(old)' is defined by these equations and cannot be replaced by a value", at: span, hint: "only external names can", name: old))
        }
      case .name(let new):
        if !new.isName {
          problems.append(Problem(.syntax, "'\(old)' cannot be replaced by '\(new)', which is not a name", at: span, name: old))
        } else if kept.contains(new) {
          problems.append(Problem(.syntax, "'\(old)' cannot be renamed to '\(new)', which exists already", at: span, name: old))
        }
      }
    }
    let targets = replacements.filter { self[$0.key] != nil }.values.compactMap { if case .name(let new) = $0 { new } else { nil } }
    for new in Set(targets).sorted() where targets.filter({ $0 == new }).count > 1 {
      problems.append(Problem(.syntax, "several variables would be named '\(new)'", at: .none, name: new))
    }
    if let error = EquationError(problems, in: source) { throw error }
  }
}

extension EquationScanner {
  /// The names in a range, whole words only; numbers such as 1e3 are not names.
  func words(in range: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var position = range.lowerBound
    while position < range.upperBound {
      guard bytes[position].isNamePart else {
        position += 1
        continue
      }
      var end = position
      while end < range.upperBound, bytes[end].isNamePart { end += 1 }
      let followsPoint = position > range.lowerBound && bytes[position - 1] == UInt8(ascii: ".")
      if bytes[position].isNameStart, !followsPoint { result.append(position..<end) }
      position = end
    }
    return result
  }
}
