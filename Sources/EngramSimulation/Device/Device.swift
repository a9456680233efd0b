package import EngramScalars
package import EngramStorage

/// Owns the arrays, the random state and the execution target of a scope (DEV-1), and does what depends on them. Each device has a
/// default clock of its own in every environment that asks for one.
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
///
/// A device that has a say in how networks run is a ``NetworkDevice`` beside.
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
  /// dt of the default clock where there is none yet [s].
  package final var startingStepSeconds = Device.standardStepSeconds
  /// dt of a default clock that nobody has set: 0.1 ms.
  package static let standardStepSeconds = 1e-4
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
      request: array,
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
  open func initialiseWithZeros(_ array: DeviceArray) throws {}

  /// Fills a new array with `start`, `start + 1`, ….
  open func initialiseWithRange(_ array: DeviceArray, from start: Int) throws {
    for index in 0..<array.count { array.column.store(Double(start + index), at: index) }
  }

  /// Fills a new array with values in SI units, one for each element, which its type can hold.
  open func initialise(_ array: DeviceArray, with values: [Double]) throws {
    for (index, value) in values.enumerated() { array.column.store(value, at: index) }
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

  /// Which implementations of functions model code uses (FUN-8); `nil`, the default: as the preference `codegen.target` says (DEV-4).
  open var executionTarget: ExecutionTarget? { nil }

  /// Turns checked model code into something that runs. Called for every piece of code of a run, and of assignments.
  ///
  /// - Parameters:
  ///   - code: what is built.
  ///   - build: builds it as always.
  /// - Returns: what `build` made.
  open func buildCode<Built>(_ code: CodeToBuild, _ build: () throws -> Built) throws -> Built { try build() }
}
