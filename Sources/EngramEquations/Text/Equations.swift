public import EngramExpressions
public import EngramUnits

/// The equations of a model: differential equations, subexpressions and parameters (EQN-1…17), Brian 2's `Equations`.
///
/// ```swift
/// let membrane = try Equations(
///   """
///   dv/dt = (leak + drive)/tau : volt
///   leak = El - v : volt
///   drive : volt (constant)
///   """, replacing: ["tau": Replacement(10 * ms)])
/// let states = membrane.stateNames      // v, drive: what is stored
/// let external = membrane.identifiers   // El, and the unit of the value of tau
/// ```
///
/// A value, made from text. A literal may be wrong, because literals cannot throw: its problems are kept in ``problem``
/// and thrown by ``valid()``, which everything that uses equations calls first.
public struct Equations: Sendable {
  /// The text as it was written, with exact values inserted.
  public let source: SourceText
  /// In a fixed order: subexpressions by dependency (ties by name), differential equations, parameters (EQN-11). Only
  /// what could be read when there is a problem.
  public let all: [SingleEquation]
  /// What is wrong, or nil.
  public let problem: EquationError?
  private let indices: [String: Int]

  /// A bare literal, `Equations("v : 1")`, is not this initialiser but the literal, whose mistakes wait in ``problem``.
  ///
  /// - Parameters:
  ///   - text: a line for each equation: `dv/dt = … : volt`, `name = … : unit`, `name : unit`, with flags in parentheses behind the unit.
  ///   - replacements: names to rename, or to replace by a value (EQN-15).
  ///   - file: where the text stands, for messages.
  ///   - line: where the text stands, for messages.
  /// - Throws: everything that is wrong, each with line and column.
  public init(
    _ text: String, replacing replacements: [String: Replacement] = [:], file: StaticString = #fileID, line: UInt = #line
  ) throws(EquationError) {
    try self.init(source: SourceText(text).located(file, line), replacing: replacements)
  }

  /// The same for a text that knows its place in a file.
  ///
  /// - Throws: everything that is wrong, each with line and column.
  public init(source: SourceText, replacing replacements: [String: Replacement] = [:]) throws(EquationError) {
    let first = Equations(reading: source)
    if replacements.isEmpty {
      if let problem = first.problem { throw problem }
      self = first
    } else {
      self = try first.replacing(replacements)
    }
  }

  /// Never fails: keeps what is wrong.
  public init(reading source: SourceText) {
    let reading = EquationReader(source)
    self.source = source
    all = reading.ordered
    problem = EquationError(reading.problems, in: source)
    indices = Dictionary(reading.ordered.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
  }

  /// Derived from equations that are valid; the order stays.
  init(source: SourceText, equations: [SingleEquation]) {
    self.source = source
    all = equations
    problem = nil
    indices = Dictionary(equations.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
  }

  private init(_ other: Equations, at source: SourceText) {
    self.source = source
    all = other.all
    indices = other.indices
    problem = other.problem.map { EquationError(Problems($0.problems.problems, in: source, omitted: $0.problems.omitted)) }
  }

  /// The same equations with the place of the call that received them, unless they have a place already.
  public func located(fileID: String, line: Int) -> Equations {
    source.origin == .unknown ? Equations(self, at: source.located(fileID: fileID, line: line)) : self
  }

  /// These equations with other names, or with values in place of names, as `Equations(_:replacing:)` makes them from a text (EQN-15):
  /// `try shared.substitute(["x": "v", "tau": Replacement(10*ms)])`.
  ///
  /// - Throws: for a variable that would become a value, a name that exists already, and what is no name.
  public func substitute(_ replacements: [String: Replacement]) throws(EquationError) -> Equations { try valid().replacing(replacements) }

  /// Itself, if nothing is wrong.
  @discardableResult
  public func valid() throws(EquationError) -> Equations {
    if let problem { throw problem }
    return self
  }

  /// The equation that defines this variable; nil where none does.
  public subscript(name: String) -> SingleEquation? { indices[name].map { all[$0] } }

  /// Both sets of equations together (EQN-16).
  ///
  /// - Throws: for a variable that both define.
  public static func + (lhs: Equations, rhs: Equations) throws(EquationError) -> Equations {
    try lhs.valid()
    try rhs.valid()
    let isWhole = lhs.source.text.hasSuffix("\n") || lhs.source.text.isEmpty
    return try Equations(source: SourceText(lhs.source.text + (isWhole ? "" : "\n") + rhs.source.text))
  }

  /// The same with a text: `try base + "dw/dt = -w/tau_w : 1"`.
  public static func + (lhs: Equations, rhs: String) throws(EquationError) -> Equations { try lhs + Equations(source: SourceText(rhs)) }
}

extension Equations: Hashable {
  public static func == (lhs: Equations, rhs: Equations) -> Bool { lhs.all == rhs.all && lhs.problem == rhs.problem }
  public func hash(into hasher: inout Hasher) { hasher.combine(all) }
}

extension Equations: LocatedText {}

extension Equations: CustomStringConvertible {
  /// The canonical form: one equation a line, in the fixed order, with base units.
  public var description: String { all.map(\.description).joined(separator: "\n") }
}

extension Equations: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self.init(reading: SourceText(value)) }
  /// Equations whose text has values from Swift in it.
  public init(stringInterpolation: Interpolation) { self.init(reading: SourceText(stringInterpolation.text)) }

  /// Values are inserted exactly, with their units, in parentheses; text is inserted as it is.
  public struct Interpolation: StringInterpolationProtocol {
    var text = ""
    /// An empty text with room for what comes.
    public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity + 16 * interpolationCount) }
    /// Text as it stands.
    public mutating func appendLiteral(_ literal: String) { text += literal }
    /// A value with all its digits and its unit, in parentheses.
    public mutating func appendInterpolation(_ value: some QuantityConvertible) { text += Equations.exactText(of: value.quantity) }
    /// A piece of text as it stands: a name, or a whole line.
    public mutating func appendInterpolation(_ part: String) { text += part }
    /// The text of other equations.
    public mutating func appendInterpolation(_ equations: Equations) { text += equations.source.text }
    /// An expression, in parentheses.
    public mutating func appendInterpolation(_ expression: Expression) { text += "(\(expression))" }
  }

  /// Model text with exactly this value.
  static func exactText(of value: Quantity) -> String {
    let number = value.si.isNaN ? "inf - inf" : "\(value.si)"
    return value.isDimensionless ? "(\(number))" : "(\(number)*\(value.dimension.baseUnitText))"
  }
}

extension Equations: Codable {
  private enum Key: String, CodingKey { case text, canonical }

  /// The text with inserted values, which is all there is to know, and the canonical form for readers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(source.text, forKey: .text)
    try container.encode(description, forKey: .canonical)
  }

  /// Reads the text again; a canonical form that is not that of the text is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let read = Equations(reading: SourceText(try container.decode(String.self, forKey: .text)))
    if let problem = read.problem {
      throw DecodingError.dataCorruptedError(forKey: .text, in: container, debugDescription: problem.description)
    }
    let canonical = try container.decode(String.self, forKey: .canonical)
    guard canonical == read.description else {
      throw DecodingError.dataCorruptedError(forKey: .canonical, in: container, debugDescription: "the stored canonical form is not that of the stored text")
    }
    self = read
  }
}
