import EngramUnits
import Testing

@testable import EngramModels

@Suite("Smoothing windows") struct SmoothingTests {
  @Test("MON-11: a flat window has 2·round(width/(2 dt)) + 1 equal weights")
  func flat() throws {
    let weights = try SmoothingWindow.flat(width: Time(si: 1e-3)).weights(stepSeconds: 1e-4)
    #expect(weights.count == 11 && weights.allSatisfy { $0 == 1 / 11.0 })
    #expect(SmoothingWindow.flat(width: Time(si: 1e-3)).adjustedWidth(stepSeconds: 1e-4) != nil)
    #expect(SmoothingWindow.flat(width: Time(si: 1.3e-3)).adjustedWidth(stepSeconds: 1e-4) == nil)
  }

  @Test("MON-11: smoothing keeps the length and sees zeros beyond the ends")
  func same() {
    let expected: [Double] = [12, 123, 234, 340]
    #expect(SmoothingWindow.convolve([1, 2, 3, 4], [1, 10, 100]) == expected)
  }

  @Test("MON-11: unknown windows, missing widths and even lengths are refused")
  func errors() {
    #expect(throws: MonitorError.unknownWindow("gauss")) { try SmoothingWindow(named: "gauss", width: Time(si: 1)) }
    #expect(throws: MonitorError.windowNeedsWidth("flat")) { try SmoothingWindow(named: "flat", width: nil) }
    #expect(throws: MonitorError.evenWindow(4)) { try SmoothingWindow.weights([1, 1, 1, 1]).weights(stepSeconds: 1e-4) }
  }

  @Test("MON-11: a gaussian window reaches two widths to each side, with the weights of the normal density that sum to 1")
  func gaussian() throws {
    let weights = try SmoothingWindow.gaussian(width: Time(si: 1e-3)).weights(stepSeconds: 0.5e-3)
    // exp(-z²/2) at z = -2, -1.5, …, 2, divided by their sum.
    let densities = [0.1353352832366127, 0.32465246735834974, 0.6065306597126334, 0.8824969025845955, 1]
    let sum = 1 + 2 * densities.dropLast().reduce(0, +)
    let expected = (densities + densities.dropLast().reversed()).map { $0 / sum }
    #expect(weights.count == 9 && zip(weights, expected).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(try SmoothingWindow.gaussian(width: Time(si: 1e-3)).weights(stepSeconds: 0.3e-3).count == 15)
  }
}
