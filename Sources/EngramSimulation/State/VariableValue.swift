public import EngramExpressions
public import EngramUnits

/// What can be assigned to a variable (VAR-24).
public protocol VariableValue {
  var assignment: VariableAssignment { get }
}

/// A value on its way into a variable.
public enum VariableAssignment {
  /// One quantity for all elements. Plain numbers are dimensionless quantities; 0 fits every unit.
  case quantity(Quantity)
  case quantities(QuantityArray)
  /// Evaluated for each element.
  case expression(ModelExpression)
}

extension Quantity: VariableValue { public var assignment: VariableAssignment { .quantity(self) } }
extension Measured: VariableValue { public var assignment: VariableAssignment { .quantity(quantity) } }
extension Double: VariableValue { public var assignment: VariableAssignment { .quantity(Quantity(self)) } }
extension Int: VariableValue { public var assignment: VariableAssignment { .quantity(Quantity(Double(self))) } }
extension Bool: VariableValue { public var assignment: VariableAssignment { .quantity(Quantity(self ? 1 : 0)) } }
extension QuantityArray: VariableValue { public var assignment: VariableAssignment { .quantities(self) } }
extension ModelExpression: VariableValue { public var assignment: VariableAssignment { .expression(self) } }

extension Array: VariableValue where Element: PlainNumber {
  public var assignment: VariableAssignment { .quantities(QuantityArray(si: map(\.plainValue), dimension: .dimensionless)) }
}

/// Numbers without unit whose arrays can be assigned.
public protocol PlainNumber {
  var plainValue: Double { get }
}

extension Double: PlainNumber { public var plainValue: Double { self } }
extension Int: PlainNumber { public var plainValue: Double { Double(self) } }
extension Bool: PlainNumber { public var plainValue: Double { self ? 1 : 0 } }

extension VariableView: VariableValue {
  public var assignment: VariableAssignment {
    .quantities((try? quantities) ?? QuantityArray(si: [], dimension: dimension))
  }
}
