internal import CEngramMath
public import EngramUnits

/// How a rate is smoothed (MON-11).
public enum SmoothingWindow: Sendable {
  /// Normal density of this standard deviation, cut off after two of them.
  case gaussian(width: Time)
  /// Moving average; the width is rounded to an odd number of steps.
  case flat(width: Time)
  /// Own weights, an odd number of them.
  case weights([Double])

  /// The window by name, as model files and scripts give it.
  public init(named name: String, width: Time?) throws(MonitorError) {
    switch (name, width) {
    case ("gaussian", let width?): self = .gaussian(width: width)
    case ("flat", let width?): self = .flat(width: width)
    case ("gaussian", nil), ("flat", nil): throw .windowNeedsWidth(name)
    default: throw .unknownWindow(name)
    }
  }

  /// Weights, one per step, an odd number, normalised for the named windows.
  func weights(stepSeconds: Double) throws(MonitorError) -> [Double] {
    switch self {
    case .gaussian(let width):
      try SmoothingWindow.check(width)
      let reach = (2 * width.si / stepSeconds).rounded(.toNearestOrEven)
      guard reach < 1e8 else { throw .windowTooWide(seconds: width.si) }
      let steps = Int(reach)
      let raw = (-steps...steps).map { step in
        let z = Double(step) * stepSeconds / width.si
        return engram_exp(-0.5 * z * z)
      }
      let sum = raw.reduce(0, +)
      return raw.map { $0 / sum }
    case .flat(let width):
      try SmoothingWindow.check(width)
      let half = (width.si / (2 * stepSeconds)).rounded(.toNearestOrEven)
      guard half < 1e8 else { throw .windowTooWide(seconds: width.si) }
      let count = 2 * Int(half) + 1
      return [Double](repeating: 1 / Double(count), count: count)
    case .weights(let weights):
      guard weights.count % 2 == 1 else { throw .evenWindow(weights.count) }
      return weights
    }
  }

  /// The width of a flat window in force when it differs from the one asked for [s].
  func adjustedWidth(stepSeconds: Double) -> Double? {
    guard case .flat(let width) = self else { return nil }
    let used = (2 * (width.si / (2 * stepSeconds)).rounded(.toNearestOrEven) + 1) * stepSeconds
    return abs(used - width.si) > 1e-12 * width.si ? used : nil
  }

  private static func check(_ width: Time) throws(MonitorError) {
    guard width.si > 0, width.si.isFinite else { throw .windowWidth(seconds: width.si) }
  }

  /// Convolution of the same length as the values, zeros beyond both ends.
  static func convolve(_ values: [Double], _ weights: [Double]) -> [Double] {
    let half = weights.count / 2
    return values.indices.map { place in
      var sum = 0.0
      for offset in max(-half, place - values.count + 1)...min(half, place) {
        sum += values[place - offset] * weights[half + offset]
      }
      return sum
    }
  }
}
