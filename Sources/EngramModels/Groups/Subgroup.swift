internal import EngramExpressions
public import EngramModel
public import EngramSimulation

/// A contiguous part of a group (SUB), Brian 2's `Subgroup`. Its variables are the parent's, its elements are counted from 0.
///
/// A part is a view: nothing is copied, and what is written through it is written to the group. It is got by a subscript of the group,
/// and can be the source or target of synapses and monitors.
///
/// ```swift
/// let part = try neurons[10..<20]
/// try part.v <- "-70*mV + i*mV"          // i is 0 … 9 here
/// let rate = try PopulationRateMonitor(part)
/// ```
public final class Subgroup: Group, SpikeSource {
  /// The whole group, also for a part of a part.
  public let parent: SpikingGroup
  /// The first element, counted in the whole group.
  public let start: Int
  /// The element behind the last one, counted in the whole group.
  public let stop: Int
  /// Own numbers of the elements with an event; written when lent.
  private let scratch: EventList

  init(of parent: SpikingGroup, _ range: Range<Int>, name: ObjectName? = nil) throws {
    self.parent = parent
    start = range.lowerBound
    stop = range.upperBound
    scratch = EventList(capacity: range.count)
    try super.init(
      clock: parent.clock, when: parent.when, order: parent.order, namespace: parent.namespace,
      name: name ?? ObjectName(validating: "\(parent.name)_subgroup*"))
    try variables.addConstant("N", .integer(Int64(range.count)))
    try variables.addElementIndex("i")
    try variables.addReferences(to: parent, parent.variables.names.filter { $0 != "N" && $0 != "i" })
    parent.noteSubgroup(self)
  }

  public override var warnsWhenUnused: Bool { false }
  public override var doesWork: Bool { false }
  public override var dependencyTarget: BrianObject { parent }
  public override var isPartOfGroup: Bool { true }
  public override var elementCount: Int { stop - start }
  public override var elementOffset: Int { start }
  public override var ownNamespace: Namespace? { parent.ownNamespace }

  /// Number of elements.
  public var count: Int { stop - start }
  /// The events of the whole group.
  public var eventNames: [EventName] { parent.eventNames }

  /// Lends the elements of the part that have the event in this step, counted from the part's beginning.
  ///
  /// - Complexity: O(log n + m) for n elements of the whole and m of the part with the event.
  public func withSpikes<R>(of event: EventName, _ body: (UnsafeBufferPointer<Int32>) throws -> R) rethrows -> R {
    scratch.count = 0
    if let list = parent.eventList(event) {
      let places = list.places(of: start..<stop)
      for place in places { scratch.base[place - places.lowerBound] = list.base[place] - Int32(start) }
      scratch.count = places.count
    }
    return try body(scratch.elements)
  }

  /// A part of the part; refers to the whole group.
  public subscript(range: some RangeExpression<Int>) -> Subgroup {
    get throws {
      let elements = try resolve(range, count: count, group: self.name)
      warnOfEnds(range, beyond: count, taken: elements)
      return try part(elements)
    }
  }

  /// The elements of this part that the slice `low:high` means; nil is an open end.
  package func elements(from low: Int?, to high: Int?) throws -> Range<Int> {
    try resolve(low, high, count: count, group: self.name)
  }

  private func part(_ elements: Range<Int>) throws -> Subgroup {
    try Subgroup(of: parent, elements.lowerBound + start..<elements.upperBound + start)
  }

  public override var describedKind: ObjectKind { .subgroup(SubgroupDescription(reference)) }
}
