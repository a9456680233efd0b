public import EngramScalars
package import EngramStorage

/// An array that a variable asks its device for.
public struct NewArray: Sendable, Hashable {
  /// The object whose variable it is; for a clock the beginning of its name, which it has not got yet.
  public let owner: String
  /// The variable's name in the owner.
  public let variable: String
  /// The number type of its elements.
  public let type: ScalarType
  /// Rows at first; a row has `rowLength` values.
  public let count: Int
  /// Numbers in each row.
  public let rowLength: Int
  /// Whether rows may be added and removed later.
  public let isGrowable: Bool

  package init(owner: String, variable: String, type: ScalarType, count: Int = 1, rowLength: Int = 1, isGrowable: Bool = false) {
    self.owner = owner
    self.variable = variable
    self.type = type
    self.count = count
    self.rowLength = rowLength
    self.isGrowable = isGrowable
  }
}

/// The memory that a device gave to a variable.
public struct DeviceArray {
  /// What it was made for.
  public let request: NewArray
  package let column: Column

  package init(request: NewArray, column: Column) {
    self.request = request
    self.column = column
  }

  /// The number type of the elements.
  public var type: ScalarType { column.scalarType }
  /// Number of values.
  public var count: Int { column.count }

  /// Lends the values for writing, as long as no variable has them: in ``Device/makeArray(_:)`` and in what fills a new array.
  ///
  /// - Parameters:
  ///   - type: the element type of the array, `UInt8` for booleans.
  ///   - body: writes to them; they stay where they are only as long as it runs.
  /// - Throws: `TypeMismatchError` for another type, and what `body` throws.
  public func withMutableValues<T: ScalarElement, R>(of type: T.Type, _ body: (UnsafeMutableBufferPointer<T>) throws -> R) throws -> R {
    guard T.scalarType == self.type else {
      throw TypeMismatchError(variable: "\(request.owner).\(request.variable)", expected: self.type, found: T.scalarType)
    }
    column.touch()
    return try body(UnsafeMutableBufferPointer(start: column.base.assumingMemoryBound(to: T.self), count: count))
  }
}
