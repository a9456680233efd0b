import EngramModelFiles
import EngramUnits
import Testing

@Suite("What a sweep varies") struct SweepAxisTests {
  private func axes(_ options: String..., file: String? = nil) throws -> [SweepAxis] {
    let file = try file.map { try FileReader.read(Array($0.utf8), fileName: "m.yaml") }
    return try SweepAxisReader(constantsOf: file, fileName: "--over", text: options.joined(separator: "\n"), files: NoArrayFiles()).axes(options: options)
  }

  @Test("MDL-61: a ramp has both ends and what repeat takes in between, in the unit that was typed") func ramps() throws {
    let axis = try #require(try axes("w_exc=1mV:3mV:5").first)
    #expect(axis.title == "w_exc [mV]" && axis.values.map(\.shown) == ["1", "1.5", "2", "2.5", "3"])
    #expect(axis.values.map(\.text) == ["0.001 volt", "0.0015 volt", "0.002 volt", "0.0025 volt", "0.003 volt"])
    // The same value that a repetition of a model file has: start + (stop - start)·(k/(n - 1)).
    let fine = try #require(try axes("w=1 mV:3 mV:20").first)
    #expect(fine.values[7].text == "\(0.001 + (0.003 - 0.001) * (7.0 / 19.0)) volt")
  }

  @Test("MDL-61: lists keep what was typed; ranges are integers; one value is a list of one") func lists() throws {
    let axes = try axes("tau=5ms, 10 ms,0.02 s", "seed=1..5", "n=3", "flag=true,false", "rate=10 Hz, 2*5*Hz")
    #expect(axes.map(\.title) == ["tau [ms]", "seed", "n", "flag", "rate [Hz]"])
    #expect(axes[0].values.map(\.shown) == ["5", "10", "20"] && axes[0].values[2].text == "0.02 s")
    #expect(axes[1].values.map(\.text) == ["1", "2", "3", "4", "5"])
    #expect(axes[2].values.map(\.text) == ["3"] && axes[3].values.map(\.shown) == ["true", "false"])
    #expect(axes[4].values.map(\.shown) == ["10", "10"])
  }

  @Test("MDL-25: a text of lists may say what a sweep varies") func textsOfLists() throws {
    let axis = try #require(try axes("w=linspace(1, 3, 3)*mV").first)
    #expect(axis.title == "w [V]" && axis.values.map(\.shown) == ["0.001", "0.002", "0.003"])
    #expect(try axes("n=[4, 5]", file: "constants: {n: 1}\nobjects: []\n")[0].values.map(\.shown) == ["4", "5"])
  }

  @Test("MDL-61: constants of the file may stand in values") func constants() throws {
    let axis = try #require(try axes("w=w0,2*w0", file: "constants: {w0: 1 mV, w: 1 mV}\nobjects: []\n").first)
    #expect(axis.title == "w [V]" && axis.values.map(\.shown) == ["0.001", "0.002"])
  }

  @Test(
    "MDL-4: what is no list of values is told",
    arguments: ["w", "w=", "=1", "w=1mV:3ms:4", "w=1:2", "w=1 mV,2 ms", "w=1mV:2mV:0", "seed=5..1", "seed=-1", "seed=1.5", "w=x"])
  func wrong(option: String) { #expect(throws: ModelFileError.self) { try axes(option) } }

  @Test("MDL-4: a ramp that lacks a part is told what a ramp has", arguments: ["w=1mV:2", "w=1mV:2mV:3:4"]) func ramp(option: String) throws {
    let error = try #require(#expect(throws: ModelFileError.self) { try axes(option) })
    #expect("\(error)".contains("a ramp has three parts") && "\(error)".contains("w=FIRST:LAST:NUMBER"))
  }

  @Test("MDL-61: every value with every other one, the last fastest; side by side only where lists are equally long") func conditions() throws {
    let two = try axes("a=1,2", "b=3,4,5")
    let product = try SweepConditions(two, zips: false)
    #expect(product.count == 6)
    #expect((0..<6).map { product[$0].map(\.value.text).joined() } == ["13", "14", "15", "23", "24", "25"])
    #expect(product.text(5) == "a = 2, b = 5")
    #expect(throws: SweepProblem.lengths("a", 2, "b", 3)) { try SweepConditions(two, zips: true) }
    let pair = try SweepConditions(try axes("a=1 mV,2 mV", "b=3,4"), zips: true)
    #expect(pair.count == 2 && pair.text(1) == "a = 2 mV, b = 4")
    #expect(throws: SweepProblem.nothingToVary) { try SweepConditions([], zips: false) }
    #expect(throws: SweepProblem.twice("a")) { try SweepConditions(try axes("a=1", "a=2"), zips: false) }
    #expect(throws: SweepProblem.tooMany) { try SweepConditions(try axes("seed=1..1000", "a=1:2:2000"), zips: false) }
  }

  @Test("CKP-17: what is collected is arithmetic around variables of a checkpoint") func collected() throws {
    let ratio = try CollectedExpression("ratio = mean(S.w[0:5]) / P.v[3]+ 1")
    #expect(ratio.name == "ratio" && ratio.parts.map(\.text) == ["S.w[0:5]", "P.v[3]"] && ratio.parts.map(\.reduction) == [.mean, .value])
    #expect(try ratio.value(of: [.init(6, .dimensionless), .init(2, .dimensionless)]).si == 4)
    let rate = try CollectedExpression("sum(spikes.count)/(2*second)")
    #expect(rate.name == "sum(spikes.count)/(2*second)")
    let value = try rate.value(of: [.init(10, .dimensionless)])
    #expect(value.si == 5 && value.dimension == .frequency)
    #expect(try CollectedExpression("max(S.w['i == j'])").parts.first?.text == "S.w['i == j']")
    for text in ["", "1+2", "mean(w)", "a="] { #expect(throws: CollectionProblem.self) { try CollectedExpression(text) } }
    #expect(throws: (any Error).self) { try CollectedExpression("P.v[0] + 1").value(of: [.init(1, .voltage)]) }
  }
}
