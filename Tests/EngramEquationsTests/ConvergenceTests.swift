@testable import EngramEquations
import EngramExpressions
import EngramSystem
import Testing

/// Orders of convergence: the slope of the error over the step, in logarithms.
@Suite("Convergence") struct ConvergenceTests {
  /// Least squares.
  static func slope(_ points: [(Double, Double)]) -> Double {
    let (x, y) = (points.map { log2($0.0) }, points.map { log2($0.1) })
    let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    return zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
  }

  @Test(
    "STU-7, STU-8, STU-9, STU-11: halving the step divides the error by 2^order",
    arguments: [(Method.euler, 1.0), (.rk2, 2), (.rk4, 4), (.heun, 1), (.milstein, 1)])
  func order(method: Method, expected: Double) throws {
    // x' = -x² + sin(t)·cos(t), against a fine solution by another program: Richardson would hide errors in t.
    let update = try update("dx/dt = (sin(t/second)*x + cos(t/second)*exp(sin(t/second)) - 0*x)/second : 1", method)
    // solution: x = e^{1 - cos t}·(x0 + ∫ cos s·e^{sin s - 1 + cos s} ds), computed by Simpson.
    let end = 2.0
    let pieces = 20_000
    let h = end / Double(pieces)
    func integrand(_ s: Double) -> Double { cos(s) * exp(sin(s)) * exp(cos(s) - 1) }
    var integral = 0.0
    for piece in 0..<pieces {
      let s = Double(piece) * h
      integral += h / 6 * (integrand(s) + 4 * integrand(s + h / 2) + integrand(s + h))
    }
    let exact = exp(1 - cos(end)) * (0.5 + integral)
    let errors = try [16, 32, 64, 128].map { steps in
      let step = end / Double(steps)
      let x = try integrate(update, from: ["x": 0.5], step: step, steps: steps)["x"] ?? .nan
      return (step, abs(x - exact))
    }
    #expect(abs(Self.slope(errors) - expected) < 0.15, "\(errors)")
  }

  @Test("STU-6: exponential Euler is of order 1, and exact for linear equations with constant coefficients")
  func exponentialEuler() throws {
    // Logistic growth is conditionally linear once x stands inside a function: x' = x·(1 - h(x)), h(x) = x.
    let update = try update("dx/dt = x*(1 - h(x))/second : 1", .exponentialEuler)
    let exact = 0.2 * exp(2.0) / (1 - 0.2 + 0.2 * exp(2.0))
    let errors = try [16, 32, 64, 128].map { steps in
      let x = try integrate(update, from: ["x": 0.2], step: 2.0 / Double(steps), steps: steps, functions: ["h": { $0[0] }])["x"] ?? .nan
      return (2.0 / Double(steps), abs(x - exact))
    }
    #expect(abs(Self.slope(errors) - 1) < 0.15, "\(errors)")
    let linear = try EngramEquationsTests.update("dx/dt = (3 - x)/tau : 1", .exponentialEuler)
    let x = try integrate(linear, from: ["x": 1, "tau": 0.5], step: 0.7, steps: 1)["x"] ?? .nan
    #expect(abs(x - (3 - 2 * exp(-1.4))) < 1e-15)
  }

  /// Brownian paths on a fine grid; the integrator sees their increments over its own steps.
  static func strongErrors(_ method: Method, text: String, start: Double, end: Double, solution: (Double) -> Double) throws -> [(Double, Double)] {
    let update = try update(text, method)
    let paths = 400
    let finest = 256
    var sums = [Int: Double]()
    var state: UInt64 = 42
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
    }
    for _ in 0..<paths {
      let fine = (0..<finest).map { _ in sqrt(-2 * log(uniform())) * cos(2 * Double.pi * uniform()) * sqrt(end / Double(finest)) }
      let exact = solution(fine.reduce(0, +))
      for steps in [16, 32, 64, 128] {
        let width = finest / steps
        let step = end / Double(steps)
        var number = 0
        let x =
          try integrate(
            update, from: ["x": start], step: step, steps: steps,
            normals: {
              defer { number += 1 }
              return fine[(number * width)..<((number + 1) * width)].reduce(0, +) / sqrt(step)
            })["x"] ?? .nan
        sums[steps, default: 0] += abs(x - exact)
      }
    }
    return sums.sorted { $0.key < $1.key }.map { (end / Double($0.key), $0.value / Double(paths)) }
  }

  @Test("STU-10: milstein is of strong order 1 for driftless multiplicative noise (Stratonovich, as in the reference: dW² without −dt)")
  func milstein() throws {
    // With drift the support's dt·f meets dW² instead of dW² − dt, which leaves an error of order ½ in the reference as well.
    let errors = try Self.strongErrors(.milstein, text: "dx/dt = 0.8*x*xi*second**-0.5 : 1", start: 1, end: 1) { exp(0.8 * $0) }
    #expect(abs(Self.slope(errors) - 1) < 0.15, "\(errors)")
  }

  @Test("STU-11: heun is of strong order 1 for geometric Brownian motion (Stratonovich)")
  func heun() throws {
    let errors = try Self.strongErrors(.heun, text: "dx/dt = 0.5*x/second + 0.8*x*xi*second**-0.5 : 1", start: 1, end: 1) { exp(0.5 + 0.8 * $0) }
    #expect(abs(Self.slope(errors) - 1) < 0.15, "\(errors)")
  }

  @Test("STU-7: euler is of strong order 1 for additive noise")
  func eulerMaruyama() throws {
    // x' = 1 + xi: exact; x' = cos(x)-like drift is needed for an error, hence x' = 2t + xi with x = t² + W.
    let errors = try Self.strongErrors(.euler, text: "dx/dt = 2*t/second**2 + xi*second**-0.5 : 1", start: 0, end: 1) { 1 + $0 }
    #expect(abs(Self.slope(errors) - 1) < 0.15, "\(errors)")
  }
}
