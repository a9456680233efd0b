internal import EngramExpressions

/// The explicit methods that have a name (STU-7…11).
struct BuiltInScheme: StateUpdateMethod {
  let name: String
  let scheme: ExplicitScheme

  func update(for equations: Equations, context: IntegrationContext, options: MethodOptions) throws(UnsupportedEquationsError) -> StateUpdate {
    let system = try DifferentialSystem(equations, context: context, method: name)
    return try scheme.statements(for: system, method: name, context: context)
  }

  private static let x = Expression.name("x"), t = Expression.name("t"), dt = Expression.name("dt"), dW = Expression.name("dW")
  private static func f(_ x: Expression, _ t: Expression) -> Expression { .call("f", x, t) }
  private static func g(_ x: Expression, _ t: Expression) -> Expression { .call("g", x, t) }
  private static let halfStep = t + dt / .whole(2)
  private static let rootOfStep = Expression.call("sqrt", dt)

  /// Euler, and Euler–Maruyama for additive noise: `x + dt·f(x, t) + g(x, t)·dW` (STU-7).
  static let euler = BuiltInScheme(
    name: "euler", scheme: ExplicitScheme(intermediate: [], output: x + dt * f(x, t) + g(x, t) * dW, noise: .additive))

  /// Midpoint rule (STU-8): `k = dt·f(x, t)`, `x + dt·f(x + k/2, t + dt/2)`.
  static let rk2 = BuiltInScheme(
    name: "rk2",
    scheme: ExplicitScheme(
      intermediate: [.init(name: "k", value: dt * f(x, t))],
      output: x + dt * f(x + .name("k") / .whole(2), halfStep), noise: .none))

  /// The classical Runge–Kutta method of order four (STU-9).
  static let rk4 = BuiltInScheme(
    name: "rk4",
    scheme: ExplicitScheme(
      intermediate: [
        .init(name: "k1", value: dt * f(x, t)),
        .init(name: "k2", value: dt * f(x + .name("k1") / .whole(2), halfStep)),
        .init(name: "k3", value: dt * f(x + .name("k2") / .whole(2), halfStep)),
        .init(name: "k4", value: dt * f(x + .name("k3"), t + dt)),
      ],
      output: x + (.name("k1") + .whole(2) * .name("k2") + .whole(2) * .name("k3") + .name("k4")) / .whole(6), noise: .none))

  /// Derivative-free Milstein method for diagonal noise (STU-10). With dW² where Itô's has dW² − dt, it converges to the
  /// Stratonovich solution, as the reference's does.
  ///
  /// - SeeAlso: Kloeden & Platen (1992), section 11.1.
  static let milstein = BuiltInScheme(
    name: "milstein",
    scheme: ExplicitScheme(
      intermediate: [
        .init(name: "support", value: x + dt * f(x, t) + rootOfStep * g(x, t)),
        .init(name: "g_support", value: g(.name("support"), t)),
        .init(name: "k", value: (.name("g_support") - g(x, t)) * (dW * dW) / (.whole(2) * rootOfStep)),
      ],
      output: x + dt * f(x, t) + g(x, t) * dW + .name("k"), noise: .multiplicative, needsDiagonalNoise: true))

  /// Stochastic Heun method, Stratonovich (STU-11); for equations without noise it is forward Euler.
  static let heun = BuiltInScheme(
    name: "heun",
    scheme: ExplicitScheme(
      intermediate: [
        .init(name: "support", value: x + g(x, t) * dW),
        .init(name: "g_support", value: g(.name("support"), t + dt)),
      ],
      output: x + dt * f(x, t) + .number(0.5) * dW * (g(x, t) + .name("g_support")), noise: .multiplicative))
}
