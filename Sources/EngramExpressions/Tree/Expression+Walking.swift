public import EngramScalars

extension Expression {
  /// Visits this node and all below it, parents first.
  public func forEach(_ body: (Expression) -> Void) {
    body(self)
    children.forEach { $0.forEach(body) }
  }

  /// The trees right below this node: operands or arguments, in order.
  public var children: [Expression] {
    switch node {
    case .float, .integer, .boolean, .name: []
    case .unary(_, let operand): [operand]
    case .binary(_, let lhs, let rhs): [lhs, rhs]
    case .call(_, let arguments): arguments
    }
  }

  /// Names that stand for values; names of functions are not among them.
  public var identifiers: Set<String> {
    var names: Set<String> = []
    forEach { if case .name(let name) = $0.node { names.insert(name) } }
    return names
  }

  /// Names of the functions it calls.
  public var calledFunctions: Set<String> {
    var names: Set<String> = []
    forEach { if case .call(let name, _) = $0.node { names.insert(name) } }
    return names
  }

  /// Whether a value of this name is read; names of functions do not count.
  public func mentions(_ name: String) -> Bool { mentions([name]) }

  /// Whether a value with one of these names is read.
  public func mentions(_ names: Set<String>) -> Bool {
    switch node {
    case .float, .integer, .boolean: false
    case .name(let name): names.contains(name)
    case .unary(_, let operand): operand.mentions(names)
    case .binary(_, let lhs, let rhs): lhs.mentions(names) || rhs.mentions(names)
    case .call(_, let arguments): arguments.contains { $0.mentions(names) }
    }
  }

  /// The calls of the tree, each with its last argument.
  package var lastArguments: [(function: String, argument: Expression?)] {
    var found: [(String, Expression?)] = []
    forEach { if case .call(let name, let arguments) = $0.node { found.append((name, arguments.last)) } }
    return found
  }

  /// Whether it calls one of these functions.
  public func calls(anyOf functions: Set<String>) -> Bool {
    switch node {
    case .float, .integer, .boolean, .name: false
    case .unary(_, let operand): operand.calls(anyOf: functions)
    case .binary(_, let lhs, let rhs): lhs.calls(anyOf: functions) || rhs.calls(anyOf: functions)
    case .call(let name, let arguments): functions.contains(name) || arguments.contains { $0.calls(anyOf: functions) }
    }
  }

  /// Replaces names by expressions, everywhere at once: what is inserted is not searched again.
  ///
  /// - Throws: when the result exceeds the limits of a tree. The check comes before any walk over the result, so that replacements of replacements cannot grow without bound.
  /// - Complexity: O(size of this tree); replacements are shared, not copied.
  public func substituting(_ replacements: [String: Expression]) throws(FormulaTooLarge) -> Expression {
    let result = replaced(replacements)
    guard result.isWithinLimits else { throw FormulaTooLarge() }
    return result
  }

  private func replaced(_ replacements: [String: Expression]) -> Expression {
    switch node {
    case .float, .integer, .boolean: return self
    case .name(let name): return replacements[name] ?? self
    case .unary(let op, let operand): return Expression(.unary(op, operand.replaced(replacements)), span: span)
    case .binary(let op, let lhs, let rhs):
      return Expression(.binary(op, lhs.replaced(replacements), rhs.replaced(replacements)), span: span)
    case .call(let name, let arguments):
      return Expression(.call(name, arguments.map { $0.replaced(replacements) }), span: span)
    }
  }

  /// Renames variables and functions alike (EQN-15).
  public func renaming(_ names: [String: String]) -> Expression {
    switch node {
    case .float, .integer, .boolean: return self
    case .name(let name): return names[name].map { Expression(.name($0), span: span) } ?? self
    case .unary(let op, let operand): return Expression(.unary(op, operand.renaming(names)), span: span)
    case .binary(let op, let lhs, let rhs):
      return Expression(.binary(op, lhs.renaming(names), rhs.renaming(names)), span: span)
    case .call(let name, let arguments):
      return Expression(.call(names[name] ?? name, arguments.map { $0.renaming(names) }), span: span)
    }
  }
}

/// A formula would have more nodes, or more levels, than a tree may have.
public struct FormulaTooLarge: ExplainedError, Hashable, Sendable {
  package init() {}

  public var description: String {
    "the formula grows beyond \(Expression.maximumSize) terms or \(Expression.maximumHeight) levels when its parts are inserted"
  }
}
