package import EngramCheckpoints
internal import EngramSimulation

extension ExportItem {
  /// What a reference such as `P`, `P.v[0:10]` or `S.pre.delay` chooses for an export.
  package init(_ reference: Reference) throws(Reference.SyntaxProblem) {
    let name = reference.names.joined(separator: ".")
    guard reference.selection.count <= 1 else {
      throw Reference.SyntaxProblem(message: "an export takes one range or list of elements, as in '\(name)[0:10]'", offset: 0)
    }
    switch reference.selection.first {
    case nil: self.init(name)
    case .index(let index): self.init(name, elements: [index])
    case .list(let list): self.init(name, elements: list)
    case .slice(let low, let high): self.init(name, elements: .slice(low, high))
    case .condition: throw Reference.SyntaxProblem(message: "elements of an export are chosen by number, not by a condition", offset: 0)
    }
  }
}
