public import FoundationEssentials

/// Anything with a name that is unique in its scope and an identity that is never reused (NAM-6).
open class Nameable {
  public let name: String
  public let id: UUID
  /// The scope in which it was created. Weak: scopes own objects, not the other way round.
  package private(set) weak var scope: MagicScope?

  public init(name pattern: ObjectName) throws {
    let scope = try MagicScope.checkedCurrent()
    name = scope.claim(pattern)
    self.scope = scope
    id = UUID()
    scope.track(self)
  }

  /// For a name that the scope has already handed out.
  init(claimed name: String, in scope: MagicScope) {
    self.name = name
    self.scope = scope
    id = UUID()
    scope.track(self)
  }
}
