internal import EngramExpressions

/// `x' = M x + b` with M and b constant over one step.
struct LinearSystem {
  let variables: [String]
  /// Row by row; exact zeros where a variable has no influence.
  var matrix: [[Expression]]
  var constants: [Expression]

  /// What the algebra may spend on this system.
  let budget: AlgebraBudget

  var count: Int { variables.count }

  init(_ system: DifferentialSystem, context: IntegrationContext, method: String) throws(UnsupportedEquationsError) {
    if system.isStochastic { throw UnsupportedEquationsError(method: method, .stochastic) }
    variables = system.variables
    budget = system.budget
    (matrix, constants) = ([], [])
    let names = Set(system.variables)
    for (variable, rightSide) in zip(system.variables, system.drift) {
      var rest = rightSide
      var row: [Expression] = []
      budget.spend(Int(rightSide.size))
      if let forms = LinearForms(rightSide, in: names) {
        row = system.variables.map { forms.coefficients[$0] ?? .zero }
        rest = forms.rest
      } else {
        // One by one, multiplied out where that helps; and to say which is to blame.
        for other in system.variables {
          guard let form = LinearForm.decompose(rest, in: other, budget: budget) else {
            try budget.check(method: method, "the equation of '\(variable)'")
            throw UnsupportedEquationsError(method: method, .nonlinear(variable: variable, in: other, expression: Self.shown(rightSide)))
          }
          row.append(form.coefficient)
          rest = form.rest
        }
      }
      row = row.map { isZero($0) ? .zero : $0 }
      for (other, coefficient) in zip(system.variables, row) {
        if let name = coefficient.variableNames.first(where: system.variables.contains) {
          throw UnsupportedEquationsError(
            method: method, .nonlinear(variable: variable, in: "\(other)' and '\(name)", expression: Self.shown(rightSide)))
        }
      }
      if isZero(rest) { rest = .zero }
      try budget.check(method: method, "the equation of '\(variable)'")
      for part in row + [rest] {
        if let name = part.varyingName(context: context, ignoring: []) {
          throw UnsupportedEquationsError(method: method, .notConstant(variable: variable, identifier: name, expression: Self.shown(rightSide)))
        }
      }
      matrix.append(row)
      constants.append(rest)
    }
  }

  private init(variables: [String], matrix: [[Expression]], constants: [Expression], budget: AlgebraBudget) {
    (self.variables, self.matrix, self.constants, self.budget) = (variables, matrix, constants, budget)
  }

  /// Whether a formula is zero whatever the values.
  func isZero(_ expression: Expression) -> Bool { expression.isZero || Polynomial(expression, budget: budget).isZero }

  /// Long right-hand sides are cut in messages.
  static func shown(_ expression: Expression) -> String {
    let text = expression.description
    return text.count <= 120 ? text : text.prefix(117) + "..."
  }

  /// The system in which the given variables stand still.
  func holding(_ held: [Bool]) -> LinearSystem {
    LinearSystem(
      variables: variables,
      matrix: zip(matrix, held).map { row, isHeld in isHeld ? row.map { _ in .zero } : row },
      constants: zip(constants, held).map { $1 ? .zero : $0 }, budget: budget)
  }

  /// Only the given variables, which must not depend on others.
  func restricted(to indices: [Int]) -> LinearSystem {
    LinearSystem(
      variables: indices.map { variables[$0] }, matrix: indices.map { row in indices.map { matrix[row][$0] } },
      constants: indices.map { constants[$0] }, budget: budget)
  }

  // MARK: Structure

  /// Whether the derivative of variable `row` contains variable `column`.
  func couples(_ row: Int, _ column: Int) -> Bool { !matrix[row][column].isZero }

  /// `reaches[i][j]`: x_j influences x_i, directly or through others; every variable influences itself.
  var influence: [[Bool]] {
    var reaches = (0..<count).map { row in (0..<count).map { row == $0 || couples(row, $0) } }
    for middle in 0..<count {
      for row in 0..<count where reaches[row][middle] {
        for column in 0..<count where reaches[middle][column] { reaches[row][column] = true }
      }
    }
    return reaches
  }

  /// Groups of variables that influence each other in circles; a variable outside of any circle is a group of its own.
  var circles: [[Int]] {
    let reaches = influence
    var groups: [[Int]] = []
    var done: Set<Int> = []
    for row in 0..<count where !done.contains(row) {
      let group = (row..<count).filter { reaches[row][$0] && reaches[$0][row] }
      done.formUnion(group)
      groups.append(group)
    }
    return groups
  }

  /// Sets of variables that have nothing to do with each other.
  var independentParts: [[Int]] {
    var part = Array(0..<count)
    for row in 0..<count {
      for column in 0..<count where couples(row, column) && part[row] != part[column] {
        let (kept, dropped) = (min(part[row], part[column]), max(part[row], part[column]))
        for index in part.indices where part[index] == dropped { part[index] = kept }
      }
    }
    return Set(part).sorted().map { root in part.indices.filter { part[$0] == root } }
  }

  /// Whether det M is zero whatever the values, judged circle by circle.
  var isSingular: Bool { circles.contains { determinant(of: $0).isZero } }

  /// By expansion along the first row; circles are small.
  func determinant(of indices: [Int]) -> Polynomial {
    func expand(_ rows: ArraySlice<Int>, _ columns: [Int]) -> Polynomial {
      guard let row = rows.first else { return Polynomial(constant: 1, budget: budget) }
      var sum = Polynomial(budget: budget)
      for (position, column) in columns.enumerated() where couples(row, column) {
        var others = columns
        others.remove(at: position)
        let minor = Polynomial(matrix[row][column], budget: budget) * expand(rows.dropFirst(), others)
        sum = position.isMultiple(of: 2) ? sum + minor : sum - minor
      }
      return sum
    }
    // Beyond that the expansion explodes; the numeric route judges such systems by their values.
    return indices.count > 6 ? Polynomial(constant: 1, budget: budget) : expand(indices[...], indices)
  }
}
