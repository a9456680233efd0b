import EngramUnits
import Foundation
import Testing

@Suite("The catalogue of units") struct CatalogueTests {
  /// name, SI value, seven exponents, symbol
  private func reference() throws -> [[String]] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appendingPathComponent("../../fixtures/units/reference_names.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
    return lines.map { $0.split(separator: " ").map(String.init) }
  }

  @Test("NSP-8: Model text knows exactly the 1710 unit names of the reference and mS, which its list forgot")
  func names() throws {
    let rows = try reference()
    #expect(rows.count == 1710)
    #expect(Set(UnitCatalogue.standard.names).symmetricDifference(rows.map { $0[0] }) == ["mS"])
    for row in rows {
      let unit = try #require(UnitCatalogue.standard.unit(named: row[0]))
      #expect(unit.quantity.si == Double(row[1]), "\(row[0])")
      #expect(unit.quantity.dimension.exponents == row[2...8].compactMap(Double.init), "\(row[0])")
      #expect(unit.symbol == row[9], "\(row[0])")
    }
  }

  @Test(
    "UNI-3: Quantities in files know every prefix with every name and symbol, and powers",
    arguments: [
      ("cmetre", 1e-2), ("dametre2", 1e2), ("metre2", 1), ("mmetre3", 1e-9), ("pS", 1e-12), ("MV", 1e6), ("kohm", 1e3), ("V", 1),
      ("s", 1), ("nM", 1e-6), ("hPa", 1e2), ("um2", 1e-12), ("mlitre", 1e-6), ("ml", 1e-6), ("ykatal", 1e-24), ("Ysievert", 1e24),
    ])
  func complete(name: String, si: Double) {
    #expect(UnitCatalogue.complete.lookup(name)?.si == si)
  }

  @Test("UNI-3: Swift constants and text agree on every unit Swift names") func constants() {
    let sample: [(String, any QuantityConvertible)] = [
      ("mV", mV), ("nA", nA), ("pF", pF), ("nS", nS), ("ms", ms), ("us", us), ("Hz", Hz), ("kHz", kHz), ("MHz", MHz), ("cm", cm),
      ("mm2", mm2), ("um3", um3), ("mM", mM), ("uM", uM), ("metre", metre), ("meter", meter), ("kilogram", kilogram),
      ("gram", gram), ("second", second), ("amp", amp), ("ampere", ampere), ("kelvin", kelvin), ("mole", mole), ("mol", mol),
      ("candle", candle), ("radian", radian), ("steradian", steradian), ("hertz", hertz), ("newton", newton), ("pascal", pascal),
      ("joule", joule), ("watt", watt), ("coulomb", coulomb), ("volt", volt), ("farad", farad), ("ohm", ohm), ("siemens", siemens),
      ("weber", weber), ("tesla", tesla), ("henry", henry), ("lumen", lumen), ("lux", lux), ("becquerel", becquerel), ("gray", gray),
      ("sievert", sievert), ("katal", katal), ("litre", litre), ("molar", molar), ("dametre", dametre), ("Ysecond", Ysecond),
      ("metre2", metre2), ("mmetre3", mmetre3), ("pS", pS), ("GHz", GHz), ("kohm", kohm),
    ]
    for (name, unit) in sample {
      #expect(UnitCatalogue.complete.lookup(name) == unit.quantity, "\(name)")
    }
  }

  @Test("EQN-3: A variable's unit may be an unprefixed name, not a prefixed one or a power") func unprefixed() {
    for name in ["volt", "siemens", "Hz", "hertz", "molar", "kilogram"] { #expect(UnitCatalogue.standard.isUnprefixedBase(name)) }
    for name in ["mV", "mvolt", "metre2", "kHz", "banana"] { #expect(!UnitCatalogue.standard.isUnprefixedBase(name)) }
  }

  @Test("UNI-4: No unit stands for degrees Celsius; the constants of nature have their units") func physicalConstants() {
    for name in ["celsius", "degC", "zero_celsius", "boltzmann_constant"] { #expect(UnitCatalogue.complete.lookup(name) == nil) }
    #expect(PhysicalConstants.zeroCelsius.si == 273.15)
    #expect(PhysicalConstants.boltzmann == 1.38064852e-23 * joule / kelvin)
    #expect(PhysicalConstants.avogadro == 6.022140857e23 / mole)
    #expect(PhysicalConstants.electric == 8.854187817e-12 * farad / metre)
    #expect(PhysicalConstants.electronMass == 9.10938356e-31 * kilogram)
    #expect(PhysicalConstants.elementaryCharge == 1.6021766208e-19 * coulomb)
    #expect(PhysicalConstants.faraday == 96485.33289 * coulomb / mole)
    #expect(PhysicalConstants.gas == 8.3144598 * joule / mole / kelvin)
    #expect(PhysicalConstants.magnetic == 4e-7 * Double.pi * newton / (amp * amp))
    #expect(PhysicalConstants.molarMass == 1e-3 * kilogram / mole)
    #expect(PhysicalConstants.byName.count == 10)
  }
}
