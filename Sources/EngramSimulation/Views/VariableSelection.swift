public import EngramExpressions
import EngramKernels
import EngramScalars
import EngramStorage
public import EngramUnits

/// Some elements of a variable: a view with an index set.
public struct VariableSelection {
  package enum Indices {
    case all
    /// Lower and upper bound; negative ones count from the end.
    case range(Int, Int)
    /// The same, every so many of them; a negative step begins with the last one.
    case strided(Int, Int, by: Int)
    case list([Int])
    case mask([Bool])
    case condition(ModelExpression)
    case subgroup(offset: Int, count: Int, name: String)
  }

  /// The variable.
  public let view: VariableView
  package let indices: Indices
  /// Where names of a condition are looked up beside the group.
  private(set) var namespace: Namespace

  package init(view: VariableView, indices: Indices, namespace: Namespace = [:]) {
    self.view = view
    self.indices = indices
    self.namespace = namespace
  }

  /// The same with names for conditions and formulas (NSP-1, last place).
  public func with(namespace: Namespace) -> VariableSelection {
    var copy = self
    copy.namespace = namespace
    return copy
  }

  func restricted(to list: [Int]) -> VariableSelection { VariableSelection(view: view, indices: .list(list), namespace: namespace) }

  // ----------------------------------------------------------------------------------------------------------- elements

  /// The selected elements, in the group's numbering.
  public func elements() throws -> [Int] { Array(try selected()) }

  /// The same without a list where they are consecutive.
  package func selected() throws -> ElementList {
    try view.check()
    let count = view.count
    switch indices {
    case .all: return .consecutive(0..<count)
    case .range(let lower, let upper): return .consecutive(try clipped(lower, upper, count))
    case .strided(let lower, let upper, let step):
      guard step != 0 else {
        throw IndexError(variable: view.path, reason: "a step of 0 leads nowhere; choose every 1st, 2nd, … element, or -1 for all from the last one")
      }
      let range = try clipped(lower, upper, count)
      // Whatever the step, at most the first one is there.
      let reach = max(-count - 1, min(step, count + 1))
      return .listed(
        reach > 0
          ? Array(stride(from: range.lowerBound, to: range.upperBound, by: reach))
          : Array(stride(from: range.upperBound - 1, through: range.lowerBound, by: reach)))
    case .list(let list):
      if view.isScalar, list != [0] { try refuseScalar() }
      return .listed(
        try list.map { index in
          guard let element = index.element(of: count) else {
            throw IndexError(variable: view.path, reason: "index \(index) is out of range for \(count) elements")
          }
          return element
        })
    case .mask(let mask):
      try refuseScalar()
      guard mask.count == count else {
        throw IndexError(variable: view.path, reason: "a mask needs \(count) entries, not \(mask.count)")
      }
      return .listed(mask.indices.filter { mask[$0] })
    case .condition(let condition):
      try refuseScalar()
      return .listed(try view.elements(where: condition, namespace: namespace))
    case .subgroup(let offset, let size, let name):
      try refuseScalar()
      guard offset >= 0, offset + size <= count else {
        throw IndexError(variable: view.path, reason: "'\(name)' is not a part of '\(view.ownerName)'")
      }
      return .consecutive(offset..<offset + size)
    }
  }

  private func clipped(_ lower: Int, _ upper: Int, _ count: Int) throws -> Range<Int> {
    try refuseScalar()
    return Range(slice: lower, upper, of: count)
  }

  private func refuseScalar() throws {
    if view.isScalar { throw IndexError(variable: view.path, reason: "it is a shared variable, which has one value and no indices but [...]") }
  }

  /// Number of elements selected. Conditions are evaluated for it.
  public var count: Int { get throws { try selected().count } }

  // ------------------------------------------------------------------------------------------------------------ reading

  /// Copies of the selected values (SI).
  public var values: [Double] {
    get throws {
      let entry = try view.check()
      let elements = try selected()
      switch entry.variable.kind {
      case .constant(let constant): return elements.map { _ in constant.value.asDouble }
      case .elementIndex(let index) where entry.access.isElement: return elements.map { Double($0 + index.offset) }
      case .array(let array): return try view.places(of: elements, entry: entry).map { array.value(at: $0) }
      case .subexpression, .elementIndex:
        return try view.evaluate(Expression(.name(view.name)), elements: elements, namespace: namespace, purpose: "get:\(view.name)")
      case .auxiliary: throw VariableError.noValue(name: view.path)
      }
    }
  }

  /// The selected values as integers: those of an integer variable are exact, floats are cut as in model code.
  public var integers: [Int] {
    get throws {
      let entry = try view.check()
      guard let array = entry.variable.array, array.scalarType.isInteger else {
        return try values.map { Int(Int64(saturating: $0)) }
      }
      return try view.places(of: selected(), entry: entry).map { array.index(at: $0) }
    }
  }

  /// Copies of the values, with their unit.
  public var quantities: QuantityArray { get throws { QuantityArray(si: try values, dimension: view.dimension) } }

  // ------------------------------------------------------------------------------------------------------------ writing

  /// Assigns to the elements selected, one value for all or one for each.
  public func set(_ value: some VariableValue, namespace: Namespace = [:]) throws {
    try assign(value.assignment, namespace: namespace)
  }
  /// Assigns a formula, evaluated for each element selected.
  public func set(_ expression: ModelExpression, namespace: Namespace = [:], file: StaticString = #fileID, line: UInt = #line) throws {
    try assign(.expression(expression.located(file, line)), namespace: namespace)
  }

  /// Plain SI numbers without a check of units.
  public func setValues(_ values: [Double]) throws {
    try assign(.quantities(QuantityArray(si: values, dimension: view.dimension)), namespace: [:])
  }
  /// Assigns a plain SI number to all, without a check of units.
  public func setValues(_ value: Double) throws { try setValues([value]) }

  package func assign(_ assignment: VariableAssignment, namespace: Namespace) throws {
    let entry = try view.check()
    guard let array = entry.variable.array, !array.isReadOnly else { throw ReadOnlyVariableError(variable: view.path) }
    let owner = try view.owner
    try owner.checkAssignable(view.name)
    var names = self.namespace
    names.merge(namespace)
    let random: RandomState.Snapshot? = if case .expression = assignment { owner.environment.random.snapshot } else { nil }
    let values: AssignedValues
    let elements: ElementList
    switch assignment {
    case .quantity(let quantity):
      try checkDimension(quantity)
      values = .reals([quantity.si])
      elements = try with(namespace: names).selected()
    case .quantities(let quantities):
      if case .condition = indices, quantities.count != 1 {
        throw IndexError(variable: view.path, reason: "a condition takes a single value or an expression, not an array")
      }
      if quantities.dimension != view.dimension, !(quantities.dimension.isDimensionless && quantities.si.allSatisfy { $0 == 0 }) {
        try checkDimension(Quantity(si: quantities.si.first { $0 != 0 } ?? 0, dimension: quantities.dimension))
      }
      values = .reals(quantities.si)
      elements = try with(namespace: names).selected()
    case .expression(let expression):
      elements = try with(namespace: names).selected()
      let formula = try expression.parsed()
      warnAboutSubgroupNames(formula)
      guard
        let evaluated = try view.evaluateForAssignment(
          formula, to: array, elements: elements, entry: entry, namespace: names, source: expression.source)
      else { return note(assignment, values: .reals([]), places: [], in: array, names: names, random: random) }
      values = evaluated
    case .failure(let error): throw error
    }
    try store(own(values, of: array), in: array, at: elements, entry: entry)
    try note(assignment, values: values, places: Array(view.places(of: elements, entry: entry)), in: array, names: names, random: random)
  }

  func checkDimension(_ quantity: Quantity) throws {
    if quantity.dimension == view.dimension || quantity.si == 0 && quantity.isDimensionless { return }
    throw DimensionMismatchError("value for variable '\(view.path)'", expected: view.dimension, found: quantity)
  }

  /// Of values for the elements of all processes those of the own ones.
  private func own(_ values: AssignedValues, of array: ArrayVariable) -> AssignedValues {
    guard let own = array.ownElements, case .all = indices, values.count == own.wholeCount else { return values }
    return values.chosen(own)
  }

  /// All or nothing: what does not fit is found before anything is stored.
  private func store(_ values: AssignedValues, in array: ArrayVariable, at elements: ElementList, entry: Variables.Entry) throws {
    guard values.count == 1 || values.count == elements.count else {
      throw SizeMismatchError(variable: view.path, expected: elements.count, found: values.count)
    }
    if elements.isEmpty { return }
    let places = try view.places(of: elements, entry: entry)
    if let (number, misfit) = values.firstMisfit(in: array.scalarType) {
      throw UnrepresentableValueError(variable: view.path, element: values.count == 1 ? nil : elements[number], misfit)
    }
    array.column.touch()
    values.store(in: array, at: places)
  }

  /// VAR-32: in `G.v[sub] <- "i*mV"` the names mean those of G.
  private func warnAboutSubgroupNames(_ expression: Expression) {
    guard case .subgroup(_, _, let name) = indices, expression.identifiers.contains("i") else { return }
    Messages.emit(
      .warning, "group.Group.set_with_expression.ambiguous_string_expression",
      "the expression for '\(view.path)' of subgroup '\(name)' uses 'i', which means the index in '\(view.ownerName)', not in '\(name)'")
  }
}

extension VariableAccess {
  var isElement: Bool { if case .element = self { true } else { false } }
}
