public import EngramModel
internal import EngramScalars
internal import EngramSimulation

/// Elements of the source or target, as one index of a synaptic variable (SYN-35).
public protocol NeuronSelection {
  /// The elements meant, counted in a group of `count`; those that do not exist are left out.
  func selectedElements(count: Int) -> Set<Int>?
}

/// All elements: `S.w[3, .all]`.
public struct EveryNeuron: NeuronSelection, Sendable {
  public func selectedElements(count: Int) -> Set<Int>? { nil }
}

extension NeuronSelection where Self == EveryNeuron {
  /// All elements: `S.w[3, .all]`.
  public static var all: EveryNeuron { EveryNeuron() }
}

extension Int: NeuronSelection {
  public func selectedElements(count: Int) -> Set<Int>? { Set([element(of: count)].compactMap(\.self)) }
}
extension Array: NeuronSelection where Element == Int {
  public func selectedElements(count: Int) -> Set<Int>? { Set(compactMap { $0.element(of: count) }) }
}
extension Range: NeuronSelection where Bound == Int {
  public func selectedElements(count: Int) -> Set<Int>? { clipped(self, count) }
}
extension ClosedRange: NeuronSelection where Bound == Int {
  public func selectedElements(count: Int) -> Set<Int>? { clipped(self, count) }
}
extension PartialRangeFrom: NeuronSelection where Bound == Int {
  public func selectedElements(count: Int) -> Set<Int>? { clipped(self, count) }
}
extension PartialRangeUpTo: NeuronSelection where Bound == Int {
  public func selectedElements(count: Int) -> Set<Int>? { clipped(self, count) }
}
extension Subgroup: NeuronSelection {
  /// In the numbering of the whole group; `Synapses` counts from the beginning of its own part.
  public func selectedElements(count: Int) -> Set<Int>? { Set(start..<stop) }
}
extension SpikingGroup: NeuronSelection {
  public func selectedElements(count: Int) -> Set<Int>? { nil }
}

private func clipped(_ range: some RangeExpression<Int>, _ count: Int) -> Set<Int> {
  (try? resolve(range, count: count, group: "")).map { Set($0) } ?? []
}

/// Some synapses by number, valid until more are made (SYN-37).
public struct SynapticSubgroup {
  /// The object that the synapses belong to.
  public let synapses: Synapses
  /// Ascending.
  public let indices: [Int]
  private let count: Int

  init(_ synapses: Synapses, _ indices: [Int]) {
    self.synapses = synapses
    self.indices = indices
    count = synapses.synapseCount
  }

  /// The numbers, if the synapses are still the same.
  public func checkedIndices() throws -> [Int] {
    guard synapses.synapseCount == count else { throw SynapseError.staleSelection(synapses: synapses.name) }
    return indices
  }
}

extension RecordedIndices {
  /// The synapses of a selection.
  public static func synapses(_ part: SynapticSubgroup) throws -> RecordedIndices { .indices(try part.checkedIndices()) }
}
