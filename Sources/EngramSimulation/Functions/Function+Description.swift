import EngramExpressions
package import EngramModel
import EngramUnits

extension Function {
  /// What a namespace in a checkpoint says of the function.
  package var reference: NamespaceDescription.FunctionReference {
    .init(name: name, signature: signature.described, version: version, code: codeKey, content: contentKey)
  }
}

extension FunctionSignature {
  /// One line: arguments with their units and kinds, then the result.
  fileprivate var described: String {
    let parts = arguments.map { argument in
      let unit =
        switch argument.unit {
        case .any: "any"
        case .dimensionless: "1"
        case .boolean: "boolean"
        case .unit(let dimension): unitText(dimension)
        case .sameAs(let other): "as \(other)"
        }
      return "\(argument.name): \(unit) \(argument.type.rawValue)"
    }
    let result =
      switch returnUnit {
      case .unit(let dimension): unitText(dimension)
      case .boolean: "boolean"
      case .derived: "derived"
      }
    return "(\(parts.joined(separator: ", "))) → \(result) \(returnType.rawValue)" + (isStateless ? "" : ", not stateless")
  }
}
