public import EngramExpressions
public import EngramScalars
public import EngramUnits

/// A variable in the context of a group: a reference to its values, not a copy (VAR-20).
///
/// The view keeps the values alive, and the group only weakly: plain indexing works without it, expressions do not.
public struct VariableView {
  /// The group's name for the variable.
  public let name: String
  let entry: Variables.Entry?
  package let ownerName: String
  private weak var ownerReference: (any VariableOwner)?
  /// A part of a group is often a temporary, as in `G[..<3].v`: the view keeps it.
  private let keptPart: (any VariableOwner)?
  /// Elements of the group and its first element's number in the columns, as they were when the view was made.
  let elementCount: Int
  let elementOffset: Int

  package init(_ name: String, of owner: any VariableOwner) {
    self.name = name
    ownerReference = owner
    keptPart = owner.isPartOfGroup ? owner : nil
    ownerName = owner.name
    entry = owner.variables.entry(name)
    elementCount = owner.elementCount
    elementOffset = owner.elementOffset
  }

  package var owner: any VariableOwner {
    get throws {
      guard let ownerReference else { throw VariableError.ownerGone(variable: name, owner: ownerName) }
      return ownerReference
    }
  }

  /// `owner.name`, for messages.
  public var path: String { "\(ownerName).\(name)" }

  /// Throws when the group has no such variable.
  @discardableResult
  package func check() throws -> Variables.Entry {
    guard let entry else {
      let names = ownerReference?.variables.names.filter { !$0.hasPrefix("_") } ?? []
      throw VariableError.unknownVariable(name: name, owner: ownerName, nearest: nearest(name, in: names))
    }
    if entry.variable.flags.contains(.linked) { throw VariableError.notLinked(name: path) }
    return entry
  }

  /// The group and its way to the variable, for links and selections.
  package var origin: (owner: any VariableOwner, entry: Variables.Entry) { get throws { (try owner, try check()) } }

  // -------------------------------------------------------------------------------------------------------- description

  /// What the values measure.
  public var dimension: Dimension { entry?.variable.dimension ?? .dimensionless }
  /// How the values are stored.
  public var scalarType: ScalarType { entry?.variable.scalarType ?? .float64 }
  /// 1 in the variable's unit.
  public var unit: Quantity { Quantity(si: 1, dimension: dimension) }
  /// Whether it has one value without an index. A variable that is linked to a single value has that value for each element.
  public var isScalar: Bool { if case .scalar? = entry?.access { entry?.variable.isScalar ?? false } else { false } }
  /// As NumPy has it: the number of values.
  public var shape: [Int] { [count] }
  /// As NumPy has it: 1.
  public var ndim: Int { 1 }

  /// Number of values: 1 for a shared variable.
  public var count: Int {
    guard let entry else { return 0 }
    if case .scalar = entry.access, entry.variable.isScalar { return 1 }
    // A view of an array that has grown since sees the new elements.
    return ownerReference?.elementCount ?? elementCount
  }

  // ------------------------------------------------------------------------------------------------------------ reading

  var whole: VariableSelection { VariableSelection(view: self, indices: .all) }

  /// Copies of all values (SI).
  public var values: [Double] { get throws { try whole.values } }
  /// Copies of all values, with their unit.
  public var quantities: QuantityArray { get throws { try whole.quantities } }
  /// The values of an integer variable, exactly.
  public var integers: [Int] { get throws { try whole.integers } }

  /// The value of one element; negative numbers count from the end (VAR-21).
  public func at(_ index: Int) throws -> Quantity {
    let values = try whole.restricted(to: [index]).values
    return Quantity(si: values[0], dimension: dimension)
  }

  /// The value of a shared variable.
  public var value: Quantity {
    get throws {
      let values = try values
      guard values.count == 1 else { throw SizeMismatchError(variable: path, expected: 1, found: values.count) }
      return Quantity(si: values[0], dimension: dimension)
    }
  }

  // ---------------------------------------------------------------------------------------------------------- selecting

  /// A range, clipped to the elements there are; never out of range (VAR-21).
  public subscript(range: Range<Int>) -> VariableSelection { VariableSelection(view: self, indices: .range(range.lowerBound, range.upperBound)) }
  /// A range with its last element, clipped to the elements there are.
  public subscript(range: ClosedRange<Int>) -> VariableSelection {
    // Through the last one, which is also called -1.
    VariableSelection(view: self, indices: .range(range.lowerBound, range.upperBound == .max || range.upperBound == -1 ? .max : range.upperBound + 1))
  }
  /// From an element on; negative numbers count from the end.
  public subscript(range: PartialRangeFrom<Int>) -> VariableSelection { VariableSelection(view: self, indices: .range(range.lowerBound, .max)) }
  /// Up to but without an element; negative numbers count from the end.
  public subscript(range: PartialRangeUpTo<Int>) -> VariableSelection { VariableSelection(view: self, indices: .range(0, range.upperBound)) }
  /// All elements: `G.v[...]`.
  public subscript(range: UnboundedRange) -> VariableSelection { whole }
  /// The elements that the list names, in its order.
  public subscript(indices: [Int]) -> VariableSelection { VariableSelection(view: self, indices: .list(indices)) }
  /// The elements for which the mask is true; as many entries as there are elements.
  public subscript(mask: [Bool]) -> VariableSelection { VariableSelection(view: self, indices: .mask(mask)) }
  /// The elements for which the condition holds (VAR-22).
  public subscript(where condition: ModelExpression, file: StaticString = #fileID, line: UInt = #line) -> VariableSelection {
    VariableSelection(view: self, indices: .condition(condition.located(file, line)))
  }
  /// The elements of a subgroup (VAR-32).
  public subscript(group: any VariableOwner) -> VariableSelection {
    VariableSelection(view: self, indices: .subgroup(offset: group.elementOffset - elementOffset, count: group.elementCount, name: group.name))
  }
  /// Every so many elements: `G.v[every: 2]` is `G.v[::2]` of the reference, and `G.v[every: -1]` begins with the last one.
  public subscript(every step: Int) -> VariableSelection { VariableSelection(view: self, indices: .strided(0, .max, by: step)) }
  /// Every so many elements of a range, which is clipped: `G.v[2..<10, every: 3]`. A negative step begins with the last one.
  public subscript(range: Range<Int>, every step: Int) -> VariableSelection {
    VariableSelection(view: self, indices: .strided(range.lowerBound, range.upperBound, by: step))
  }
  /// Every so many elements from one on.
  public subscript(range: PartialRangeFrom<Int>, every step: Int) -> VariableSelection {
    VariableSelection(view: self, indices: .strided(range.lowerBound, .max, by: step))
  }
  /// The elements that the numbers name, in their order; one that does not exist is an error.
  public subscript(numbers: StrideTo<Int>) -> VariableSelection { listed(numbers) }
  /// The elements that the numbers name, in their order.
  public subscript(numbers: StrideThrough<Int>) -> VariableSelection { listed(numbers) }

  /// No further than the first number that is wrong, however many there are.
  private func listed(_ numbers: some Sequence<Int>) -> VariableSelection {
    var list: [Int] = []
    for number in numbers {
      list.append(number)
      if !(-count..<count).contains(number) { break }
    }
    return VariableSelection(view: self, indices: .list(list))
  }

  /// A single element, for assignment.
  public subscript(element index: Int) -> VariableSelection { VariableSelection(view: self, indices: .list([index])) }
  /// The same where only a selection fits: `try G.v[0] <- -70*mV`, `try G.v[-1] += 1*mV`. Elsewhere `G.v[0]` is the value.
  @_disfavoredOverload
  public subscript(index: Int) -> VariableSelection { self[element: index] }

  // ------------------------------------------------------------------------------------------------------------ writing

  /// Assigns to all elements (VAR-24).
  public func set(_ value: some VariableValue, namespace: Namespace = [:]) throws { try whole.set(value, namespace: namespace) }
  /// Assigns a formula, evaluated for each element.
  public func set(_ expression: ModelExpression, namespace: Namespace = [:], file: StaticString = #fileID, line: UInt = #line) throws {
    try whole.set(expression, namespace: namespace, file: file, line: line)
  }
  /// Assigns plain SI numbers without a check of units.
  public func setValues(_ values: [Double]) throws { try whole.setValues(values) }
  /// Assigns a plain SI number to all, without a check of units.
  public func setValues(_ value: Double) throws { try whole.setValues([value]) }
}

extension VariableView: RandomAccessCollection {
  public typealias Element = Quantity
  public typealias SubSequence = Slice<VariableView>

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }
  /// Stops the program when the index is out of range or the value cannot be read; `at(_:)` throws instead.
  public subscript(index: Int) -> Quantity {
    do { return try at(index) } catch { preconditionFailure("\(error)") }
  }
}

extension VariableView: CustomStringConvertible {
  public var description: String {
    do { return "<\(path): \(try quantities)>" } catch { return "<\(path): \(error)>" }
  }
}
