public import EngramUnits
import FoundationEssentials

/// Calls a closure at every step of its clock (OPS), Brian 2's `network_operation`.
///
/// ```swift
/// let watch = try NetworkOperation(every: 10 * ms, stateless: true) { t, run in
///   if spikes.spikeCount > 1000 { run.stop() }
/// }
/// let counted = try NetworkOperation(every: 1 * second, state: 0) { t, count in count += 1 }
/// ```
///
/// What the closure captures is not part of snapshots unless it is declared as `state` (CKP-22).
public final class NetworkOperation: BrianObject {
  private let body: (Time) throws -> Void
  private let stateBox: (any StateBox)?
  /// Whether the closure keeps no state of its own, so that a checkpoint without it is complete.
  public let isStateless: Bool

  public override class var addToMagicNetwork: Bool { true }

  /// A closure that gets the time.
  ///
  /// - Parameters:
  ///   - dt: step length of a clock of its own [s]; excludes `clock`.
  ///   - clock: the clock to follow; neither: the default clock.
  ///   - when: slot of the step.
  ///   - order: place within the slot.
  ///   - stateless: the closure keeps nothing that a checkpoint would have to store.
  ///   - name: what messages call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  ///   - body: gets the time of its own clock at the start of the step. What it throws ends the run.
  public init(
    every dt: Time? = nil, clock: BaseClock? = nil, when: Slot = TimingDescription.usualSlot, order: Int = TimingDescription.usualOrder,
    stateless: Bool = false,
    name: ObjectName = .usual(.networkOperation), file: StaticString = #fileID, line: UInt = #line, _ body: @escaping (Time) throws -> Void
  ) throws {
    self.body = body
    stateBox = nil
    isStateless = stateless
    try super.init(dt: dt, clock: clock, when: when, order: order, name: name, file: file, line: line)
  }

  /// The same with a closure that needs no time.
  public convenience init(
    every dt: Time? = nil, clock: BaseClock? = nil, when: Slot = TimingDescription.usualSlot, order: Int = TimingDescription.usualOrder,
    stateless: Bool = false,
    name: ObjectName = .usual(.networkOperation), file: StaticString = #fileID, line: UInt = #line, _ body: @escaping () throws -> Void
  ) throws {
    try self.init(
      every: dt, clock: clock, when: when, order: order, stateless: stateless, name: name, file: file, line: line, { _ in try body() })
  }

  /// With a hold on the run, so that the closure can end it or have it stored without capturing the network (OPS-5):
  ///
  ///     try NetworkOperation { t, run in if spikes.count > 1000 { run.stop() } }
  public convenience init(
    every dt: Time? = nil, clock: BaseClock? = nil, when: Slot = TimingDescription.usualSlot, order: Int = TimingDescription.usualOrder,
    stateless: Bool = false,
    name: ObjectName = .usual(.networkOperation), file: StaticString = #fileID, line: UInt = #line,
    _ body: @escaping (Time, RunControl) throws -> Void
  ) throws {
    let control = RunControl()
    try self.init(
      every: dt, clock: clock, when: when, order: order, stateless: stateless, name: name, file: file, line: line, { try body($0, control) })
    self.control = control
  }

  private var control: RunControl?

  public override func beforeRun(_ context: RunContext) throws {
    if !context.isRehearsal { control?.network = context.network }
  }

  /// With declared state, which is stored and restored (CKP-22).
  public init<State: Codable>(
    every dt: Time? = nil, clock: BaseClock? = nil, state: State, when: Slot = TimingDescription.usualSlot, order: Int = TimingDescription.usualOrder,
    name: ObjectName = .usual(.networkOperation), file: StaticString = #fileID, line: UInt = #line,
    _ body: @escaping (Time, inout State) throws -> Void
  ) throws {
    let box = CodableBox(state)
    self.body = { time in try body(time, &box.value) }
    stateBox = box
    isStateless = false
    try super.init(dt: dt, clock: clock, when: when, order: order, name: name, file: file, line: line)
  }

  public override func run() throws { try body(clock.t) }

  /// The declared state, if it has this type.
  public func state<State>(as type: State.Type) -> State? { stateBox?.anyValue as? State }

  /// Whether the operation may have state that checkpoints cannot see.
  package var hasUndeclaredState: Bool { stateBox == nil && !isStateless }

  public override func customState() throws -> [UInt8]? { try stateBox?.encoded() }

  public override func prepareRestore(customState: [UInt8]?) throws -> () -> Void {
    guard let stateBox, let customState else { return {} }
    return try stateBox.decoding(customState)
  }

  public override var describedKind: ObjectKind { .networkOperation }
}

/// The run that a network operation is called by. It does not keep its network alive.
public final class RunControl {
  package internal(set) weak var network: Network?

  /// Ends the run after the current step, which is completed for all objects (NET-25).
  public func stop() { network?.stop() }
}

/// Makes a ``NetworkOperation`` (OPS-2), as Brian 2's decorator does: `try networkOperation(every: 10 * ms) { t in … }`.
public func networkOperation(
  every dt: Time? = nil, when: Slot = TimingDescription.usualSlot, order: Int = TimingDescription.usualOrder, file: StaticString = #fileID, line: UInt = #line,
  _ body: @escaping (Time) throws -> Void
) throws -> NetworkOperation {
  try NetworkOperation(every: dt, when: when, order: order, file: file, line: line, body)
}

/// A value that can be stored, whatever its type.
protocol StateBox: AnyObject {
  var anyValue: Any { get }
  func encoded() throws -> [UInt8]
  /// Checks the bytes; the closure takes them over.
  func decoding(_ bytes: [UInt8]) throws -> () -> Void
}

final class CodableBox<State: Codable>: StateBox {
  var value: State
  var anyValue: Any { value }

  init(_ value: State) { self.value = value }

  func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    // Keys in a fixed order: equal states are equal bytes.
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return Array(try encoder.encode(Wrapped(value: value)))
  }

  func decoding(_ bytes: [UInt8]) throws -> () -> Void {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let decoded = try decoder.decode(Wrapped.self, from: Data(bytes)).value
    return { self.value = decoded }
  }

  /// A fragment such as a plain number is no JSON document for every decoder.
  private struct Wrapped: Codable { var value: State }
}
