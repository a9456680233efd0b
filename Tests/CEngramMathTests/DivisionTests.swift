import CEngramMath
import EngramTestSupport
import Foundation
import Testing

@Suite("Floor division and time steps") struct DivisionTests {
  @Test("FUN-27: the remainder has the sign of the divisor, for integers")
  func integers() {
    for (x, y, quotient, remainder) in [
      (-7, 2, -4, 1), (7, -2, -4, -1), (7, 2, 3, 1), (-7, -2, 3, -1), (6, 3, 2, 0), (-6, 3, -2, 0), (0, 5, 0, 0),
      (5, 0, 0, 0), (.max, -1, -.max, 0), (.min, -1, .min, 0), (.min, 2, .min / 2, 0), (-1, .max, -1, .max - 1),
    ] as [(Int64, Int64, Int64, Int64)] {
      #expect(engram_ifloor_div(x, y) == quotient, "\(x) // \(y)")
      #expect(engram_ifloor_mod(x, y) == remainder, "\(x) % \(y)")
    }
  }

  @Test("FUN-27: the remainder has the sign of the divisor, for floats")
  func floats() {
    let inf = Double.infinity, nan = Double.nan
    for (x, y, quotient, remainder) in [
      (7.5, -2, -4, -0.5), (-7, 2, -4, 1), (7, 2, 3, 1), (-7, -2, 3, -1), (7.5, 2, 3, 1.5), (-7.5, 2, -4, 0.5), (6, -3, -2, -0.0),
      (-6, 3, -2, 0), (0, 3, 0, 0), (-0.0, 3, -0.0, 0), (1, 0.1, 9, 0.09999999999999995), (5, 0, inf, nan), (-5, 0, -inf, nan),
      (0, 0, nan, nan), (5, inf, 0, 5), (-5, inf, -1, inf), (5, -inf, -1, -inf), (inf, 2, nan, nan), (nan, 2, nan, nan),
      (2, nan, nan, nan), (1e300, 3, (1e300 - 1) / 3, fmod(1e300, 3)),
    ] as [(Double, Double, Double, Double)] {
      #expect(canonicalBits(engram_floor_div(x, y)) == canonicalBits(quotient), "\(x) // \(y) = \(engram_floor_div(x, y))")
      #expect(canonicalBits(engram_floor_mod(x, y)) == canonicalBits(remainder), "\(x) % \(y) = \(engram_floor_mod(x, y))")
    }
  }

  @Test("FUN-27: the remainder is exact for every pair of doubles")
  func exactRemainder() {
    var generator = SplitMix(state: 27)
    for round in 0..<20_000 {
      var x = Double(bitPattern: generator.next()), y = Double(bitPattern: generator.next())
      if round % 3 == 0 { x = y * Double(Int.random(in: -1000...1000, using: &generator)) }
      if round % 3 == 1 { (x, y) = (.random(in: -1e4...1e4, using: &generator), .random(in: -1...1, using: &generator)) }
      if round % 101 == 0 { y = Double(bitPattern: UInt64.random(in: 1...1000, using: &generator)) }
      guard x.isFinite, y.isFinite, y != 0 else { continue }
      var expected = fmod(x, y)  // exact by definition
      if expected != 0, (expected < 0) != (y < 0) { expected += y }
      if expected == 0 { expected = y < 0 ? -0.0 : 0 }
      #expect(canonicalBits(engram_floor_mod(x, y)) == canonicalBits(expected), "\(x) % \(y)")
    }
  }

  @Test("FUN-24: time steps are cut towards zero after a shift by a thousandth of a step")
  func timestep() {
    let dt = 1e-4
    for (t, expected) in [
      (0.0999e-3, 1), (0.09989e-3, 0), (0.15e-3, 1), (0.3e-3, 3), (-0.1e-3, 0), (-1e4, -99_999_999), (0, 0), (1e4, 100_000_000),
    ] as [(Double, Int64)] {
      #expect(engram_timestep(t, dt) == expected, "\(t) s")
    }
    #expect(engram_timestep(1e300, dt) == .max)
    #expect(engram_timestep(-1e300, dt) == .min)
    #expect(engram_timestep(.infinity, dt) == .max)
    #expect(engram_timestep(.nan, dt) == 0)
  }
}
