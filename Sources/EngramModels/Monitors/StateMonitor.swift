internal import EngramCheckpoints
internal import EngramExpressions
public import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
public import EngramUnits

/// Records variables of some elements at every step of a clock (MON-1…6), Brian 2's `StateMonitor`.
///
/// ```swift
/// let trace = try StateMonitor(neurons, ["v", "v0"], record: [0, 5], dt: 1 * ms)
/// try run(100 * ms)
/// let times = try trace.t                // 100 times
/// let potential = try trace[5].v         // of element 5, with unit
/// let all = try trace.v.values           // a row per recorded element, in volt
/// ```
///
/// Rows are appended to recordings, which go to disk by themselves: memory stays bounded (MON-13).
@dynamicMemberLookup
public final class StateMonitor: BrianObject {
  /// The group, part of a group, or synapses whose variables are recorded.
  public let source: Group
  /// The recorded elements, counted in the source.
  public private(set) var indices: [Int]
  let recordsAll: Bool
  private let requested: VariableSet
  private var recorded: [RecordedVariable]
  private let times = Recording(.float64)
  /// The elements in the numbering of the columns: a range where they are consecutive, else a list.
  private var elements: Elements
  private var wasPrepared = false

  private enum Elements {
    case range(Range<Int>)
    case list([Int32])
  }

  /// A monitor of some variables of some elements.
  ///
  /// - Parameters:
  ///   - source: the group; its clock is used unless `dt` or `clock` says otherwise.
  ///   - variables: names of stored variables and subexpressions, or `.all`.
  ///   - record: the elements, counted in the source: `true`, `[0, 5]`, `.subgroup(part)`. Synapses must have been made before.
  ///   - dt: length of a step of a clock of its own [s]; longer steps record less.
  ///   - clock: a clock shared with others; not together with `dt`.
  ///   - when: slot; by default the start of a step, so that the values are those before it.
  ///   - order: place within the slot.
  ///   - name: what messages and files call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``MonitorError`` for variables and elements that the source does not have.
  /// - Complexity: each step stores one number per variable and recorded element.
  public init(
    _ source: Group, _ variables: VariableSet, record: RecordedIndices, dt: Time? = nil, clock: BaseClock? = nil, when: Slot = StateMonitorDescription.slot,
    order: Int = TimingDescription.usualOrder, name: ObjectName = .usual(.stateMonitor), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    self.source = source
    requested = variables
    let count = source.elementCount
    let label = name.base
    switch record {
    case .all: indices = Array(0..<count)
    case .none: indices = []
    case .indices(let list):
      for index in list where index < 0 || index >= count {
        throw MonitorError.indexOutOfRange(monitor: label, index: index, count: count)
      }
      indices = list
    }
    recordsAll = record == .all
    elements = StateMonitor.elements(indices, offset: source.elementOffset)
    let names: [String]
    switch variables {
    case .names(let list):
      for name in list where !source.variables.contains(name) {
        throw MonitorError.unknownVariable(
          monitor: label, variable: name, source: source.name, nearest: nearest(name, in: source.variables.names))
      }
      try StateMonitor.checkNames(list, monitor: label)
      names = list
    case .all:
      names = source.variables.names.filter { StateMonitor.isRecordedByDefault($0, in: source) }
    }
    let rowLength = indices.count
    recorded = try names.map { name in
      guard let variable = source.variables[name] else { preconditionFailure("checked above") }
      // What is still to be linked has a type and a unit already.
      if !variable.hasValues, !variable.flags.contains(.linked) {
        throw MonitorError.notRecordable(monitor: label, variable: name, why: "it has no value")
      }
      return RecordedVariable(name: name, variable: variable, rowLength: rowLength, capacity: rowLength)
    }
    try super.init(
      dt: dt, clock: dt == nil ? clock ?? source.clock : clock, when: when, order: order, name: name, file: file, line: line)
    addDependency(source)
    for variable in recorded where variable.isScalar && indices.count > 1 {
      environment.messages.emit(
        .warning, "statemonitor.scalar_variable",
        "'\(self.name)' records the shared variable '\(variable.name)' for \(indices.count) elements: the same value is stored that often")
    }
  }

  /// Names under which the monitor keeps what it records: each once, and none that it has itself.
  private static func checkNames(_ names: [String], monitor: String) throws {
    var seen: Set<String> = []
    for name in names {
      if name == "t" {
        throw MonitorError.notRecordable(monitor: monitor, variable: name, why: "each row has its time anyway, under this name; leave it out")
      }
      guard seen.insert(name).inserted else { throw MonitorError.recordedTwice(monitor: monitor, variable: name) }
    }
  }

  private static func elements(_ indices: [Int], offset: Int) -> Elements {
    if let first = indices.first, zip(indices, indices.dropFirst()).allSatisfy({ $0 + 1 == $1 }) {
      return .range(first + offset..<first + offset + indices.count)
    }
    return .list(indices.map { Int32($0 + offset) })
  }

  /// Records the elements that a monitor of the same name recorded when a checkpoint was made. Needed for synapses, which
  /// do not exist yet when a network is rebuilt for a checkpoint, while the set is fixed at construction (MON-6).
  ///
  /// - Throws: for an element that the source does not have.
  package func recordAgain(_ indices: [Int]) throws {
    guard indices != self.indices, !indices.isEmpty else { return }
    if let wrong = indices.first(where: { $0 < 0 || $0 >= source.elementCount }) {
      throw MonitorError.indexOutOfRange(monitor: name, index: wrong, count: source.elementCount)
    }
    self.indices = indices
    elements = StateMonitor.elements(indices, offset: source.elementOffset)
    recorded = recorded.compactMap { known in
      source.variables[known.name].map {
        RecordedVariable(name: known.name, variable: $0, rowLength: indices.count, capacity: indices.count)
      }
    }
  }

  public override class var addToMagicNetwork: Bool { true }
  public override class var invalidatesMagicNetwork: Bool { false }

  /// State variables, parameters and formulas; not what the group keeps for itself.
  private static func isRecordedByDefault(_ name: String, in source: Group) -> Bool {
    guard let variable = source.variables[name], !name.hasPrefix("_") else { return false }
    if ["i", "j", "N", "t", "dt", "t_in_timesteps", "times"].contains(name) { return false }
    return switch variable.kind {
    case .array, .subexpression, .elementIndex: !variable.isScratch
    case .constant, .auxiliary: false
    }
  }

  // ----------------------------------------------------------------------------------------------------------- recording

  public override var recordedBytesPerStep: Int {
    recorded.reduce(MemoryLayout<Double>.size) { $0 + $1.recording.rowByteCount }
  }

  public override func beforeRun(_ context: RunContext) throws {
    let last: Int? =
      switch elements {
      case .range(let range): range.last
      case .list(let list): list.max().map { Int($0) }
      }
    for variable in recorded { try variable.prepare(context, owner: source, monitor: self.name, clock: clock, last: last) }
    wasPrepared = true
  }

  public override func run() throws {
    try times.append(clock.timeSeconds)
    switch elements {
    case .range(let range): for variable in recorded { try variable.append(range) }
    case .list(let list):
      try list.withUnsafeBufferPointer { for variable in recorded { try variable.append($0) } }
    }
  }

  /// Appends the present values at the present time (MON-3): for the state after the last step.
  ///
  /// - Throws: ``MonitorError`` before the first run and during a run.
  public func recordSingleTimestep() throws {
    guard wasPrepared else { throw MonitorError.beforeFirstRun(monitor: self.name) }
    guard !isInRun else { throw MonitorError.duringRun(monitor: self.name) }
    try run()
    noteCall("record_single_timestep", .boolean(true))
  }

  public override func repeatCall(_ verb: String, _ arguments: DescriptionValue, in network: Network) throws {
    guard verb == "record_single_timestep" else { return try super.repeatCall(verb, arguments, in: network) }
    try recordSingleTimestep(in: network.pausedContext())
  }

  /// The same in a network that goes on from a checkpoint and has not run yet.
  package func recordSingleTimestep(in context: RunContext) throws {
    if !wasPrepared { try beforeRun(context) }
    try recordSingleTimestep()
  }

  public override func storedRecordings() -> [StoredRecording] {
    [StoredRecording(name: "t", recording: times, type: .float64, rowLength: 1, dimension: .time, rule: .notNegative)] + recorded.map(\.stored)
  }

  // ------------------------------------------------------------------------------------------------------------- reading

  /// Times of the recorded steps.
  public var t: QuantityArray { get throws { QuantityArray(si: try times.doubles(), dimension: .time) } }
  /// Number of recorded steps.
  public var recordedSteps: Int { times.rows }
  /// The names of the recorded variables.
  public var recordedVariables: [String] { recorded.map(\.name) }

  /// What was recorded of a variable, of all recorded elements.
  ///
  /// - Throws: ``MonitorError`` for a variable that is not recorded.
  /// - Complexity: reads all that was recorded of the variable, from disk where it lies there.
  public subscript(variable: String) -> RecordedMatrix {
    get throws {
      guard let known = recorded.first(where: { $0.name == variable }) else {
        throw MonitorError.notRecordedVariable(monitor: self.name, variable: variable, recorded: recordedVariables)
      }
      return RecordedMatrix(
        variable: variable, dimension: known.dimension, indices: indices, timeCount: known.recording.rows, rowMajorByTime: try known.values())
    }
  }

  /// The same by name: `trace.v`.
  public subscript(dynamicMember variable: String) -> RecordedMatrix { get throws { try self[variable] } }

  /// The traces of one element, by its number in the source (MON-4): `trace[5].v`.
  ///
  /// - Throws: ``MonitorError`` for an element that is not recorded.
  public subscript(index: Int) -> RecordedTraces {
    get throws {
      guard let row = indices.firstIndex(of: index) else { throw MonitorError.notRecordedIndex(monitor: self.name, index: index) }
      return RecordedTraces(monitor: self, rows: [row])
    }
  }

  /// The traces of several elements, by their numbers in the source.
  ///
  /// - Throws: ``MonitorError`` for an element that is not recorded.
  public subscript(list: [Int]) -> RecordedTraces {
    get throws {
      RecordedTraces(
        monitor: self,
        rows: try list.map { index in
          guard let row = indices.firstIndex(of: index) else { throw MonitorError.notRecordedIndex(monitor: self.name, index: index) }
          return row
        })
    }
  }

  /// The traces of the elements of a part of the source.
  ///
  /// - Throws: ``MonitorError`` for an element that is not recorded.
  public subscript(part: Subgroup) -> RecordedTraces { get throws { try self[Array(part.start..<part.stop)] } }

  // -------------------------------------------------------------------------------------------------------- description

  public override var describedKind: ObjectKind {
    .stateMonitor(
      StateMonitorDescription(
        source.reference, requested, record: recordsAll ? .all : indices.isEmpty ? .none : .indices(indices), timing: describedTiming(clockOf: source)))
  }
}

/// What a monitor recorded of one variable: a row per recorded element, a column per time.
public struct RecordedMatrix: Sendable, Hashable {
  /// The name of the variable.
  public let variable: String
  /// The dimension of its values.
  public let dimension: Dimension
  /// Element numbers in the source, one per row.
  public let indices: [Int]
  /// Number of recorded steps.
  public let timeCount: Int
  /// SI values, time after time.
  let rowMajorByTime: [Double]

  /// Number of recorded elements.
  public var rowCount: Int { indices.count }

  /// SI values of one row.
  ///
  /// - Precondition: here and below: the monitor recorded this row, and this time.
  public func row(_ row: Int) -> [Double] {
    precondition(indices.indices.contains(row), "the monitor recorded \(indices.count) elements; row \(row) is not one of them")
    return (0..<timeCount).map { rowMajorByTime[$0 * indices.count + row] }
  }

  /// One row with its unit: the element `indices[row]` at all times.
  public subscript(row: Int) -> QuantityArray { QuantityArray(si: self.row(row), dimension: dimension) }
  /// One value with its unit, by row and number of the step.
  public subscript(row: Int, time: Int) -> Quantity {
    precondition(
      indices.indices.contains(row) && time >= 0 && time < timeCount,
      "the monitor recorded \(indices.count) elements at \(timeCount) times; row \(row) at time \(time) is not among them")
    return Quantity(si: rowMajorByTime[time * indices.count + row], dimension: dimension)
  }
  /// SI values, a row per element.
  public var values: [[Double]] { indices.indices.map(row) }
}

/// The recorded traces of chosen elements.
@dynamicMemberLookup
public struct RecordedTraces {
  let monitor: StateMonitor
  let rows: [Int]

  /// The trace of a single element; of several one behind the other, for which ``matrix(_:)`` keeps rows.
  ///
  /// - Throws: ``MonitorError`` for a variable that is not recorded.
  public subscript(variable: String) -> QuantityArray {
    get throws {
      let matrix = try monitor[variable]
      return QuantityArray(si: rows.flatMap(matrix.row), dimension: matrix.dimension)
    }
  }
  /// The same by name: `trace[5].v`.
  public subscript(dynamicMember variable: String) -> QuantityArray { get throws { try self[variable] } }

  /// Several elements, a row each, in SI values.
  ///
  /// - Throws: ``MonitorError`` for a variable that is not recorded.
  public func matrix(_ variable: String) throws -> [[Double]] {
    let matrix = try monitor[variable]
    return rows.map(matrix.row)
  }
}
