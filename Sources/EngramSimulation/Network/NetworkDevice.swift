public import EngramUnits

/// A device that has a say in how networks run (BAS-16, DEV-2). What it does not implement is done as always.
///
///     final class CountingDevice: Device, NetworkDevice {
///       private(set) var runs = 0
///
///       func runNetwork(_ network: Network, for duration: Time, _ execute: () throws -> RunSummary) throws -> RunSummary {
///         runs += 1
///         return try execute()
///       }
///     }
///
/// What it throws is the error of the run.
public protocol NetworkDevice: Device {
  /// Called before a run is prepared, of whatever kind it is. A device that cannot run something says so here.
  func prepareRun(of network: Network, for duration: Time) throws

  /// Runs a network.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - duration: how long.
  ///   - execute: does it as always; nothing has happened before it is called.
  /// - Returns: what the run did.
  func runNetwork(_ network: Network, for duration: Time, _ execute: () throws -> RunSummary) throws -> RunSummary

  /// The same for `await network.run(…)`.
  func runNetworkAsynchronously(
    _ network: Network, for duration: Time, isolation: isolated (any Actor)?, _ execute: () async throws -> RunSummary
  ) async throws -> RunSummary
}

extension NetworkDevice {
  /// Runs everything.
  public func prepareRun(of network: Network, for duration: Time) throws {}

  /// As always.
  public func runNetwork(_ network: Network, for duration: Time, _ execute: () throws -> RunSummary) throws -> RunSummary { try execute() }

  /// As always.
  public func runNetworkAsynchronously(
    _ network: Network, for duration: Time, isolation: isolated (any Actor)?, _ execute: () async throws -> RunSummary
  ) async throws -> RunSummary { try await execute() }
}

extension Network {
  /// The active device, where it has a say in runs.
  var networkDevice: (any NetworkDevice)? { environment.device as? any NetworkDevice }
}
