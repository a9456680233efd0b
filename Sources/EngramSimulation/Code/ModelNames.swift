package import EngramExpressions
import EngramScalars
import EngramUnits

/// What the names of equations mean in a run, for those who make code from equations: the same answers as kernels get.
package struct ModelNames {
  private let resolution: NameResolution

  init(owner: any VariableOwner, runNamespace: Namespace) {
    // Kernels warn about conflicts; asking twice must not warn twice.
    resolution = NameResolution(owner: owner, runNamespace: runNamespace, userWritten: [])
  }

  /// `nil` for a name that nothing explains.
  package func meaning(of name: String) throws -> ResolvedName? { try resolution.resolve(name) }

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
