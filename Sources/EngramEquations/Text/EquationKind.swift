/// The three forms an equation can have.
public enum EquationKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// `dx/dt = expression : unit`
  case differential
  /// `x = expression : unit`, computed wherever it is used.
  case subexpression
  /// `x : unit`, stored and set by the user.
  case parameter

  /// As it is called in messages.
  package var title: String {
    switch self {
    case .differential: "differential equation"
    case .subexpression: "subexpression"
    case .parameter: "parameter"
    }
  }
}
