import EngramTestSupport
import EngramUnits
import Foundation
import Testing

@Suite("Typed wrappers") struct TypedTests {
  private func run(_ duration: Time) -> Double { duration.si }

  @Test("Q3: 10*mV is a Voltage and 10*ms a Time, so run(10*mV) does not compile") func kinds() {
    #expect(type(of: 10 * mV) == Voltage.self)
    #expect(type(of: 10 * ms) == Time.self)
    #expect(type(of: 10 * mV + 5 * mV) == Voltage.self)
    #expect(type(of: (10 * mV) * ms) == Quantity.self)
    #expect(run(10 * ms) == 0.01)
  }

  @Test("Q3: A quantity becomes a wrapper only if it has the right unit") func conversion() throws {
    #expect(try Time((10 * ms).quantity) == 10 * ms)
    #expect(try Time(0) == .zero)
    #expect(try Time(1 / (100 * Hz)) == 10 * ms)
    let error = #expect(throws: DimensionMismatchError.self) { try Time((10 * mV).quantity) }
    #expect(error?.description == "The value should have the unit 'second' but is 10. mV (unit 'volt')")
    #expect(throws: DimensionMismatchError.self) { try Time(10) }
  }

  /// Asks the compiler itself, which has to know where the modules lie; tools/test says so.
  @Test(
    "Q3: The compiler rejects a voltage, a plain number and a quantity where a time is expected",
    .enabled(if: ProcessInfo.processInfo.environment["ENGRAM_MODULES"] != nil, "set ENGRAM_MODULES to the folder of the built modules"),
    arguments: [("10*ms", true), ("10*ms + 1*second", true), ("10*mV", false), ("10", false), ("(10*ms).quantity", false), ("1/(10*Hz)", false)])
  func compiler(argument: String, isAccepted: Bool) throws {
    let modules = try #require(ProcessInfo.processInfo.environment["ENGRAM_MODULES"])
    let folder = try TemporaryFolder()
    let file = try folder.write("typed.swift", "import EngramUnits\nfunc run(_ duration: Time) {}\nfunc call() { run(\(argument)) }\n".utf8)
    // What the built modules were made with: the C functions beneath them.
    let map = URL(filePath: modules).deletingLastPathComponent().appending(path: "CEngramSystem.build/module.modulemap").path
    let outcome = try Program(path: "/usr/bin/env").run(
      ["swiftc", "-typecheck", "-swift-version", "6", "-I", modules, "-Xcc", "-fmodule-map-file=\(map)", file])
    #expect((outcome.status == 0) == isAccepted)
  }
}

@Suite("Checked functions") struct CheckedFunctionTests {
  private let ohmsLaw = CheckedFunction(
    "current", arguments: [("v", .unit(.voltage)), ("r", .unit(.resistance))], result: .unit(.current)
  ) { values in
    guard case .quantity(let v) = values[0], case .quantity(let r) = values[1] else { return .boolean(false) }
    return .quantity(v / r)
  }

  @Test("UNI-13: A function is called only with the units it declares") func arguments() throws {
    #expect(try ohmsLaw(.init(1 * volt), .init(2 * ohm)) == .init(0.5 * amp))
    let error = #expect(throws: DimensionMismatchError.self) { try ohmsLaw(.init(1 * volt), .init(2 * mA)) }
    #expect(error?.description == "The argument 'r' of 'current' should have the unit 'ohm' but is 2. mA (unit 'amp')")
    #expect(throws: DimensionMismatchError.self) { try ohmsLaw(.init(1 * volt), .boolean(true)) }
    #expect(throws: ArgumentCountError.self) { try ohmsLaw(.init(1 * volt)) }
  }

  @Test("UNI-13: Arguments may have to agree, and results may follow from arguments") func relations() throws {
    let clip = CheckedFunction(
      "clip", arguments: [("value", .any), ("low", .sameAs("value")), ("high", .sameAs("value"))],
      result: .computed { $0[0] }
    ) { $0[0] }
    #expect(try clip(.init(1 * mV), .init(0), .init(2 * mV)) == .init(1 * mV))
    let error = #expect(throws: DimensionMismatchError.self) { try clip(.init(1 * mV), .init(0), .init(2 * mA)) }
    #expect(error?.description.contains("'high' of 'clip', which goes with 'value',") == true)
    let wrong = CheckedFunction("square", arguments: [("x", .any)], result: .computed { $0[0].raised(to: 2) }) { $0[0] }
    #expect(throws: DimensionMismatchError.self) { try wrong(.init(1 * mV)) }
  }

  @Test("UNI-13: Booleans and plain numbers are told from quantities") func plain() throws {
    let choose = CheckedFunction("choose", arguments: [("flag", .boolean), ("x", .dimensionless)], result: .boolean) { $0[0] }
    #expect(try choose(.boolean(true), .init(3)) == .boolean(true))
    #expect(throws: DimensionMismatchError.self) { try choose(.init(1), .init(3)) }
    #expect(throws: DimensionMismatchError.self) { try choose(.boolean(true), .init(3 * mV)) }
  }
}
