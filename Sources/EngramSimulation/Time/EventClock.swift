public import EngramUnits
import EngramScalars
import EngramStorage

/// A clock that advances through given times (CLK-15).
public final class EventClock: BaseClock {
  private let timesColumn: Column
  /// Ascending; the last one is infinite.
  private var times: UnsafeMutablePointer<Double> { timesColumn.base.assumingMemoryBound(to: Double.self) }
  private let timeCount: Int

  /// A clock that goes through these times.
  ///
  /// - Parameters:
  ///   - times: sorted if need be; each once.
  ///   - name: what messages call it; `*` becomes a free number.
  ///   - environment: what it is made in.
  /// - Throws: `ClockError` for times that are none.
  public init(times: [Time], name: ObjectName = .usual(.eventClock), in environment: Environment = .current) throws {
    try environment.checkOwner()
    let sorted = times.map(\.si).sorted()
    for seconds in sorted where !seconds.isFinite || seconds < 0 { throw ClockError.invalidEventTime(seconds: seconds) }
    for (a, b) in zip(sorted, sorted.dropFirst()) where a == b { throw ClockError.duplicateEventTimes(seconds: a) }
    timesColumn = try environment.device.makeArray(
      NewArray(owner: name.base, variable: "times", type: .float64, count: sorted.count + 1)
    ).column
    timeCount = sorted.count + 1
    timesColumn.withElements(of: Double.self) { for (index, seconds) in (sorted + [.infinity]).enumerated() { $0[index] = seconds } }
    try super.init(pattern: name, in: environment)
    variables.addColumn("times", timesColumn, dimension: .time, flags: [.readOnly, .constant], rule: .ascendingTimes)
    place(at: 0)
  }

  /// The k-th time; the one after the last is infinite.
  ///
  /// - Precondition: `index` is from 0 to the number of times.
  public subscript(index: Int) -> Time {
    precondition(index >= 0 && index < timeCount, "event clock '\(name)' has \(timeCount - 1) times; \(index) is not one of them")
    return Time(si: times[index])
  }

  override func time(of timestep: Int64) -> Double { times[min(Int(timestep), timeCount - 1)] }

  /// The first event that is not before `seconds`.
  override func timestep(at seconds: Double) throws(ClockError) -> Int64 {
    var low = 0
    var high = timeCount - 1
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < seconds { low = middle + 1 } else { high = middle }
    }
    return Int64(low)
  }
}
