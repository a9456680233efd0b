public import FoundationEssentials

/// Anything with a name that is unique in its environment and an identity that is never reused (NAM-6).
open class Nameable {
  /// Unique in its scope.
  public let name: String
  /// Never used again, also not for an object of the same name.
  public let id: UUID
  /// What it was made in: names, messages, preferences, device.
  public let environment: Environment

  /// Claims a name in an environment; `*` becomes a free number.
  ///
  /// - Parameters:
  ///   - pattern: the name, or a pattern for one.
  ///   - environment: what the object is made in.
  /// - Throws: ``EnvironmentError/crossIsolation`` in another task than the environment's.
  public init(name pattern: ObjectName, in environment: Environment = .current) throws(EnvironmentError) {
    try environment.checkOwner()
    name = environment.claim(pattern)
    self.environment = environment
    id = UUID()
    environment.made(self)
  }

  /// For a name that the environment has already handed out.
  init(claimed name: String, in environment: Environment) {
    self.name = name
    self.environment = environment
    id = UUID()
    environment.made(self)
  }

  /// Whether the end of the environment closes something here, whatever lists were forgotten meanwhile.
  var endsWithEnvironment: Bool { false }

  /// The environment has ended.
  ///
  /// - Parameter quietly: whether there is nothing to be said of it.
  func environmentEnds(quietly: Bool) {}

  /// Tells the environment what was done to this object, so that the next checkpoint can hold it (CKP-18).
  package func note(_ command: ObjectCommand) { environment.commands.note(command, of: name) }

  /// The same of a call that the object knows how to repeat.
  package final func noteCall(_ verb: String, _ arguments: DescriptionValue) { note(.call(object: name, verb: verb, arguments: arguments)) }

  /// The same of something that cannot be repeated from the record alone.
  package final func noteUnrecorded(_ what: String) { note(.unrecorded(what)) }
}
