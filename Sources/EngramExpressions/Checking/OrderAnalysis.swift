/// Finds out whether the result of a block depends on the order in which elements are handled (COD-12).
///
/// Several elements (synapses) may reach the same value of a variable (of their target neuron). That is harmless if the
/// block only adds to the variable, or only multiplies it, by amounts that no such write can influence; or if it only sets
/// it to something that is the same for all elements which reach it. Everything else is order dependent: when in doubt,
/// the answer is "dependent", whose price is a sequential run and a warning, not a wrong result.
struct OrderAnalysis {
  private(set) var accumulates: Set<String> = []
  private(set) var problem: Problem?

  private enum Form: Hashable { case sum, product, assignment, other }

  private let symbols: any SymbolTable
  private var forms: [String: Set<Form>] = [:]
  /// What each temporary was computed from, so far.
  private var sources: [String: Set<String>] = [:]

  init(_ statements: [Statement], _ symbols: any SymbolTable) {
    self.symbols = symbols
    for statement in statements where variable(statement.target)?.sharedIndex != nil {
      forms[statement.target, default: []].insert(Self.form(statement.operator))
    }
    guard !forms.isEmpty else { return }
    for statement in statements {
      let read = closure(of: statement.value)
      problem = problem(statement, read)
      if problem != nil { return }
      if symbols.symbol(statement.target) == nil {
        sources[statement.target, default: []].formUnion(read.filter { sources[$0] == nil })
      }
    }
    accumulates = Set(forms.filter { $0.value == [.sum] || $0.value == [.product] }.keys)
  }

  private static func form(_ op: Statement.Operator) -> Form {
    switch op {
    case .add, .subtract: .sum
    case .multiply, .divide: .product
    case .assign: .assignment
    case .modulo: .other
    }
  }

  private func variable(_ name: String) -> VariableSymbol? {
    if case .variable(let variable) = symbols.symbol(name) { variable } else { nil }
  }

  private func problem(_ statement: Statement, _ read: Set<String>) -> Problem? {
    func dependence(_ reason: String) -> Problem {
      Problem(
        .orderDependence, "the result of '\(statement)' depends on the order of the synapses", at: statement.targetSpan, found: reason,
        hint: "use '+=' or '*=' where the order should not matter; as it stands synapses are handled one after another",
        name: statement.target, severity: .warning)
    }
    if let name = read.intersection(forms.keys).min() { return dependence("it reads '\(name)', which the same code changes") }
    guard let index = variable(statement.target)?.sharedIndex else { return nil }
    if forms[statement.target, default: []].count > 1 { return dependence("'\(statement.target)' is changed in different ways") }
    switch Self.form(statement.operator) {
    case .sum, .product: return nil
    case .other: return dependence("'\(statement.operator.rawValue)' cannot be done in any order")
    case .assignment:
      if read.contains(Self.randomMark) { return dependence("the value is random: the last one wins") }
      let differing = read.filter { name in
        guard let variable = variable(name) else { return false }
        return !variable.isScalar && variable.sharedIndex != index && variable.subexpression == nil
      }
      return differing.min().map { dependence("'\($0)' may differ between synapses of one target: the last one wins") }
    }
  }

  /// Stands for a random number among the names that a formula reads.
  private static let randomMark = "()"

  /// All names a formula reads, also through subexpressions and temporaries.
  private func closure(of expression: Expression) -> Set<String> {
    var found: Set<String> = []
    var open: Set<String> = []
    func add(_ formula: Expression) {
      open.formUnion(formula.identifiers)
      for name in formula.calledFunctions {
        if case .function(let function) = symbols.symbol(name), !function.isStateless { found.insert(Self.randomMark) }
      }
    }
    add(expression)
    while let name = open.popFirst() {
      guard found.insert(name).inserted else { continue }
      open.formUnion(sources[name, default: []].filter { $0 != Self.randomMark })
      if sources[name, default: []].contains(Self.randomMark) { found.insert(Self.randomMark) }
      if let formula = variable(name)?.subexpression { add(formula) }
    }
    return found
  }
}
