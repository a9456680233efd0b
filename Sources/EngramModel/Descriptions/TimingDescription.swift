public import EngramUnits

/// When an object does its work.
public struct TimingDescription: Hashable, Sendable {
  /// Where an object acts of which nothing else is said.
  public static let usualSlot = Slot.start
  /// The place within the slot of what was given none.
  public static let usualOrder = 0
  /// Whether an object is active of which nothing was said.
  public static let isUsuallyActive = true

  /// The clock that it follows.
  public var clock: ClockChoice
  /// The slot of the step.
  public var when: Slot
  /// Smaller runs earlier within the slot.
  public var order: Int
  /// Inactive objects are neither prepared nor stepped.
  public var isActive: Bool

  public init(clock: ClockChoice = .usual, when: Slot, order: Int = usualOrder, isActive: Bool = isUsuallyActive) {
    self.clock = clock
    self.when = when
    self.order = order
    self.isActive = isActive
  }
}

/// The clock that an object follows.
public enum ClockChoice: Hashable, Sendable {
  /// That of what the object belongs to or looks at; otherwise the default clock.
  case usual
  /// One of its own, with this step.
  case own(step: Quantity)
  /// One that others may follow as well.
  case named(String)
}

/// Keys of the timing of objects, and of code inside of objects.
protocol TimingKeys: RawRepresentable<String> {
  static var dt: Self { get }
  static var clock: Self { get }
  static var when: Self { get }
  static var order: Self { get }
  static var active: Self { get }
}

extension DescriptionKey: TimingKeys {}
extension PartKey: TimingKeys {}

extension TimingDescription {
  /// - Parameter slot: the usual one.
  init<Key: TimingKeys>(_ walk: inout FieldWalk<Self, Key>, slot: Slot) throws(DescriptionError) {
    clock = try walk.either(
      \.clock, (Key.dt, .quantity), (Key.clock, .name),
      write: { clock in
        switch clock {
        case .usual: (nil, nil)
        case .own(let step): (step, nil)
        case .named(let name): (nil, name)
        }
      },
      read: { step, name in step.map { .own(step: $0) } ?? name.map { .named($0) } ?? .usual })
    when = try walk(Key.when, \.when, .word.unless(slot))
    order = try walk(Key.order, \.order, .integer.unless(Self.usualOrder))
    isActive = try walk(Key.active, \.isActive, .boolean.unless(Self.isUsuallyActive))
  }
}

/// A slot and an order that belong together.
public struct PlaceInStep: Hashable, Sendable {
  /// The slot of the step.
  public var when: Slot
  /// Smaller runs earlier within the slot.
  public var order: Int

  public init(_ when: Slot, order: Int) {
    self.when = when
    self.order = order
  }
}

extension PlaceInStep: WalkedFields {
  init(_ walk: inout FieldWalk<Self, PartKey>) throws(DescriptionError) {
    when = try walk(.when, \.when, .word)
    order = try walk(.order, \.order, .integer)
  }
}
