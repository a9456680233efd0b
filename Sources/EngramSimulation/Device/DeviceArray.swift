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
  package let column: Column

  package init(column: Column) { self.column = column }

  /// The number type of the elements.
  public var type: ScalarType { column.scalarType }
  /// Number of values.
  public var count: Int { column.count }
}
