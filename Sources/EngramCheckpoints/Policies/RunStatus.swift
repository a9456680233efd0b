import EngramScalars
import EngramSimulation
package import EngramStorage
import EngramSystem
internal import FoundationEssentials

/// What a run says about itself in `status.json`, for people and programs that look on from outside (STO-10). Nothing is
/// ever restored from it.
public struct RunStatus: Codable, Sendable, Hashable {
  /// How far a run has got.
  public enum State: String, Codable, Sendable {
    /// Its network is being made.
    case settingUp
    case running
    /// Ended before its end, on request or by an interrupt; it can go on.
    case stopped
    case complete
    case failed
  }

  /// Where a clock stands.
  public struct ClockPosition: Codable, Sendable, Hashable {
    /// The name of the clock.
    public var name: String
    /// Its elapsed steps.
    public var timestep: Int64
    /// Step [s]; nil for event clocks.
    public var dt: Double?
  }

  /// Name and version of the form.
  public var format = "engram status 1"
  /// How far the run has got.
  public var state: State
  /// The run directory's id.
  public var run: String
  /// The name of the network.
  public var network: String
  /// The line of checkpoints that the run adds to.
  public var line: String
  /// The process that runs, by its number.
  public var process: Int32
  /// The machine that it runs on.
  public var host: String
  /// Changes with every start of the machine.
  public var boot: String
  /// Network time [s].
  public var time: Double
  /// Where the run began [s].
  public var start: Double
  /// Where it will end [s].
  public var target: Double
  /// Where the clocks stand.
  public var clocks: [ClockPosition]
  /// Newest checkpoint.
  public var checkpoint: String?
  /// Simulated seconds per second, of late.
  public var rate: Double?
  /// Seconds until the target at that rate.
  public var remaining: Double?
  /// Seconds since 1970.
  public var updated: Double
  /// Why it failed.
  public var problem: String?
  /// Where in its steps a model file is, as `round 7 of 20`.
  public var place: String?
  /// Spikes per second and element of late, of groups whose spikes a monitor counts, by their names.
  public var rates: [String: Double]?
  /// The longest that a checkpoint of this process has taken [s].
  public var checkpointSeconds: Double?

  var encoded: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { Array($0) + [10] } ?? []
  }

  /// Nil for what is not such a text: the file is not flushed, so a power cut may leave anything.
  package init?(decoding text: [UInt8]) {
    guard let found = try? JSONDecoder().decode(RunStatus.self, from: Data(text)), found.format.hasPrefix("engram status ") else { return nil }
    self = found
  }

  /// Whether the process that says it is running has ended without a word. Only the machine it runs on can tell.
  public var isAbandoned: Bool {
    guard state == .running || state == .settingUp, host == HostIdentity.name else { return false }
    if !boot.isEmpty, boot != HostIdentity.boot { return true }
    return kill(process, 0) != 0 && errno == ESRCH
  }
}

extension RunStatus {
  /// Of the run in a directory, whoever runs it; nil where none has said anything.
  package init?(of directory: RunDirectory) {
    guard let text = try? directory.statusText() else { return nil }
    self.init(decoding: text)
  }

  /// A run whose network is being made.
  ///
  /// - Parameter work: what is going on, as `connecting 'S': 41 %`.
  package init(settingUp work: String, in directory: RunDirectory, network: String) {
    state = .settingUp
    run = directory.runID
    self.network = network
    line = directory.line
    process = getpid()
    host = HostIdentity.name
    boot = HostIdentity.boot
    (time, start, target, clocks) = (0, 0, 0, [])
    checkpoint = directory.newestID
    place = work
    updated = Date().timeIntervalSince1970
  }

  package var encodedText: [UInt8] { encoded }

  init(_ state: State, _ network: Network, _ directory: RunDirectory, start: Double, target: Double) {
    self.state = state
    run = directory.runID
    self.network = network.name
    line = directory.line
    process = getpid()
    host = HostIdentity.name
    boot = HostIdentity.boot
    time = network.time.seconds
    self.start = start
    self.target = target
    clocks = network.distinctClocks(of: network.allObjects).map { ClockPosition(name: $0.name, timestep: $0.timestep, dt: $0.stepSeconds) }
    checkpoint = directory.newestID
    place = network.place
    checkpointSeconds = WallLimit.longestCheckpointSeconds
    updated = Date().timeIntervalSince1970
  }
}

/// Publishes the status of one run: at its beginning, every second, at its end.
///
/// Costs a step loop the look at a flag; what is published is put together between two steps, and written in the background.
final class StatusPublisher: StepObserver {
  let wallInterval: Duration? = nil
  private unowned let network: Network
  private let directory: RunDirectory
  /// While the run goes on.
  private var ticker: Ticker? = Ticker()
  private let start: Double
  private let target: Double
  private var last: (seconds: Double, wall: ContinuousClock.Instant)
  private var rate: Double?
  /// Those that count spikes anyway, and their counts when the rates were taken last.
  private let counters: [any SpikeCounting]
  private var counts: [Int]
  private var rates: [String: Double]?
  /// How the run ended.
  private var ended: (state: RunStatus.State, problem: String?)?

  init(_ network: Network, _ directory: RunDirectory, start: Double, target: Double) {
    self.network = network
    self.directory = directory
    self.start = start
    self.target = target
    last = (network.time.seconds, .now)
    counters = network.allObjects.compactMap { $0 as? any SpikeCounting }.filter { $0.spikeTally != nil }
    counts = counters.map { $0.spikeTally?.spikeCount ?? 0 }
    try? directory.publishStatus(status(.running).encoded)
  }

  func observe(seconds: Double, wall: ContinuousClock.Instant, run: PreparedRun) {
    guard ticker?.take() == true else { return }
    let now = ContinuousClock.now
    let passed = (now - last.wall).inSeconds
    if passed > 0 { rate = (seconds - last.seconds) / passed }
    takeRates(over: seconds - last.seconds)
    last = (seconds, now)
    directory.publishStatusInBackground(status(.running).encoded)
  }

  private func takeRates(over seconds: Double) {
    guard !counters.isEmpty, seconds > 0 else { return }
    var found: [String: Double] = [:]
    for (place, counter) in counters.enumerated() {
      guard let tally = counter.spikeTally else { continue }
      found[tally.source] = Double(tally.spikeCount - counts[place]) / (seconds * Double(max(1, tally.elementCount)))
      counts[place] = tally.spikeCount
    }
    rates = found
  }

  /// The last word. A status that cannot be written says nothing about the run itself.
  func end(_ state: RunStatus.State, problem: (any Error)? = nil) {
    ticker = nil
    ended = (state, problem.map { "\($0)" })
    republish()
  }

  /// The last word again, where a checkpoint was made since.
  func republish() {
    guard let ended else { return }
    var last = status(ended.state)
    last.problem = ended.problem
    last.remaining = nil
    directory.finishStatus(last.encoded)
  }

  private func status(_ state: RunStatus.State) -> RunStatus {
    var status = RunStatus(state, network, directory, start: start, target: target)
    status.rate = rate
    status.rates = rates
    if let rate, rate > 0 { status.remaining = max(0, target - status.time) / rate }
    return status
  }
}
