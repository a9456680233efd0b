/// An expression of the model language, as a tree (COD-1).
///
/// Trees are values. Equality and hash look at the structure and ignore where the text stood, so that two spellings of
/// one formula compare equal. Branches may be shared between trees.
///
/// Every walk over a tree is recursive, so trees must stay shallow: the parser refuses deeper ones than
/// `Expression.maximumHeight`, and whoever builds trees out of trees compares `height` and `size` with the limits.
public struct Expression: Sendable {
  /// What a node is, with the trees below it.
  public indirect enum Node: Hashable, Sendable {
    /// A float literal; not negative in anything that was parsed.
    case float(Double)
    /// An integer literal without point or exponent.
    case integer(Int64)
    /// `True` or `False`.
    case boolean(Bool)
    /// A variable, constant or unit.
    case name(String)
    /// An operator with one operand.
    case unary(UnaryOperator, Expression)
    /// An operator with two operands.
    case binary(BinaryOperator, Expression, Expression)
    /// A function call with positional arguments; the callee is a plain name.
    case call(String, [Expression])
  }

  /// The topmost operator, call, name or number.
  public let node: Node
  /// Where it stood in its text; `.none` when it was derived.
  public let span: SourceSpan
  /// Nodes on the longest way from here to a leaf.
  public let height: Int32
  /// Nodes of the tree; stays at `Int32.max` when there are more.
  public let size: Int32

  /// A tree from its topmost node; height and size are counted.
  public init(_ node: Node, span: SourceSpan = .none) {
    self.node = node
    self.span = span
    var height: Int32 = 0
    var size: Int32 = 1
    func add(_ child: Expression) {
      height = max(height, child.height)
      let (sum, overflow) = size.addingReportingOverflow(child.size)
      size = overflow ? .max : sum
    }
    switch node {
    case .float, .integer, .boolean, .name: break
    case .unary(_, let operand): add(operand)
    case .binary(_, let lhs, let rhs):
      add(lhs)
      add(rhs)
    case .call(_, let arguments): arguments.forEach(add)
    }
    self.height = height == .max ? .max : height + 1
    self.size = size
  }

  /// No tree that was parsed or derived is higher.
  public static let maximumHeight: Int32 = 400
  /// No tree that was derived has more nodes.
  public static let maximumSize: Int32 = 200_000

  /// Whether a walk over this tree is safe and quick.
  public var isWithinLimits: Bool { height <= Self.maximumHeight && size <= Self.maximumSize }

  /// The same tree at another place.
  public func at(_ span: SourceSpan) -> Expression { Expression(node, span: span) }
}

extension Expression: Hashable {
  public static func == (lhs: Expression, rhs: Expression) -> Bool {
    lhs.size == rhs.size && lhs.height == rhs.height && lhs.node == rhs.node
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(node) }
}

/// The operators with one operand, by how they are written.
public enum UnaryOperator: String, Hashable, Sendable, CaseIterable {
  case minus = "-", plus = "+", not
}

/// The operators with two operands, by how they are written.
public enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
  case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", modulo = "%", power = "**"
  case less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">=", equal = "==", notEqual = "!="
  case and, or

  /// Whether its value is true or false by comparing numbers.
  public var isComparison: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: true
    case .add, .subtract, .multiply, .divide, .floorDivide, .modulo, .power, .and, .or: false
    }
  }
}
