import EngramCheckpoints
public import EngramSimulation

/// The network of a scope, made anew from the scope's objects at each call (MAG-9).
public final class MagicNetwork: Network {
  init(scope: MagicScope) throws {
    try super.init(collecting: MagicContents(scope), name: "magicnetwork*", in: scope.environment)
    keepStates()
  }
}

/// What a magic network consists of.
private final class MagicContents: CollectedContents {
  private weak var scope: MagicScope?
  /// The objects of earlier calls (MAG-6), by identity. Not owned: an object that is gone cannot be confused with a new one at the same address.
  private var known: [ObjectIdentifier: WeakRef<BrianObject>] = [:]

  init(_ scope: MagicScope) { self.scope = scope }

  var present: [BrianObject] { scope?.collected ?? [] }

  func checkChange(_ operation: String) throws { throw MagicError.fixedContents(operation: operation) }

  /// MAG-6: all known → time goes on; all new → time starts at 0; a mixture → error.
  func collect(for network: Network) throws -> [BrianObject] {
    let collected = try scope?.collect() ?? []
    var new: [BrianObject] = []
    var old: [BrianObject] = []
    for object in collected where type(of: object).invalidatesMagicNetwork {
      if isKnown(object) { old.append(object) } else { new.append(object) }
    }
    if !new.isEmpty, !old.isEmpty {
      throw MagicError.mixOfOldAndNew(new: new.map(\.name), known: old.map(\.name))
    }
    for object in collected {
      if let other = object.simulatedBy, other !== network {
        throw NetworkError.simulatedElsewhere(object: object.name, other: other.name)
      }
    }
    if !new.isEmpty, old.isEmpty, !known.isEmpty {
      known = [:]
      network.beginAnew()
    }
    return collected
  }

  private func isKnown(_ object: BrianObject) -> Bool { known[ObjectIdentifier(object)]?.object === object }

  /// After each call the objects count as known.
  func callEnded(with objects: [BrianObject]) {
    for object in objects { known[ObjectIdentifier(object)] = WeakRef(object) }
  }

  /// MAG-8.
  func missing(_ dependency: BrianObject, of object: BrianObject) {
    object.environment.messages.emit(
      .warning, "magic.missing_dependency",
      "'\(object.name)' needs '\(dependency.name)', which is not part of this scope's network; it is set inactive")
    object.isActive = false
  }
}
