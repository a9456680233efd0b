/// A monitor of variables over time: what a `StateMonitor` is made with.
public struct StateMonitorDescription: Hashable, Sendable {
  /// When the values are recorded.
  public static let slot = Slot.start

  /// The group that is recorded.
  public var source: GroupReference
  /// What is recorded of each element.
  public var variables: VariableSet
  /// The recorded elements, counted in the source.
  public var record: RecordedIndices
  /// The clock, and the place in its steps.
  public var timing: TimingDescription

  public init(_ source: GroupReference, _ variables: VariableSet, record: RecordedIndices, timing: TimingDescription = .init(when: slot)) {
    self.source = source
    self.variables = variables
    self.record = record
    self.timing = timing
  }
}

extension StateMonitorDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, DescriptionKey>) throws(DescriptionError) {
    source = try walk(.source, \.source, .group)
    variables = try walk(.variables, \.variables, .variables)
    record = try walk(.record, \.record, .recorded)
    timing = try walk.part(\.timing) { walk throws(DescriptionError) in try TimingDescription(&walk, slot: Self.slot) }
  }
}

/// A monitor of events: what a `SpikeMonitor` or an `EventMonitor` is made with.
public struct EventMonitorDescription: Hashable, Sendable {
  /// Whether times and indices are recorded where nothing was said of it.
  public static let isUsuallyRecording = true

  /// The group that is recorded.
  public var source: GroupReference
  /// nil: spikes, of a `SpikeMonitor`.
  public var event: EventName?
  /// Variables of the source that are recorded with each event.
  public var variables: [String]
  /// Whether times and indices are recorded, or only counts.
  public var isRecording: Bool
  /// nil: right behind what finds the events.
  public var place: PlaceInStep?

  public init(
    _ source: GroupReference, event: EventName? = nil, variables: [String] = [], isRecording: Bool = isUsuallyRecording, place: PlaceInStep? = nil
  ) {
    self.source = source
    self.event = event
    self.variables = variables
    self.isRecording = isRecording
    self.place = place
  }
}

extension EventMonitorDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, DescriptionKey>) throws(DescriptionError) {
    source = try walk(.source, \.source, .group)
    event = try walk(.event, \.event, .maybe(.word))
    variables = try walk(.variables, \.variables, .list(.text))
    isRecording = try walk(.record, \.isRecording, .boolean.unless(Self.isUsuallyRecording))
    place = try walk.either(
      \.place, (.when, .word), (.order, .integer), write: { ($0?.when, $0?.order) },
      read: { (when: Slot?, order: Int?) in when.map { PlaceInStep($0, order: order ?? TimingDescription.usualOrder) } })
  }
}

/// A monitor of rates: what a `PopulationRateMonitor` is made with.
public struct RateMonitorDescription: Hashable, Sendable {
  /// When the rate is recorded: after everything that spikes.
  public static let slot = Slot.end

  /// The group that is recorded.
  public var source: GroupReference

  public init(_ source: GroupReference) { self.source = source }
}

extension RateMonitorDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, DescriptionKey>) throws(DescriptionError) { source = try walk(.source, \.source, .group) }
}
