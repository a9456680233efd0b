import EngramScalars
public import EngramUnits
public import OrderedCollections

/// Copies of values, by variable name (NET-41).
public struct ObjectStates: Sendable {
  /// The values of one variable.
  public enum Values: Sendable {
    case quantities(QuantityArray)
    /// Without unit (SI).
    case plain([Double])
  }

  /// The values by variable, in the order of the group.
  public var values: OrderedDictionary<String, Values> = [:]

  /// No values.
  public init() {}
  /// These values.
  public init(_ values: OrderedDictionary<String, Values>) { self.values = values }

  /// The values of a variable.
  public subscript(name: String) -> Values? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// The numbers of a variable (SI).
  public func si(_ name: String) -> [Double]? {
    switch values[name] {
    case .quantities(let array)?: array.si
    case .plain(let numbers)?: numbers
    case nil: nil
    }
  }
}

/// Copies of values, by object and variable name.
public struct NetworkStates: Sendable {
  /// The values by object, in the order of the network.
  public var objects: OrderedDictionary<String, ObjectStates> = [:]

  /// No values.
  public init() {}

  /// The values of an object.
  public subscript(name: String) -> ObjectStates? {
    get { objects[name] }
    set { objects[name] = newValue }
  }
}

extension Group {
  /// Copies of the values of all variables whose names do not begin with an underscore (GRP-12).
  public func states(units: Bool = true, subexpressions: Bool = false, readOnly: Bool = true) throws -> ObjectStates {
    var states = ObjectStates()
    for name in variables.names where !name.hasPrefix("_") {
      guard let variable = variables[name] else { continue }
      switch variable.kind {
      case .subexpression: if !subexpressions { continue }
      case .auxiliary: continue
      case .array, .constant, .elementIndex:
        if variable.isReadOnly, !readOnly { continue }
        if variable.flags.contains(.linked) { continue }
      }
      let quantities = try VariableView(name, of: self).quantities
      states[name] = units ? .quantities(quantities) : .plain(quantities.si)
    }
    return states
  }

  /// Puts copies of values back, each under the name of its variable.
  ///
  /// - Parameters:
  ///   - states: the values.
  ///   - units: whether the values carry units, which are checked then; plain numbers are in SI units.
  /// - Throws: for a variable that the group does not have, a wrong unit or number of values, and for values that cannot be set.
  public func setStates(_ states: ObjectStates, units: Bool = true) throws {
    for (name, values) in states.values {
      let view = try variable(name)
      switch values {
      case .quantities(let array) where units: try view.set(array)
      case .quantities(let array): try view.setValues(array.si)
      case .plain(let numbers) where units: try view.set(QuantityArray(si: numbers, dimension: .dimensionless))
      case .plain(let numbers): try view.setValues(numbers)
      }
    }
  }
}

extension Network {
  /// Copies of the values of every object that has states (NET-41). With `readOnly: false` the result can be given to
  /// `setStates`.
  public func states(units: Bool = true, subexpressions: Bool = false, readOnly: Bool = true) throws -> NetworkStates {
    var states = NetworkStates()
    for object in allObjects {
      guard let own = try object.objectStates(units: units, subexpressions: subexpressions, readOnly: readOnly) else { continue }
      states[object.name] = own
    }
    return states
  }

  /// Puts copies of values back, each to the object of its name.
  ///
  /// - Parameters:
  ///   - states: the values.
  ///   - units: whether the values carry units, which are checked then; plain numbers are in SI units.
  /// - Throws: for an object that the network does not have, and as of a group.
  public func setStates(_ states: NetworkStates, units: Bool = true) throws {
    var targets: [(BrianObject, ObjectStates)] = []
    for (name, values) in states.objects {
      guard let object = self[name] else { throw unknown(name) }
      targets.append((object, values))
    }
    for (object, values) in targets { try object.setObjectStates(values, units: units) }
  }
}
