public import EngramExpressions
public import EngramScalars
import EngramStorage
public import EngramUnits

/// How the value for an element is found in a variable's column.
public enum VariableAccess {
  /// At the element's own place.
  case element
  /// The one value of a scalar variable.
  case scalar
  /// At the place that index variables give, applied one after the other to the element number: a synapse's number
  /// becomes that of its target neuron, that one's the place in a linked variable.
  case through([IndexStep])

  /// One look-up on the way to an element: the value of an index variable.
  public struct IndexStep {
    /// Integer variable that is read at the element number.
    public let variable: ArrayVariable
    /// Added to what was read.
    public let offset: Int

    /// A look-up in an index variable.
    public init(_ variable: ArrayVariable, offset: Int = 0) {
      self.variable = variable
      self.offset = offset
    }
  }

  /// This access when the element number itself was found by `outer`.
  func behind(_ outer: VariableAccess) -> VariableAccess {
    switch (outer, self) {
    case (_, .scalar), (.scalar, .element): .scalar
    case (.element, _): self
    case (.through, .element): outer
    case (.through(let first), .through(let second)): .through(first + second)
    case (.scalar, .through): self
    }
  }
}

/// The variables that an owner knows, under the owner's names for them, with the way to each (VAR-12…15).
public final class Variables {
  /// A variable and how an owner reaches it.
  public struct Entry {
    /// The variable.
    public let variable: Variable
    /// The way to its elements.
    public let access: VariableAccess
    /// For a formula of another group: that group, whose names the formula means (VAR-15).
    public let context: (any VariableOwner)?
  }

  public private(set) weak var owner: (any VariableOwner)?
  private var entries: [String: Entry] = [:]
  /// In the order in which they were added.
  public private(set) var names: [String] = []
  private var objects: [String: AnyObject] = [:]

  /// No variables yet.
  public init(owner: any VariableOwner) { self.owner = owner }

  // ------------------------------------------------------------------------------------------------------------ reading

  /// The variable with this name; nil where there is none.
  public subscript(name: String) -> Variable? { entries[name]?.variable }
  /// The variable with this name, and how it is reached.
  public func entry(_ name: String) -> Entry? { entries[name] }
  /// Whether there is a variable with this name.
  public func contains(_ name: String) -> Bool { entries[name] != nil }
  /// Number of variables.
  public var count: Int { names.count }

  /// Variables whose values belong to `owner` (VAR-9), in the order in which they were added.
  public func owned(by owner: any VariableOwner) -> [(name: String, variable: Variable)] {
    names.compactMap { name in
      guard let variable = entries[name]?.variable, variable.owner === owner else { return nil }
      return (name, variable)
    }
  }

  /// Index name in the manner of VAR-12: `_idx`, `0` for scalars, otherwise the index variable's name.
  public func indexName(of name: String) -> String? {
    switch entries[name]?.access {
    case .element?: "_idx"
    case .scalar?: "0"
    case .through(let steps)?: steps.last?.variable.name ?? "_idx"
    case nil: nil
    }
  }

  // ------------------------------------------------------------------------------------------------------------- adding

  /// The general form: `variable` under `name`.
  public func add(
    _ name: String, _ variable: Variable, access: VariableAccess? = nil, context: (any VariableOwner)? = nil
  ) throws {
    guard entries[name] == nil else { throw VariableError.duplicate(name: name, owner: owner?.name ?? "") }
    insert(name, variable, access: access, context: context)
  }

  private func insert(_ name: String, _ variable: Variable, access: VariableAccess?, context: (any VariableOwner)? = nil) {
    entries[name] = Entry(variable: variable, access: access ?? (variable.isScalar ? .scalar : .element), context: context)
    names.append(name)
  }

  /// For clocks, which make their columns before they are owners.
  func addColumn(_ name: String, _ column: Column, dimension: Dimension = .dimensionless, flags: Variable.Flags, rule: ValueRule) {
    let variable = ArrayVariable(unchecked: name, column: column, dimension: dimension, flags: flags, owner: owner)
    variable.rule = rule
    insert(name, variable, access: nil)
  }

  func addInteger(_ name: String, _ value: Int64) {
    if let constant = try? Constant(name, .integer(value), owner: owner) { insert(name, constant, access: nil) }
  }

  /// An array of zeros, or of the values given (VAR-13).
  @discardableResult
  public func addArray(
    _ name: String, dimension: Dimension = .dimensionless, type: ScalarType = .float64, count: Int,
    flags: Variable.Flags = [], access: VariableAccess? = nil, values: [Double]? = nil
  ) throws -> ArrayVariable {
    try checkNew(name, flags: flags, access: access)
    if let values, values.count != count { throw SizeMismatchError(variable: name, expected: count, found: values.count) }
    let array = try makeArray(type, rows: count, for: name)
    let variable = try ArrayVariable(name, column: array.column, dimension: dimension, flags: flags, owner: owner)
    for (index, value) in (values ?? []).enumerated() {
      if let misfit = type.misfit(value) { throw UnrepresentableValueError(variable: variable.path, element: index, misfit) }
    }
    if let values { try device.initialise(array, with: values) } else { try device.initialiseWithZeros(array) }
    insert(name, variable, access: access)
    return variable
  }

  /// Several arrays of the same kind.
  public func addArrays(
    _ names: [String], dimension: Dimension = .dimensionless, type: ScalarType = .float64, count: Int, flags: Variable.Flags = []
  ) throws {
    for name in names { try addArray(name, dimension: dimension, type: type, count: count, flags: flags) }
  }

  /// An array whose size changes; with `rowLength` other than 1 it grows by rows.
  @discardableResult
  public func addDynamicArray(
    _ name: String, dimension: Dimension = .dimensionless, type: ScalarType = .float64, count: Int = 0, rowLength: Int = 1,
    flags: Variable.Flags = [], needsReferenceUpdate: Bool = false, access: VariableAccess? = nil
  ) throws -> DynamicArrayVariable {
    try checkNew(name, flags: flags, access: access)
    if needsReferenceUpdate, flags.contains(.constant) { throw VariableError.constantWithReferenceUpdate(name: name) }
    let array = try makeArray(type, rows: count, rowLength: rowLength, growable: true, for: name)
    let variable = try DynamicArrayVariable(name, column: array.column, dimension: dimension, flags: flags.union(.dynamic), owner: owner)
    try device.initialiseWithZeros(array)
    insert(name, variable, access: access)
    return variable
  }

  /// `start`, `start + 1`, … (constant, read-only, each once).
  @discardableResult
  public func addArange(_ name: String, count: Int, start: Int = 0, access: VariableAccess? = nil) throws -> ArrayVariable {
    let flags: Variable.Flags = [.constant, .readOnly, .unique]
    try checkNew(name, flags: flags, access: access)
    let array = try makeArray(.int32, rows: count, for: name)
    let variable = try ArrayVariable(name, column: array.column, flags: flags, owner: owner)
    try device.initialiseWithRange(array, from: start)
    insert(name, variable, access: access)
    return variable
  }

  /// The element's own number, from 0 (`i`), plus an offset; takes no memory.
  @discardableResult
  public func addElementIndex(_ name: String, offset: Int = 0) throws -> ElementIndexVariable {
    let variable = ElementIndexVariable(name, offset: offset, owner: owner)
    try add(name, variable)
    return variable
  }

  /// A single value that never changes.
  @discardableResult
  public func addConstant(_ name: String, _ value: Constant.Value, dimension: Dimension = .dimensionless) throws -> Constant {
    let constant = try Constant(name, value, dimension: dimension, owner: owner)
    try add(name, constant)
    return constant
  }

  /// A formula that stands for its value.
  @discardableResult
  public func addSubexpression(
    _ name: String, _ expression: Expression, dimension: Dimension = .dimensionless, type: ScalarType = .float64,
    flags: Variable.Flags = []
  ) throws -> Subexpression {
    let variable = try Subexpression(name, expression, dimension: dimension, type: type, flags: flags, owner: owner)
    try add(name, variable)
    return variable
  }

  /// A name with a unit but without a value.
  @discardableResult
  public func addAuxiliaryVariable(
    _ name: String, dimension: Dimension = .dimensionless, type: ScalarType = .float64, flags: Variable.Flags = []
  ) throws -> AuxiliaryVariable {
    let variable = try AuxiliaryVariable(name, dimension: dimension, type: type, flags: flags, owner: owner)
    try add(name, variable)
    return variable
  }

  /// An internal object that is no variable; its name begins with an underscore.
  public func addObject(_ name: String, _ object: AnyObject) throws {
    guard name.hasPrefix("_") else { throw VariableError.objectNameWithoutUnderscore(name: name) }
    guard objects[name] == nil, entries[name] == nil else { throw VariableError.duplicate(name: name, owner: owner?.name ?? "") }
    objects[name] = object
  }

  /// The internal object with this name.
  public func object(_ name: String) -> AnyObject? { objects[name] }

  /// Another owner's variable under a name of ours, found through `access` (VAR-14). An existing name is not overwritten.
  ///
  /// - Parameters:
  ///   - name: the name here.
  ///   - other: the owner of the variable.
  ///   - variableName: its name there; nil: the same.
  ///   - access: the way from our element number to the other owner's; `element` means equal numbers.
  public func addReference(
    _ name: String, to other: any VariableOwner, _ variableName: String? = nil, access: VariableAccess = .element
  ) throws {
    let variableName = variableName ?? name
    guard let entry = other.variables.entry(variableName) else {
      throw VariableError.unknownReference(owner: other.name, variable: variableName)
    }
    guard entries[name] == nil else { return }
    let isFormula = entry.variable.isFormula
    insert(name, entry.variable, access: entry.access.behind(access), context: isFormula ? entry.context ?? other : nil)
  }

  /// Several of another owner's variables under their own names.
  public func addReferences(to other: any VariableOwner, _ names: [String], access: VariableAccess = .element) throws {
    for name in names { try addReference(name, to: other, access: access) }
  }

  /// Gives a name another meaning: a linked parameter its source.
  public func replace(_ name: String, with variable: Variable, access: VariableAccess, context: (any VariableOwner)? = nil) {
    if entries[name] == nil { names.append(name) }
    entries[name] = Entry(variable: variable, access: access, context: context)
  }

  // ------------------------------------------------------------------------------------------------------------ private

  private func checkNew(_ name: String, flags: Variable.Flags, access: VariableAccess?) throws {
    guard entries[name] == nil else { throw VariableError.duplicate(name: name, owner: owner?.name ?? "") }
    if flags.contains(.scalar), let access {
      if case .scalar = access { return }
      throw VariableError.indexForScalar(name: name)
    }
  }

  private func makeArray(_ type: ScalarType, rows: Int, rowLength: Int = 1, growable: Bool = false, for name: String) throws -> DeviceArray {
    try device.makeArray(
      NewArray(owner: owner?.name ?? "", variable: name, type: type, count: rows, rowLength: rowLength, isGrowable: growable))
  }

  private var device: Device { owner?.environment.device ?? .memory() }
}
