public import EngramExpressions
public import EngramScalars
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

extension Float: VariableValue { public var assignment: VariableAssignment { Double(self).assignment } }
extension Int32: VariableValue { public var assignment: VariableAssignment { Double(self).assignment } }

extension Array: VariableValue where Element: AssignableElement {
  public var assignment: VariableAssignment { Element.assignment(of: self) }
}

/// Values travel as doubles, which hold every integer up to 2^53 and only some beyond.
private func wholeNumber(_ value: Int) throws -> Double {
  guard let exact = Double(exactly: value), Int(exactly: exact) == value else { throw InexactIntegerError(value: value) }
  return exact
}

/// An integer that has no exact double.
public struct InexactIntegerError: ExplainedError, Hashable, Sendable {
  public let value: Int
  public var description: String {
    "\(value) cannot be assigned exactly: values are passed on as doubles, which hold every integer up to 9007199254740992 and only some "
      + "beyond; write it as an expression, \"\(value)\""
  }
}

/// Values whose arrays can be assigned.
public protocol AssignableElement {
  /// What an array of them is on its way into a variable.
  static func assignment(of array: [Self]) -> VariableAssignment
}

/// Numbers without unit.
public protocol PlainNumber: AssignableElement {
  var plainValue: Double { get }
}

extension PlainNumber {
  public static func assignment(of array: [Self]) -> VariableAssignment {
    .quantities(QuantityArray(si: array.map(\.plainValue), dimension: .dimensionless))
  }
}

extension Double: PlainNumber { public var plainValue: Double { self } }
extension Float: PlainNumber { public var plainValue: Double { Double(self) } }
extension Int32: PlainNumber { public var plainValue: Double { Double(self) } }
extension Bool: PlainNumber { public var plainValue: Double { self ? 1 : 0 } }
extension Int: PlainNumber {
  public var plainValue: Double { Double(self) }
  public static func assignment(of array: [Int]) -> VariableAssignment {
    do { return .quantities(QuantityArray(si: try array.map(wholeNumber), dimension: .dimensionless)) } catch { return .failure(error) }
  }
}

/// All of one dimension; a bare 0 fits any.
extension Quantity: AssignableElement {
  public static func assignment(of array: [Quantity]) -> VariableAssignment { measured(array) }
}
extension Measured: AssignableElement {
  public static func assignment(of array: [Measured]) -> VariableAssignment { measured(array) }
}

private func measured(_ values: [any QuantityConvertible]) -> VariableAssignment {
  do { return .quantities(try QuantityArray(values)) } catch { return .failure(error) }
}

extension VariableView: VariableValue {
  public var assignment: VariableAssignment {
    do { return .quantities(try quantities) } catch { return .failure(error) }
  }
}

/// The selected values: `try G.v[0..<3] <- G.v[3..<6]`.
extension VariableSelection: VariableValue {
  public var assignment: VariableAssignment {
    do { return .quantities(try quantities) } catch { return .failure(error) }
  }
}
