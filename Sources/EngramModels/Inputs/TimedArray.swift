internal import EngramExpressions
internal import EngramKernels
public import EngramModel
internal import EngramScalars
public import EngramSimulation
public import EngramUnits

/// Values that hold one after the other for a fixed time, as a function of model text: `ta(t)`, or `ta(t, i)` for several columns
/// (INP-20…31), Brian 2's `TimedArray`.
///
/// ```swift
/// let current = try TimedArray([0, 1, 2, 0] * nA, dt: 100 * ms)
/// let driven = try NeuronGroup(
///   10, "dv/dt = (R*current(t) - v)/(10*ms) : volt", namespace: ["current": current, "R": 10 * Mohm])
/// let second = try current(150 * ms)   // 1 nA
/// ```
///
/// The first value holds from time 0 and the last one for ever.
public struct TimedArray: Sendable, NamespaceConvertible {
  /// What messages and checkpoints call it; model text uses the name it has in the namespace.
  public let name: String
  /// How long each value holds.
  public let dt: Time
  /// The dimension of the values.
  public let dimension: Dimension
  /// SI values, time after time.
  let values: [Double]
  /// 1, or the number of columns.
  public let columnCount: Int
  /// Whether it is called with an element as well, `ta(t, i)`.
  public let isTwoDimensional: Bool
  /// The function to put into a namespace.
  public let function: Function

  /// One value at a time.
  ///
  /// - Parameters:
  ///   - values: at least one.
  ///   - dt: how long each holds; positive.
  ///   - name: what messages and checkpoints call it.
  /// - Throws: ``InputError`` without values, `ClockError` for a time that is not positive.
  public init(_ values: QuantityArray, dt: Time, name: String = TimedArrayDescription.usualName) throws {
    try self.init(
      values: values.si, columns: 1, isTwoDimensional: false, dimension: values.dimension, dt: dt, name: name)
  }

  /// The same with plain numbers, of dimension 1.
  public init(_ values: [Double], dt: Time, name: String = TimedArrayDescription.usualName) throws {
    try self.init(values: values, columns: 1, isTwoDimensional: false, dimension: .dimensionless, dt: dt, name: name)
  }

  /// A row per time, a column per element.
  ///
  /// - Parameters:
  ///   - rows: at least one; of the same length and dimension all.
  ///   - dt: how long each holds; positive.
  ///   - name: what messages and checkpoints call it.
  /// - Throws: ``InputError`` for rows that do not fit together, `ClockError` for a time that is not positive.
  public init(_ rows: [QuantityArray], dt: Time, name: String = TimedArrayDescription.usualName) throws {
    guard let first = rows.first else { throw InputError.emptyTimedArray(name: name) }
    for (number, row) in rows.enumerated() {
      guard row.count == first.count else {
        throw InputError.raggedTimedArray(name: name, row: number, found: row.count, expected: first.count)
      }
      guard row.dimension == first.dimension else { throw InputError.mixedTimedArray(name: name) }
    }
    try self.init(
      values: rows.flatMap(\.si), columns: first.count, isTwoDimensional: true, dimension: first.dimension, dt: dt, name: name)
  }

  package init(
    values: [Double], columns: Int, isTwoDimensional: Bool, dimension: Dimension, dt: Time, name: String
  ) throws {
    guard !values.isEmpty, columns > 0 else { throw InputError.emptyTimedArray(name: name) }
    guard dt.si > 0, dt.si.isFinite else { throw ClockError.invalidStep(seconds: dt.si) }
    self.values = values
    self.dt = dt
    self.dimension = dimension
    self.name = name
    columnCount = columns
    self.isTwoDimensional = isTwoDimensional
    var arguments = [FunctionArgument("t", .unit(.time), type: .float)]
    if isTwoDimensional { arguments.append(FunctionArgument("i", .dimensionless, type: .integer)) }
    let table = TimedTable(
      values: values, columns: columns, rows: values.count / columns, seconds: dt.si, isTwoDimensional: isTwoDimensional, name: name)
    var function = Function(
      signature: try FunctionSignature(name, arguments: arguments, returns: .unit(dimension)),
      stored: TimedArray.described(values, columns, isTwoDimensional, dimension, dt, name),
      isLocallyConstant: { [seconds = dt.si] in TimedGrid.isLocallyConstant(valueSeconds: seconds, stepSeconds: $0) },
      kernelForOwner: { owner in .closure(table.function(stepSeconds: owner.dt?.si, owner: owner.name)) })
    if isTwoDimensional { function.columnCount = columns }
    self.function = function
  }

  /// What a namespace makes of it: ``function``.
  public var namespaceValue: Namespace.Entry { .function(function) }

  /// The value at a time, outside of simulations; rounding as with the default clock (INP-31).
  ///
  /// - Throws: ``InputError`` where there are several columns.
  public func callAsFunction(_ t: Time) throws -> Quantity {
    guard !isTwoDimensional else { throw InputError.wrongTimedArrayCall(name: name, expected: 2, found: 1) }
    return Quantity(si: values[grid.index(atSeconds: t.si)], dimension: dimension)
  }

  /// The value of column `i` at a time.
  ///
  /// - Throws: ``InputError`` where there is no such column, or only one value per time.
  public func callAsFunction(_ t: Time, _ i: Int) throws -> Quantity {
    guard isTwoDimensional else { throw InputError.wrongTimedArrayCall(name: name, expected: 1, found: 2) }
    guard i >= 0, i < columnCount else { throw InputError.columnOutOfRange(name: name, column: i, count: columnCount) }
    return Quantity(si: values[grid.index(atSeconds: t.si) * columnCount + i], dimension: dimension)
  }

  private var grid: TimedGrid {
    TimedGrid(valueSeconds: dt.si, stepSeconds: Environment.current.defaultStepSeconds, count: values.count / columnCount)
  }

  private static func described(
    _ values: [Double], _ columns: Int, _ isTwoDimensional: Bool, _ dimension: Dimension, _ dt: Time, _ name: String
  ) -> FunctionDescription {
    let values = TimedArrayDescription.Values(values, unit: Quantity(1, dimension), columns: isTwoDimensional ? columns : nil)
    return FunctionDescription(name: name, .timedArray(TimedArrayDescription(values, dt: Quantity(dt.si, .time))))
  }
}

/// The values of a timed array as kernels look them up.
private struct TimedTable: Sendable {
  let values: [Double]
  let columns: Int
  let rows: Int
  let seconds: Double
  let isTwoDimensional: Bool
  let name: String

  func function(stepSeconds: Double?, owner: String) -> BlockFunction {
    let step = stepSeconds ?? seconds
    if TimedGrid.isMisaligned(valueSeconds: seconds, stepSeconds: step) {
      Messages.emit(
        .warning, "timedarray.misaligned_dt",
        "the dt of timed array '\(name)', \(seconds) s, is not a multiple of that of '\(owner)', \(step) s: values change inside of steps",
        once: true)
    }
    let grid = TimedGrid(valueSeconds: seconds, stepSeconds: step, count: rows)
    let (values, columns) = (values, columns)
    if !isTwoDimensional {
      return BlockFunction(name: name, argumentTypes: [.float], dependsOnlyOnArguments: true) { block in
        let times = block.floats(0)
        for lane in 0..<block.count { block.floatResult[lane] = values[grid.index(atSeconds: times[lane])] }
      }
    }
    return BlockFunction(name: name, argumentTypes: [.float, .integer], dependsOnlyOnArguments: true) { [name] block throws(FunctionFault) in
      let times = block.floats(0)
      let numbers = block.integers(1)
      var knownTime = Double.nan
      var row = 0
      for lane in 0..<block.count {
        if times[lane] != knownTime {
          knownTime = times[lane]
          row = grid.index(atSeconds: knownTime) * columns
        }
        let column = numbers[lane]
        guard column >= 0, column < columns else {
          let error = InputError.columnOutOfRange(name: name, column: Int(column), count: columns)
          throw FunctionFault(function: name, element: block.elements[lane], cause: error)
        }
        block.floatResult[lane] = values[row + Int(column)]
      }
    }
  }
}
