public import EngramUnits

/// Something that ends a run as soon as it happens, so that days are not spent on a state that is no use any more.
///
/// ```swift
/// network.watchdogs = [.finite(), .bounds("G.v", from: -100*mV, to: 50*mV), .rate(of: "G", above: 200*Hz), .freeSpace(below: 5_000_000_000)]
/// do { try network.run(10*second, checkpoints: .every(wall: .seconds(60))) } catch let found as WatchdogError {
///   print(found)
///   try network.goBack(before: found)
/// }
/// ```
///
/// Values and rates are looked at after every step, before the state can be stored; a run that nothing bites has the same bits as without.
/// What it costs is one pass over the arrays that are watched: about 1 ns for each four elements.
public struct Watchdog: Sendable, Hashable {
  package enum Subject: Sendable, Hashable {
    /// Names as `G.v`, `G[2:5].v` or `cell.axon.v`; none: every variable with a differential equation that steps advance.
    case finite([String])
    case bounds(String, lower: Quantity?, upper: Quantity?)
    case rate(String, above: Quantity, windowSeconds: Double)
    case freeSpace(byteCount: Int)
  }

  package let subject: Subject

  package init(_ subject: Subject) { self.subject = subject }

  /// How long spikes are counted for a rate, unless it is said otherwise [s].
  package static let standardWindowSeconds = 0.1

  /// A value that is NaN or infinite.
  ///
  /// - Parameter variables: as `G.v`, or of a part, `G[2:5].v`, `cell.axon.v`; none: every variable of the network with a differential equation that steps advance.
  public static func finite(_ variables: String...) -> Watchdog { Watchdog(.finite(variables)) }

  /// A value outside of bounds that it may reach, or one that is NaN.
  ///
  /// - Parameters:
  ///   - variable: as `G.v`, or of a part, `G[2:5].v`, `cell.axon[10 um:20 um].v`: stored values, in the unit of the bounds.
  ///   - lower: the least value that is allowed.
  ///   - upper: the greatest value that is allowed.
  public static func bounds(_ variable: String, from lower: some QuantityConvertible, to upper: some QuantityConvertible) -> Watchdog {
    Watchdog(.bounds(variable, lower: lower.quantity, upper: upper.quantity))
  }
  /// A value below a bound, or one that is NaN.
  public static func bounds(_ variable: String, from lower: some QuantityConvertible) -> Watchdog {
    Watchdog(.bounds(variable, lower: lower.quantity, upper: nil))
  }
  /// A value above a bound, or one that is NaN.
  public static func bounds(_ variable: String, to upper: some QuantityConvertible) -> Watchdog {
    Watchdog(.bounds(variable, lower: nil, upper: upper.quantity))
  }

  /// More spikes per element and time than a rate allows.
  ///
  /// Spikes are counted in windows one after the other, of which the first begins at the network time 0; it bites in the step whose spikes
  /// exceed what a whole window may have. A run that goes on begins to count anew.
  ///
  /// - Parameters:
  ///   - group: the name of the group or other source of spikes, or a part of it, `G[2:5]`.
  ///   - limit: mean over the elements of the group.
  ///   - window: the window; at least one step.
  public static func rate(of group: String, above limit: Frequency, window: Time = Time(si: 0.1)) -> Watchdog {
    Watchdog(.rate(group, above: limit.quantity, windowSeconds: window.si))
  }

  /// Less room where the run directory is than so many bytes. Looked at once a second; the run stops with a checkpoint.
  public static func freeSpace(below byteCount: Int) -> Watchdog { Watchdog(.freeSpace(byteCount: byteCount)) }
}
