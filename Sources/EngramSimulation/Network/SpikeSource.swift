public import EngramScalars

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

/// What is wrong with the spikes that a source of a user's own lends.
public enum SpikeSourceError: ExplainedError, Hashable, Sendable {
  case noSuchElement(source: String, event: String, element: Int, count: Int)
  case notAscending(source: String, event: String, element: Int, after: Int)

  public var description: String {
    switch self {
    case .noSuchElement(let source, let event, let element, let count):
      "'\(source)' says that element \(element) has the event '\(event)', but its elements are 0 … \(count - 1); its withSpikes(of:) has to lend elements only"
    case .notAscending(let source, let event, let element, let after):
      "'\(source)' names element \(element) behind \(after) among those with the event '\(event)'; its withSpikes(of:) has to lend them ascending, each once"
    }
  }

  /// Elements, ascending, each once: so never more than there are. Loops over them rely on it.
  package static func check(_ spikes: UnsafeBufferPointer<Int32>, of source: any SpikeSource, _ event: EventName) throws(SpikeSourceError) {
    let count = source.count
    var previous: Int32 = -1
    for element in spikes {
      if element <= previous || Int(element) >= count {
        let name = (source as? Nameable)?.name ?? "\(type(of: source))"
        if element < 0 || Int(element) >= count {
          throw .noSuchElement(source: name, event: event.rawValue, element: Int(element), count: count)
        }
        throw .notAscending(source: name, event: event.rawValue, element: Int(element), after: Int(previous))
      }
      previous = element
    }
  }
}

extension SpikeSource {
  /// 0: it is no part of another group.
  public var start: Int { 0 }
  /// As many as there are elements.
  public var stop: Int { count }
  /// `spike` alone.
  public var eventNames: [EventName] { [.spike] }

  /// The elements that spiked in the current step.
  public var spikes: [Int] { withSpikes(of: .spike) { $0.map(Int.init) } }
}
