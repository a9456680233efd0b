public import EngramEquations

/// How equations are integrated, by name or as a text.
public enum IntegrationMethod: Hashable, Sendable {
  /// The first of those tried by default that accepts the equations.
  case automatic
  case named(String)
  /// The first of these that accepts the equations.
  case firstOf([String])
  case scheme(Scheme)

  /// An explicit scheme of a user.
  public struct Scheme: Hashable, Sendable {
    /// The scheme for one equation, in the language of the reference.
    public var text: String
    /// Which noise it can integrate.
    public var noise: NoiseSupport
    /// What messages call it.
    public var name: String

    public init(_ text: String, noise: NoiseSupport = .none, name: String = "explicit") {
      self.text = text
      self.noise = noise
      self.name = name
    }
  }
}

extension IntegrationMethod {
  /// A scheme by its text; a method with a body in Swift by its name only.
  package init(_ choice: MethodChoice) {
    switch choice {
    case .automatic: self = .automatic
    case .named(let method): self = .named(method.rawValue)
    case .firstOf(let methods): self = .firstOf(methods.map(\.rawValue))
    case .custom(let scheme as ExplicitStateUpdater): self = .scheme(Scheme(scheme.text, noise: scheme.noise, name: scheme.name))
    case .custom(let method): self = .named(method.name)
    }
  }

  /// - Throws: what is wrong with the text of a scheme.
  package var choice: MethodChoice {
    get throws {
      switch self {
      case .automatic: .automatic
      case .named(let name): .named(Method(rawValue: name))
      case .firstOf(let names): .firstOf(names.map { Method(rawValue: $0) })
      case .scheme(let scheme): .custom(try ExplicitStateUpdater(scheme.text, noise: scheme.noise, name: scheme.name))
      }
    }
  }
}
