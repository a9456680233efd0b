import CEngramMath
import Testing

@Suite("Elementary functions") struct ElementaryFunctionTests {
  static let functions: [(name: String, body: @Sendable (Double) -> Double, limit: Double)] = [
    ("exp", { engram_exp($0) }, 1.0), ("expm1", { engram_expm1($0) }, 1.2), ("exprel", { engram_exprel($0) }, 1.8),
    ("log", { engram_log($0) }, 0.9), ("log10", { engram_log10($0) }, 1.0), ("log1p", { engram_log1p($0) }, 1.0),
    ("sin", { engram_sin($0) }, 0.9), ("cos", { engram_cos($0) }, 0.9), ("tan", { engram_tan($0) }, 1.5),
    ("asin", { engram_asin($0) }, 1.0), ("acos", { engram_acos($0) }, 1.0), ("atan", { engram_atan($0) }, 1.0),
    ("sinh", { engram_sinh($0) }, 1.2), ("cosh", { engram_cosh($0) }, 1.0), ("tanh", { engram_tanh($0) }, 1.6),
  ]

  @Test("FUN-20: every elementary function is within 2 units in the last place of the exact value", arguments: 0..<15)
  func accuracy(number: Int) throws {
    let (name, body, limit) = Self.functions[number]
    var worst = (error: 0.0, at: 0.0)
    let rows = try ReferenceTable(named: name).values
    #expect(rows.count > 300)
    for row in rows {
      let error = unitsInTheLastPlace(body(row[0]), from: row[1], row[2])
      if !(error <= worst.error) { worst = (error, row[0]) }
    }
    #expect(worst.error <= limit, "\(name) at \(worst.at)")
    #expect(limit <= 2)
  }

  @Test("FUN-20: powers are within 2 units in the last place of the exact value")
  func powerAccuracy() throws {
    var worst = (error: 0.0, x: 0.0, y: 0.0)
    for row in try ReferenceTable(named: "pow").values {
      let error = unitsInTheLastPlace(engram_pow(row[0], row[1]), from: row[2], row[3])
      if !(error <= worst.error) { worst = (error, row[0], row[1]) }
    }
    #expect(worst.error <= 1.1, "\(worst.x) to the \(worst.y)")
  }

  @Test("FUN-20: the edges of every domain give what C99 says")
  func specialValues() {
    func check(_ body: (Double) -> Double, _ pairs: [(Double, Double)], line: Int = #line) {
      for (x, expected) in pairs {
        #expect(
          canonicalBits(body(x)) == canonicalBits(expected), "\(body(x)) at \(x)",
          sourceLocation: SourceLocation(fileID: #fileID, filePath: #filePath, line: line, column: 1))
      }
    }
    let inf = Double.infinity, nan = Double.nan, tiny = Double.leastNonzeroMagnitude
    check(engram_exp, [(0, 1), (-0.0, 1), (inf, inf), (-inf, 0), (nan, nan), (1000, inf), (-1000, 0), (tiny, 1), (709.79, inf)])
    check(engram_expm1, [(0, 0), (-0.0, -0.0), (inf, inf), (-inf, -1), (nan, nan), (1000, inf), (-1000, -1), (tiny, tiny), (-tiny, -tiny)])
    check(engram_log, [(1, 0), (0, -inf), (-0.0, -inf), (inf, inf), (-1, nan), (-inf, nan), (nan, nan), (-tiny, nan)])
    check(engram_log10, [(1, 0), (0, -inf), (inf, inf), (-1, nan), (nan, nan), (1000, 3), (1e22, 22), (1e15, 15)])
    check(engram_log1p, [(0, 0), (-0.0, -0.0), (-1, -inf), (inf, inf), (-2, nan), (-inf, nan), (nan, nan), (tiny, tiny)])
    check(engram_sin, [(0, 0), (-0.0, -0.0), (inf, nan), (-inf, nan), (nan, nan), (tiny, tiny), (-tiny, -tiny)])
    check(engram_cos, [(0, 1), (-0.0, 1), (inf, nan), (-inf, nan), (nan, nan), (tiny, 1)])
    check(engram_tan, [(0, 0), (-0.0, -0.0), (inf, nan), (-inf, nan), (nan, nan), (tiny, tiny)])
    check(engram_asin, [(0, 0), (-0.0, -0.0), (1, .pi / 2), (-1, -.pi / 2), (1.0000000000000002, nan), (-2, nan), (inf, nan), (nan, nan)])
    check(engram_acos, [(1, 0), (-1, .pi), (0, .pi / 2), (2, nan), (-inf, nan), (nan, nan)])
    check(engram_atan, [(0, 0), (-0.0, -0.0), (inf, .pi / 2), (-inf, -.pi / 2), (nan, nan), (tiny, tiny), (1, .pi / 4)])
    check(engram_sinh, [(0, 0), (-0.0, -0.0), (inf, inf), (-inf, -inf), (nan, nan), (711, inf), (-1e300, -inf), (tiny, tiny)])
    check(engram_cosh, [(0, 1), (-0.0, 1), (inf, inf), (-inf, inf), (nan, nan), (711, inf), (tiny, 1)])
    check(engram_tanh, [(0, 0), (-0.0, -0.0), (inf, 1), (-inf, -1), (nan, nan), (1000, 1), (-1000, -1), (tiny, tiny)])
  }

  @Test("FUN-20: powers of special values follow IEEE 754")
  func specialPowers() {
    let inf = Double.infinity, nan = Double.nan, big = 9_007_199_254_740_993.0
    let cases: [(Double, Double, Double)] = [
      (2, 0, 1), (nan, 0, 1), (1, nan, 1), (1, inf, 1), (-1, inf, 1), (-1, -inf, 1), (2, nan, nan), (nan, 2, nan),
      (0, 3, 0), (-0.0, 3, -0.0), (-0.0, 2, 0), (0, -1, inf), (-0.0, -1, -inf), (-0.0, -2, inf), (0, 0.5, 0), (-0.0, 0.5, 0),
      (inf, 2, inf), (inf, -2, 0), (-inf, 3, -inf), (-inf, 2, inf), (-inf, -3, -0.0), (-inf, 0.5, inf), (-inf, -0.5, 0),
      (0.5, inf, 0), (0.5, -inf, inf), (2, inf, inf), (2, -inf, 0), (-8, 1.0 / 3, nan), (-2, 3, -8), (-2, 2, 4), (-2, -1, -0.5),
      (-1, big, 1), (-1, 9_007_199_254_740_991, -1), (2, 1023, 0x1p1023), (2, 1024, inf), (2, -1074, .leastNonzeroMagnitude), (2, -1076, 0),
      (10, 15, 1e15), (3, 20, 3_486_784_401), (1e300, 1e300, inf), (1e-300, 1e300, 0), (4, 0.5, 2),
    ]
    for (x, y, expected) in cases {
      #expect(canonicalBits(engram_pow(x, y)) == canonicalBits(expected), "\(x) to the \(y): \(engram_pow(x, y))")
    }
  }

  @Test("FUN-25: exprel is 1 near 0, finite where only e^x overflows, infinite beyond 717")
  func exprel() {
    #expect(engram_exprel(0) == 1)
    #expect(engram_exprel(-0.0) == 1)
    #expect(engram_exprel(9e-17) == 1)
    #expect(engram_exprel(-9e-17) == 1)
    #expect(engram_exprel(717.5) == .infinity)
    #expect(engram_exprel(.infinity) == .infinity)
    #expect(engram_exprel(-.infinity) == 0)
    #expect(engram_exprel(.nan).isNaN)
    // e^715 / 715, from logarithms: 715 - ln 715 = 708.427718...
    #expect(abs(engram_log(engram_exprel(715)) - (715 - engram_log(715))) < 1e-12)
    #expect(engram_exprel(-700) == 1.0 / 700)
  }

  @Test("FUN-20: functions that grow do not step back between neighbours where their pieces meet")
  func monotony() {
    for (name, body, centre) in [
      ("atan", engram_atan, 0.4375), ("atan", engram_atan, 0.6875), ("atan", engram_atan, 1.1875), ("atan", engram_atan, 2.4375),
      ("asin", engram_asin, 0.5), ("log", engram_log, 0.5.squareRoot()), ("tanh", engram_tanh, 20.0), ("expm1", engram_expm1, 0x1p-54),
      ("sin", engram_sin, 0x1p-27), ("sinh", engram_sinh, 0x1p-27),
    ] as [(String, (Double) -> Double, Double)] {
      var x = centre
      for _ in 0..<40 { x = x.nextDown }
      for _ in 0..<80 {
        #expect(body(x.nextUp) >= body(x).nextDown, "\(name) at \(x)")
        x = x.nextUp
      }
    }
  }
}
