import EngramModel
import EngramScalars

extension Namespace {
  /// Functions by name and version: their bodies cannot be stored (CKP-21).
  package var described: NamespaceDescription {
    NamespaceDescription(
      values.map { name, entry in
        switch entry {
        case .quantity(let quantity): Named(name, .quantity(quantity))
        case .integer(let integer): Named(name, .integer(Int64(integer)))
        case .boolean(let boolean): Named(name, .boolean(boolean))
        case .array(let array): Named(name, .array(count: Int64(array.count)))
        case .function(let function): Named(name, .function(function.reference))
        }
      })
  }

  /// The same as checkpoints store it.
  package var description: DescriptionValue { described.stored }

  /// - Parameter functions: by name, or by content where the checkpoint holds it; missing ones are listed in the error.
  package init(_ description: NamespaceDescription, functions: [String: Function]) throws(MissingFunctionsError) {
    self.init()
    var missing: [String] = []
    for entry in description.entries {
      switch entry.value {
      case .quantity(let quantity): self[entry.name] = .quantity(quantity)
      case .integer(let integer): self[entry.name] = .integer(Int(integer))
      case .boolean(let boolean): self[entry.name] = .boolean(boolean)
      case .array(let count): self[entry.name] = .array(NamespaceArray(.other(count: Int(count))))
      case .function(let reference):
        guard let function = reference.content.flatMap({ functions[$0] }) ?? functions[reference.name] else {
          missing.append(reference.name + (reference.version.map { " (version \($0))" } ?? ""))
          continue
        }
        if function.reference == reference {
          self[entry.name] = .function(function)
        } else {
          missing.append("\(reference.name), stored as \(reference.readable), given as \(function.reference.readable)")
        }
      }
    }
    if !missing.isEmpty { throw MissingFunctionsError(names: missing.sorted()) }
  }
}

/// Functions that a description names and that nobody has given.
package struct MissingFunctionsError: ExplainedError, Hashable, Sendable {
  /// With their versions, or with what was given in place of them.
  package let names: [String]

  package var description: String { "these functions must be given to continue: \(names.map { "'\($0)'" }.joined(separator: ", "))" }
}
