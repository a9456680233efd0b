public import EngramCheckpoints
public import EngramSimulation
public import EngramUnits

// Functions that act on the current scope's network.

/// Simulates the objects of the current scope (MAG-5), Brian 2's `run`.
///
/// ```swift
/// try withScope {
///   let cells = try NeuronGroup(10, "dv/dt = -v/(10*ms) : volt")
///   try cells.v <- 10 * mV
///   try run(20 * ms)
///   print(cells.v[0])
/// }
/// ```
@discardableResult
public func run(
  _ duration: Time, report: ProgressReport = .none, reportPeriod: Duration = .seconds(10), namespace: Namespace = [:],
  profile: Bool = false
) throws -> RunSummary {
  try MagicScope.current.network.run(duration, report: report, reportPeriod: reportPeriod, namespace: namespace, profile: profile)
}

/// Ends every run in progress in the current scope after its step (MAG-12). From any task of the scope.
public func stop() { Environment.current.stopRequested = true }

/// The top-level objects a magic run would simulate (MAG-4).
///
/// - Throws: ``/EngramSimulation/EnvironmentError/crossIsolation`` in another task than the scope's.
public func collect() throws(EnvironmentError) -> [BrianObject] { try MagicScope.current.collect() }

/// See ``/EngramSimulation/Network/states(units:subexpressions:readOnly:)``.
public func getStates(units: Bool = true, subexpressions: Bool = false, readOnly: Bool = true) throws -> NetworkStates {
  try MagicScope.current.network.withContents { try $0.states(units: units, subexpressions: subexpressions, readOnly: readOnly) }
}

/// Puts copies of values back into the objects of the current scope.
public func setStates(_ states: NetworkStates, units: Bool = true) throws {
  try MagicScope.current.network.withContents { try $0.setStates(states, units: units) }
}

/// The order in which the objects of the current scope run.
public func schedulingSummary() throws -> SchedulingSummary {
  try MagicScope.current.network.withContents { $0.schedulingSummary }
}

/// Where the time of the last run with `profile: true` went.
public func profilingSummary(show: Int? = nil) throws -> ProfilingSummary {
  try MagicScope.current.network.profilingSummary(show: show)
}

/// Stores a snapshot of the current scope's network (MAG-5, 11).
public func store(_ name: String = "default", options: StoreOptions = StoreOptions()) throws {
  try MagicScope.current.network.store(name, options: options)
}

/// Restores a snapshot into the current scope's network (MAG-5, 11).
@discardableResult
public func restore(_ name: String = "default", randomState: RandomStateRestoration = .restore) throws -> RestoreReport {
  try MagicScope.current.network.restore(name, randomState: randomState)
}

/// See ``/EngramSimulation/Network/schedulePropagationOffset``.
public func schedulePropagationOffset(_ network: Network) -> Time { network.schedulePropagationOffset }
