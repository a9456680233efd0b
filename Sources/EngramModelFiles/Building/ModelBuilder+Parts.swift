internal import EngramModels
internal import EngramScalars
internal import EngramSimulation

/// A variable of a part of a group, as `cell.axon.v`, `part.v` with a Subgroup `part`, or `G[2:5].v` name it.
struct PartVariable {
  /// The whole group.
  let group: SpikingGroup
  /// The part, counted in the whole group.
  let part: Range<Int>
  let name: String
  /// What stood in brackets behind the name, counted in the part.
  let selection: [Reference.Selector]

  /// The same variable of the whole group.
  var wholeName: String { "\(group.name).\(name)" }
}

/// Parts of groups where a variable is named (MDL-51): in `link`, `set`, `watch`, `export` and conditions.
extension ModelBuilder {
  /// - Returns: The outer nil: the text names no variable of a part. The inner nil: something is wrong with it, which is told.
  func partVariable(_ text: String, at node: ModelNode) -> PartVariable?? {
    guard let (owner, variable) = text.dividedAtVariable, let found = part(owner, at: node) else { return nil }
    guard let (group, part) = found else { return .some(nil) }
    let reference: Reference
    do throws(Reference.SyntaxProblem) { reference = try Reference(variable, evaluate: placeOfSelection) } catch {
      problems.report("'\(text)' names no variable of a part: \(error.message)", at: node)
      return .some(nil)
    }
    guard group.variables.contains(reference.object) else {
      let known = group.variables.names.filter { !$0.hasPrefix("_") }
      problems.report("'\(owner)' has no variable '\(reference.object)'", at: node, hint: ProblemCollector.suggestion(reference.object, known))
      return .some(nil)
    }
    return .some(PartVariable(group: group, part: part, name: reference.object, selection: reference.selection))
  }

  /// The part, and its variable, that a name in a text means; nil: it means none.
  func namedPart(_ name: String) throws -> (group: Group, variable: String)? {
    let count = problems.problems.count
    let found = partVariable(name, at: ModelNode(.scalar(ScalarText(name)), at: FilePlace(line: 1, column: 1)))
    if let problem = problems.takeBack(from: count).first { throw NetworkValueError.part(problem.message + (problem.hint.map { "; \($0)" } ?? "")) }
    guard let variable = found ?? nil else { return nil }
    return (try variable.group.part(variable.part, name: nil), variable.name)
  }

  /// The part of a group that a text names, counted in the whole group.
  ///
  /// - Returns: The outer nil: the text names no part. The inner nil: something is wrong with it, which is told.
  func part(_ text: String, at node: ModelNode) -> (group: SpikingGroup, part: Range<Int>)?? {
    let text = text.trimmingWhitespace()
    if let part = byName[text] as? Subgroup { return .some((part.parent, part.start..<part.stop)) }
    let object = text.leadingName
    guard object.count < text.count, let group = byName[object] as? Group, group is SpatialNeuron || text.dropFirst(object.count).first == "[" else {
      return nil
    }
    let here = ModelNode(.scalar(ScalarText(text)), at: node.place)
    guard group is Subgroup || group is SpikingGroup else { return nil }
    do {
      guard let found = try self.group(here, "a part"), let elements = found.elementsOfWhole else { return .some(nil) }
      return .some(((found.group as? Subgroup)?.parent ?? found.group as? SpikingGroup).map { ($0, elements) })
    } catch {
      report(error, at: node.place, what: "'\(text)'")
      return .some(nil)
    }
  }

  /// The elements of the whole group that a variable of a part means: the part, or what brackets behind the name choose of it.
  func elements(of variable: PartVariable, at node: ModelNode) -> [Int]? {
    let part = variable.part
    guard let selector = variable.selection.first else { return Array(part) }
    func outside(_ index: Int) -> [Int]? {
      problems.report("\(index) is not one of the \(part.count) elements of the part, which count from 0", at: node)
      return nil
    }
    guard variable.selection.count == 1 else {
      problems.report("elements of a part are chosen by one index, range or list", at: node)
      return nil
    }
    switch selector {
    case .index(let index): return index.element(of: part.count).map { [part.lowerBound + $0] } ?? outside(index)
    case .slice(let low, let high): return Range(slice: low, high, of: part.count).map { part.lowerBound + $0 }
    case .list(let list):
      if let wrong = list.first(where: { $0.element(of: part.count) == nil }) { return outside(wrong) }
      return list.compactMap { $0.element(of: part.count) }.map { part.lowerBound + $0 }
    case .condition:
      problems.report("elements are chosen by number here, not by a condition", at: node)
      return nil
    }
  }

  /// The same where only elements one behind the other can be meant.
  func range(of variable: PartVariable, at node: ModelNode) -> Range<Int>? {
    guard let elements = elements(of: variable, at: node) else { return nil }
    guard let first = elements.first, let last = elements.last, zip(elements, elements.dropFirst()).allSatisfy({ $1 == $0 + 1 }) else {
      problems.report("'\(variable.wholeName)': the elements are at least one, and one behind the other", at: node)
      return nil
    }
    return first..<last + 1
  }
}
