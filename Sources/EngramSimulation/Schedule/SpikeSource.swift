/// Something whose elements have events (SPK-1…4).
public protocol SpikeSource: AnyObject {
  /// Number of elements.
  var count: Int { get }
  var clock: BaseClock { get }
  /// The events it has; `spike` at least.
  var eventNames: [EventName] { get }
  /// First element in the group that owns the events, and one past the last; 0 and `count` unless this is a subgroup.
  var start: Int { get }
  var stop: Int { get }
  /// Lends the elements (0 ..< `count`, ascending, without repetition) with the event in the current step.
  /// Empty after a run.
  func withSpikes<R>(of event: EventName, _ body: (UnsafeBufferPointer<Int32>) throws -> R) rethrows -> R
}

extension SpikeSource {
  public var start: Int { 0 }
  public var stop: Int { count }
  public var eventNames: [EventName] { [.spike] }

  /// The elements that spiked in the current step.
  public var spikes: [Int] { withSpikes(of: .spike) { $0.map(Int.init) } }
}
