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
