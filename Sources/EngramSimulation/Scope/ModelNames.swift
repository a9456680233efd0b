package import EngramExpressions
import EngramScalars
package import EngramUnits

/// What the names of equations mean in a run, for those who make code from equations: the same answers as kernels get.
package struct ModelNames {
  package enum Meaning {
    case variable(Variables.Entry)
    case constant(Constant.Value, Dimension)
    case function(Function)
    case defaultFunction(FunctionSignature)
  }

  private let resolution: NameResolution

  init(owner: any VariableOwner, runNamespace: Namespace) {
    // Kernels warn about conflicts; asking twice must not warn twice.
    resolution = NameResolution(owner: owner, runNamespace: runNamespace, userWritten: [])
  }

  /// `nil` for a name that nothing explains.
  package func meaning(of name: String) throws -> Meaning? {
    switch try resolution.resolve(name) {
    case .variable(let entry)?: .variable(entry)
    case .constant(let value, let dimension)?: .constant(value, dimension)
    case .function(let function)?: .function(function)
    case .defaultFunction(let signature)?: .defaultFunction(signature)
    case nil: nil
    }
  }

  /// The meaning as checkers know it.
  package func symbol(_ name: String) throws -> Symbol? {
    switch try meaning(of: name) {
    case .constant(let value, let dimension)?:
      let type: ValueType =
        switch value {
        case .float: .float
        case .integer: .integer
        case .boolean: .boolean
        }
      return .constant(ConstantSymbol(value.asDouble, dimension, type: type))
    case .function(let function)?: return .function(function.signature)
    case .defaultFunction(let signature)?: return .function(signature)
    case .variable(let entry)?:
      let variable = entry.variable
      var formula: Expression?
      switch variable.kind {
      case .constant(let constant):
        return .constant(ConstantSymbol(constant.value.asDouble, constant.dimension, type: ValueType(constant.scalarType)))
      case .subexpression(let subexpression): formula = subexpression.expression
      case .array, .elementIndex, .auxiliary: break
      }
      var isScalar = variable.isScalar
      if case .scalar = entry.access { isScalar = true }
      return .variable(
        VariableSymbol(
          variable.dimension, type: ValueType(variable.scalarType), isScalar: isScalar, isReadOnly: variable.isReadOnly,
          isConstantOverStep: variable.isConstant, subexpression: formula))
    case nil: return nil
    }
  }

  package var knownNames: [String] { resolution.knownNames }
  /// What a name that means nothing would be, where its form says so.
  package func explainMissing(_ name: String) -> String? { resolution.owner.explainMissing(name) }
}

extension RunContext {
  package func names(of owner: any VariableOwner) -> ModelNames { ModelNames(owner: owner, runNamespace: namespace) }
}

/// Model code that runs outside of steps: assignments, the making of synapses.
package enum OutsideCode {
  package static func names(of owner: any VariableOwner, namespace: Namespace) -> ModelNames {
    ModelNames(owner: owner, runNamespace: namespace)
  }

  package static func random(of owner: any VariableOwner) -> RandomState {
    owner.environment.random
  }

  /// - Parameter operation: the number of the operation that draws (RNG-6).
  package static func kernel(for request: CodeRequest, namespace: Namespace, operation: Int64) throws -> PreparedKernel {
    var preparation = CodePreparation(request, runNamespace: namespace, random: random(of: request.owner))
    let kernel = try preparation.prepare()
    kernel.outsideStep = operation
    return kernel
  }
}

extension Variables.Entry {
  /// A name that one piece of code alone knows.
  package init(_ variable: Variable, access: VariableAccess = .element) {
    self.init(variable: variable, access: access, context: nil)
  }
}

extension Variables.Entry {
  /// The same variable found from elements that an index leads to `group` with.
  package func reached(through ends: ArrayVariable, offset: Int, from group: any VariableOwner) -> Variables.Entry {
    Variables.Entry(
      variable: variable, access: access.behind(.through([.init(ends, offset: offset)])),
      context: variable.isFormula ? context ?? group : nil)
  }
}

extension VariableView {
  /// The group and its way to the variable, for links and selections.
  package var origin: (owner: any VariableOwner, entry: Variables.Entry) { get throws { (try owner, try check()) } }
}

extension Variables {
  /// Gives `name` the meaning of an entry (links).
  package func replace(_ name: String, with entry: Entry) {
    replace(name, with: entry.variable, access: entry.access, context: entry.context)
  }
}

extension Variables.Entry {
  /// The stored variable of a group's only element, as a value that all elements of another group share.
  package var asOneValue: Variables.Entry { Variables.Entry(variable: variable, access: .scalar, context: nil) }

  /// The same variable as another group refers to it: formulas keep the meaning of their names.
  package func inContext(of group: any VariableOwner) -> Variables.Entry {
    Variables.Entry(variable: variable, access: access, context: variable.isFormula ? context ?? group : nil)
  }
}
