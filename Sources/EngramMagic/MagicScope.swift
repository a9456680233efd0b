public import EngramSimulation

/// What was made in an environment, as magic runs see it: they simulate it without being told (MAG, TRK).
///
/// The current scope is that of the current environment, and belongs to the same task.
///
/// `@unchecked Sendable` because parts of environments must be: everything is reached through `checkOwner` only, which admits the owner
/// alone.
public final class MagicScope: EnvironmentPart, @unchecked Sendable {
  package let environment: Environment
  private var excluded: Set<ObjectIdentifier> = []
  private var magicNetwork: MagicNetwork?

  package init(_ environment: Environment) { self.environment = environment }

  /// The innermost open scope; the implicit one of the program when none was opened.
  public static var current: MagicScope { Environment.current.part() }

  package func environmentEnds() { magicNetwork = nil }

  package func environmentRestarts() {
    excluded = []
    magicNetwork = nil
  }

  // ------------------------------------------------------------------------------------------------------------ objects

  /// What was collected, in creation order.
  ///
  /// - Throws: this and the following: ``/EngramSimulation/EnvironmentError/crossIsolation`` in another task than the scope's.
  public var objects: [BrianObject] {
    get throws(EnvironmentError) {
      try environment.checkOwner()
      return owned
    }
  }

  /// The living instances of a class, subclasses included, in creation order (TRK-1).
  public func instances<T: Nameable>(of type: T.Type) throws(EnvironmentError) -> [T] {
    try environment.checkOwner()
    return environment.made.compactMap { $0 as? T }
  }

  /// Forgets all instances listed so far; the objects themselves are not affected.
  public func clearInstances() throws(EnvironmentError) {
    try environment.checkOwner()
    environment.forgetMade()
  }

  /// Leaves an object out of magic runs; it stays usable in explicit networks.
  public func exclude(_ object: BrianObject) throws(EnvironmentError) {
    try environment.checkOwner()
    excluded.insert(ObjectIdentifier(object))
  }

  /// The top-level objects a magic run would simulate, in creation order (MAG-4).
  public func collect() throws(EnvironmentError) -> [BrianObject] {
    try environment.checkOwner()
    return collected
  }

  private var owned: [BrianObject] { environment.owned.compactMap { $0 as? BrianObject } }
  var collected: [BrianObject] { owned.filter { !$0.isPart && !excluded.contains(ObjectIdentifier($0)) } }

  /// The magic network of this scope (MAG-9).
  public var network: MagicNetwork {
    get throws {
      try environment.checkOwner()
      if let magicNetwork { return magicNetwork }
      let network = try MagicNetwork(scope: self)
      magicNetwork = network
      return network
    }
  }

  /// The device that owns arrays, the default clock and the random state (DEV-1).
  public var device: Device {
    get throws(EnvironmentError) {
      try environment.checkOwner()
      return environment.device
    }
  }
}

/// Opens a fresh scope for the closure; its objects live until the closure returns (MAG-2). Then its networks are empty, and their run
/// directories closed: what a closure returns keeps its values, and cannot be run any more.
@discardableResult
public func withScope<R>(_ body: () throws -> R) rethrows -> R { try Environment.opening(body) }

/// The same for work that waits.
@discardableResult
public func withScope<R>(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R) async rethrows -> R {
  try await Environment.opening(isolation: isolation, body)
}

/// Drops all objects collected so far in the current scope and restarts automatic naming (MAG-3).
///
/// - Throws: ``/EngramSimulation/EnvironmentError/crossIsolation`` in another task than the scope's.
public func startScope() throws(EnvironmentError) { try Environment.checkedCurrent().restart() }
