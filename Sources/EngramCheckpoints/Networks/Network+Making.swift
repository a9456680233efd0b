public import EngramSimulation

/// Networks that keep their states: the one before the first step without being told (CKP-37), others when they are asked to.
extension Network {
  public convenience init(_ objects: BrianObject..., name: ObjectName = usualName, in environment: Environment = .current) throws {
    try self.init(contentsOf: objects, name: name, in: environment)
  }

  public convenience init(
    contentsOf objects: some Sequence<BrianObject>, name: ObjectName = usualName, in environment: Environment = .current
  ) throws {
    try self.init(of: objects, name: name, in: environment)
    keepStates()
  }

  public convenience init(
    name: ObjectName = usualName, in environment: Environment = .current, @NetworkBuilder _ objects: () throws -> [BrianObject]
  ) throws {
    try self.init(contentsOf: objects(), name: name, in: environment)
  }

  /// From now on states are kept, beginning with that before the first step.
  package func keepStates() { _ = kept }
}
