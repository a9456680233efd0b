import EngramUnits
import Testing

@Suite("Units for people") struct ReadableUnitTests {
  @Test("UNI-9: dimensions without a name are shown as a quotient, product or power of at most two named units")
  func compound() throws {
    let expected: [(Dimension, String)] = [
      (.dimensionless, "1"), (.voltage, "volt"), (.frequency, "hertz"), (.voltage / .time, "volt/second"), (.current / .time, "amp/second"),
      (.conductance / .length.raised(to: 2), "siemens/metre**2"), (.capacitance / .length.raised(to: 2), "farad/metre**2"),
      (.voltage / .time.raised(to: 0.5), "volt/second**0.5"), (.time.raised(to: -0.5), "second**-0.5"), (.voltage.raised(to: 2), "volt**2"),
      (Dimension.dimensionless / .voltage, "1/volt"), (.length.raised(to: 2), "metre**2"), (.conductance / .voltage, "siemens/volt"),
      (.voltage.raised(to: 3) * .temperature.raised(to: 5), (Dimension.voltage.raised(to: 3) * .temperature.raised(to: 5)).baseUnitText),
    ]
    for (dimension, text) in expected {
      #expect(dimension.readableUnit == text)
      if !dimension.isDimensionless { #expect(try Quantity.parse("1 " + text).dimension == dimension, "\(text)") }
    }
  }
}
