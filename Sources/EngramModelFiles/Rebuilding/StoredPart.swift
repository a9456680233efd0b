package import EngramCheckpoints
internal import EngramModel
internal import EngramMorphology
internal import EngramScalars
internal import EngramSimulation

/// A part of a group in a checkpoint with one of its variables, as `cell.axon[10 um:20 um].v` or `G[2:5].v` name it, or without: `cell.axon`.
package struct StoredPart {
  /// The name of the whole group.
  package let object: String
  /// Its elements.
  package let elements: Range<Int>
  /// The variable; nil: all of them.
  package let variable: String?
  /// What stood in brackets behind the variable, counted in the part.
  package let selection: [Reference.Selector]

  /// - Parameter isVariable: whether an object has a stored variable of a name, which comes before a section of that name.
  /// - Returns: nil where the text names no part.
  /// - Throws: `MorphologyError` for a part that a neuron with a shape does not have, and `Reference.SyntaxProblem` for what is no name of a variable.
  package init?(_ text: String, in network: StoredNetwork, isVariable: (_ object: String, _ name: String) -> Bool) throws {
    func isObject(_ text: String) -> Bool { network.objects.contains { $0.name == text } }
    if let (owner, variable) = text.dividedAtVariable, !isObject(owner), let found = try Self.elements(owner, in: network) {
      let reference = try Reference(variable)
      (object, elements, self.variable, selection) = (found.object, found.elements, reference.object, reference.selection)
    } else if let (owner, name) = text.dividedAtVariable, isObject(owner), !isVariable(owner, name.leadingName),
      let found = try? Self.elements(text, in: network)
    {
      (object, elements, variable, selection) = (found.object, found.elements, nil, [])
    } else {
      return nil
    }
  }

  private static func elements(_ text: String, in network: StoredNetwork) throws -> (object: String, elements: Range<Int>)? {
    let name = text.leadingName
    guard name.count < text.count, let object = network.objects.first(where: { $0.name == name }), let kind = object.description?.kind else { return nil }
    let path = String(text.dropFirst(name.count))
    switch kind {
    case .spatialNeuron(let neuron):
      return (name, try CompartmentIndex(neuron.morphology).range(of: path.first == "." ? String(path.dropFirst()) : path))
    case .neuronGroup(let group): return numbered(path, count: group.count).map { (name, $0) }
    default: return nil
    }
  }

  private static func numbered(_ path: String, count: Int) -> Range<Int>? {
    guard let reference = try? Reference("x" + path), reference.names.count == 1, reference.selection.count == 1 else { return nil }
    switch reference.selection[0] {
    case .index(let index): return index.element(of: count).map { $0..<$0 + 1 }
    case .slice(let low, let high):
      let found = Range(slice: low, high, of: count)
      return found.isEmpty ? nil : found
    case .list, .condition: return nil
    }
  }

  /// What an export takes of it.
  package var exportItem: ExportItem {
    get throws {
      let name = variable.map { "\(object).\($0)" } ?? object
      let part = elements
      switch selection.first {
      case nil: return ExportItem(name, elements: part)
      case .slice(let low, let high):
        let chosen = Range(slice: low, high, of: part.count)
        return ExportItem(name, elements: part.lowerBound + chosen.lowerBound..<part.lowerBound + chosen.upperBound)
      case .index(let index): return ExportItem(name, elements: [try place(index, name)])
      case .list(let list): return ExportItem(name, elements: try list.map { try place($0, name) })
      case .condition: throw Reference.SyntaxProblem(message: "elements of an export are chosen by number, not by a condition", offset: 0)
      }
    }
  }

  private func place(_ index: Int, _ name: String) throws(Reference.SyntaxProblem) -> Int {
    guard let place = index.element(of: elements.count) else {
      throw Reference.SyntaxProblem(message: "\(index) is not one of the \(elements.count) elements of the part, which count from 0", offset: 0)
    }
    return elements.lowerBound + place
  }
}
