public import EngramEquations
internal import EngramExpressions
public import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// A group whose equations may have linked parameters: ``NeuronGroup`` and ``Synapses``.
public protocol LinkingGroup: Group {
  /// The equations, of which some parameters are flagged `linked`.
  var equations: Equations { get }
  /// Whether elements come one after the other, as synapses do: links to and from them cannot be one to one.
  var growsByConnecting: Bool { get }
  /// What the group keeps about its links.
  var links: Links { get }
}

/// What the kind of a linking group knows of its links.
protocol LinkKeeper: AnyObject {
  /// An integer per element, under an internal name: elements of a source.
  func makeLinkIndex(_ name: String, _ list: [Int], isUnique: Bool) throws -> ArrayVariable
  /// Others refer to the variables of this group under names of their own.
  func linksChanged(_ name: String, to entry: Variables.Entry)
}

/// What refers to variables of a group under names of its own, as synapses do (`v_pre`, `v_post`).
protocol LinkFollower: Group {
  /// A variable of a group has become a link: names that lead to it lead to its source now.
  func renewReferences(_ name: String, of group: NeuronGroup)
}

/// The links of a group.
public final class Links {
  fileprivate unowned let keeper: any LinkKeeper
  /// By variable.
  private(set) var descriptions: [Named<LinkDescription>] = []
  /// Linked variables of which several elements share one source element.
  private var shared: Set<String> = []
  /// Those whose index was given element by element.
  private(set) var enumerated: Set<String> = []
  /// Kept alive: the values belong to them (LNK-7).
  private var sources: [any VariableOwner] = []

  init(keptBy keeper: any LinkKeeper) { self.keeper = keeper }

  var isEmpty: Bool { descriptions.isEmpty }
  func isShared(_ name: String) -> Bool { shared.contains(name) }

  fileprivate func note(_ name: String, _ description: LinkDescription, source: any VariableOwner, isShared: Bool, isEnumerated: Bool) {
    if isShared { shared.insert(name) } else { shared.remove(name) }
    if isEnumerated { enumerated.insert(name) } else { enumerated.remove(name) }
    sources.append(source)
    descriptions.removeAll { $0.name == name }
    descriptions.append(Named(name, description))
  }
}

extension LinkingGroup {
  /// Gives the linked parameter `name` its source: a variable of another group, seen through an index (LNK-1…8), Brian 2's `linked_var`.
  ///
  /// The values stay the other group's: what it writes is read here in the same step, and a write here changes it there.
  ///
  /// ```swift
  /// let leader = try NeuronGroup(1, "dv/dt = -v/(20*ms) : volt")
  /// let followers = try NeuronGroup(10, "dv/dt = (drive - v)/(10*ms) : volt\ndrive : volt (linked)")
  /// try followers.link("drive", to: leader.v)   // one for all
  /// ```
  ///
  /// - Parameters:
  ///   - name: a parameter of the equations with the flag `linked`.
  ///   - target: a stored variable of the same unit and kind, of a group that may also be this one.
  ///   - index: the element of the source that each element means.
  /// - Throws: ``GroupError`` where parameter and source do not fit together, and during a run.
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
    if source.isDynamic || (owner as? any LinkingGroup)?.growsByConnecting == true { throw GroupError.linkDynamic(variable: name, target: path) }
    let whole = (owner as? Subgroup)?.parent ?? owner
    if whole === self, target.name == name { throw GroupError.linkCycle(variable: name, target: path) }
    let kind = source.scalarType
    let isSameKind = equation.type == .float ? kind.isFloat : equation.type == .integer ? kind.isInteger : kind == .bool
    guard isSameKind else {
      throw GroupError.linkType(variable: name, expected: equation.type.rawValue, target: path, found: kind.rawValue)
    }
    let (linked, isShared) = try entryOfLink(name, owner: owner, entry: entry, view: target, path: path, index: index)
    variables.replace(name, with: linked)
    links.keeper.linksChanged(name, to: linked)
    noteUnrecorded("'\(self.name).\(name)' was linked")
    if let source = owner as? BrianObject { addDependency(source) }
    let group = (owner as? Group)?.reference ?? GroupReference(owner.name)
    let isEnumerated = if case .indices = index { true } else { false }
    links.note(
      name, LinkDescription(VariableReference(group, target.name), index: index), source: owner, isShared: isShared, isEnumerated: isEnumerated)
  }

  /// - Returns: the way to the source, and whether several elements lead to one of the source.
  private func entryOfLink(
    _ name: String, owner: any VariableOwner, entry: Variables.Entry, view: VariableView, path: String, index: LinkIndex
  ) throws -> (Variables.Entry, isShared: Bool) {
    let sourceCount = view.count
    let count = elementCount
    if case .scalar = entry.access { return (entry.inContext(of: owner), count > 1) }
    switch index {
    case .automatic:
      // One for all, also for those that are made later.
      if sourceCount == 1, count != 1 || growsByConnecting {
        let found = try through([Int](repeating: 0, count: count), name, entry, owner, sourceCount)
        // Code reads it as a shared value, so that shared subexpressions can; the list stays, as checkpoints hold it.
        if case .element = entry.access, owner.elementOffset == 0, entry.variable.array != nil { return (entry.asOneValue, isShared: true) }
        return found
      }
      guard sourceCount == count, !growsByConnecting else {
        throw GroupError.linkNeedsIndex(variable: name, expected: count, target: path, found: sourceCount)
      }
      return owner.elementOffset == 0 ? (entry.inContext(of: owner), false) : try through(Array(0..<count), name, entry, owner, sourceCount)
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
      guard let array = known.variable.array, array.scalarType.isInteger else {
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
    let isUnique = Set(list).count == list.count && !growsByConnecting
    let array = try links.keeper.makeLinkIndex("_\(name)_indices", list, isUnique: isUnique)
    array.rule = .element(of: owner.name) { sourceCount }
    return (entry.reached(through: array, offset: owner.elementOffset, from: owner), !isUnique)
  }

  /// Refuses code that writes through a link where several elements mean one (LNK-6).
  func checkLinkedWrites(_ code: ParsedCode, by what: String) throws {
    for statement in code.statements where links.isShared(statement.target) {
      throw GroupError.manyToOneWrite(variable: statement.target, group: name, code: what)
    }
  }
}

extension Group {
  /// The group whose links code of this one may write through: a part has those of the whole.
  var linkingGroup: (any LinkingGroup)? { (self as? Subgroup)?.parent as? any LinkingGroup ?? self as? any LinkingGroup }
}

extension NeuronGroup: LinkingGroup {
  public var growsByConnecting: Bool { false }
}

extension NeuronGroup: LinkKeeper {
  /// Keeps the list as a constant variable of the group.
  func makeLinkIndex(_ name: String, _ list: [Int], isUnique: Bool) throws -> ArrayVariable {
    let column = try Column(.int32, rows: list.count)
    column.withElements(of: Int32.self) { for (place, value) in list.enumerated() { $0[place] = Int32(value) } }
    let flags: Variable.Flags = isUnique ? [.constant, .readOnly, .unique] : [.constant, .readOnly]
    let array = try ArrayVariable(name, column: column, flags: flags, owner: self)
    variables.replace(name, with: array, access: .element)
    return array
  }

  /// Lets what knows variables of the group under names of its own know the new way: parts and synapses, or pathways.
  func linksChanged(_ name: String, to entry: Variables.Entry) {
    for part in subgroups { part.variables.replace(name, with: entry) }
    for follower in linkFollowers { follower.renewReferences(name, of: self) }
  }
}
