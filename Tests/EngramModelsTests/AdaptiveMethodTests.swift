import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramModels
import EngramSimulation
import EngramUnits
import Foundation
import Testing

@Suite("Adaptive and implicit methods") struct AdaptiveMethodTests {
  /// The value of `v` at 20 ms, with steps of 1 ms.
  private func finalValue(
    _ model: Equations, _ method: MethodChoice, options: MethodOptions = [:], initial: Double = 1, step: Time = 1 * ms, duration: Time = 20 * ms
  ) throws -> Double {
    try withScope {
      let group = try NeuronGroup(2, model, method: method, methodOptions: options, dt: step)
      try group.variable("v").set(initial)
      let network = try Network(group)
      try network.run(duration)
      return try group.variable("v").values[1]
    }
  }

  private static let adaptive: [Method] = [.rkf45, .rkck, .rk23, .rkdp]

  @Test("STU-1: adaptive methods keep the error that is allowed, in steps of the clock that are far too long for others", arguments: adaptive)
  func tolerance(method: Method) throws {
    for (relative, allowed) in [(1e-4, 1e-2), (1e-8, 1e-6)] {
      let found = try finalValue("dv/dt = -v/(0.1*ms) + exp(-t/(5*ms))/(0.1*ms) : 1", .named(method), options: ["relative_error": .real(relative)])
      // Of dv/dt = -a·v + a·exp(-b·t): a/(a - b)·exp(-b·t) + (1 - a/(a - b))·exp(-a·t).
      let (a, b) = (1e4, 200.0)
      let exact = a / (a - b) * exp(-b * 0.02) + (1 - a / (a - b)) * exp(-a * 0.02)
      #expect(abs(found - exact) < allowed * abs(exact), "\(method) at \(relative): \(found), not \(exact)")
    }
  }

  @Test("STU-1: adaptive methods follow a pendulum for many periods", arguments: adaptive)
  func pendulum(method: Method) throws {
    let found = try finalValue("dv/dt = w/ms : 1\ndw/dt = -v/ms : 1", .named(method), options: ["relative_error": 1e-10, "absolute_error": 1e-10])
    #expect(abs(found - cos(20)) < 1e-5, "\(method): \(found)")
  }

  @Test(
    "STU-1: names of the GNU Scientific Library choose methods of the same kind",
    arguments: ["gsl", "gsl_rkf45", "gsl_rkck", "gsl_rk2", "gsl_rk4", "gsl_rk8pd"])
  func otherNames(name: String) throws {
    #expect(abs(try finalValue("dv/dt = -v/(10*ms) : 1", .named(Method(rawValue: name))) - exp(-2)) < 1e-5)
  }

  @Test("STU-1: the Rosenbrock method stays stable where equations are stiff, and explicit ones do not")
  func stiff() throws {
    let model: Equations = "dv/dt = (cos(t*100*Hz) - v)/(1*us) : 1"
    // After the transient v follows the drive, one microsecond behind.
    let exact = cos(100 * (0.02 - 1e-6))
    #expect(abs(try finalValue(model, .rosenbrock) - exact) < 1e-3)
    #expect(!(abs(try finalValue(model, .rk4) - exact) < 1e-3))
  }

  @Test("STU-1: halving the step divides the error of the Rosenbrock method by 8, with coupled and nonlinear equations")
  func order() throws {
    let model: Equations = "dv/dt = v*(1 - v)/(5*ms) + 0*w/ms : 1\ndw/dt = (v - w)/(3*ms) : 1"
    func error(_ step: Time) throws -> Double {
      let exact = 0.1 * exp(1.0) / (0.9 + 0.1 * exp(1.0))
      return abs(try finalValue(model, .rosenbrock, initial: 0.1, step: step, duration: 5 * ms) - exact)
    }
    let ratio = try error(1 * ms) / error(0.5 * ms)
    #expect(abs(log2(ratio) - 3) < 0.2, "\(ratio)")
  }

  /// RODAS3 for `dy/dt = A·y`, with the numbers of the paper, each stage solved with exchanges of rows and columns.
  private func rodas(_ matrix: [[Double]], _ initial: [Double], step: Double, count: Int) -> [Double] {
    let n = initial.count
    func solved(_ side: [Double]) -> [Double] {
      var rows: [[Double]] = []
      for row in 0..<n {
        var line: [Double] = matrix[row].map { -$0 }
        line[row] += 2 / step
        rows.append(line + [side[row]])
      }
      var columns = Array(0..<n)
      for pivot in 0..<n {
        var (bestRow, bestColumn) = (pivot, pivot)
        for row in pivot..<n {
          for column in pivot..<n where abs(rows[row][column]) > abs(rows[bestRow][bestColumn]) { (bestRow, bestColumn) = (row, column) }
        }
        rows.swapAt(pivot, bestRow)
        columns.swapAt(pivot, bestColumn)
        for row in rows.indices { rows[row].swapAt(pivot, bestColumn) }
        for row in (pivot + 1)..<max(n, pivot + 1) {
          let factor = rows[row][pivot] / rows[pivot][pivot]
          for column in pivot...n { rows[row][column] -= factor * rows[pivot][column] }
        }
      }
      var found = [Double](repeating: 0, count: n)
      for row in (0..<n).reversed() {
        var rest = rows[row][n]
        for column in (row + 1)..<max(n, row + 1) { rest -= rows[row][column] * found[columns[column]] }
        found[columns[row]] = rest / rows[row][row]
      }
      return found
    }
    /// `first` and multiples of others.
    func sum(_ first: [Double], _ others: [(Double, [Double])]) -> [Double] {
      var result = first
      for (factor, values) in others { for place in 0..<n { result[place] += factor * values[place] } }
      return result
    }
    func applied(_ y: [Double]) -> [Double] { sum([Double](repeating: 0, count: n), (0..<n).map { column in (y[column], matrix.map { $0[column] }) }) }
    var y = initial
    for _ in 0..<count {
      let k1 = solved(applied(y))
      let k2 = solved(sum(applied(y), [(4 / step, k1)]))
      let k3 = solved(sum(applied(sum(y, [(2, k1)])), [(1 / step, k1), (-1 / step, k2)]))
      let k4 = solved(sum(applied(sum(y, [(2, k1), (1, k3)])), [(1 / step, k1), (-1 / step, k2), (-8 / (3 * step), k3)]))
      y = sum(y, [(2, k1), (1, k3), (1, k4)])
    }
    return y
  }

  private func rosenbrock(_ model: Equations, _ names: [String], _ initial: [Double], _ count: Int) throws -> [Double] {
    try withScope {
      let group = try NeuronGroup(3, model, method: .rosenbrock, dt: 1 * ms)
      for (name, value) in zip(names, initial) { try group.variable(name).set(value) }
      try Network(group).run(Double(count) * ms)
      return try names.map { try group.variable($0).values[2] }
    }
  }

  private static let smallPivotMatrices: [[[Double]]] = [
    // 2/dt − 2/ms is 0; the others need two exchanges, or one where only one of two depends on the other.
    [[2.0, 1.0], [1.0, -1.0]],
    [[2.0, 1.0, 0.0], [0.0, 2.0, 1.0], [1.0, 0.0, 2.0]],
    [[2.0, 0.0, 1.0], [1.0, 2.0, 0.0], [0.0, 1.0, 2.0]],
    [[1.9999999, 3.0, 1.0], [-2.0, 1.0, 0.5], [0.3, -1.0, -5.0]],
    // Rotations a million times faster than the step.
    [[0.0, 1e6], [-1e6, 0.0]],
    [[0.0, 1e6, 0.0], [-1e6, 0.0, 10.0], [0.0, -10.0, -1.0]],
    [[-1.0, 1e5, 1e2, 0.0], [-1e5, -1.0, 0.0, 1e3], [-1e2, 1.0, -2.0, 1e4], [1.0, -1e3, -1e4, -2.0]],
  ]

  @Test(
    "STU-1: the Rosenbrock method solves its equations where a diagonal of them vanishes or is small beside its neighbours",
    arguments: smallPivotMatrices)
  func smallPivots(matrix: [[Double]]) throws {
    let names = Array(["v", "w", "x", "y"].prefix(matrix.count))
    let lines = zip(names, matrix).map { name, row in "d\(name)/dt = (\(zip(row, names).map { "\($0)*\($1)" }.joined(separator: " + ")))/ms : 1" }
    let initial = Array([1.0, 0.5, -0.25, 0.125].prefix(matrix.count))
    let model = Equations(reading: SourceText(lines.joined(separator: "\n")))
    for count in [1, 3] {
      let found = try rosenbrock(model, names, initial, count)
      let exact = rodas(matrix.map { $0.map { $0 * 1000 } }, initial, step: 1e-3, count: count)
      // What decays within a step is the difference of larger numbers.
      let scale = max(1, exact.map(abs).max() ?? 0)
      #expect(zip(found, exact).allSatisfy { abs($0 - $1) < 1e-13 * scale }, "\(count): \(found), not \(exact)")
    }
  }

  @Test("STU-1: which rows the Rosenbrock method exchanges does not depend on the units of the variables")
  func unitsOfPivots() throws {
    // The same equations with w 2²⁰ times as large: numbers of that variable alone change, and exactly.
    let plain = try rosenbrock(
      "dv/dt = (2*v + w + 0.5*x)/ms : 1\ndw/dt = (v - 7*w - 3*x)/ms : 1\ndx/dt = (5*w - v)/ms : 1", ["v", "w", "x"], [1, 0.5, 0.25], 4)
    let scaled = try rosenbrock(
      "dv/dt = (2*v + w*2.0**-20 + 0.5*x)/ms : 1\ndw/dt = (v*2.0**20 - 7*w - 3*x*2.0**20)/ms : 1\ndx/dt = (5*w*2.0**-20 - v)/ms : 1", ["v", "w", "x"],
      [1, 0.5 * 1_048_576, 0.25], 4)
    #expect(plain.allSatisfy { $0.isFinite })
    #expect(plain[0] == scaled[0] && plain[1] * 1_048_576 == scaled[1] && plain[2] == scaled[2], "\(plain) \(scaled)")
  }

  @Test("STU-1: the Rosenbrock method solves equations of variables with different units as it solves those without")
  func dimensions() throws {
    try withScope {
      let model: Equations = "dv/dt = (2*v + 3*Mohm*w)/ms : volt\ndw/dt = (v/Mohm - 7*w - 0.5*nA*x)/ms : amp\ndx/dt = (5*w/nA - x)/ms : 1"
      let group = try NeuronGroup(1, model, method: .rosenbrock, dt: 1 * ms)
      try group.v <- 1 * mV
      try group.w <- 2 * nA
      try Network(group).run(2 * ms)
      let exact = rodas([[2, 3e6, 0], [1e-6, -7, -0.5e-9], [0, 5e9, -1]].map { $0.map { $0 * 1000 } }, [1e-3, 2e-9, 0], step: 1e-3, count: 2)
      let found = [try group.v.values[0], try group.w.values[0], try group.x.values[0]]
      #expect(zip(found, exact).allSatisfy { abs($0 - $1) < 1e-11 * abs($1) }, "\(found), not \(exact)")
    }
  }

  @Test("STU-1: a stiff oscillator with a slow and a fast variable comes out right")
  func vanDerPol() throws {
    let model: Equations = "dv/dt = w/ms : 1\ndw/dt = (50*(1 - v**2)*w - v)/ms : 1"
    let exact = try finalValue(model, .rkdp, options: ["relative_error": 1e-11, "absolute_error": 1e-12], initial: 2, step: 0.1 * ms)
    #expect(abs(try finalValue(model, .rosenbrock, initial: 2, step: 0.01 * ms) - exact) < 1e-5)
    #expect(abs(try finalValue(model, .rkf45, options: ["relative_error": 1e-9], initial: 2, step: 1 * ms) - exact) < 1e-6)
  }

  @Test("REF-6: what pauses while refractory pauses for adaptive and implicit methods, too", arguments: [MethodChoice.rkf45, .rosenbrock])
  func refractory(method: MethodChoice) throws {
    func times(_ method: MethodChoice) throws -> [Double] {
      try withScope {
        let group = try NeuronGroup(
          1, "dv/dt = 1/(2.5*ms) : 1 (unless refractory)", threshold: "v > 0.99", reset: "v = 0", refractory: 2 * ms, method: method, dt: 0.5 * ms)
        let spikes = try SpikeMonitor(group)
        try Network(group, spikes).run(20 * ms)
        return try spikes.t.si
      }
    }
    // A constant slope is the same for every method.
    #expect(try times(method) == times(.euler))
    #expect(try times(method).count >= 4)
  }

  @Test("STU-3: noise, unknown options, wrong tolerances and functions without derivatives are refused")
  func refusals() throws {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(message { _ = try finalValue("dv/dt = -v/ms + xi*ms**-0.5 : 1", .rkf45) }.contains("they contain noise"))
    #expect(message { _ = try finalValue("dv/dt = -v/ms + xi*ms**-0.5 : 1", .rosenbrock) }.contains("they contain noise"))
    #expect(message { _ = try finalValue("dv/dt = -v/ms : 1", .rkf45, options: ["tolerance": 1e-3]) }.contains("it has no option 'tolerance'"))
    #expect(message { _ = try finalValue("dv/dt = -v/ms : 1", .rkf45, options: ["relative_error": 0.0]) }.contains("must be a number above 0"))
  }

  @Test("NET-27: equations that run away end the run with their element and what can be done")
  func givesUp() throws {
    let error = #expect(throws: (any Error).self) { try finalValue("dv/dt = v**2/ms : 1", .rkf45) }
    #expect(error.map { "\($0)" }?.contains("could not be integrated over a step") == true, "\(String(describing: error))")
  }
}
