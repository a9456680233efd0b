public import EngramExpressions
public import EngramUnits

/// One equation of a model. Equality looks at the content, not at where it stood.
public struct SingleEquation: Sendable {
  /// Differential equation, subexpression or parameter.
  public let kind: EquationKind
  /// The variable it defines.
  public let name: String
  /// Of the variable, not of the right-hand side.
  public let dimension: Dimension
  /// Number, integer or truth value; numbers with units are floats.
  public let type: ValueType
  /// The right-hand side; nil for a parameter.
  public let expression: Expression?
  /// What stands in parentheses behind the unit.
  public let flags: Set<EquationFlag>
  /// Where the name of the variable stands.
  public let nameSpan: SourceSpan
  /// Where each flag stands.
  public let flagSpans: [EquationFlag: SourceSpan]
  /// Where the whole equation stands.
  public let span: SourceSpan

  /// One value for the whole group.
  public var isShared: Bool { flags.contains(.shared) }
  /// The dimension its right-hand side must have.
  public var rightSideDimension: Dimension { kind == .differential ? dimension / .time : dimension }
}

extension SingleEquation: Hashable {
  public static func == (lhs: SingleEquation, rhs: SingleEquation) -> Bool {
    lhs.kind == rhs.kind && lhs.name == rhs.name && lhs.dimension == rhs.dimension && lhs.type == rhs.type
      && lhs.expression == rhs.expression && lhs.flags == rhs.flags
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(name)
    hasher.combine(expression)
  }
}

extension SingleEquation: CustomStringConvertible {
  /// The equation as it could be written in a model: base units, flags in a fixed order.
  public var description: String { text(unit: dimension.baseUnitText) }

  /// The same with a unit for people: `volt/second` instead of base units.
  public var readableText: String { text(unit: dimension.readableUnit) }

  private func text(unit floatUnit: String) -> String {
    let left = kind == .differential ? "d\(name)/dt" : name
    let right = expression.map { " = \($0)" } ?? ""
    let unit = type == .float ? floatUnit : type.rawValue
    let own = EquationFlag.allCases.filter(flags.contains).map(\.rawValue)
    return "\(left)\(right) : \(unit)" + (own.isEmpty ? "" : " (\(own.joined(separator: ", ")))")
  }
}
