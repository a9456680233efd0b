internal import EngramExpressions
internal import EngramUnits

/// A value of a model file (modelfile.md §3), read but not yet given to anything.
enum FileValue {
  case boolean(Bool)
  /// A number or quantity, as written or calculated from constants.
  case quantity(Quantity)
  /// Model language, evaluated where it is used.
  case expression(SourceText)
  case array(QuantityArray)
  case booleans([Bool])
  /// Rows of equal length, row after row.
  case matrix(QuantityArray, columns: Int)
}
