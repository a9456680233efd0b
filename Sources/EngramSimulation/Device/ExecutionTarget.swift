/// Where model code runs. A target without an implementation of its own uses its parent's (FUN-8).
public final class ExecutionTarget: Sendable, Hashable {
  /// What preferences call it.
  public let name: String
  /// Whose implementation is used where there is none of its own.
  public let parent: ExecutionTarget?

  /// A target of one's own.
  public init(_ name: String, parent: ExecutionTarget? = nil) {
    self.name = name
    self.parent = parent
  }

  /// The register machine, which calls bodies in Swift.
  public static let interpreted = ExecutionTarget("interpreted")
  /// The register machine, which calls C text where a function has some: compiled, and loaded as a library.
  public static let compiled = ExecutionTarget("compiled", parent: .interpreted)

  /// This target, its parent, and so on.
  var lineage: [ExecutionTarget] { [self] + (parent?.lineage ?? []) }
  /// Whether C text comes before a body in Swift.
  var prefersCode: Bool { lineage.contains(.compiled) }

  public static func == (a: ExecutionTarget, b: ExecutionTarget) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
