public import EngramExpressions
public import EngramScalars

/// Names that nothing explains (NSP-3).
public struct UnresolvedIdentifierError: ExplainedError, Hashable, Sendable {
  /// The first of them.
  public let identifier: String
  /// The object whose text has the name.
  public let owner: String
  /// The name that was probably meant.
  public let nearest: String?
  /// All of them with their places, where the text is at hand.
  public let problems: Problems?

  init(identifier: String, owner: String, nearest: String?, problems: Problems? = nil) {
    self.identifier = identifier
    self.owner = owner
    self.nearest = nearest
    self.problems = problems
  }

  /// - Parameter names: not empty.
  init(_ names: [String], in request: CodeRequest, known: NameResolution.KnownNames) {
    let owner = request.owner.name
    var problems: [Problem] = []
    for name in names {
      guard let source = request.source, let place = request.place(of: name, in: source) else { continue }
      let explanation = request.owner.explainMissing(name) ?? UnresolvedNames.explanation(of: name)
      let hint =
        explanation == nil
        ? UnresolvedNames.hint(name, isCall: place.isCall, isUnit: place.isUnit, candidates: place.isCall ? known.functions : known.values) : nil
      problems.append(
        Problem(.unresolvedName, explanation ?? Self.explanation(name, owner: owner), at: place.span, hint: hint, name: name))
    }
    let first = problems.min { $0.span.lower < $1.span.lower }?.name ?? names.first ?? ""
    self.init(
      identifier: first, owner: owner, nearest: EngramScalars.nearest(first, in: known.values),
      problems: request.source.flatMap { problems.isEmpty ? nil : Problems(problems, in: $0) })
  }

  private static func explanation(_ name: String, owner: String) -> String {
    if name == "lastupdate" {
      return "'lastupdate' is not known to '\(owner)': it exists only in synapses with event-driven equations"
    }
    return "'\(name)' is not defined for '\(owner)': it is no variable of it, no unit, constant or default function, and neither in "
      + "its namespace nor in that of the run"
  }

  public var description: String {
    if let problems { return problems.description }
    return Self.explanation(identifier, owner: owner) + (nearest.map { "; did you mean '\($0)'?" } ?? "")
  }
}

extension CodeRequest {
  /// Where a name stands in the text from which the code was parsed; code that was made by the simulator stands nowhere.
  fileprivate func place(of name: String, in source: SourceText) -> (span: SourceSpan, isCall: Bool, isUnit: Bool)? {
    var found: (span: SourceSpan, isCall: Bool, isUnit: Bool)?
    func look(at expression: Expression) {
      var units: Set<SourceSpan> = []
      expression.forEach { part in
        var isCall = false
        switch part.node {
        case .name(let other): if other != name { return }
        case .call(let other, _):
          if other != name { return }
          isCall = true
        case .binary(.multiply, let left, let right), .binary(.divide, let left, let right):
          if left.isLiteralNumber { units.insert(right.span) }
          return
        case .float, .integer, .boolean, .unary, .binary: return
        }
        // A call's span holds its arguments, too.
        let span = SourceSpan(part.span.lower, part.span.lower + name.utf8.count)
        if found == nil, source[span] == name { found = (span, isCall, units.contains(part.span)) }
      }
    }
    switch code {
    case .statements(let statements): statements.forEach { look(at: $0.value) }
    case .condition(let expression), .value(let expression): look(at: expression)
    }
    return found
  }
}
