internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// Which element of the source each element of a linked variable means (LNK-3).
public enum LinkIndex: Sendable, Hashable, ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
  /// Equal sizes: one to one; a single source element: one to all.
  case automatic
  case indices([Int])
  /// An integer variable of the group; it may change in time.
  case variable(String)

  public init(arrayLiteral elements: Int...) { self = .indices(elements) }
  public init(stringLiteral name: String) { self = .variable(name) }
}

extension NeuronGroup {
  /// Gives the linked parameter `name` its source: a variable of another group, seen through an index (LNK-1…8).
  public func link(_ name: String, to target: VariableView, index: LinkIndex = .automatic) throws {
    if isInRun { throw GroupError.duringRun(group: self.name, what: "links") }
    guard let equation = equations[name] else {
      let linked = equations.all.filter { $0.flags.contains(.linked) }.map(\.name)
      throw GroupError.linkUnknown(group: self.name, variable: name, nearest: nearest(name, in: linked))
    }
    guard equation.flags.contains(.linked) else { throw GroupError.linkUnflagged(group: self.name, variable: name) }
    let (owner, entry) = try target.origin
    let path = "\(owner.name).\(target.name)"
    let source = entry.variable
    guard source.dimension == equation.dimension else {
      throw GroupError.linkUnit(variable: name, expected: "\(equation.dimension)", target: path, found: "\(source.dimension)")
    }
    if source.isDynamic || owner is Synapses { throw GroupError.linkDynamic(variable: name, target: path) }
    if source === variables[name] { throw GroupError.linkCycle(variable: name, target: path) }
    let kind = source.scalarType
    let isSameKind = equation.type == .float ? kind.isFloat : equation.type == .integer ? kind.isInteger : kind == .bool
    guard isSameKind else {
      throw GroupError.linkType(variable: name, expected: equation.type.rawValue, target: path, found: kind.rawValue)
    }
    let (linked, isShared) = try entryOfLink(name, owner: owner, entry: entry, view: target, path: path, index: index)
    variables.replace(name, with: linked)
    for part in subgroups { part.variables.replace(name, with: linked) }
    for synapses in dependentSynapses { synapses.renewReferences(name, of: self) }
    noteUnrecorded("'\(self.name).\(name)' was linked")
    if isShared { sharedLinks.insert(name) } else { sharedLinks.remove(name) }
    linkSources.append(owner)
    if let source = owner as? BrianObject { addDependency(source) }
    var fields = [DescriptionField("to", .reference("\((owner as? Group)?.referenceText ?? owner.name).\(target.name)"))]
    switch index {
    case .automatic: break
    case .indices(let list): fields.append(DescriptionField("index", .list(list.map { .integer(Int64($0)) })))
    case .variable(let variable): fields.append(DescriptionField("index", .text(variable)))
    }
    links.removeAll { $0.name == name }
    links.append((name, .mapping(fields)))
  }

  /// - Returns: the way to the source, and whether several elements lead to one of the source.
  private func entryOfLink(
    _ name: String, owner: any VariableOwner, entry: Variables.Entry, view: VariableView, path: String, index: LinkIndex
  ) throws -> (Variables.Entry, isShared: Bool) {
    let sourceCount = view.count
    if case .scalar = entry.access { return (entry.inContext(of: owner), count > 1) }
    switch index {
    case .automatic:
      if sourceCount == count, owner.elementOffset == 0 { return (entry.inContext(of: owner), false) }
      if sourceCount == count { return try through(Array(0..<count), name, entry, owner, sourceCount) }
      guard sourceCount == 1 else {
        throw GroupError.linkNeedsIndex(variable: name, expected: count, target: path, found: sourceCount)
      }
      return try through([Int](repeating: 0, count: count), name, entry, owner, sourceCount)
    case .indices(let list):
      guard list.count == count else { throw GroupError.linkIndexCount(variable: name, expected: count, found: list.count) }
      for value in list where value < 0 || value >= sourceCount {
        throw GroupError.linkIndexRange(variable: name, index: value, count: sourceCount)
      }
      return try through(list, name, entry, owner, sourceCount)
    case .variable(let indexName):
      guard let known = variables.entry(indexName) else {
        throw GroupError.linkIndexVariable(variable: name, index: indexName, why: "'\(self.name)' has no such variable")
      }
      guard let array = known.variable as? ArrayVariable, array.scalarType.isInteger else {
        throw GroupError.linkIndexVariable(variable: name, index: indexName, why: "it is not a stored integer variable")
      }
      guard case .element = known.access else {
        throw GroupError.linkIndexVariable(variable: name, index: indexName, why: "it is shared or linked itself")
      }
      return (entry.reached(through: array, offset: owner.elementOffset, from: owner), true)
    }
  }

  private func through(
    _ list: [Int], _ name: String, _ entry: Variables.Entry, _ owner: any VariableOwner, _ sourceCount: Int
  ) throws -> (Variables.Entry, isShared: Bool) {
    let isUnique = Set(list).count == list.count
    let column = try Column(.int32, rows: count)
    column.withElements(of: Int32.self) { for (place, value) in list.enumerated() { $0[place] = Int32(value) } }
    let flags: Variable.Flags = isUnique ? [.constant, .readOnly, .unique] : [.constant, .readOnly]
    let array = try ArrayVariable("_\(name)_indices", column: column, flags: flags, owner: self)
    array.rule = .element(of: owner.name) { sourceCount }
    linkIndices[name] = array
    variables.replace("_\(name)_indices", with: array, access: .element)
    return (entry.reached(through: array, offset: owner.elementOffset, from: owner), !isUnique)
  }

  /// Refuses code that writes through a link where several elements mean one (LNK-6).
  func checkLinkedWrites(_ code: ParsedCode, by what: String) throws {
    for statement in code.statements where sharedLinks.contains(statement.target) {
      throw GroupError.manyToOneWrite(variable: statement.target, group: name, code: what)
    }
  }
}
