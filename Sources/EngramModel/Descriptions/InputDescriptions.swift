public import EngramUnits

/// Elements that spike at random: what a `PoissonGroup` is made with.
public struct PoissonGroupDescription: Hashable, Sendable {
  /// When the spikes are drawn.
  public static let slot = Slot.thresholds

  /// Number of elements.
  public var count: Int
  /// Of all elements, of each one, or a formula [Hz].
  public var rates: Rates
  /// Timing, and code of the user.
  public var group: GroupDescription

  public init(_ count: Int, rates: Rates, group: GroupDescription = .init(timing: .init(when: slot))) {
    self.count = count
    self.rates = rates
    self.group = group
  }
}

extension PoissonGroupDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, DescriptionKey>) throws(DescriptionError) {
    count = try walk(.count, \.count, .integer)
    rates = try walk(.rates, \.rates, .rates)
    group = try walk.part(\.group) { walk throws(DescriptionError) in try GroupDescription(&walk, slot: Self.slot) }
  }
}

/// Elements that spike at given times: what a `SpikeGeneratorGroup` is made with.
public struct SpikeGeneratorDescription: Hashable, Sendable {
  /// When the spikes are put out.
  public static let slot = Slot.thresholds

  /// Number of elements.
  public var count: Int
  /// The element of each spike.
  public var indices: [Int]
  /// When it is; as many as indices.
  public var times: QuantityArray
  /// After which everything repeats.
  public var period: Quantity?
  /// Timing, and code of the user.
  public var group: GroupDescription

  public init(_ count: Int, indices: [Int], times: QuantityArray, period: Quantity? = nil, group: GroupDescription = .init(timing: .init(when: slot))) {
    self.count = count
    self.indices = indices
    self.times = times
    self.period = period
    self.group = group
  }
}

extension SpikeGeneratorDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, DescriptionKey>) throws(DescriptionError) {
    count = try walk(.count, \.count, .integer)
    indices = try walk(.indices, \.indices, .elements)
    times = try walk(.times, \.times, .numbers(unit: "second"))
    period = try walk(.period, \.period, .maybe(.quantity))
    group = try walk.part(\.group) { walk throws(DescriptionError) in try GroupDescription(&walk, slot: Self.slot) }
  }
}

/// The summed spikes of Poisson neurons: what a `PoissonInput` is made with.
public struct PoissonInputDescription: Hashable, Sendable {
  /// When the spikes arrive.
  public static let slot = Slot.synapses

  /// The group whose variable is added to.
  public var target: GroupReference
  /// The variable of the target that is added to.
  public var variable: String
  /// Number of neurons for each element of the target.
  public var count: Int
  /// Of each neuron [Hz].
  public var rate: Quantity
  /// What each spike adds.
  public var weight: Weight
  /// The clock, and the place in its steps.
  public var timing: TimingDescription

  public init(_ target: GroupReference, _ variable: String, count: Int, rate: Quantity, weight: Weight, timing: TimingDescription = .init(when: slot)) {
    self.target = target
    self.variable = variable
    self.count = count
    self.rate = rate
    self.weight = weight
    self.timing = timing
  }
}

extension PoissonInputDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, DescriptionKey>) throws(DescriptionError) {
    target = try walk(.target, \.target, .group)
    variable = try walk(.targetVariable, \.variable, .text)
    count = try walk(.count, \.count, .integer)
    rate = try walk(.rate, \.rate, .quantity)
    weight = try walk(.weight, \.weight, .weight)
    timing = try walk.part(\.timing) { walk throws(DescriptionError) in try TimingDescription(&walk, slot: Self.slot) }
  }
}

/// A contiguous part of a group.
public struct SubgroupDescription: Hashable, Sendable {
  /// The group and its elements.
  public var part: GroupReference

  public init(_ part: GroupReference) { self.part = part }
}

extension SubgroupDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, DescriptionKey>) throws(DescriptionError) { part = try walk(.of, \.part, .group) }
}
