public import EngramScalars
public import EngramStorage
package import EngramUnits

/// A variable with stored values (VAR-4). The values are a column of the device.
public class ArrayVariable: Variable {
  /// Where the values are. A restore may replace it between runs, so nobody keeps its address from one run to the next.
  package private(set) var column: Column
  /// Writes by model code take effect only where this boolean variable is true (VAR-5).
  public private(set) var conditionalWrite: ArrayVariable?
  /// What stored values can be; set where the variable is made.
  package var rule: ValueRule
  /// Where the values are in runs with a run directory; nil: where those of its object are (STO-1). Read when a run starts.
  public var storage: ArrayStorage?
  /// The array that has as many values as this one, of those whose sizes change together.
  package var sizedAs: ArrayVariable?

  package init(
    _ name: String, column: Column, dimension: Dimension = .dimensionless, flags: Flags = [], owner: (any VariableOwner)?
  ) throws {
    if flags.contains(.scalar), column.count != 1 { throw VariableError.scalarWithManyValues(name: name, count: column.count) }
    self.column = column
    rule = column.scalarType == .bool ? .flag : .anything
    try super.init(name, dimension: dimension, type: column.scalarType, flags: flags.union(.array), owner: owner)
  }

  init(unchecked name: String, column: Column, dimension: Dimension, flags: Flags, owner: (any VariableOwner)?) {
    self.column = column
    rule = column.scalarType == .bool ? .flag : .anything
    super.init(unchecked: name, dimension: dimension, type: column.scalarType, flags: flags.union(.array), owner: owner)
  }

  public final override var kind: Kind { .array(self) }

  /// The same variable, if its number of values can change.
  var resizable: DynamicArrayVariable? { nil }

  /// Under which name a checkpoint holds it.
  package var stored: StoredKey { StoredKey(ownerName, name) }

  /// Number of values.
  public var count: Int { column.count }

  /// Lets code of users write an element only where another variable is true, as refractoriness demands.
  public func setConditionalWrite(_ variable: ArrayVariable) throws {
    guard variable.scalarType == .bool else {
      throw VariableError.conditionNotBoolean(name: variable.name, type: variable.scalarType)
    }
    conditionalWrite = variable
  }

  /// The only value (SI).
  public func item() throws -> Double {
    guard count == 1 else { throw SizeMismatchError(variable: path, expected: 1, found: count) }
    return value(at: 0)
  }

  /// Lends the values. `T` must be the element type of the variable (`UInt8` for booleans).
  public func withValues<T: ScalarElement, R>(of type: T.Type, _ body: (UnsafeBufferPointer<T>) throws -> R) throws -> R {
    guard T.scalarType == scalarType else { throw TypeMismatchError(variable: path, expected: scalarType, found: T.scalarType) }
    return try body(UnsafeBufferPointer(start: UnsafePointer(column.base.assumingMemoryBound(to: T.self)), count: count))
  }

  /// Lends the values for writing. What is written is in the next checkpoint, but not in its record of what was done (CKP-18).
  public func withMutableValues<T: ScalarElement, R>(
    of type: T.Type, _ body: (UnsafeMutableBufferPointer<T>) throws -> R
  ) throws -> R {
    (owner as? Nameable)?.noteUnrecorded("'\(path)' was written through a pointer")
    return try overwrite(of: type, body)
  }

  /// The same for those who record what they do.
  package func overwrite<T: ScalarElement, R>(of type: T.Type, _ body: (UnsafeMutableBufferPointer<T>) throws -> R) throws -> R {
    guard T.scalarType == scalarType else { throw TypeMismatchError(variable: path, expected: scalarType, found: T.scalarType) }
    column.touch()
    return try body(UnsafeMutableBufferPointer(start: column.base.assumingMemoryBound(to: T.self), count: count))
  }

  /// The value that all elements have, if they are all the same; nil also where that is not known without reading a file.
  package var commonValue: Double? { column.repeated == nil ? nil : value(at: 0) }

  /// One value as a double. For loops use `withValues`.
  package func value(at index: Int) -> Double {
    switch scalarType {
    case .float64: column.base.assumingMemoryBound(to: Double.self)[index]
    case .float32: Double(column.base.assumingMemoryBound(to: Float.self)[index])
    case .int32: Double(column.base.assumingMemoryBound(to: Int32.self)[index])
    case .int64: Double(column.base.assumingMemoryBound(to: Int64.self)[index])
    case .bool: Double(column.base.assumingMemoryBound(to: UInt8.self)[index])
    }
  }

  /// Stores one value with the conversions of model code (COD-9): floats truncate to integers and saturate, non-zero is true.
  /// The caller announces the change with `column.touch()`, and has refused what users do not mean (``ScalarType/misfit(_:)``).
  package func store(_ value: Double, at index: Int) { column.store(value, at: index) }

  /// The same for an integer, which stays exact where the type allows.
  package func store(_ value: Int64, at index: Int) {
    switch scalarType {
    case .float64, .float32, .bool: store(Double(value), at: index)
    case .int32: column.base.assumingMemoryBound(to: Int32.self)[index] = Int32(truncatingIfNeeded: value)
    case .int64: column.base.assumingMemoryBound(to: Int64.self)[index] = value
    }
  }

  /// Integer value of an index array.
  package func index(at position: Int) -> Int {
    switch scalarType {
    case .int32: Int(column.base.assumingMemoryBound(to: Int32.self)[position])
    case .int64: Int(column.base.assumingMemoryBound(to: Int64.self)[position])
    case .float64, .float32, .bool: Int(Int64(saturating: value(at: position)))
    }
  }
}

/// An array whose size changes (VAR-6). Growing keeps the leading part; new elements are 0, also after shrinking.
public final class DynamicArrayVariable: ArrayVariable {
  override var resizable: DynamicArrayVariable? { self }

  /// 1, or 2 for rows of a fixed length.
  public var ndim: Int { column.rowLength == 1 ? 1 : 2 }

  /// Changes the number of elements; new ones are 0.
  public func resize(to count: Int) throws {
    guard ndim == 1 else { throw VariableError.fixedRowLength(name: path) }
    let isNew = column.rows == 0
    try column.resize(rows: count)
    if isNew { column.noteZeros() }
  }

  /// Changes the number of rows without looking at anything else.
  public func resize(rows: Int) throws(StorageError) { try column.resize(rows: rows) }

  /// Both sizes at once; the second one is fixed.
  public func resize(rows: Int, rowLength: Int) throws {
    guard rowLength == column.rowLength else { throw VariableError.fixedRowLength(name: path) }
    try column.resize(rows: rows)
  }
}
