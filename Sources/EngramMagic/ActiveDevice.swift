public import EngramScalars

/// The device of the current scope.
///
/// - Throws: ``MagicError/crossIsolation`` in another task than the scope's.
public var device: Device { get throws { try MagicScope.current.device } }

/// Makes a device the active one; the one before comes back with `resetDevice()`. The dt of the default clock and the random state are
/// carried over (DEV-1, CLK-14).
public func setDevice(_ device: Device) throws {
  let scope = try MagicScope.checkedCurrent()
  try device.takeOver(from: scope.activeDevice)
  scope.push(device)
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
  let scope = try MagicScope.checkedCurrent()
  guard let earlier = scope.deviceBefore else { throw DeviceError.nothingToReset }
  try earlier.takeOver(from: scope.activeDevice)
  scope.popDevice()
}

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
