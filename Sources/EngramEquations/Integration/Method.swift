internal import EngramScalars

/// The name of an integration method (STU-1), such as `exact` or `rk4`. Upper and lower case are the same.
///
/// ```swift
/// let methods = Method.all.map(\.rawValue)   // what messages propose
/// let explicit = try ExplicitStateUpdater("x_new = x + dt*f(x, t)", name: "mine")
/// let group = try NeuronGroup(1, "dv/dt = -v/(10*ms) : 1", method: .firstOf([.exact, .rk4]))
/// let own = try NeuronGroup(1, "dv/dt = -v/(10*ms) : 1", method: .custom(explicit))
/// ```
public struct Method: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
  /// The name in lower case, as model files write it.
  public let rawValue: String
  /// Any name; ``integrator()`` says whether there is such a method.
  public init(rawValue: String) { self.rawValue = rawValue.lowercased() }
  public var description: String { rawValue }

  /// The solution of linear equations, in closed form or by a matrix exponential: right for any length of a step. Refuses noise.
  public static let exact = Method(rawValue: "exact")
  /// Another name of `exact`.
  public static let linear = Method(rawValue: "linear")
  /// The closed-form solution of equations that do not depend on each other. Kept for old scripts; ``exact`` does all it does.
  public static let independent = Method(rawValue: "independent")
  /// First order; the part of an equation that is linear in its own variable is solved exactly. For Hodgkin–Huxley-like equations.
  public static let exponentialEuler = Method(rawValue: "exponential_euler")
  /// Forward Euler, first order; Euler–Maruyama with additive noise.
  public static let euler = Method(rawValue: "euler")
  /// The midpoint method of Runge and Kutta, second order. Refuses noise.
  public static let rk2 = Method(rawValue: "rk2")
  /// The classical method of Runge and Kutta, fourth order. Refuses noise.
  public static let rk4 = Method(rawValue: "rk4")
  /// Heun's stochastic method, also for multiplicative noise, in the sense of Stratonovich. Without noise it is forward Euler.
  public static let heun = Method(rawValue: "heun")
  /// Milstein's method without derivatives: strong order 1 for diagonal noise, in the sense of Stratonovich (Kloeden & Platen 1992, 11.1).
  public static let milstein = Method(rawValue: "milstein")

  /// Runge–Kutta–Fehlberg, order 5 with an estimate of the error, in steps as short as it asks for. Refuses noise.
  public static let rkf45 = Method(rawValue: "rkf45")
  /// Cash–Karp, order 5, likewise.
  public static let rkck = Method(rawValue: "rkck")
  /// Bogacki–Shampine, order 3, likewise: for rough tolerances.
  public static let rk23 = Method(rawValue: "rk23")
  /// Dormand–Prince, order 5, likewise: for strict tolerances.
  public static let rkdp = Method(rawValue: "rkdp")
  /// A Rosenbrock method of order 3 for stiff equations, in steps of the clock. Refuses noise and functions without known derivatives.
  public static let rosenbrock = Method(rawValue: "rosenbrock")

  /// Every built-in name.
  public static let all: [Method] = [
    .exact, .linear, .independent, .exponentialEuler, .euler, .rk2, .rk4, .heun, .milstein, .rkf45, .rkck, .rk23, .rkdp, .rosenbrock,
  ]
  /// Names of methods of the GNU Scientific Library, and what does the same kind of work here.
  package static let scientificLibrary: [String: Method] = [
    "gsl": .rkf45, "gsl_rkf45": .rkf45, "gsl_rkck": .rkck, "gsl_rk2": .rk23, "gsl_rk4": .rkf45, "gsl_rk8pd": .rkdp,
  ]
  package static var names: [String] { all.map(\.rawValue) }

  /// The integrator of that name.
  ///
  /// - Throws: where there is none, with the nearest name.
  public func integrator() throws(UnsupportedEquationsError) -> any StateUpdateMethod {
    switch Method.scientificLibrary[rawValue] ?? self {
    case .exact, .linear: ExactIntegrator()
    case .independent: IndependentIntegrator()
    case .exponentialEuler: ExponentialEulerIntegrator()
    case .euler: BuiltInScheme.euler
    case .rk2: BuiltInScheme.rk2
    case .rk4: BuiltInScheme.rk4
    case .heun: BuiltInScheme.heun
    case .milstein: BuiltInScheme.milstein
    case .rkf45: EmbeddedRungeKutta.rkf45
    case .rkck: EmbeddedRungeKutta.rkck
    case .rk23: EmbeddedRungeKutta.rk23
    case .rkdp: EmbeddedRungeKutta.rkdp
    case .rosenbrock: RosenbrockIntegrator()
    default: throw UnsupportedEquationsError(method: rawValue, .unknownMethod(rawValue, nearest: nearest(rawValue, in: Method.names)))
    }
  }
}

/// How a group's integrator is chosen (STU-1, STU-2).
public enum MethodChoice: Sendable {
  /// The first of exact, euler, heun that accepts the equations.
  case automatic
  /// This method and no other: equations that it does not suit are refused.
  case named(Method)
  /// The first in the list that accepts the equations.
  case firstOf([Method])
  /// An integrator of one's own.
  case custom(any StateUpdateMethod)

  // The built-in ones by name alone: `method: .exact`.
  /// The method ``Method/exact``.
  public static let exact = MethodChoice.named(.exact)
  /// The method ``Method/exact`` under its other name.
  public static let linear = MethodChoice.named(.linear)
  /// The method ``Method/independent``.
  public static let independent = MethodChoice.named(.independent)
  /// The method ``Method/exponentialEuler``.
  public static let exponentialEuler = MethodChoice.named(.exponentialEuler)
  /// The method ``Method/euler``.
  public static let euler = MethodChoice.named(.euler)
  /// The method ``Method/rk2``.
  public static let rk2 = MethodChoice.named(.rk2)
  /// The method ``Method/rk4``.
  public static let rk4 = MethodChoice.named(.rk4)
  /// The method ``Method/heun``.
  public static let heun = MethodChoice.named(.heun)
  /// The method ``Method/milstein``.
  public static let milstein = MethodChoice.named(.milstein)
  /// The method ``Method/rkf45``.
  public static let rkf45 = MethodChoice.named(.rkf45)
  /// The method ``Method/rkck``.
  public static let rkck = MethodChoice.named(.rkck)
  /// The method ``Method/rk23``.
  public static let rk23 = MethodChoice.named(.rk23)
  /// The method ``Method/rkdp``.
  public static let rkdp = MethodChoice.named(.rkdp)
  /// The method ``Method/rosenbrock``.
  public static let rosenbrock = MethodChoice.named(.rosenbrock)

  /// The list tried for neurons and synapses.
  public static let standardList: [Method] = [.exact, .euler, .heun]
  /// The list tried for neurons with many compartments.
  public static let compartmentList: [Method] = [.exact, .exponentialEuler, .rk2, .heun]

  /// The caller's own look at what a method made, such as whether numbers that it needs can be had: a throw is a refusal.
  public typealias Acceptance = (StateUpdate) throws(UnsupportedEquationsError) -> Void

  /// The code of one step, by the method chosen.
  public func update(
    for equations: Equations, context: IntegrationContext, options: MethodOptions = [:], accepting: Acceptance = { _ in }
  ) throws(UnsupportedEquationsError) -> StateUpdate {
    switch self {
    case .automatic: return try Self.first(of: Self.standardList, for: equations, context: context, options: options, accepting: accepting)
    case .firstOf(let methods): return try Self.first(of: methods, for: equations, context: context, options: options, accepting: accepting)
    case .named(let method): return try Self.update(by: method.integrator(), for: equations, context: context, options: options, accepting: accepting)
    case .custom(let integrator): return try Self.update(by: integrator, for: equations, context: context, options: options, accepting: accepting)
    }
  }

  private static func update(
    by integrator: any StateUpdateMethod, for equations: Equations, context: IntegrationContext, options: MethodOptions, accepting: Acceptance
  ) throws(UnsupportedEquationsError) -> StateUpdate {
    try options.check(integrator)
    let update = try integrator.update(for: equations, context: context, options: options)
    try accepting(update)
    return update
  }

  /// Lists follow the reference's rules: `exact` is passed over where the reference's would refuse (STU-4), even though
  /// ours could integrate the equations when asked by name.
  private static func first(
    of methods: [Method], for equations: Equations, context: IntegrationContext, options: MethodOptions, accepting: Acceptance
  ) throws(UnsupportedEquationsError) -> StateUpdate {
    var refusals: [UnsupportedEquationsError] = []
    for method in methods {
      do throws(UnsupportedEquationsError) {
        var integrator = try method.integrator()
        if integrator is ExactIntegrator { integrator = ExactIntegrator(followsReferenceRules: true) }
        var update = try Self.update(by: integrator, for: equations, context: context, options: options, accepting: accepting)
        if !equations.differentialNames.isEmpty {
          update.passedOver = refusals
          update.message = chosenMessage(update, owner: context.ownerName, refusals: refusals)
        }
        return update
      } catch {
        if case .unknownMethod = error.reason { throw error }
        refusals.append(error)
      }
    }
    throw UnsupportedEquationsError(method: methods.map(\.rawValue).joined(separator: ", "), .noneFits(refusals))
  }

  private static func chosenMessage(_ update: StateUpdate, owner: String, refusals: [UnsupportedEquationsError]) -> String {
    let reasons = refusals.map { "\($0.method): \($0.explanation)" }
    return "no integration method was given for '\(owner)': using '\(update.methodName)'"
      + (reasons.isEmpty ? ", the first choice" : " (passed over: \(reasons.joined(separator: "; ")))")
  }
}
