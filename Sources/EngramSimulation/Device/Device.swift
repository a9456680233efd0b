package import EngramScalars
package import EngramStorage
import EngramUnits

/// Owns arrays and the default clock of a scope (DEV-1…3). Both kinds implement the same contract.
public final class Device: CustomStringConvertible {
  /// Where new arrays live.
  public enum Storage: Hashable, Sendable {
    case memory
    /// Unnamed files beneath a directory, which vanish with the arrays: for state larger than memory (STO-11).
    case mapped(directory: String)
  }

  public let name: String
  public let storage: Storage
  /// A schedule that the device imposes on every network (NET-14).
  public var fixedSchedule: [Slot]?
  private var clock: Clock?
  private var clockStepSeconds = 1e-4

  init(name: String, storage: Storage) {
    self.name = name
    self.storage = storage
  }

  public static func memory() -> Device { Device(name: "memory", storage: .memory) }
  public static func mapped(directory: String) -> Device { Device(name: "mapped", storage: .mapped(directory: directory)) }

  /// The clock of objects that name none; dt 0.1 ms at first.
  public var defaultClock: Clock {
    get throws {
      if let clock { return clock }
      let clock = try Clock(dt: Time(si: clockStepSeconds), name: "defaultclock")
      self.clock = clock
      return clock
    }
  }

  /// dt of the default clock, whether it exists already or not.
  var defaultStepSeconds: Double { clock?.stepSeconds ?? clockStepSeconds }

  public var description: String { "device '\(name)'" }

  func carryStep(from other: Device) throws {
    clockStepSeconds = other.defaultStepSeconds
    try clock?.setDt(seconds: clockStepSeconds)
  }

  func forgetDefaultClock() {
    clock = nil
    clockStepSeconds = 1e-4
  }

  private var scratch: ScratchSpace?

  package func makeColumn(_ type: ScalarType, rows: Int, rowLength: Int = 1, growable: Bool = false) throws -> Column {
    switch storage {
    case .memory: return try Column(type, rowLength: rowLength, rows: rows, growable: growable)
    case .mapped(let directory):
      let space = try scratch ?? ScratchSpace(path: directory)
      scratch = space
      return try Column(type, rowLength: rowLength, rows: rows, growable: growable, placement: .file(space))
    }
  }
}

/// The device of the current scope.
public var device: Device { MagicScope.current.device }

/// Makes a device the active one; the one before comes back with `resetDevice()`. The dt of the default clock is carried
/// over (DEV-1, CLK-14).
public func setDevice(_ device: Device) throws {
  let scope = try MagicScope.checkedCurrent()
  try device.carryStep(from: scope.device)
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

/// Goes back to the device before the last `setDevice`.
public func resetDevice() throws {
  let scope = try MagicScope.checkedCurrent()
  let old = scope.device
  guard scope.popDevice() != nil else { throw DeviceError.nothingToReset }
  try scope.device.carryStep(from: old)
}

public enum DeviceError: Error, Hashable, Sendable, CustomStringConvertible {
  case unknown(String)
  case missingDirectory
  case nothingToReset

  public var description: String {
    switch self {
    case .unknown(let name): "there is no device '\(name)'; devices are 'memory' and 'mapped'"
    case .missingDirectory: "the device 'mapped' needs a directory for its files"
    case .nothingToReset: "the first device of a scope stays: there is no earlier one to go back to"
    }
  }
}
