public import EngramSimulation

/// An object of a checkpoint that only a program can make again: a network operation, or one of the user's own types.
public struct StoredObject {
  /// The name it had.
  public let name: String
  /// The Swift type it had.
  public let type: String
  /// The clock it followed, made again already.
  public let clock: BaseClock
  /// The slot it ran in.
  public let when: Slot
  /// Its place within the slot.
  public let order: Int
  private let find: (String) -> BrianObject?

  package init(name: String, type: String, clock: BaseClock, when: Slot, order: Int, find: @escaping (String) -> BrianObject?) {
    self.name = name
    self.type = type
    self.clock = clock
    self.when = when
    self.order = order
    self.find = find
  }

  /// An object that was made again before this one.
  public subscript(name: String) -> BrianObject? { find(name) }
}
