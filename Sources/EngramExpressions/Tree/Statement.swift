/// `target op value`, one line of model code (COD-3).
public struct Statement: Hashable, Sendable {
  /// How the value gets into the target, as it is written.
  public enum Operator: String, Hashable, Sendable, CaseIterable {
    case assign = "=", add = "+=", subtract = "-=", multiply = "*=", divide = "/=", modulo = "%="
  }

  /// The variable that is written.
  public var target: String
  /// Where its name stands.
  public var targetSpan: SourceSpan
  /// How the value gets into the target.
  public var `operator`: Operator
  /// The right-hand side.
  public var value: Expression

  /// A statement; by default `target = value`.
  public init(_ target: String, _ op: Operator = .assign, _ value: Expression, targetSpan: SourceSpan = .none) {
    self.target = target
    self.operator = op
    self.value = value
    self.targetSpan = targetSpan
  }

  public static func == (lhs: Statement, rhs: Statement) -> Bool {
    lhs.target == rhs.target && lhs.operator == rhs.operator && lhs.value == rhs.value
  }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(target)
    hasher.combine(`operator`)
    hasher.combine(value)
  }
}

extension Statement {
  /// What the target becomes, without the operator's shorthand: `v + w` for `v += w`.
  public var expandedValue: Expression {
    let old = Expression(.name(target), span: targetSpan)
    let combined: BinaryOperator
    switch `operator` {
    case .assign: return value
    case .add: combined = .add
    case .subtract: combined = .subtract
    case .multiply: combined = .multiply
    case .divide: combined = .divide
    case .modulo: combined = .modulo
    }
    return Expression(.binary(combined, old, value), span: targetSpan.union(value.span))
  }
}

extension Statement: CustomStringConvertible {
  public var description: String { "\(target) \(`operator`.rawValue) \(value)" }
}

extension Sequence<Statement> {
  /// The statements as model code, one a line.
  public var modelCode: String { map(\.description).joined(separator: "\n") }
}
