/// A reference that does not keep its object alive.
public struct WeakRef<Object: AnyObject> {
  public private(set) weak var object: Object?

  public init(_ object: Object) { self.object = object }
}

/// Objects listed in the order in which they were added, without being kept alive (TRK-2).
///
/// Adding twice has no effect; removing what is absent is ignored. Dead entries are swept when the list has doubled,
/// so adding costs O(1) amortised.
public struct WeakSet<Object: AnyObject> {
  private var entries: [WeakRef<Object>] = []
  /// An object that is gone may have left its address to another, hence the reference.
  private var known: [ObjectIdentifier: WeakRef<Object>] = [:]
  private var sweepAt = 32

  public init() {}

  /// The living objects, oldest first.
  public var objects: [Object] { entries.compactMap(\.object) }

  public mutating func insert(_ object: Object) {
    if contains(object) { return }
    if entries.count >= sweepAt {
      entries.removeAll { $0.object == nil }
      known = known.filter { $0.value.object != nil }
      sweepAt = max(32, entries.count * 2)
    }
    entries.append(WeakRef(object))
    known[ObjectIdentifier(object)] = WeakRef(object)
  }

  public mutating func remove(_ object: Object) {
    entries.removeAll { $0.object == nil || $0.object === object }
    known[ObjectIdentifier(object)] = nil
  }

  public mutating func removeAll() {
    entries.removeAll()
    known.removeAll()
  }

  public func contains(_ object: Object) -> Bool { known[ObjectIdentifier(object)]?.object === object }
}
