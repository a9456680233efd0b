package import EngramScalars
package import EngramStorage
import EngramUnits

/// Owns arrays and the default clock of a scope (DEV-1…3). Both kinds implement the same contract.
public final class Device {
  /// Where new arrays live.
  public enum Storage: Hashable, Sendable {
    case memory
    /// Files beneath a directory, which survive the process.
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
  var defaultStepSeconds: Double {
    get { clock?.stepSeconds ?? clockStepSeconds }
  }

  func carryStep(from other: Device) throws {
    clockStepSeconds = other.defaultStepSeconds
    try clock?.setDt(seconds: clockStepSeconds)
  }

  func forgetDefaultClock() {
    clock = nil
    clockStepSeconds = 1e-4
  }

  package func makeColumn(_ type: ScalarType, rows: Int, rowLength: Int = 1, growable: Bool = false) throws -> Column {
    try Column(type, rowLength: rowLength, rows: rows, growable: growable)
  }
}
