import EngramExpressions
import EngramUnits

/// Assignments that are checked and not carried out.
extension VariableSelection {
  /// Throws what ``set(_:namespace:)`` would throw, as far as that does not depend on values. Changes nothing and draws no random
  /// numbers.
  ///
  /// - Parameter countIsKnown: whether the group has its elements already; synapses that are still to be made have not.
  package func rehearse(_ value: VariableAssignment, namespace: Namespace = [:], countIsKnown: Bool = true) throws {
    let entry = try view.check()
    guard let array = entry.variable.array, !array.isReadOnly else { throw ReadOnlyVariableError(variable: view.path) }
    let owner = try view.owner
    try owner.checkAssignable(view.name)
    var names = self.namespace
    names.merge(namespace)
    let count = try rehearsedCount(owner, names, countIsKnown: countIsKnown)
    switch value {
    case .quantity(let quantity):
      try checkDimension(quantity)
      try checkFit(.reals([quantity.si]), in: array)
    case .quantities(let quantities):
      if case .condition = indices, quantities.count != 1 {
        throw IndexError(variable: view.path, reason: "a condition takes a single value or an expression, not an array")
      }
      try checkDimension(Quantity(si: quantities.si.first { $0 != 0 } ?? 0, dimension: quantities.dimension))
      if let count, quantities.count != 1, quantities.count != count {
        throw SizeMismatchError(variable: view.path, expected: count, found: quantities.count)
      }
      try checkFit(.reals(quantities.si), in: array)
    case .expression(let expression):
      let formula = try expression.parsed()
      if view.isScalar { try view.checkScalarNames(formula, owner: owner) }
      var request = CodeRequest(.value(formula), owner: owner, objectName: owner.name, purpose: "set:\(view.name)", clock: nil)
      request.resultType = .float
      request.expectedDimension = view.dimension
      request.source = expression.source
      try rehearse(request, names, owner)
    case .failure(let error): throw error
    }
  }

  private func checkFit(_ values: AssignedValues, in array: ArrayVariable) throws {
    guard let (number, misfit) = values.firstMisfit(in: array.scalarType) else { return }
    throw UnrepresentableValueError(variable: view.path, element: values.count == 1 ? nil : number, misfit)
  }

  /// How many elements are selected; nil where that depends on values.
  private func rehearsedCount(_ owner: any VariableOwner, _ names: Namespace, countIsKnown: Bool) throws -> Int? {
    if case .condition(let condition) = indices {
      if view.isScalar { _ = try elements() }
      var request = CodeRequest(
        .condition(try condition.parsed()), owner: owner, objectName: owner.name, purpose: "where:\(view.name)", clock: nil)
      request.source = condition.source
      try rehearse(request, names, owner)
      return nil
    }
    return countIsKnown || view.isScalar ? try elements().count : nil
  }

  private func rehearse(_ request: CodeRequest, _ names: Namespace, _ owner: any VariableOwner) throws {
    let random = OutsideCode.random(of: owner)
    var preparation = CodePreparation(request, runNamespace: names, random: random)
    _ = try preparation.prepare()
  }
}
