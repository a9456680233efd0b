import EngramScalars
import EngramSimulation
import EngramStorage
import EngramUnits

/// Looks at arrays and spikes after every step, as watchdogs ask for.
///
/// Reads and never writes, draws nothing, allocates nothing: a run that it does not end has the same bits as without it.
final class StateInspector: StepInspector {
  private let arrays: [WatchedArray]
  private var rates: [WatchedRate]
  /// Where parts of the arrays are in other processes.
  private let distribution: Distribution?

  /// - Parameter allowsMissing: whether objects that the network does not have at present are passed over.
  /// - Returns: nil where there is nothing to look at after steps.
  init?(_ watchdogs: [Watchdog], _ network: Network, _ objects: [BrianObject], allowsMissing: Bool) throws(WatchdogSetUpError) {
    var arrays: [WatchedArray] = []
    var rates: [WatchedRate] = []
    for watchdog in watchdogs {
      switch watchdog.subject {
      case .finite(let names):
        if names.isEmpty {
          for case let group as Group in objects where !group.isPartOfGroup {
            for name in group.advancedVariables { if let array = group.variables[name]?.array { arrays.append(WatchedArray(array, in: group, name)) } }
          }
        }
        for name in names { if let found = try Self.array(name, objects, allowsMissing) { arrays.append(found) } }
      case .bounds(let name, let lower, let upper):
        guard var found = try Self.array(name, objects, allowsMissing) else { continue }
        try found.bound(from: lower, to: upper)
        arrays.append(found)
      case .rate(let name, let limit, let window):
        guard limit.si > 0, limit.si.isFinite, window > 0, window.isFinite else { throw .notPositive(name) }
        guard let (object, part) = try Self.object(name, name, objects, allowsMissing) else { continue }
        guard let source = object as? any SpikeSource, source.eventNames.contains(.spike) else { throw .noEvents(name) }
        rates.append(WatchedRate(name, source, part, limit.si, window))
      case .freeSpace: break
      }
    }
    if arrays.isEmpty, rates.isEmpty { return nil }
    (self.arrays, self.rates) = (arrays, rates)
    distribution = network.distribution
  }

  /// The object that a text names, and which elements of it: `G`, `G[2:5]`, `cell.axon`; nil elements: all.
  private static func object(
    _ text: String, _ wanted: String, _ objects: [BrianObject], _ allowsMissing: Bool
  ) throws(WatchdogSetUpError) -> (BrianObject, part: Range<Int>?)? {
    if let object = objects.first(where: { $0.name == text }) { return (object, nil) }
    let name = text.leadingName
    if let group = objects.first(where: { $0.name == name }) as? Group {
      let found: Range<Int>?
      do { found = try group.rangeOfPart(String(text.dropFirst(name.count))) } catch { throw .noPart(wanted, why: "\(error)") }
      guard let found, !found.isEmpty else { throw .noPart(wanted, why: "'\(name)' has no part '\(text.dropFirst(name.count))'") }
      return (group, found)
    }
    if allowsMissing { return nil }
    throw .unknown(wanted, what: "object '\(name)'", nearest: nearest(name, in: objects.map(\.name)))
  }

  private static func array(_ name: String, _ objects: [BrianObject], _ allowsMissing: Bool) throws(WatchdogSetUpError) -> WatchedArray? {
    guard let (owner, variable) = name.dividedAtVariable else { throw .unknown(name, what: "variable in that name: it is written as 'G.v'", nearest: nil) }
    guard let (object, part) = try object(owner, name, objects, allowsMissing) else { return nil }
    guard let group = object as? Group else { throw .unknown(name, what: "variable '\(variable)' in '\(object.name)'", nearest: nil) }
    guard let found = group.variables[variable] else {
      throw .unknown(name, what: "variable '\(variable)' in '\(object.name)'", nearest: nearest(variable, in: group.variables.names))
    }
    guard let array = found.array else { throw .notStored(name) }
    return WatchedArray(array, in: group, variable, part)
  }

  func inspect(stepSeconds: Double) throws {
    if let distribution { for array in arrays { distribution.refresh(array.variable.column) } }
    for array in arrays { if let place = array.firstBad { throw WatchdogError(array.finding(at: place), stepSeconds: stepSeconds) } }
    for index in rates.indices {
      if let finding = rates[index].afterStep(stepSeconds) { throw WatchdogError(finding, stepSeconds: stepSeconds) }
    }
  }
}

/// Values of one variable and what they may be.
private struct WatchedArray {
  let variable: ArrayVariable
  private let name: String
  /// Of a part of a group: which elements of the array.
  private let part: Range<Int>?
  private var lower: Double?
  private var upper: Double?

  /// Where the number 0 of the name is in the array.
  private let offset: Int

  /// - Parameter elements: those of the group that are looked at; nil: all.
  init(_ variable: ArrayVariable, in group: Group, _ name: String, _ elements: Range<Int>? = nil) {
    self.variable = variable
    self.name = "\(group.name).\(name)"
    offset = variable.flags.contains(.scalar) ? 0 : group.elementOffset
    let own = group.isPartOfGroup ? 0..<group.elementCount : nil
    part = variable.flags.contains(.scalar) ? nil : (elements ?? own).map { [offset] in $0.lowerBound + offset..<$0.upperBound + offset }
  }

  mutating func bound(from lower: Quantity?, to upper: Quantity?) throws(WatchdogSetUpError) {
    for bound in [lower, upper] {
      guard let bound, bound.dimension != variable.dimension, !(bound.si == 0 && bound.isDimensionless) else { continue }
      throw .wrongUnit(name, expected: variable.dimension.readableUnit, found: bound.dimension.readableUnit)
    }
    let (least, greatest) = (lower?.si ?? -.infinity, upper?.si ?? .infinity)
    guard least < greatest else { throw .noBounds(name) }
    (self.lower, self.upper) = (lower?.si, upper?.si)
  }

  /// Place of the first value that is not allowed, in the array.
  var firstBad: Int? {
    let (least, greatest) = (lower ?? -.infinity, upper ?? .infinity)
    // One value that stands for all.
    let all = variable.column.repeated == nil ? 0..<variable.count : 0..<min(1, variable.count)
    let range = part.map { $0.clamped(to: all) } ?? all
    let base = UnsafeRawPointer(variable.column.base)
    return switch variable.scalarType {
    case .float64: firstOutside(base.assumingMemoryBound(to: Double.self), range, least, greatest)
    case .float32: firstOutside(base.assumingMemoryBound(to: Float.self), range, Float(least), Float(greatest))
    case .int32, .int64, .bool: range.first { !(least...greatest ~= variable.value(at: $0)) }
    }
  }

  func finding(at place: Int) -> WatchdogError.Finding {
    .value(
      variable: name, element: place - offset, value: variable.value(at: place), lower: lower, upper: upper,
      unit: variable.dimension.readableUnit)
  }
}

/// Place of the first value that is not finite and from `lower` to `upper`.
///
/// Whole blocks are compared without a branch for each value, which processors do several at a time.
@inline(__always)
private func firstOutside<Value: BinaryFloatingPoint>(_ values: UnsafePointer<Value>, _ range: Range<Int>, _ lower: Value, _ upper: Value) -> Int? {
  let (least, greatest) = (max(lower, -.greatestFiniteMagnitude), min(upper, .greatestFiniteMagnitude))
  let blockLength = 512
  var start = range.lowerBound
  while start < range.upperBound {
    let end = min(range.upperBound, start &+ blockLength)
    var outside = 0
    var place = start
    while place < end {
      let value = values[place]
      outside &+= (value >= least ? 0 : 1) | (value <= greatest ? 0 : 1)
      place &+= 1
    }
    if outside != 0 { return (start..<end).first { !(values[$0] >= least && values[$0] <= greatest) } }
    start = end
  }
  return nil
}

/// Spikes of a group in the window that goes on.
private struct WatchedRate {
  private let name: String
  private let source: any SpikeSource
  /// Which elements count; nil: all.
  private let part: Range<Int>?
  private let limit: Double
  private let windowSeconds: Double
  private var window = Int64.min
  private var count = 0
  /// Of the clock of the group, when its spikes were counted last.
  private var timestep: Int64

  init(_ name: String, _ source: any SpikeSource, _ part: Range<Int>?, _ limit: Double, _ windowSeconds: Double) {
    (self.name, self.source, self.part, self.limit, self.windowSeconds) = (name, source, part, limit, windowSeconds)
    timestep = source.clock.timestep
  }

  mutating func afterStep(_ seconds: Double) -> WatchdogError.Finding? {
    // A step of other clocks leaves the spikes of the step before.
    guard source.clock.timestep != timestep else { return nil }
    timestep = source.clock.timestep
    let present = Int64(saturating: (seconds / windowSeconds * (1 + 1e-12)).rounded(.down))
    if present != window { (window, count) = (present, 0) }
    count += source.withSpikes(of: .spike) { [part] spikes in
      part.map { part in spikes.reduce(0) { $0 + (part.contains(Int($1)) ? 1 : 0) } } ?? spikes.count
    }
    let rate = Double(count) / (Double(max(1, part?.count ?? source.count)) * windowSeconds)
    return rate > limit ? .rate(group: name, hertz: rate, above: limit, windowSeconds: windowSeconds) : nil
  }
}

/// Ends a run whose disk is nearly full while there is room for a checkpoint.
final class SpaceWatch: StepObserver {
  let wallInterval: Duration? = nil
  private let directory: RunDirectory
  private let byteCount: Int
  private let ticker = Ticker()
  private var isFirst = true

  init(_ directory: RunDirectory, below byteCount: Int) { (self.directory, self.byteCount) = (directory, byteCount) }

  func observe(seconds: Double, wall: ContinuousClock.Instant, run: PreparedRun) throws {
    guard isFirst || ticker.take() else { return }
    isFirst = false
    let free = Int(clamping: directory.freeByteCount)
    if free < byteCount { throw WatchdogError(.freeSpace(byteCount: free, below: byteCount, directory: directory.path), stepSeconds: seconds) }
  }
}
