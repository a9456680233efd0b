import EngramExpressions
import EngramKernels
import EngramUnits

/// Gives each call of a function that computes with quantities a name of its own for the units of its arguments there: text that
/// calls `f(2*mV)` and `f(3*ms)` calls two functions of the machine.
struct CallsWithUnits {
  let functions: [String: Function]
  let owner: FunctionOwner
  let target: ExecutionTarget?
  /// What the new names mean.
  private(set) var found: [String: KernelFunction] = [:]
  private var names: [Call: String] = [:]

  private struct Call: Hashable {
    let function: String
    let dimensions: [Dimension]
  }

  init(functions: [String: Function], owner: FunctionOwner, target: ExecutionTarget?) {
    self.functions = functions
    self.owner = owner
    self.target = target
  }

  mutating func rewritten(_ explained: ExplainedExpression) throws -> Expression {
    let whole = explained.expression
    guard !explained.parts.isEmpty else { return try rewrittenLeaf(whole) }
    var parts: [Expression] = []
    for part in explained.parts { parts.append(try rewritten(part)) }
    switch whole.node {
    case .float, .integer, .boolean, .name: return whole
    case .unary(let op, _): return Expression(.unary(op, parts[0]), span: whole.span)
    case .binary(let op, _, _): return Expression(.binary(op, parts[0], parts[1]), span: whole.span)
    case .call(let name, _):
      return Expression(.call(try nameOfCall(name, explained.parts.map(\.info.dimension)), parts), span: whole.span)
    }
  }

  private mutating func rewrittenLeaf(_ expression: Expression) throws -> Expression {
    guard case .call(let name, let arguments) = expression.node else { return expression }
    return Expression(.call(try nameOfCall(name, []), arguments), span: expression.span)
  }

  private mutating func nameOfCall(_ name: String, _ dimensions: [Dimension]) throws -> String {
    guard let function = functions[name] else { return name }
    let call = Call(function: name, dimensions: dimensions)
    if let known = names[call] { return known }
    // A mark that cannot occur in a name that a user writes.
    let new = "\(name)#\(names.count)"
    names[call] = new
    found[new] = try function.kernelFunction(for: owner, on: target, dimensions: dimensions)
    return new
  }
}
