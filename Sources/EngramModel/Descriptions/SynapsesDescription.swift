public import EngramEquations
public import EngramExpressions

/// Synapses between two groups: what `Synapses` are made with. Which synapses there are is in their variables.
public struct SynapsesDescription: Hashable, Sendable {
  /// Where synapses stand in a step; they do nothing there, their pathways have places of their own.
  public static let slot = Slot.start

  /// The group whose events `onPre` reacts to.
  public var source: GroupReference
  /// nil: the source itself.
  public var target: GroupReference?
  /// The equations; nil: none.
  public var model: SourceText?
  /// What happens at events of the source.
  public var onPre: Pathways
  /// What happens at events of the target.
  public var onPost: Pathways
  /// Of the pathways whose synapses have one delay.
  public var delays: PathwayDelays
  /// Of the pathways that react to another event than `spike`.
  public var events: [Named<EventName>]
  /// When pathways act, where that is not at their usual place.
  public var schedule: [Named<PlaceInStep>]
  /// The variable that numbers the synapses of one pair.
  public var multisynapticIndex: String?
  /// How the equations are integrated.
  public var method: IntegrationMethod
  /// What the method is told.
  public var methodOptions: MethodOptions
  /// Number types of the variables.
  public var types: ScalarTypes
  /// Timing, and code of the user.
  public var group: GroupDescription
  /// What linked variables are linked to.
  public var links: [Named<LinkDescription>]

  public init(
    _ source: GroupReference, _ target: GroupReference? = nil, _ model: SourceText? = nil, onPre: Pathways = [:], onPost: Pathways = [:],
    delays: PathwayDelays = [:], events: [Named<EventName>] = [], schedule: [Named<PlaceInStep>] = [], multisynapticIndex: String? = nil,
    method: IntegrationMethod = .automatic, methodOptions: MethodOptions = [:], types: ScalarTypes = .standard,
    group: GroupDescription = .init(timing: .init(when: slot)), links: [Named<LinkDescription>] = []
  ) {
    self.source = source
    self.target = target
    self.model = model
    self.onPre = onPre
    self.onPost = onPost
    self.delays = delays
    self.events = events
    self.schedule = schedule
    self.multisynapticIndex = multisynapticIndex
    self.method = method
    self.methodOptions = methodOptions
    self.types = types
    self.group = group
    self.links = links
  }

  /// Where pathways that react to the source usually act: before those of the target.
  public static let placeOfPre = PlaceInStep(.synapses, order: -1)
  /// The same for those of the target.
  public static let placeOfPost = PlaceInStep(.synapses, order: 1)

  /// Where a pathway usually acts.
  public func place(of pathway: String) -> PlaceInStep {
    onPost.list.contains { ($0.name ?? "post") == pathway } ? Self.placeOfPost : Self.placeOfPre
  }

  /// The names of the pathways, those of the source first.
  public var pathwayNames: [String] { onPre.list.map { $0.name ?? "pre" } + onPost.list.map { $0.name ?? "post" } }
}

extension SynapsesDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, DescriptionKey>) throws(DescriptionError) {
    source = try walk(.source, \.source, .group)
    target = try walk(.target, \.target, .maybe(.group))
    model = try walk(.model, \.model, .maybe(.source))
    onPre = try walk(.onPre, \.onPre, .pathways(usual: "pre"))
    onPost = try walk(.onPost, \.onPost, .pathways(usual: "post"))
    delays = try walk(.delay, \.delays, .delays)
    events = try walk(.onEvent, \.events, .named(.word))
    schedule = try walk(.pathways, \.schedule, .named(.fields))
    multisynapticIndex = try walk(.multisynapticIndex, \.multisynapticIndex, .maybe(.text))
    method = try walk(.method, \.method, .method)
    methodOptions = try walk(.methodOptions, \.methodOptions, .options)
    types = try walk(.dtype, \.types, .types)
    group = try walk.part(\.group) { walk throws(DescriptionError) in try GroupDescription(&walk, slot: Self.slot) }
    links = try walk(.link, \.links, .named(.fields))
  }
}
