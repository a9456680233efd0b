public import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
public import EngramUnits

/// Records the momentary rate of a population: spikes per element and second in each step (MON-10), Brian 2's `PopulationRateMonitor`.
///
/// ```swift
/// let population = try PopulationRateMonitor(neurons)
/// try run(1 * second)
/// let smooth = try population.smoothRate(.gaussian(width: 5 * ms))
/// let coarse = try population.binnedRate(10 * ms)
/// ```
public final class PopulationRateMonitor: BrianObject, SpikeCounting {
  /// The group, or the part of a group, whose spikes are counted.
  public let source: any SpikeSource
  private let timeRecording = Recording(.float64)
  private let rateRecording = Recording(.float64)
  private var stepSeconds = 0.0
  /// In this process.
  private var spikeCount = 0
  /// Whether the source is one of this library, whose lists of spikes need no check.
  private let isOwnSource: Bool

  /// A monitor of the rate of a group or of a part of it, with the clock of the source.
  ///
  /// - Parameters:
  ///   - source: what spikes.
  ///   - name: what messages and files call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``MonitorError`` where the source has no spikes.
  public init(
    _ source: any SpikeSource, name: ObjectName = .usual(.rateMonitor), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    guard source.eventNames.contains(.spike) else {
      throw MonitorError.unknownEvent(
        monitor: name.base, source: (source as? Nameable)?.name ?? "", event: "spike", known: source.eventNames.map(\.rawValue))
    }
    self.source = source
    isOwnSource = source is SpikingGroup || source is Subgroup
    try super.init(clock: source.clock, when: RateMonitorDescription.slot, name: name, file: file, line: line)
    if let object = source as? BrianObject { addDependency(object) }
  }

  public override class var addToMagicNetwork: Bool { true }
  public override class var invalidatesMagicNetwork: Bool { false }

  /// A time and a rate.
  public override var recordedBytesPerStep: Int { 2 * MemoryLayout<Double>.size }

  public override func beforeRun(_ context: RunContext) throws { stepSeconds = clock.stepSeconds ?? 0 }

  public override func run() throws {
    let spikes = try source.withSpikes(of: .spike) { spikes in
      if !isOwnSource { try SpikeSourceError.check(spikes, of: source, .spike) }
      return spikes.count
    }
    spikeCount += spikes
    try timeRecording.append(clock.timeSeconds)
    try rateRecording.append(Double(spikes) / stepSeconds / Double(source.count))
  }

  package var spikeTally: SpikeTally? {
    SpikeTally(source: (source as? Nameable)?.name ?? name, elementCount: source.count, spikeCount: spikeCount)
  }

  public override func storedRecordings() -> [StoredRecording] {
    [
      StoredRecording(name: "t", recording: timeRecording, type: .float64, rowLength: 1, dimension: .time, rule: .notNegative),
      StoredRecording(name: "rate", recording: rateRecording, type: .float64, rowLength: 1, dimension: .frequency),
    ]
  }

  /// Times of the recorded steps [s].
  public var t: QuantityArray { get throws { QuantityArray(si: try timeRecording.doubles(), dimension: .time) } }
  /// Spikes per element and second in each step [Hz]; as many as ``t``.
  public var rate: QuantityArray { get throws { QuantityArray(si: try rateRecording.doubles(), dimension: .frequency) } }

  /// The rate, smoothed; as long as ``rate`` (MON-11), with zeros assumed beyond both ends.
  ///
  /// - Throws: ``MonitorError`` for a window that is no positive time, or too wide.
  public func smoothRate(_ window: SmoothingWindow) throws -> QuantityArray {
    guard let step = clock.stepSeconds else { return try rate }
    if let used = window.adjustedWidth(stepSeconds: step) {
      environment.messages.emit(
        .info, "ratemonitor.adjusted_width", "'\(name)': the width of the flat window was adjusted to \(Time(si: used)), an odd multiple of dt")
    }
    return QuantityArray(
      si: SmoothingWindow.convolve(try rate.si, try window.weights(stepSeconds: step)), dimension: .frequency)
  }

  /// Mean rate in bins of whole steps (MON-12); an incomplete last bin is dropped.
  ///
  /// - Returns: times of the bins' beginnings, and as many rates.
  /// - Throws: ``MonitorError`` for a bin that is not a multiple of the step.
  public func binnedRate(_ bin: Time) throws -> (t: QuantityArray, rate: QuantityArray) {
    let (steps, _) = try Binning.steps(bin, clock: clock, monitor: name)
    let rates = try rate.si
    let binned = (0..<rates.count / Int(steps)).map { place in
      rates[place * Int(steps)..<(place + 1) * Int(steps)].reduce(0, +) / Double(steps)
    }
    return (Binning.times(count: binned.count, seconds: bin.si), QuantityArray(si: binned, dimension: .frequency))
  }

  public override var describedKind: ObjectKind { .rateMonitor(RateMonitorDescription(source.reference)) }
}
