internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import EngramUnits

/// A group of numbered elements that have events: what NeuronGroup, PoissonGroup and SpikeGeneratorGroup share.
public class SpikingGroup: Group, SpikeSource {
  /// Number of elements.
  public let count: Int
  private(set) var events: [(name: EventName, list: EventList)] = []
  /// Parts that code runs over: kept alive by the group that the code runs with.
  private var keptParts: [Subgroup] = []
  private var parts = WeakSet<Subgroup>()

  init(
    count: Int, dt: Time?, clock: BaseClock?, when: Slot, order: Int, namespace: Namespace?, name: ObjectName, file: StaticString, line: UInt
  ) throws {
    guard count >= 1 else { throw GroupError.notPositive(group: name.base, count: count) }
    guard count <= Int(Int32.max) else { throw GroupError.notPositive(group: name.base, count: count) }
    try SpikingGroup.checkRoom(count, bytesPerElement: MemoryLayout<Int32>.size, group: name.base)
    self.count = count
    try super.init(dt: dt, clock: clock, when: when, order: order, namespace: namespace, name: name, file: file, line: line)
    try variables.addConstant("N", .integer(Int64(count)))
    try variables.addElementIndex("i")
    try variables.createClockVariables(self.clock)
  }

  /// Refuses what memory cannot hold before it is taken: large arrays get their pages only when they are written, and then it is
  /// too late for words.
  static func checkRoom(_ count: Int, bytesPerElement: Int, group: String) throws(GroupError) {
    let bytes = count * bytesPerElement
    // Asking the system costs more than a small group does.
    guard bytes > 1 << 28 else { return }
    let available = availableMemory()
    if bytes > available { throw .tooLarge(group: group, count: count, bytes: bytes, available: available) }
  }

  public override class var addToMagicNetwork: Bool { true }
  public override var doesWork: Bool { false }
  public override var elementCount: Int { count }

  // -------------------------------------------------------------------------------------------------------------- events

  func addEvent(_ name: EventName) -> EventList {
    let list = EventList(capacity: count)
    events.append((name, list))
    return list
  }

  /// The object that finds the event in each step: monitors record right after it.
  func eventFinder(_ name: EventName) -> BrianObject? { nil }

  func eventList(_ name: EventName) -> EventList? { events.first { $0.name == name }?.list }

  /// The events that monitors and pathways can ask for, `spike` among them where there is a threshold.
  public var eventNames: [EventName] { events.map(\.name) }

  /// Lends the elements that have the event in this step, ascending, without a copy; none for an event that the group does not have.
  public func withSpikes<R>(of event: EventName, _ body: (UnsafeBufferPointer<Int32>) throws -> R) rethrows -> R {
    try body(eventList(event)?.elements ?? UnsafeBufferPointer(start: nil, count: 0))
  }

  // ----------------------------------------------------------------------------------------------------------- subgroups

  /// A contiguous part (SUB-1), without a copy of any value. Bounds below 0 count from the end; what lies beyond the elements is cut, with a warning.
  ///
  /// ```swift
  /// let excitatory = try neurons[..<80]
  /// let inhibitory = try neurons[80...]
  /// try excitatory.v <- -65 * mV
  /// let recurrent = try Synapses(excitatory, inhibitory, onPre: "v_post += 0.5*mV")
  /// try recurrent.connect(p: 0.1)
  /// ```
  ///
  /// - Throws: ``GroupError`` where nothing is left.
  public subscript(range: some RangeExpression<Int>) -> Subgroup {
    get throws {
      let elements = try resolvedRange(range)
      warnOfEnds(range, beyond: count, taken: elements)
      return try Subgroup(of: self, elements)
    }
  }

  /// The same for a range that a description gives: all of it lies in the group.
  package func part(_ range: Range<Int>, name: ObjectName?) throws -> Subgroup {
    guard range.lowerBound >= 0, range.upperBound <= count, !range.isEmpty else {
      throw GroupError.emptyRange(group: self.name, lower: range.lowerBound, upper: range.upperBound, count: count)
    }
    return try Subgroup(of: self, range, name: name)
  }

  /// The part with one element; negative numbers count from the end.
  ///
  /// - Throws: ``GroupError`` for a number without an element.
  public subscript(index: Int) -> Subgroup {
    get throws { try Subgroup(of: self, elements(index)) }
  }

  /// The part with these elements: ascending numbers without gaps.
  ///
  /// - Throws: ``GroupError`` for other numbers, and for elements that do not exist.
  public subscript(indices: [Int]) -> Subgroup {
    get throws { try Subgroup(of: self, elements(indices)) }
  }
  /// The element that an index means; below 0 it counts from the end.
  package func elements(_ index: Int) throws -> Range<Int> {
    guard let place = index.element(of: count) else {
      throw GroupError.emptyRange(group: self.name, lower: index, upper: index &+ 1, count: count)
    }
    return place..<place + 1
  }

  package func elements(_ indices: [Int]) throws -> Range<Int> {
    guard let first = indices.first,
      zip(indices, indices.dropFirst()).allSatisfy({ $0 < Int.max && $0 + 1 == $1 }), first >= 0
    else {
      throw GroupError.notContiguous(group: self.name, indices: indices)
    }
    guard let last = indices.last, last < count else {
      throw GroupError.emptyRange(
        group: self.name, lower: first, upper: (indices.last ?? 0) &+ 1, count: count)
    }
    return first..<last + 1
  }

  private var followers = WeakSet<Group>()
  func note(_ follower: some LinkFollower) { followers.insert(follower) }
  /// The living that refer to this group, or to a part of it, under names of their own.
  var linkFollowers: [any LinkFollower] { followers.objects.compactMap { $0 as? any LinkFollower } }
  func noteSubgroup(_ part: Subgroup) { parts.insert(part) }
  func keep(_ part: Subgroup) { if !keptParts.contains(where: { $0 === part }) { keptParts.append(part) } }
  /// Living parts, which know the variables of the group under the same names.
  var subgroups: [Subgroup] { parts.objects }

  func resolvedRange(_ range: some RangeExpression<Int>) throws -> Range<Int> {
    try resolve(range, count: count, group: self.name)
  }

  /// The elements that the slice `low:high` means; nil is an open end.
  package func elements(from low: Int?, to high: Int?) throws -> Range<Int> {
    try resolve(low, high, count: count, group: self.name)
  }
}

extension Group {
  /// A part that goes beyond its group ends with it, as in Brian 2; whoever wrote it may mean another group, or another size.
  func warnOfEnds(_ range: some RangeExpression<Int>, beyond count: Int, taken: Range<Int>) {
    let written = range.relative(to: Int.min..<Int.max)
    let ends = [written.lowerBound, written.upperBound].filter { $0 != .min && $0 != .max }
    guard ends.contains(where: { $0 > count || $0 < -count }) else { return }
    environment.messages.emit(
      .warning, "group.beyond_group",
      "a part of '\(name)' goes beyond its \(count) elements; taken are \(taken.lowerBound) to \(taken.upperBound - 1)", once: true)
  }
}

/// Elements meant by a range in the manner of slices: what lies beyond the elements is cut, negative bounds count from the end.
func resolve(_ range: some RangeExpression<Int>, count: Int, group: String) throws -> Range<Int> {
  // Open ends become the extremes, which no user writes.
  let written = range.relative(to: Int.min..<Int.max)
  // From the end to the last one: `-3 ... -1` has its end at 0.
  let throughLast = written.lowerBound < 0 && written.lowerBound != .min && written.upperBound == 0
  return try resolve(
    written.lowerBound == .min ? nil : written.lowerBound, written.upperBound == .max || throughLast ? nil : written.upperBound, count: count,
    group: group)
}

func resolve(_ low: Int?, _ high: Int?, count: Int, group: String) throws -> Range<Int> {
  let elements = Range(slice: low, high, of: count)
  guard !elements.isEmpty else { throw GroupError.emptyRange(group: group, lower: low ?? 0, upper: high ?? count, count: count) }
  return elements
}
