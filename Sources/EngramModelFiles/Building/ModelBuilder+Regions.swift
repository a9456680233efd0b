internal import EngramModel
internal import EngramModels
internal import EngramMorphology
internal import EngramScalars
internal import EngramSimulation

/// Parts of neurons with a shape, wherever a group or one of its variables is named: `cell.axon`, `cell.dendrite.L[10 um:20 um].v` (MDL-51).
extension ModelBuilder {
  /// What a text names of a neuron with a shape.
  private struct Region {
    let neuron: SpatialNeuron
    /// The names and brackets behind that of the neuron.
    let path: String
    /// The variable behind them, with brackets of its own.
    let variable: String?
  }

  /// - Parameter hasVariable: whether the last name is that of a variable.
  /// - Returns: nil where no part of such a neuron is named, or one by numbers of compartments alone, as of any group.
  private func region(_ text: String, hasVariable: Bool) -> Region? {
    let object = object(of: text)
    guard let neuron = byName[object] as? SpatialNeuron else { return nil }
    return region(text.dropFirst(object.count), of: neuron, hasVariable: hasVariable)
  }

  private func object(of text: String) -> String { String(text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }) }

  /// Whether a text names a part, or a variable of a part, of an object that something is wrong with already: only its neuron could say which.
  private func isOfFailed(_ text: String, hasVariable: Bool) -> Bool {
    let object = object(of: text)
    guard hasFailed(object) else { return false }
    let rest = text.dropFirst(object.count)
    return hasVariable ? rest.contains("[") || rest.dropFirst().contains(".") : rest.hasPrefix(".") || isByDistance(String(rest))
  }

  private func region(_ rest: Substring, of neuron: SpatialNeuron, hasVariable: Bool) -> Region? {
    var (depth, dots): (Int, [Substring.Index]) = (0, [])
    for place in rest.indices {
      switch rest[place] {
      case "[": depth += 1
      case "]": depth -= 1
      case "." where depth == 0: dots.append(place)
      default: break
      }
    }
    var path = rest
    var variable: String?
    if hasVariable {
      guard let last = dots.last else { return nil }
      path = rest[..<last]
      variable = String(rest[rest.index(after: last)...])
    }
    let isNamed = path.first == "."
    let text = String(isNamed ? path.dropFirst() : path).trimmingWhitespace()
    guard !text.isEmpty else { return nil }
    // Numbers of compartments, lists and the like are those of every group.
    if !isNamed, !hasVariable, !isByDistance(text) { return nil }
    return Region(neuron: neuron, path: text, variable: variable)
  }

  private func isByDistance(_ text: String) -> Bool {
    guard let path = try? CompartmentPath(text, evaluate: reader.boundOfPath) else { return text.contains("m") && text.contains(":") }
    switch path.selector {
    case .place?, .stretch?: return true
    case .index?, .indices?, nil: return false
    }
  }

  private func range(_ region: Region, at place: FilePlace, length: Int) -> Range<Int>? {
    do throws(MorphologyError) {
      let path = try CompartmentPath(region.path, evaluate: reader.boundOfPath)
      if let cut = region.neuron.index.cut(by: path) {
        Messages.emit(.warning, "modelfile.beyond_group", "\(reader.fileName):\(place.line): '\(region.neuron.name).\(region.path)' \(cut)", once: true)
      }
      return try region.neuron.index.range(of: path)
    } catch {
      problems.report("'\(region.neuron.name)': \(error)", at: place, length: length)
      return nil
    }
  }

  /// The part of a neuron that a text names; the outer nil: it names no such part. The inner nil: something is wrong with it, which is told.
  func regionGroup(_ node: ModelNode) -> ReferredGroup?? {
    guard let text = node.scalar?.text else { return nil }
    if isOfFailed(text, hasVariable: false) { return .some(nil) }
    guard let region = region(text, hasVariable: false) else { return nil }
    return .some(
      range(region, at: node.place, length: text.count).map {
        ReferredGroup(reference: GroupReference(region.neuron.name, part: $0), group: region.neuron)
      })
  }

  /// The same for a variable of a part, `cell.axon.v` or, where the neuron is known already, `axon.v`.
  func regionVariable(_ entry: ModelNode.Entry, of group: Group? = nil) -> (Group, Reference)?? {
    let found: Region?
    if let neuron = group as? SpatialNeuron {
      found = self.region(Substring(entry.key.hasPrefix("[") ? entry.key : ".\(entry.key)"), of: neuron, hasVariable: true)
    } else if group == nil {
      if isOfFailed(entry.key, hasVariable: true) { return .some(nil) }
      found = region(entry.key, hasVariable: true)
    } else {
      return nil
    }
    guard let region = found, let variable = region.variable else { return nil }
    guard let range = range(region, at: entry.keyPlace, length: entry.key.count) else { return .some(nil) }
    do {
      return .some((try region.neuron.part(range, name: nil), try Reference(variable, evaluate: placeOfSelection)))
    } catch {
      problems.report("'\(entry.key)' names no variable of a part: \((error as? Reference.SyntaxProblem)?.message ?? "\(error)")", at: entry.keyPlace)
      return .some(nil)
    }
  }
}
