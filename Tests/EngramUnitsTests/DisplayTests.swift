import EngramUnits
import Testing

/// The expected texts were printed by Brian 2.9.0, except where a comment says otherwise.
@Suite("Display") struct DisplayTests {
  private static let scalars: [(Quantity, String)] = {
    var rows: [(Quantity, String)] = []
    func add(_ value: some QuantityConvertible, _ text: String) { rows.append((value.quantity, text)) }
    add(3 * Hz, "3. Hz")
    add(3 * mM, "3. mM")
    add(2 * gram, "2. g")
    add(2 * kilogram, "2. kg")
    add(0 * mV, "0. V")
    add(0 * gram, "0. kg")
    add(0 * molar, "0. mM")
    add(999 * mV, "0.999 V")
    add(0.5 * mV, "0.5 mV")
    add(12.345 * ksecond, "12.345 ks")
    add(1000 / 3.0 * Hz, "0.33333333 kHz")
    add(1e-20 * amp, "10. zA")
    add((2 * volt) / second, "2. m^2 kg s^-4 A^-1")
    add(3 * (pascal * second), "3. Pa s")
    add(3 * (mpascal * second), "0.003 Pa s")
    add(5 * (watt / metre2), "5. W/(m^2)")
    add(4 * (joule / kelvin), "4. J/K")
    add(2 * (farad / metre), "2. F/m")
    add(2 * (uA / cm2), "0.02 m^-2 A")
    add(3 * (volt * volt), "3. V^2")
    add(3 * (mV * mV), "3. mV^2")
    add((2 * volt).squareRoot, "1.41421356 m kg^0.5 s^-1.5 A^-0.5")
    add(1 / (2 * second), "0.5 Hz")
    add(3 * metre3, "3. m^3")
    add(3 * mlitre, "3000. mm^3")
    add(1e-30 * amp, "1.e-06 yA")
    add(1e40 * amp, "1.e+16 YA")
    add(Double.nan * mV, "nan V")
    add(-60 * mV, "-60. mV")
    add(0.1 * ms, "100. us")
    add(123456789.123 * mV, "123.45678912 kV")
    add(1e15 * second, "1. Ps")
    add(10 * kohm, "10. kohm")
    add(1e-9 * (siemens / metre2), "1.e-09 m^-4 kg^-1 s^3 A^2")
    add(1 * (kilogram * metre), "1. m kg")
    add(2 * (second.raised(to: -0.5)), "2. s^-0.5")
    add(2 * (nS / um2), "2000. m^-4 kg^-1 s^3 A^2")
    add(1e-3 * (second * second), "1000. ms^2")
    add(0 * (second * second), "0. s^2")
    add(1.5 * uM, "1.5 uM")
    add(0.0999 * volt, "99.9 mV")
    add(0.9999999999 * mV, "1. mV")
    add(1e-3 * (kilogram * kilogram), "1000. g^2")
    add(3 * cm, "30. mm")
    add(1 * gray, "1. Gy")
    add(2 * sievert, "2. Gy")
    add(3 * becquerel, "3. Hz")
    add(3 * lumen, "3. cd")
    add(5 * katal, "5. kat")
    add(1e-5 * (gray / second), "1.e-05 Gy/s")
    add(1e-2 * (volt * volt), "10000. mV^2")
    add(1e4 * (volt * volt), "0.01 kV^2")
    add(3e3 * kilogram, "3. Mg")
    add(2e-3 * kilogram, "2. g")
    add(1e-8 * Ymetre, "10. Pm")
    add(1e7 * Ymetre, "10000000. Ym")
    add(1e8 * Ymetre, "1.e+08 Ym")
    add(12345678.9 * Ymetre, "12345678.9 Ym")
    add(123456789 * Ymetre, "1.23456789e+08 Ym")
    add(1e-3 * ymetre, "0.001 ym")
    add(1.2345678901e-4 * ymetre, "0.00012346 ym")
    add(9.9e-5 * ymetre, "9.9e-05 ym")
    add(4 * (mole / metre3), "4. mM")
    add(1e-6 * (mole / metre3), "1. nM")
    add(1 * (joule / (mole * kelvin)), "1. J/(mol K)")
    add(3 * (coulomb / metre3), "3. C/(m^3)")
    add(Quantity(0.1), "0.1")
    add(Quantity(1e-9), "1.e-09")
    add(Quantity(1 / 3.0), "0.33333333")
    add(Quantity(123456789012), "1.23456789e+11")
    add(Quantity(1), "1.")
    // The reference says `inf YV`; infinity has no size, so the plain unit it is.
    add(Double.infinity * mV, "inf V")
    add(-Double.infinity * mV, "-inf V")
    return rows
  }()

  @Test("UNI-9: The unit brings the number closest to 10, and up to 8 digits are shown", arguments: scalars)
  func scalar(value: Quantity, text: String) {
    #expect(value.description == text)
  }

  private static let arrays: [(QuantityArray, String)] = {
    var rows: [(QuantityArray, String)] = []
    func add(_ value: QuantityArray, _ text: String) { rows.append((value, text)) }
    add([1, 2, 3] * mV, "[1. 2. 3.] mV")
    add([1000, 2, 3e5] * mV, "[1.e+00 2.e-03 3.e+02] V")
    add([0, 1] * mV, "[0. 1.] mV")
    add([0, 0] * mV, "[0. 0.] V")
    add([.nan, 1] * mV, "[nan  1.] mV")
    add([] * mV, "[] V")
    add([0.1] * mV, "[100.] uV")
    add([1, 2] * (volt / second), "[1. 2.] m^2 kg s^-4 A^-1")
    add([1 / 3.0, 2] * mV, "[0.33333333 2.        ] mV")
    add([1 / 3.0, 2e5] * mV, "[3.33333333e-01 2.00000000e+05] mV")
    add([1e-5, 2e5] * mV, "[1.e-05 2.e+05] mV")
    add([1, -2.5, 30] * mV, "[ 1.  -2.5 30. ] mV")
    add([1.25, 1e4] * mV, "[1.25e+00 1.00e+04] mV")
    add([1, 999] * mV, "[  1. 999.] mV")
    add([1, 1001] * mV, "[1.000e+00 1.001e+03] mV")
    add(QuantityArray(si: [1, 2], dimension: .dimensionless), "[1. 2.]")
    add((0..<12).map(Double.init) * mV, "[ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11.] mV")
    add((0..<2000).map(Double.init) * mV, "[0.000e+00 1.000e+00 2.000e+00 ... 1.997e+03 1.998e+03 1.999e+03] mV")
    return rows
  }()

  @Test("UNI-9: An array has one unit for all elements, chosen by those that are shown", arguments: arrays)
  func array(value: QuantityArray, text: String) {
    #expect(value.description == text)
  }

  @Test("UNI-10: The parsable form is the reference's") func parsable() {
    #expect((1 * mV).parsableText() == "1. * mvolt")
    #expect(([1, 2] * mV).parsableText() == "array([1., 2.]) * mvolt")
    #expect((2 * (volt / second)).parsableText() == "2. * metre ** 2 * kilogram * second ** -4 * amp ** -1")
    #expect((3 * (mV * mV)).parsableText() == "3. * mvolt2")
    #expect((5 * (watt / metre2)).parsableText() == "5. * watt / (metre ** 2)")
  }

  @Test(
    "UNI-10: The parsable form reads back as the same value when all digits are requested",
    arguments: [
      0.1, 1 / 3.0, 123456.789, -60e-3, 5e-12, 7e9, 2.718281828459045,
    ])
  func parsableRoundTrip(number: Double) throws {
    for value in [number * (volt / second), (number * second).quantity, Quantity(number), 1 * (number * mV).quantity] {
      let back = try Quantity.parse(value.parsableText(precision: 17))
      #expect(back.dimension == value.dimension)
      #expect(abs(back.si - value.si) <= value.si.ulp.magnitude * 2)
      #expect(try Quantity(exactText: value.exactText).si.bitPattern == value.si.bitPattern)
    }
    let array = [number, -number] * mV
    #expect(try QuantityArray.parse(array.exactText) == array)
    #expect(try QuantityArray.parse(([1, 2] * mV).parsableText()) == [1, 2] * mV)
  }

  @Test("UNI-11: A quantity is shown in the unit asked for, with the digits asked for") func inUnit() throws {
    let value = 12345.678 * uV
    #expect(try value.inUnit(mV, precision: 3) == "12.346 mV")
    #expect(try value.inUnit(mV) == "12.345678 mV")
    #expect(try value.inUnit(volt) == "0.01234568 V")
    #expect(value.inBestUnit(precision: 3) == "12.346 mV")
    #expect((1 / 3.0 * volt).inBestUnit(precision: 12) == "0.333333333333 V")
    #expect(try (3 * metre).inUnit(cm) == "300. cm")
    #expect(throws: DimensionMismatchError.self) { try value.inUnit(mA) }
    #expect(try ([1, 2] * mV).inUnit(uV) == "[1000. 2000.] uV")
    #expect(throws: DimensionMismatchError.self) { try ([1, 2] * mV).inUnit(mA) }
  }

  @Test("UNI-12: A registered unit is used where no standard unit fits, never instead of one") func registration() {
    DisplayUnits.register(NamedUnit(name: "volt / metre", symbol: "V/m", quantity: volt / metre))
    #expect((10 * (volt / metre)).description == "10. V/m")
    DisplayUnits.register(NamedUnit(name: "banana", symbol: "banana", quantity: (1.2 * newton).quantity))
    #expect((12 * newton).description == "12. N")
    // What is printed does not depend on which units were used before.
    _ = 3 * (nS / um3)
    #expect((3 * (nS / um3)).description == "3.e+09 m^-5 kg^-1 s^3 A^2")
  }
}
