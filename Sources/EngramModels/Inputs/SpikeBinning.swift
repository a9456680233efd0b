internal import EngramScalars

/// The spikes of a generator in the steps of a clock (INP-10…14).
struct SpikeBinning: Equatable {
  /// Steps in ascending order, each once.
  private(set) var steps: [Int64] = []
  /// First spike of each step in `indices`; one more entry than steps.
  private(set) var firstSpike: [Int] = [0]
  /// Elements, ascending inside a step.
  private(set) var indices: [Int32] = []
  /// 0: no period.
  private(set) var periodSteps: Int64 = 0

  init() {}

  /// - Parameters: indices and times, in any order; `period` 0: none.
  /// - Throws: ``InputError`` for an element that is none, two spikes of one element in one step, or a period that does not fit.
  ///   So the spikes of a step are elements, each once, and as many as there are at most.
  init(
    indices: [Int32], seconds: [Double], periodSeconds: Double, stepSeconds: Double, elementCount: Int, name: String
  ) throws(InputError) {
    guard indices.count == seconds.count else { throw .lengthMismatch(name: name, indices: indices.count, times: seconds.count) }
    if let wrong = indices.first(where: { $0 < 0 || Int($0) >= elementCount }) {
      throw .indexOutOfRange(name: name, index: Int(wrong), count: elementCount)
    }
    var spikes: [(step: Int64, index: Int32)] = []
    spikes.reserveCapacity(indices.count)
    for (index, time) in zip(indices, seconds) { spikes.append((SpikeBinning.step(of: time, stepSeconds: stepSeconds), index)) }
    let isSorted = zip(spikes, spikes.dropFirst()).allSatisfy { ($0.step, $0.index) <= ($1.step, $1.index) }
    if !isSorted { spikes.sort { ($0.step, $0.index) < ($1.step, $1.index) } }
    for (earlier, later) in zip(spikes, spikes.dropFirst()) where earlier.step == later.step && earlier.index == later.index {
      throw .twoSpikesInOneStep(name: name, index: Int(earlier.index), step: earlier.step, stepSeconds: stepSeconds)
    }
    self.indices = spikes.map(\.index)
    firstSpike = []
    for (place, spike) in spikes.enumerated() where place == 0 || spikes[place - 1].step != spike.step {
      steps.append(spike.step)
      firstSpike.append(place)
    }
    firstSpike.append(spikes.count)
    periodSteps = try SpikeBinning.periodSteps(
      periodSeconds, stepSeconds: stepSeconds, lastStep: steps.last, name: name)
  }

  /// `trunc((time + 1e-3 dt) / dt)`, saturating.
  static func step(of seconds: Double, stepSeconds: Double) -> Int64 {
    Int64(saturating: (seconds + 1e-3 * stepSeconds) / stepSeconds)
  }

  private static func periodSteps(
    _ period: Double, stepSeconds: Double, lastStep: Int64?, name: String
  ) throws(InputError) -> Int64 {
    if period == 0 { return 0 }
    if period < stepSeconds { throw .periodShorterThanStep(name: name, periodSeconds: period, stepSeconds: stepSeconds) }
    let count = (period / stepSeconds).rounded()
    // Too long to matter in any run: as without period (INP-11; the caller warns).
    if count > Double(Int32.max) { return 0 }
    guard abs(count * stepSeconds - period) <= period.ulp else {
      throw .periodNotMultipleOfStep(name: name, periodSeconds: period, stepSeconds: stepSeconds)
    }
    if let lastStep, Int64(count) <= lastStep {
      throw .periodTooShort(name: name, periodSeconds: period, lastSeconds: Double(lastStep) * stepSeconds)
    }
    return Int64(count)
  }

  /// Place of the first step that is not before `step`. O(log steps).
  func place(notBefore step: Int64) -> Int {
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle] < step { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The spikes of one step of the clock.
  func spikes(at step: Int64) -> Range<Int> {
    let phase = periodSteps > 0 ? step % periodSteps : step
    let place = place(notBefore: phase)
    guard place < steps.count, steps[place] == phase else { return 0..<0 }
    return firstSpike[place]..<firstSpike[place + 1]
  }
}
