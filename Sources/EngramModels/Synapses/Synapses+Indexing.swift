public import EngramExpressions
internal import EngramScalars
public import EngramSimulation

extension Synapses {
  /// The synapses between two sets of elements, ascending by number; none where nothing matches (SYN-35).
  public subscript(pre: some NeuronSelection, post: some NeuronSelection) -> SynapticSubgroup {
    get throws { SynapticSubgroup(self, try matches(pre, post, number: nil)) }
  }

  /// Of the synapses between the elements those with the given multisynaptic number.
  public subscript(pre: some NeuronSelection, post: some NeuronSelection, number: some NeuronSelection) -> SynapticSubgroup {
    get throws { SynapticSubgroup(self, try matches(pre, post, number: number)) }
  }

  /// The synapses for which a condition holds (SYN-36).
  public subscript(where condition: ModelExpression, file: StaticString = #fileID, line: UInt = #line) -> SynapticSubgroup {
    get throws { SynapticSubgroup(self, try variable("i")[where: condition, file, line].elements()) }
  }

  /// Synapses by number.
  public subscript(numbers: [Int]) -> SynapticSubgroup {
    get throws {
      for number in numbers where number < 0 || number >= synapseCount {
        throw SynapseError.indexOutOfRange(what: "synapse", index: number, count: synapseCount, group: self.name)
      }
      return SynapticSubgroup(self, numbers)
    }
  }

  /// Consecutive synapses by number; what lies beyond the synapses is cut.
  public subscript(range: Range<Int>) -> SynapticSubgroup {
    SynapticSubgroup(self, Array(range.clamped(to: 0..<synapseCount)))
  }

  private func matches(
    _ pre: some NeuronSelection, _ post: some NeuronSelection, number: (any NeuronSelection)?
  ) throws -> [Int] {
    guard let preEnds, let postEnds else { return [] }
    let sources = mask(pre, source)
    let targets = mask(post, target)
    var found = try preEnds.withValues(of: Int32.self) { sourceEnds in
      try postEnds.withValues(of: Int32.self) { targetEnds in
        (0..<synapseCount).filter { synapse in
          (sources?[Int(sourceEnds[synapse])] ?? true) && (targets?[Int(targetEnds[synapse])] ?? true)
        }
      }
    }
    guard let number else { return found }
    guard let multisynapticIndex, let numbers = variables[multisynapticIndex]?.array else {
      throw SynapseError.noMultisynapticIndex(synapses: self.name)
    }
    try numbers.withValues(of: Int32.self) { numbers in
      // There are as many numbers as the pair with the most synapses has.
      let count = Int(numbers.prefix(synapseCount).max() ?? -1) + 1
      if let wanted = number.selectedElements(count: count) { found = found.filter { wanted.contains(Int(numbers[$0])) } }
    }
    return found
  }

  /// Which elements are meant; nil for all.
  private func mask(_ selection: some NeuronSelection, _ group: Group) -> [Bool]? {
    guard let elements = selection.selectedElements(count: group.elementCount) else { return nil }
    // A part of a group is counted in the whole; synapses count from the beginning of their own part.
    let shift = selection is Subgroup ? group.elementOffset : 0
    var mask = [Bool](repeating: false, count: group.elementCount)
    for element in elements where element >= shift && element - shift < mask.count { mask[element - shift] = true }
    return mask
  }

  func checkMade(_ variable: String) throws {
    guard !wasConnected, let entry = variables.entry(variable), !entry.variable.isScalar,
      entry.variable.ownerName == name || variable == "delay"
    else { return }
    throw SynapseError.noSynapsesYet(synapses: name, what: "'\(variable)'")
  }
}

extension VariableView {
  /// Synapses of a selection: `S.w[try S[0, .all]]`.
  public subscript(part: SynapticSubgroup) -> VariableSelection { get throws { self[try part.checkedIndices()] } }

  /// The synapses between two sets of elements: `S.w[i, j]`, `S.w[i, .all]`, `S.w[0..<3, [1, 2]]` (SYN-35).
  public subscript(pre: some NeuronSelection, post: some NeuronSelection) -> VariableSelection {
    get throws { self[try synapses[pre, post].checkedIndices()] }
  }

  /// Of the synapses between the elements those with the given multisynaptic number: `S.w[i, j, 0]`.
  public subscript(pre: some NeuronSelection, post: some NeuronSelection, number: some NeuronSelection) -> VariableSelection {
    get throws { self[try synapses[pre, post, number].checkedIndices()] }
  }

  private var synapses: Synapses {
    get throws {
      let owner = try origin.owner
      if let synapses = owner as? Synapses ?? (owner as? SynapticPathway)?.whole.ifThere { return synapses }
      throw IndexError(variable: path, reason: "several indices are for variables of synapses only")
    }
  }
}
