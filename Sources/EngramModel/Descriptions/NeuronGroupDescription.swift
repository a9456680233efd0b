public import EngramEquations
public import EngramExpressions

/// A group of neurons: what a `NeuronGroup` is made with.
public struct NeuronGroupDescription: Hashable, Sendable {
  /// Where a group stands in a step; it does nothing there, its parts have places of their own.
  public static let slot = Slot.start
  /// Where the code of the event `spike` runs that is the group's reset.
  public static let resetSlot = Slot.resets
  /// Where code of other events runs.
  public static let eventCodeSlot = Slot.after(.resets)
  /// Where conditions of events other than `spike` are checked, and that of `spike` where its place is given without a slot.
  public static let eventSlot = Slot.after(.thresholds)
  /// Where the condition of an event is checked.
  public static func slot(of event: EventName) -> Slot { event == .spike ? .thresholds : eventSlot }

  /// Number of neurons.
  public var count: Int
  /// The equations.
  public var model: SourceText
  /// Condition of the event `spike`.
  public var threshold: ModelExpression?
  /// Code for the neurons that spiked.
  public var reset: ModelCode?
  /// How long neurons do not spike again.
  public var refractory: Refractoriness
  /// Further events with their conditions.
  public var events: [Named<ModelExpression>]
  /// How the equations are integrated.
  public var method: IntegrationMethod
  /// What the method is told.
  public var methodOptions: MethodOptions
  /// Number types of the variables.
  public var types: ScalarTypes
  /// Timing, and code of the user.
  public var group: GroupDescription
  /// Code that runs on events, by event.
  public var eventCode: [Named<EventCodeDescription>]
  /// When the conditions of events are checked, where that is not at their usual place.
  public var eventSchedule: [Named<PlaceInStep>]
  /// What linked variables are linked to.
  public var links: [Named<LinkDescription>]

  public init(
    _ count: Int, _ model: SourceText, threshold: ModelExpression? = nil, reset: ModelCode? = nil, refractory: Refractoriness = .none,
    events: [Named<ModelExpression>] = [], method: IntegrationMethod = .automatic, methodOptions: MethodOptions = [:],
    types: ScalarTypes = .standard, group: GroupDescription = .init(timing: .init(when: slot)), eventCode: [Named<EventCodeDescription>] = [],
    eventSchedule: [Named<PlaceInStep>] = [], links: [Named<LinkDescription>] = []
  ) {
    self.count = count
    self.model = model
    self.threshold = threshold
    self.reset = reset
    self.refractory = refractory
    self.events = events
    self.method = method
    self.methodOptions = methodOptions
    self.types = types
    self.group = group
    self.eventCode = eventCode
    self.eventSchedule = eventSchedule
    self.links = links
  }
}

extension NeuronGroupDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, DescriptionKey>) throws(DescriptionError) {
    count = try walk(.count, \.count, .integer)
    model = try walk(.model, \.model, .source)
    threshold = try walk(.threshold, \.threshold, .maybe(.expression))
    reset = try walk(.reset, \.reset, .maybe(.code))
    refractory = try walk(.refractory, \.refractory, .refractoriness)
    events = try walk(.events, \.events, .named(.expression))
    method = try walk(.method, \.method, .method)
    methodOptions = try walk(.methodOptions, \.methodOptions, .options)
    types = try walk(.dtype, \.types, .types)
    group = try walk.part(\.group) { walk throws(DescriptionError) in try GroupDescription(&walk, slot: Self.slot) }
    eventCode = try walk(.runOnEvent, \.eventCode, .named(.fields))
    eventSchedule = try walk(.eventSchedule, \.eventSchedule, .named(.fields))
    links = try walk(.link, \.links, .named(.fields))
  }
}
