import EngramUnits
import Foundation
import Testing

@Suite("Quantities in text") struct TextTests {
  private static let readable: [(String, Quantity)] = {
    var rows: [(String, Quantity)] = []
    func add(_ text: String, _ value: some QuantityConvertible) { rows.append((text, value.quantity)) }
    add("-60 mV", (-60 * mV))
    add("10ms", (10 * ms))
    add("1.5 nA/mm**2", 1.5 * (nA / mm2))
    add("3", Quantity(3))
    add("1e-3 volt", (1e-3 * volt))
    add("1.62*mV", (1.62 * mV))
    add(".5 s", (0.5 * second))
    add("5 µs", (5 * us))
    add("2 siemens/metre**2", 2 * (siemens / metre2))
    add("2 1/second", (2 * hertz))
    add("2/second", (2 * hertz))
    add("1 mV*nA", 1 * pwatt)
    add("2 m^2 kg s^-4 A^-1", 2 * (volt / second))
    add("4 J/(mol K)", 4 * (joule / (mole * kelvin)))
    add("1 s**-0.5", Quantity(1, Dimension.time.raised(to: -0.5)))
    add("1 Es", (1 * Esecond))
    add("  7 mV  ", (7 * mV))
    add("2. * metre ** 2", (2 * metre2))
    add("+1 mV", (1 * mV))
    add("1 volt**(-1)", Quantity(1, Dimension.voltage.raised(to: -1)))
    add("0", Quantity(0))
    return rows
  }()

  @Test("MDL-20: Numbers with units are read as files write them", arguments: readable)
  func reading(text: String, value: Quantity) throws {
    #expect(try Quantity.parse(text) == value)
  }

  @Test(
    "MDL-20: What cannot be read is refused with a place and a hint",
    arguments: [
      ("-60 mVv", 4, "'mVv' is not a known unit"), ("mV", 0, "a number is expected here"), ("", 0, "a number is expected here"),
      ("10 mV volts!", 6, "'volts' is not a known unit"), ("inf mV", 0, "the number must be finite"),
      ("nan", 0, "the number must be finite"), ("-Infinity s", 0, "the number must be finite"),
      ("1e999 mV", 0, "the number is too large for 64 bits"), ("1e300 Ym", 0, "the value is too large for a number of 64 bits"),
      ("1 mV**", 6, "a number is expected here"), ("1 (mV", 5, "')' is expected here"), ("1.2.3 mV", 0, "'1.2.3' is not a number"),
      ("1 mV)", 4, "')' is not expected here"), ("3**2", 1, "a power belongs to a unit, not to a number"),
      ("1 mV*2", 5, "a number is not a unit"), ("1 mV**1e300", 2, "the power of the unit is too large"),
      ("5 *", 3, "a unit is expected behind '*'"), ("1 mV**2**2", 7, "a power may follow a unit only once; use parentheses"),
    ])
  func refusing(text: String, position: Int, message: String) {
    let error = #expect(throws: UnitParseError.self) { try Quantity.parse(text) }
    #expect(error?.position == position)
    #expect(error?.message == message)
  }

  @Test("A misspelt unit is met with a suggestion") func suggestion() {
    let error = #expect(throws: UnitParseError.self) { try Quantity.parse("1 sekond") }
    #expect(error?.suggestion == "second")
    #expect(error?.description == "'sekond' is not a known unit; did you mean 'second'? (in '1 sekond', at character 3)")
  }

  @Test("Nesting is limited, so that hostile text cannot exhaust the stack") func nesting() {
    let deep = "1 " + String(repeating: "(", count: 100_000) + "V"
    #expect(throws: UnitParseError.self) { try Quantity.parse(deep) }
    #expect(throws: Never.self) { try Quantity.parse("1 " + String(repeating: "(", count: 150) + "V" + String(repeating: ")", count: 150)) }
  }

  @Test("CKP-16: No text, however odd, does worse than an error") func fuzz() {
    let pieces = [
      "mV", "volt", "-", "+", "*", "**", "/", "^", "(", ")", " ", "1", "1e", "e5", ".", "9", "inf", "nan", "(0x7ff", "[", "]", ",", "array(", "µ", "²", "½",
      "🧠", "e999",
    ]
    var state: UInt64 = 1
    for _ in 0..<1_000 {
      var text = ""
      for _ in 0..<(state >> 60) {
        state = state &* 6364136223846793005 &+ 1442695040888963407
        text += pieces[Int(state >> 33) % pieces.count]
      }
      state = state &* 6364136223846793005 &+ 1442695040888963407
      if let value = try? Quantity.parse(text) { #expect(value.si.isFinite, "\(text)") }
      _ = try? QuantityArray.parse(text)
      _ = try? Quantity(exactText: text)
      _ = try? parseUnit(text)
    }
  }

  @Test("Products of units are exact") func units() throws {
    #expect(try parseUnit("nA/mm**2").si == 1e-3)
    #expect(try parseUnit("um**3*mM").si == 1e-18)
    #expect(try parseUnit("1/second") == hertz.quantity)
    #expect(throws: UnitParseError.self) { try parseUnit("2*volt") }
    #expect(throws: UnitParseError.self) { try parseUnit("cmetre", in: .standard) }
  }

  private static let exact: [Double] = [
    0.1, -0.0, 1 / 3.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, .nan, Double(bitPattern: 0x7ff8_dead_beef_0001),
  ]

  @Test("Codable keeps every bit, in text too", arguments: exact) func codable(number: Double) throws {
    for dimension in [Dimension.dimensionless, .voltage, Dimension.time.raised(to: -0.5)] {
      let value = Quantity(number, dimension)
      let back = try JSONDecoder().decode(Quantity.self, from: JSONEncoder().encode(value))
      #expect(back.si.bitPattern == number.bitPattern && back.dimension == dimension)
      let array = QuantityArray(si: [number, 1], dimension: dimension)
      let arrayBack = try JSONDecoder().decode(QuantityArray.self, from: JSONEncoder().encode(array))
      #expect(arrayBack.si.map(\.bitPattern) == array.si.map(\.bitPattern) && arrayBack.dimension == dimension)
    }
    let time = try JSONDecoder().decode(Time.self, from: JSONEncoder().encode(Time(si: number)))
    #expect(time.si.bitPattern == number.bitPattern)
  }

  @Test("A stored value of another kind is refused") func codableKinds() throws {
    let stored = try JSONEncoder().encode(10 * mV)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Time.self, from: stored) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Quantity.self, from: Data(#""12 bananas""#.utf8)) }
  }
}
