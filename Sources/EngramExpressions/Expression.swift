/// An expression of the model language, as a tree (COD-1).
///
/// Trees are values. Equality and hash look at the structure and ignore where the text stood, so that two spellings of
/// one formula compare equal.
public struct Expression: Sendable {
  public indirect enum Node: Hashable, Sendable {
    /// A float literal, or an exact value inserted by interpolation.
    case float(Double)
    /// An integer literal without point or exponent.
    case integer(Int64)
    case boolean(Bool)
    case name(String)
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    /// A function call with positional arguments; the callee is a plain name.
    case call(String, [Expression])
  }

  public var node: Node
  /// Where it stood in its text; `.none` when it was derived.
  public var span: SourceSpan

  public init(_ node: Node, span: SourceSpan = .none) {
    self.node = node
    self.span = span
  }
}

extension Expression: Hashable {
  public static func == (lhs: Expression, rhs: Expression) -> Bool { lhs.node == rhs.node }
  public func hash(into hasher: inout Hasher) { hasher.combine(node) }
}

public enum UnaryOperator: String, Hashable, Sendable, CaseIterable {
  case minus = "-", plus = "+", not
}

public enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
  case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", modulo = "%", power = "**"
  case less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">=", equal = "==", notEqual = "!="
  case and, or

  public var isComparison: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: true
    case .add, .subtract, .multiply, .divide, .floorDivide, .modulo, .power, .and, .or: false
    }
  }
}

/// `target op value`, one line of model code (COD-3).
public struct Statement: Hashable, Sendable {
  public enum Operator: String, Hashable, Sendable, CaseIterable {
    case assign = "=", add = "+=", subtract = "-=", multiply = "*=", divide = "/=", modulo = "%="
  }

  public var target: String
  public var targetSpan: SourceSpan
  public var `operator`: Operator
  public var value: Expression

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
