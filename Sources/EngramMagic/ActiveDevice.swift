public import EngramScalars
public import EngramSimulation

/// The device of the current scope.
///
/// - Throws: ``/EngramSimulation/EnvironmentError/crossIsolation`` in another task than the scope's.
public var device: Device { get throws(EnvironmentError) { try MagicScope.current.device } }

/// Makes a device the active one; the one before comes back with `resetDevice()`. The dt of the default clock and the random state are
/// carried over (DEV-1, CLK-14).
public func setDevice(_ device: Device) throws {
  let environment = try Environment.checkedCurrent()
  try environment.carryOver(to: device)
  environment.push(device)
}

/// By name: `memory` (also called `runtime`), or `mapped` with a directory.
public func setDevice(_ name: String, directory: String? = nil) throws {
  switch name {
  case "memory", "runtime": try setDevice(.memory())
  case "mapped":
    guard let directory else { throw DeviceError.missingDirectory }
    try setDevice(.mapped(directory: directory))
  default: throw DeviceError.unknown(name)
  }
}

/// Goes back to the device before the last `setDevice`. The dt of the default clock and the random state are carried back.
public func resetDevice() throws {
  let environment = try Environment.checkedCurrent()
  guard let earlier = environment.deviceBefore else { throw DeviceError.nothingToReset }
  try environment.carryOver(to: earlier)
  environment.popDevice()
}

/// The default clock of the device of the current scope (CLK-14). Reading or writing its `dt` always acts on the device
/// that is active at that moment.
///
/// - Precondition: the scope belongs to this task, and the device has room for a clock (32 bytes). `device.defaultClock` throws
///   instead.
public var defaultClock: Clock {
  do { return try device.defaultClock } catch { preconditionFailure("there is no default clock here: \(error)") }
}

/// Makes everything random that follows in the current scope reproducible (RNG-1).
///
/// In another task than the scope's nothing changes, and a message says so.
public func seed(_ value: UInt64) { Environment.current.ifOwned("seed(\(value))") { $0.device.seed(value) } }
/// Draws a new seed from the system's entropy (RNG-5); elsewhere as ``seed(_:)``.
public func seed() { Environment.current.ifOwned("seed()") { $0.device.seed() } }

/// What is wrong with the use of a device.
public enum DeviceError: ExplainedError, Hashable, Sendable {
  case unknown(String)
  case missingDirectory
  case nothingToReset

  public var description: String {
    switch self {
    case .unknown(let name): "there is no device '\(name)'; devices are 'memory' and 'mapped', and objects of subclasses of Device"
    case .missingDirectory: "the device 'mapped' needs a directory for its files"
    case .nothingToReset: "the first device of a scope stays: there is no earlier one to go back to"
    }
  }
}
