import EngramExpressions
import EngramTestSupport
import EngramUnits
import Testing

@Suite("Model text") struct ModelTextTests {
  /// What an inserted value is after parsing: numbers times units, in plain double arithmetic.
  private func inserted(_ quantity: Quantity) throws -> Quantity {
    let text: ModelExpression = "\(quantity)"
    let tree = try text.parsed()
    let dimension = try ExpressionChecker(DefaultSymbols()).check(tree).dimension
    let si = tree.evaluate { name in
      if case .constant(let constant)? = DefaultSymbols().symbol(name) { constant.value } else { nil }
    }
    return Quantity(try #require(si), dimension)
  }

  @Test("NSP-1: inserted values keep their bits and their unit")
  func exactness() throws {
    var random = SplitMix(state: 3)
    let dimensions: [Dimension] = [
      .voltage, .time, .current, .conductance, .capacitance, .frequency, .dimensionless, .concentration, Dimension(time: -0.5),
      .voltage * .time.raised(to: -0.5), .voltage / .time, Dimension(length: 0.3, mass: -1.7),
    ]
    for dimension in dimensions {
      for round in 0..<60 {
        let bits = Double(bitPattern: random.next())
        let nice = Double(Int.random(in: -999...999, using: &random)) * 1e-3
        let value = round % 2 == 0 && bits.isFinite ? bits : nice
        let back = try inserted(Quantity(value, dimension))
        #expect(back.si.bitPattern == value.bitPattern && back.dimension == dimension, "\(ExactText.of(Quantity(value, dimension)))")
      }
    }
    for special in [0.0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity] {
      #expect(try inserted(Quantity(special, .voltage)).si.bitPattern == special.bitPattern)
    }
  }

  @Test("NSP-1: inserted values read as a person would write them")
  func readable() {
    let El = Quantity(-0.07, .voltage)
    let tau = Quantity(0.02, .time)
    let text: ModelExpression = "(\(El) - v)/\(tau) + \(3)*\(0.5) + \(-2) + \(true)"
    #expect(text.text == "((-70.0*mV) - v)/(20.0*ms) + 3*0.5 + (-2) + True")
    #expect("\("v")_post = \(Quantity(1e-9, .current))" as ModelCode == "v_post = (1.0*nA)")
  }

  @Test("MDL-4: places inside a block of a file are those of the file")
  func blockPlaces() throws {
    let runs = [SourceText.PlaceRun(offset: 0, line: 12, column: 7), SourceText.PlaceRun(offset: 6, line: 13, column: 7)]
    let source = SourceText("v = 1\nw = 2 +", origin: .file(name: "model.yaml", runs: runs))
    let problems = try #require(throws: Problems.self) { try ExpressionParser.parseStatements(source) }
    #expect(problems.description.hasPrefix("model.yaml:13:14: error: a value is missing here\n    w = 2 +\n           ^\n"))
    // A line break that the file writes as an escape: "v = 1\nw" in line 4 from column 9 on.
    let escaped = SourceText(
      "v = 1\nw", origin: .file(name: "model.yaml", runs: [.init(offset: 0, line: 4, column: 9), .init(offset: 6, line: 4, column: 16)]))
    #expect(escaped.describePlace(of: 4) == "model.yaml:4:13")
    #expect(escaped.describePlace(of: 6) == "model.yaml:4:16")
    #expect(SourceText("a\r\nb\rc\nd", origin: .unknown).place(of: 7).line == 4)
  }

  @Test("EQN-15, MDL-4: what is left of a text after replacements keeps its place, what is new has that of what it replaces")
  func replacedPlaces() {
    let runs = [SourceText.PlaceRun(offset: 0, line: 2, column: 5), SourceText.PlaceRun(offset: 6, line: 3, column: 5)]
    let source = SourceText("v + w\nx + y", origin: .file(name: "m", runs: runs))
    let new = source.replacing([(4..<5, "(3.0*mV)"), (0..<1, "")])
    #expect(new.text == " + (3.0*mV)\nx + y")
    #expect(new.describePlace(of: 3) == "m:2:9")
    #expect(new.describePlace(of: 12) == "m:3:5")
    #expect(new.describePlace(of: 16) == "m:3:9")
    #expect(source.length(of: SourceSpan(0, 11)) == 5)
  }

  @Test("EQN-2: a literal with errors names the call that received it")
  func programPlaces() throws {
    let code = ("v = = 1" as ModelCode).located(fileID: "Model/Main.swift", line: 7)
    let problems = try #require(throws: Problems.self) { try code.parsed() }
    #expect(problems.description.hasPrefix("Model/Main.swift:7: line 1, column 5: error: "))
  }

  @Test("MDL-4: at most fifty problems are drawn, then a count; long lines are cut around the caret")
  func manyProblems() throws {
    let problems = try #require(throws: Problems.self) { try ExpressionParser.parseStatements(String(repeating: "v = 1 +\n", count: 80)) }
    #expect(problems.problems.count == 50)
    #expect(problems.description.hasSuffix("… and 30 more problems"))
    let long = try #require(throws: Problems.self) {
      try ExpressionParser.parse(String(repeating: "a + ", count: 100) + "$" + String(repeating: " + a", count: 200))
    }
    #expect(long.description.split(separator: "\n").allSatisfy { $0.count < 140 })
  }

  @Test("MDL-4: control characters of a text never reach the terminal")
  func terminal() throws {
    let problems = try #require(throws: Problems.self) { try ExpressionParser.parse("v + \u{1B}[31m$\u{202E}") }
    #expect(problems.description.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0 != "\u{202E}" })
  }
}
