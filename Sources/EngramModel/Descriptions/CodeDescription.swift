public import EngramExpressions
public import EngramUnits

/// Code of the user that runs for the elements of a group: at every step of a clock, or at given times.
public struct CodeDescription: Hashable, Sendable {
  /// When code runs.
  public static let slot = TimingDescription.usualSlot

  /// The statements.
  public var code: ModelCode
  /// nil: it is found when the code is added to a group.
  public var name: String?
  /// The part of the group whose elements it runs for; nil: all of them.
  public var part: GroupReference?
  /// When it runs; nil: at every step.
  public var times: [Quantity]?
  /// The clock, and the place in its steps.
  public var timing: TimingDescription

  public init(
    _ code: ModelCode, name: String? = nil, part: GroupReference? = nil, times: [Quantity]? = nil,
    timing: TimingDescription = .init(when: slot)
  ) {
    self.code = code
    self.name = name
    self.part = part
    self.times = times
    self.timing = timing
  }
}

extension CodeDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, PartKey>) throws(DescriptionError) {
    code = try walk(.code, \.code, .code)
    name = try walk(.name, \.name, .maybe(.text))
    part = try walk(.of, \.part, .maybe(.group))
    times = try walk(.times, \.times, .maybe(.list(.quantity)))
    timing = try walk.part(\.timing) { walk throws(DescriptionError) in try TimingDescription(&walk, slot: Self.slot) }
  }
}

/// Code that runs for the elements with an event.
public struct EventCodeDescription: Hashable, Sendable {
  /// The statements.
  public var code: ModelCode
  /// When it runs.
  public var place: PlaceInStep

  public init(_ code: ModelCode, at place: PlaceInStep) {
    self.code = code
    self.place = place
  }
}

extension EventCodeDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, PartKey>) throws(DescriptionError) {
    code = try walk(.code, \.code, .code)
    place = try walk.part(\.place) { walk throws(DescriptionError) in try PlaceInStep(&walk) }
  }
}

/// What a linked variable is linked to.
public struct LinkDescription: Hashable, Sendable {
  /// The variable whose values are seen.
  public var source: VariableReference
  /// Which element of the source each element means.
  public var index: LinkIndex

  public init(_ source: VariableReference, index: LinkIndex = .automatic) {
    self.source = source
    self.index = index
  }
}

extension LinkDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, PartKey>) throws(DescriptionError) {
    source = try walk(.to, \.source, .variable)
    index = try walk(.index, \.index, .linkIndex)
  }
}

extension IntegrationMethod.Scheme: WalkedFields {
  init(_ walk: inout FieldWalk<Self, PartKey>) throws(DescriptionError) {
    text = try walk(.explicit, \.text, .text)
    noise = try walk(.noise, \.noise, .word)
    name = try walk(.name, \.name, .text)
  }
}
