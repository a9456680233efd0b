import EngramUnits

/// The default clocks of an environment: one for each of its devices, made when it is first asked for (DEV-1, CLK-14).
///
/// `@unchecked Sendable`, since parts of environments must be: only the owner of the environment gets here.
final class DefaultClocks: EnvironmentPart, @unchecked Sendable {
  private unowned let environment: Environment
  private var made: [(device: WeakRef<Device>, clock: Clock)] = []

  init(_ environment: Environment) { self.environment = environment }

  /// The clock of a device, if there is one yet.
  func existing(of device: Device) -> Clock? { made.first { $0.device.object === device }?.clock }

  func clock(of device: Device) throws -> Clock {
    if let clock = existing(of: device) { return clock }
    made.removeAll { $0.device.object == nil }
    let clock = try Clock(dt: Time(si: device.startingStepSeconds), name: "defaultclock", in: environment)
    made.append((WeakRef(device), clock))
    return clock
  }

  /// A device keeps the step of its clock, and goes on with it elsewhere.
  func environmentEnds() {
    for (device, clock) in made { device.object?.startingStepSeconds = clock.dt.si }
    made = []
  }

  func environmentRestarts() { made = [] }
}

extension Environment {
  /// The clock of objects that name none: that of the active device; dt 0.1 ms at first.
  ///
  /// - Throws: ``EnvironmentError/crossIsolation`` in another task, and what making it throws.
  package var defaultClock: Clock { get throws { try defaultClock(of: device) } }

  fileprivate func defaultClock(of device: Device) throws -> Clock {
    try checkOwner()
    return try part(DefaultClocks.self).clock(of: device)
  }

  /// dt of the default clock, whether it exists already or not [s].
  package var defaultStepSeconds: Double { defaultStepSeconds(of: device) }

  private func defaultStepSeconds(of device: Device) -> Double {
    part(DefaultClocks.self).existing(of: device)?.dt.si ?? device.startingStepSeconds
  }

  /// What goes with the user from the active device to the next: dt of the default clock, and the random state.
  package func carryOver(to next: Device) throws {
    if next === device { return }
    let step = defaultStepSeconds
    try part(DefaultClocks.self).existing(of: next)?.setDt(seconds: step)
    next.startingStepSeconds = step
    next.random.takeOver(device.random)
  }
}

extension Device {
  /// The device's default clock in the current environment; dt 0.1 ms at first.
  ///
  /// - Throws: ``EnvironmentError/crossIsolation`` in another task than the environment's, and what making it throws.
  public final var defaultClock: Clock { get throws { try Environment.current.defaultClock(of: self) } }
}
