internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation

/// Makes the variables of a set of equations in a group (GRP-3, 4).
struct ModelVariables {
  let group: Group
  let equations: Equations
  let types: ScalarTypes

  func checkTypes() throws {
    for name in types.byName.keys.sorted() where equations[name] == nil && name != "lastspike" && name != "lastupdate" {
      throw GroupError.unknownTypedVariable(group: group.name, variable: name, nearest: nearest(name, in: equations.names))
    }
    if let floats = types.floats, !floats.isFloat {
      throw GroupError.wrongType(group: group.name, variable: "float variables", expected: "a float", found: floats.rawValue)
    }
  }

  func scalarType(of equation: SingleEquation) throws -> ScalarType {
    let chosen = types.byName[equation.name]
    let (fits, kind, fallback): (Bool, String, ScalarType) =
      switch equation.type {
      case .float: (chosen?.isFloat ?? true, "a float", types.floats ?? group.environment.preferences[.defaultFloatType])
      case .integer: (chosen?.isInteger ?? true, "an integer", group.environment.preferences[.defaultIntegerType])
      case .boolean: (chosen.map { $0 == .bool } ?? true, "a boolean", .bool)
      }
    guard fits else {
      throw GroupError.wrongType(group: group.name, variable: equation.name, expected: kind, found: chosen?.rawValue ?? "")
    }
    return chosen ?? fallback
  }

  /// What the stored variables of an element take.
  func bytesPerElement() throws -> Int {
    try equations.all.reduce(0) { sum, equation in
      let isStored = equation.kind != .subexpression || equation.flags.contains(.constantOverStep)
      return isStored && !equation.isShared && !equation.flags.contains(.linked) ? sum + (try scalarType(of: equation).byteCount) : sum
    }
  }

  /// - Parameter makeArray: makes the array of a stored variable that is not shared: fixed for neurons, growing for synapses.
  func add(makeArray: (SingleEquation, ScalarType, Variable.Flags) throws -> ArrayVariable) throws {
    try checkTypes()
    for equation in equations.all where !equation.flags.contains(.summed) {
      let type = try scalarType(of: equation)
      var flags: Variable.Flags = []
      if equation.isShared { flags.insert(.scalar) }
      switch equation.kind {
      case .subexpression:
        guard let expression = equation.expression else { continue }
        if equation.flags.contains(.constantOverStep) {
          flags.formUnion(.readOnly)
          try addStored(equation, type, flags, makeArray)
        } else {
          try group.variables.addSubexpression(
            equation.name, expression, dimension: equation.dimension, type: type, flags: flags)
        }
      case .parameter where equation.flags.contains(.linked):
        try group.variables.addAuxiliaryVariable(equation.name, dimension: equation.dimension, type: type, flags: flags.union(.linked))
      case .parameter:
        if equation.flags.contains(.constant) { flags.insert(.constant) }
        try addStored(equation, type, flags, makeArray)
      case .differential:
        try addStored(equation, type, flags, makeArray)
      }
    }
  }

  private func addStored(
    _ equation: SingleEquation, _ type: ScalarType, _ flags: Variable.Flags,
    _ makeArray: (SingleEquation, ScalarType, Variable.Flags) throws -> ArrayVariable
  ) throws {
    if equation.isShared {
      try group.variables.addArray(equation.name, dimension: equation.dimension, type: type, count: 1, flags: flags)
    } else {
      _ = try makeArray(equation, type, flags)
    }
  }
}
