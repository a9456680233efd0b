public import EngramExpressions

/// What an integrator makes of a set of equations: ordinary model code that advances every differential variable by one step.
///
/// The code uses the variables of the group, external names, `dt`, `t` and temporaries that begin with an underscore,
/// which no user name does. Every new value is computed before any variable is written.
public struct StateUpdate: Sendable, Hashable {
  /// The code of one step, in the order in which it runs.
  public var statements: [Statement]
  /// The temporaries that hold one standard normal draw each, times √dt (STU-12).
  public var noise: [String]
  /// Linear systems whose solution the caller computes in numbers before the first step; the statements read the results
  /// under the names of their columns.
  public var matrices: [PreparedMatrix] = []
  /// Where the length of steps is chosen: the statements are a trial (``AdaptiveStep``).
  public var adaptive: AdaptiveStep?
  /// The method that it is made by.
  public var methodName: String
  /// A sentence for the log at level INFO: what was chosen and why (STU-2). Empty for a method named by the user.
  public var message: String
  /// The methods of a list that were tried before this one, each with its reason.
  public var passedOver: [UnsupportedEquationsError] = []
  /// A sentence for the log at level WARNING, or nil.
  public var warning: String?

  /// Code of a method of one's own.
  ///
  /// - Parameters:
  ///   - statements: the code of one step.
  ///   - noise: its temporaries that hold a normal draw each.
  ///   - methodName: the method that it is made by.
  ///   - message: for the log at level INFO; empty for none.
  ///   - warning: for the log at level WARNING.
  public init(statements: [Statement], noise: [String] = [], methodName: String, message: String = "", warning: String? = nil) {
    self.statements = statements
    self.noise = noise
    self.methodName = methodName
    self.message = message
    self.warning = warning
  }
}
