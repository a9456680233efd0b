import CEngramMath
import Foundation
import Testing

/// Exact quantiles (tools/reference/quantiles.py).
private struct QuantileTables: Decodable {
  struct Poisson: Decodable {
    let mean: String
    let rows: [String]
  }
  struct Binomial: Decodable {
    let trials: Int64
    let probability: String
    let rows: [String]
  }
  let poisson: [Poisson]
  let binomial: [Binomial]

  static func read() throws -> QuantileTables {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(QuantileTables.self, from: Data(contentsOf: root.appendingPathComponent("fixtures/maths/quantiles.json")))
  }
}

private func double(_ bits: some StringProtocol) -> Double { Double(bitPattern: UInt64(bits, radix: 16) ?? 0) }

@Suite("Quantiles of discrete distributions") struct QuantileTests {
  /// Rows of uniform number and quantile that `found` does not give.
  private func wrong(_ rows: [String], _ found: (Double) -> Int64) -> [String] {
    rows.filter { row in
      let parts = row.split(separator: " ")
      return found(double(parts[0])) != Int64(parts[1])
    }
  }

  @Test("RNG-2: every uniform number gives the exact quantile, up to the last there are, by searching and from a table")
  func exact() throws {
    let tables = try QuantileTables.read()
    #expect(tables.poisson.count == 10 && tables.binomial.count == 11)
    for isTabulated in [false, true] {
      for table in tables.poisson {
        #expect(wrong(table.rows) { engram_poisson_quantile($0, double(table.mean), isTabulated) } == [], "mean \(double(table.mean))")
      }
      for table in tables.binomial {
        let found = wrong(table.rows) { engram_binomial_quantile($0, table.trials, double(table.probability), isTabulated) }
        #expect(found == [], "\(table.trials) trials, probability \(double(table.probability))")
      }
    }
  }

  @Test("RNG-2: a table is made once for a distribution, and made anew when it changes")
  func keptTables() {
    let lambda = 3.5
    let values = TestColumn([Double](repeating: 0, count: 1100))
    let machine = TestMachine(
      [instruction(ENGRAM_RANDOM_POISSON, 0, uniform(1), 0), instruction(ENGRAM_INT_TO_FLOAT, 0, 0), instruction(ENGRAM_STORE, 0, 0, 0, everywhere)],
      registers: 1, columns: [values], scalars: [77, lambda.bitPattern])
    let size = Int(engram_table_bytes(&machine.program))
    #expect(size > 0)
    let tables = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    tables.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    defer { tables.deallocate() }
    machine.frame.tables = tables
    func drawn() -> [Double] {
      #expect(machine.run(0..<1100))
      return (0..<1100).map { values.base.assumingMemoryBound(to: Double.self)[$0] }
    }
    func expected(_ lambda: Double) -> [Double] { (0..<1100).map { Double(engram_random_poisson(77, UInt64($0), 0, lambda)) } }
    #expect(drawn() == expected(3.5))
    // Bounds of 0 are above no uniform number: who sees them has not made the table again.
    (tables + 16).initializeMemory(as: UInt8.self, repeating: 0, count: 128 * 8)
    #expect(Set(drawn()).count == 1)
    machine.scalars[1] = (0.25).bitPattern
    #expect(drawn() == expected(0.25))
  }
}
