package import EngramScalars
package import EngramStorage
public import EngramUnits

/// Owns the arrays, the default clock, the random state and the execution target of a scope (DEV-1), and does what depends on them.
///
/// A device of one's own is a subclass. Every operation can be overridden by itself; what is not overridden does what it always
/// does (BAS-16), and an override can have that done with `super`:
///
///     final class CountingDevice: Device {
///       private(set) var bytes = 0
///
///       override func makeArray(_ array: NewArray) throws -> DeviceArray {
///         bytes += array.count * array.type.byteCount
///         return try super.makeArray(array)
///       }
///     }
///     try setDevice(CountingDevice(name: "counting"))
///
/// What an override throws is the error of the call that needed it, and that call changes nothing.
open class Device: CustomStringConvertible {
  /// Where arrays live.
  public enum Storage: Hashable, Sendable {
    /// In memory of the process.
    case memory
    /// Unnamed files beneath a directory, which vanish with the arrays: for state larger than memory (STO-11).
    case mapped(directory: String)
  }

  /// What messages call it.
  public let name: String
  /// Where new arrays live, unless ``makeArray(_:)`` says otherwise.
  public let storage: Storage
  /// A schedule that the device imposes on every network (NET-14).
  public var fixedSchedule: [Slot]?
  /// What all random numbers of the scope depend on (DEV-1, RNG-1).
  package let random = RandomState()
  private var clock: Clock?
  private var clockStepSeconds = 1e-4
  private var scratch: [String: ScratchSpace] = [:]

  /// A device that does what devices do; subclasses override parts of it.
  public init(name: String, storage: Storage = .memory) {
    self.name = name
    self.storage = storage
  }

  /// The device that there is from the beginning: arrays in memory.
  public static func memory() -> Device { Device(name: "memory", storage: .memory) }
  /// A device for state larger than memory: arrays in unnamed files beneath a directory, which vanish with them (STO-11).
  public static func mapped(directory: String) -> Device { Device(name: "mapped", storage: .mapped(directory: directory)) }

  /// For messages.
  open var description: String { "device '\(name)'" }

  // ------------------------------------------------------------------------------------------------------------- arrays

  /// Makes the array of a variable, filled with zeros.
  open func makeArray(_ array: NewArray) throws -> DeviceArray { try makeArray(array, in: storage) }

  /// What ``makeArray(_:)`` does, in a place that an override chooses.
  public final func makeArray(_ array: NewArray, in storage: Storage) throws -> DeviceArray {
    DeviceArray(
      column: try makeColumn(array.type, rows: array.count, rowLength: array.rowLength, growable: array.isGrowable, in: storage))
  }

  package final func makeColumn(
    _ type: ScalarType, rows: Int, rowLength: Int = 1, growable: Bool = false, in storage: Storage? = nil
  ) throws -> Column {
    switch storage ?? self.storage {
    case .memory: return try Column(type, rowLength: rowLength, rows: rows, growable: growable)
    case .mapped(let directory):
      let space = try scratch[directory] ?? ScratchSpace(path: directory)
      scratch[directory] = space
      return try Column(type, rowLength: rowLength, rows: rows, growable: growable, placement: .file(space))
    }
  }

  /// Called for a new array that is to begin with zeros, which it holds already.
  open func initialiseWithZeros(_ variable: ArrayVariable) throws {}

  /// Fills a new array with `start`, `start + 1`, ….
  open func initialiseWithRange(_ variable: ArrayVariable, from start: Int) throws {
    for index in 0..<variable.count { variable.store(Double(start + index), at: index) }
  }

  /// Fills a new array with values in SI units, one for each element, which its type can hold.
  open func initialise(_ variable: ArrayVariable, with values: [Double]) throws {
    for (index, value) in values.enumerated() { variable.store(value, at: index) }
  }

  // ------------------------------------------------------------------------------------------------------ random numbers

  /// Makes everything random that follows reproducible (RNG-1).
  open func seed(_ value: UInt64) { random.setSeed(value) }

  /// Draws a new seed from the system's entropy (RNG-5).
  open func seed() { random.reseed() }

  /// Random numbers of the device's own, for one distribution in one piece of model code; `nil`: those of the simulator, which
  /// depend on seed, object, place in the code, step and element alone.
  ///
  /// Asked when code is prepared. With numbers of its own a run is as reproducible as the device makes it. The numbers that choose
  /// synapses (`connect(p:)`) are always the simulator's.
  ///
  /// - Parameters:
  ///   - distribution: uniform or normal numbers.
  ///   - object: the object that runs the code.
  ///   - purpose: what the code is for, such as `stateupdate`.
  open func randomNumbers(_ distribution: RandomDistribution, object: String, purpose: String) -> RandomFill? { nil }

  // -------------------------------------------------------------------------------------------------------------- code

  /// Which implementations of functions model code uses (FUN-8); `nil`: a body in Swift, and C text where there is none. By
  /// default as the preference `codegen.target` says (DEV-4).
  open var executionTarget: ExecutionTarget? { .preferred }

  /// Turns checked model code into something that runs. Called for every piece of code of a run, and of assignments.
  open func buildCode(_ code: CodeToBuild, _ build: () throws -> BuiltCode) throws -> BuiltCode { try build() }

  // ---------------------------------------------------------------------------------------------------------- networks

  /// Called before a run is prepared, of whatever kind it is. A device that cannot run something says so here.
  open func prepareRun(of network: Network, for duration: Time) throws {}

  /// Runs a network.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - duration: how long.
  ///   - execute: does it as always; nothing has happened before it is called.
  /// - Returns: what the run did.
  open func runNetwork(_ network: Network, for duration: Time, _ execute: () throws -> RunSummary) throws -> RunSummary { try execute() }

  /// The same for `await network.run(…)`.
  open func runNetworkAsynchronously(
    _ network: Network, for duration: Time, isolation: isolated (any Actor)?, _ execute: () async throws -> RunSummary
  ) async throws -> RunSummary { try await execute() }

  // ------------------------------------------------------------------------------------------------------ default clock

  /// The clock of objects that name none; dt 0.1 ms at first.
  public final var defaultClock: Clock { get throws { try defaultClock(in: .current) } }

  /// - Parameter environment: where the clock is made, if there is none yet.
  package final func defaultClock(in environment: Environment) throws -> Clock {
    if let clock { return clock }
    let clock = try Clock(dt: Time(si: clockStepSeconds), name: "defaultclock", in: environment)
    self.clock = clock
    return clock
  }

  /// dt of the default clock, whether it exists already or not.
  package final var defaultStepSeconds: Double { clock?.stepSeconds ?? clockStepSeconds }

  final func forgetDefaultClock() {
    clock = nil
    clockStepSeconds = 1e-4
  }

  /// Keeps the step of the default clock, and the clock itself no longer, where it belongs to that environment: it would keep it.
  final func letGoOfClock(of environment: Environment) {
    guard let clock, clock.environment === environment else { return }
    clockStepSeconds = clock.stepSeconds ?? clockStepSeconds
    self.clock = nil
  }

  /// What goes with the user from one device to the next: dt of the default clock, and the random state.
  package final func takeOver(from other: Device) throws {
    if other === self { return }
    let step = other.defaultStepSeconds
    try clock?.setDt(seconds: step)
    clockStepSeconds = step
    random.takeOver(other.random)
  }
}
