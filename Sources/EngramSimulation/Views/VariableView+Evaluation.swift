import EngramExpressions
import EngramKernels
import EngramScalars
import EngramStorage
import EngramUnits

extension VariableView {
  /// Where the values of elements are in the column.
  package func places(of elements: ElementList, entry: Variables.Entry) throws -> ElementList {
    switch entry.access {
    case .scalar: return .listed(elements.map { _ in 0 })
    case .element: return elements.shifted(by: elementOffset)
    case .through(let steps):
      let limit = entry.variable.array?.count ?? 0
      let places = try elements.map { element in
        var place = element + elementOffset
        for step in steps {
          guard (0..<step.variable.count).contains(place) else {
            throw IndexError(variable: path, reason: "'\(step.variable.path)' has no element \(place)")
          }
          let (next, overflow) = step.variable.index(at: place).addingReportingOverflow(step.offset)
          place = overflow ? .max : next
        }
        guard (0..<limit).contains(place) else { throw IndexError(variable: path, reason: "index \(place) is out of range for \(limit) elements") }
        return place
      }
      return .listed(places)
    }
  }

  /// The elements for which a condition holds, ascending (VAR-22).
  func elements(where condition: ModelExpression, namespace: Namespace) throws -> [Int] {
    let owner = try owner
    let request = CodeRequest(
      .condition(try condition.parsed()), owner: owner, objectName: owner.name, purpose: "where:\(name)", clock: nil)
    let kernel = try prepare(request, source: condition.source, namespace: namespace, owner: owner)
    let count = owner.elementCount
    var found = [Int32](repeating: 0, count: Swift.max(count, 1))
    let first = owner.elementOffset
    let number = try found.withUnsafeMutableBufferPointer { buffer in
      try buffer.baseAddress.map { try kernel.select(first..<first + count, into: $0) } ?? 0
    }
    return found.prefix(number).map { Int($0) - first }
  }

  /// A value per element (VAR-25).
  ///
  func evaluate(_ expression: Expression, elements: ElementList, namespace: Namespace, purpose: String) throws -> [Double] {
    let owner = try owner
    if isScalar { try checkScalarNames(expression, owner: owner) }
    var request = CodeRequest(.value(expression), owner: owner, objectName: owner.name, purpose: purpose, clock: nil)
    request.resultType = .float
    let kernel = try prepare(request, source: nil, namespace: namespace, owner: owner)
    return try run(kernel, elements, of: owner, initial: 0.0)
  }

  /// The values that a formula assigns to a variable, which must have its unit. For an integer variable a formula of integers is
  /// computed in integers. Nil: they are in the array already.
  func evaluateForAssignment(
    _ formula: Expression, to array: ArrayVariable, elements: ElementList, entry: Variables.Entry, namespace: Namespace, source: SourceText
  ) throws -> AssignedValues? {
    let owner = try owner
    let kernel = try kernel(for: formula, assignedTo: array, of: owner, namespace: namespace, source: source)
    if try evaluate(kernel, straightInto: array, elements, entry) { return nil }
    if kernel.program.resultType == .float { return .reals(try run(kernel, elements, of: owner, initial: 0)) }
    return .integers(try run(kernel, elements, of: owner, initial: 0))
  }

  /// Has a kernel write all elements of an array of doubles, without a second array beside it. False: nothing has happened.
  ///
  /// Only where nobody can tell the difference: the code does not read the array, be it through a link, and its elements have been the
  /// same so far, so that they can be put back when the code fails half-way.
  private func evaluate(
    _ kernel: PreparedKernel, straightInto array: ArrayVariable, _ elements: ElementList, _ entry: Variables.Entry
  ) throws -> Bool {
    guard case .consecutive(let range) = try places(of: elements, entry: entry), range == 0..<array.count, range.count > 1,
      array.scalarType == .float64, kernel.program.resultType == .float, try !owner.isPartOfGroup,
      !kernel.touched.contains(where: { $0 === array }), let former = array.column.repeated
    else { return false }
    array.column.touch()
    do { try kernel.evaluate(range, into: array.column.base) } catch {
      try array.column.assign(former, rows: array.column.rows)
      throw error
    }
    return true
  }

  private func kernel(
    for formula: Expression, assignedTo array: ArrayVariable, of owner: any VariableOwner, namespace: Namespace, source: SourceText
  ) throws -> PreparedKernel {
    if isScalar { try checkScalarNames(formula, owner: owner) }
    var request = CodeRequest(.value(formula), owner: owner, objectName: owner.name, purpose: "set:\(name)", clock: nil)
    request.expectedDimension = dimension
    if !array.scalarType.isInteger { request.resultType = .float }
    return try prepare(request, source: source, namespace: namespace, owner: owner)
  }

  /// - Parameter initial: of the type in which the kernel gives its values.
  private func run<Lane>(_ kernel: PreparedKernel, _ elements: ElementList, of owner: any VariableOwner, initial: Lane) throws -> [Lane] {
    var result = [Lane](repeating: initial, count: elements.count)
    if elements.isEmpty { return result }
    if case .consecutive(let range) = elements.shifted(by: owner.elementOffset) {
      try result.withUnsafeMutableBytes { if let base = $0.baseAddress { try kernel.evaluate(range, into: base) } }
      return result
    }
    let numbers = elements.map { Int32(truncatingIfNeeded: $0 + owner.elementOffset) }
    try result.withUnsafeMutableBytes { bytes in
      try numbers.withUnsafeBufferPointer { numbers in
        if let base = bytes.baseAddress { try kernel.evaluate(indices: numbers, into: base) }
      }
    }
    return result
  }

  private func prepare(_ request: CodeRequest, source: SourceText?, namespace: Namespace, owner: any VariableOwner) throws -> PreparedKernel {
    var request = request
    request.source = source
    let random = OutsideCode.random(of: owner)
    var preparation = CodePreparation(request, runNamespace: namespace, random: random)
    let kernel = try preparation.prepare()
    if kernel.program.isStateful { kernel.outsideStep = random.nextOperation() }
    return kernel
  }

  /// VAR-27: the formula of a shared variable knows shared variables only.
  func checkScalarNames(_ expression: Expression, owner: any VariableOwner) throws {
    for name in expression.identifiers.sorted() where name != self.name {
      guard let entry = owner.variables.entry(name) else { continue }
      if case .scalar = entry.access { continue }
      throw IndexError(
        variable: path, reason: "its formula may refer to shared variables only, and '\(name)' has a value per element")
    }
  }
}
