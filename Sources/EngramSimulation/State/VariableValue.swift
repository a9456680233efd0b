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
  /// There is no value, and why.
  case failure(any Error)
}

extension Quantity: VariableValue { public var assignment: VariableAssignment { .quantity(self) } }
extension Measured: VariableValue { public var assignment: VariableAssignment { .quantity(quantity) } }
extension Double: VariableValue { public var assignment: VariableAssignment { .quantity(Quantity(self)) } }
extension Int: VariableValue {
  public var assignment: VariableAssignment {
    do { return .quantity(Quantity(try wholeNumber(self))) } catch { return .failure(error) }
  }
}
extension Bool: VariableValue { public var assignment: VariableAssignment { .quantity(Quantity(self ? 1 : 0)) } }
extension QuantityArray: VariableValue { public var assignment: VariableAssignment { .quantities(self) } }
extension ModelExpression: VariableValue { public var assignment: VariableAssignment { .expression(self) } }

extension Array: VariableValue where Element: PlainNumber {
  public var assignment: VariableAssignment {
    do {
      if let integers = self as? [Int] { return .quantities(QuantityArray(si: try integers.map(wholeNumber), dimension: .dimensionless)) }
    } catch { return .failure(error) }
    return .quantities(QuantityArray(si: map(\.plainValue), dimension: .dimensionless))
  }
}

/// Values travel as doubles, which hold every integer up to 2^53 and only some beyond.
private func wholeNumber(_ value: Int) throws -> Double {
  guard let exact = Double(exactly: value), Int(exactly: exact) == value else { throw InexactIntegerError(value: value) }
  return exact
}

/// An integer that has no exact double.
public struct InexactIntegerError: Error, Hashable, Sendable, CustomStringConvertible {
  public let value: Int
  public var description: String {
    "\(value) cannot be assigned exactly: values are passed on as doubles, which hold every integer up to 9007199254740992 and only some "
      + "beyond; write it as an expression, \"\(value)\""
  }
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
    do { return .quantities(try quantities) } catch { return .failure(error) }
  }
}
