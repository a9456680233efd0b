internal import EngramExpressions
internal import EngramScalars
internal import EngramUnits

/// From a text to equations in their fixed order, with all problems found on the way.
struct EquationReader {
  private(set) var ordered: [SingleEquation] = []
  private(set) var problems: [Problem] = []
  private let source: SourceText

  init(_ source: SourceText) {
    self.source = source
    guard source.byteCount <= SourceText.maximumByteCount else {
      problems = [
        Problem(.limit, "the text is too long", at: .none, expected: ["at most \(SourceText.maximumByteCount) bytes"], found: "\(source.byteCount) bytes")
      ]
      return
    }
    let scanner = EquationScanner(source.text)
    problems = scanner.problems
    var equations: [SingleEquation] = []
    var seen: Set<String> = []
    for raw in scanner.equations {
      guard let equation = read(raw, scanner) else { continue }
      if seen.insert(equation.name).inserted {
        equations.append(equation)
      } else {
        problems.append(.duplicate(equation.name, at: equation.nameSpan))
      }
    }
    checkNoise(equations)
    order(equations)
  }

  // MARK: One equation

  private mutating func read(_ raw: RawEquation, _ scanner: EquationScanner) -> SingleEquation? {
    guard let (kind, name, nameSpan) = readHead(raw, scanner) else { return nil }
    EquationNames.check(name, at: nameSpan, into: &problems)
    var expression: Expression?
    if let range = raw.expression {
      do throws(Problems) {
        expression = try ExpressionParser.parse(source, in: SourceSpan(range.lowerBound, range.upperBound))
      } catch { report(error, in: raw, range, scanner) }
    }
    var unit = UnitSpecification(dimension: .dimensionless, type: .float)
    let unitSpan = SourceSpan(raw.unit.lowerBound, raw.unit.upperBound)
    do throws(Problems) { unit = try UnitSpecification.parse(source, in: unitSpan) } catch { problems += error.problems }
    if kind == .differential, unit.type != .float { problems.append(.notFloat(name, type: unit.type, at: unitSpan)) }
    let flags = readFlags(raw, scanner, name: name)
    // A name that is only forbidden, or has a wrong unit, still defines something: others may refer to it.
    if raw.expression != nil, expression == nil { return nil }
    return SingleEquation(
      kind: kind, name: name, dimension: unit.dimension, type: unit.type, expression: expression, flags: Set(flags.keys), nameSpan: nameSpan,
      flagSpans: flags, span: raw.whole)
  }

  /// A right-hand side that does not parse because its last line is the next equation, whose predecessor lacks a unit.
  private mutating func report(_ error: Problems, in raw: RawEquation, _ range: Range<Int>, _ scanner: EquationScanner) {
    if let lastBreak = scanner.bytes[range].lastIndex(where: \.isNewline) {
      let lastLine = scanner.trimmed(lastBreak..<range.upperBound)
      if scanner.text(lastLine).isName {
        let first = scanner.trimmed(raw.head.lowerBound..<lastBreak)
        problems.append(.missingUnit(first, head: scanner.text(first), hasRightSide: true))
        return
      }
    }
    problems += error.problems
  }

  private mutating func readHead(_ raw: RawEquation, _ scanner: EquationScanner) -> (kind: EquationKind, name: String, span: SourceSpan)? {
    let head = scanner.text(raw.head)
    let span = SourceSpan(raw.head.lowerBound, raw.head.upperBound)
    if head.isEmpty {
      problems.append(.missingName(at: raw.head.lowerBound))
      return nil
    }
    if raw.expression == nil, let comparison = head.utf8.firstIndex(of: UInt8(ascii: "=")) {
      let offset = raw.head.lowerBound + head.utf8.distance(from: head.utf8.startIndex, to: comparison)
      problems.append(.comparisonAsDefinition(at: offset))
      return nil
    }
    if let slash = head.utf8.firstIndex(of: UInt8(ascii: "/")) {
      let above = head[..<slash].trimmed
      let below = head[head.utf8.index(after: slash)...].trimmed
      if let (order, name) = Self.higherDerivative(above, below) {
        problems.append(.higherDerivative(span, order: order, name: name))
        return nil
      }
      let name = String(above.dropFirst())
      guard above.hasPrefix("d"), name.isName || name.utf8.first.map({ (48...57).contains($0) }) == true else {
        problems.append(.wrongHead(span, found: head))
        return nil
      }
      let nameSpan = SourceSpan(raw.head.lowerBound + 1, raw.head.lowerBound + 1 + name.utf8.count)
      guard below == "dt" else {
        problems.append(.notWithRespectToTime(span, name: name, found: head))
        return nil
      }
      guard raw.expression != nil else {
        problems.append(.derivativeWithoutRightSide(span, name: name))
        return nil
      }
      return (.differential, name, nameSpan)
    }
    // A digit in front is a matter of names, which says more than "not a left side".
    let looksLikeName = head.utf8.allSatisfy(\.isNamePart)
    guard looksLikeName else {
      problems.append(.wrongHead(span, found: head))
      return nil
    }
    return (raw.expression == nil ? .parameter : .subexpression, head, span)
  }

  /// `d2v/dt2`, `d^2v/dt^2`, `d**2v/dt**2`: the order and the name.
  private static func higherDerivative(_ above: String, _ below: String) -> (order: Int, name: String)? {
    func plain(_ text: String) -> Substring { Substring(text.replacing("**", with: "").replacing("^", with: "").filter { $0 != " " }) }
    let (upper, lower) = (plain(above).dropFirst(), plain(below).dropFirst(2))
    guard above.hasPrefix("d"), plain(below).hasPrefix("dt"), let order = Int(lower), order > 1, upper.hasPrefix(lower) else { return nil }
    let name = String(upper.dropFirst(lower.count))
    return name.isName ? (order, name) : nil
  }

  private mutating func readFlags(_ raw: RawEquation, _ scanner: EquationScanner, name: String) -> [EquationFlag: SourceSpan] {
    var flags: [EquationFlag: SourceSpan] = [:]
    for range in raw.flags {
      let text = scanner.text(range).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      let span = SourceSpan(range.lowerBound, max(range.upperBound, range.lowerBound + 1))
      guard let flag = EquationFlag(rawValue: text) else {
        problems.append(.unknownFlag(text, at: span))
        continue
      }
      if flags[flag] != nil { problems.append(.repeatedFlag(flag, at: span)) }
      flags[flag] = span
    }
    for flag in EquationFlag.allCases {
      for other in EquationFlag.allCases where flag.rawValue < other.rawValue {
        if flags[flag] != nil, let span = flags[other], flag.excluded.contains(other) || other.excluded.contains(flag) {
          problems.append(.excludedFlags(flag, other, name: name, at: span))
        }
      }
    }
    return flags
  }

  // MARK: All equations

  /// EQN-13.
  private mutating func checkNoise(_ equations: [SingleEquation]) {
    var plainUsers: [SingleEquation] = []
    for equation in equations {
      let noises = (equation.expression?.variableNames ?? []).filter(Equations.isNoiseName)
      if equation.kind == .differential {
        if noises.contains("xi") { plainUsers.append(equation) }
      } else {
        for noise in noises { problems.append(.noiseOutside(noise, equation: equation, at: equation.expression?.place(of: noise) ?? equation.nameSpan)) }
      }
    }
    if plainUsers.count > 1 {
      problems.append(.plainNoiseTwice(plainUsers.map(\.name), at: plainUsers[1].expression?.place(of: "xi") ?? plainUsers[1].nameSpan))
    }
  }

  /// EQN-10, EQN-11.
  private mutating func order(_ equations: [SingleEquation]) {
    let (inOrder, waiting) = Self.inOrder(equations)
    ordered = inOrder
    if let first = waiting.first { problems.append(Self.cycle(among: waiting, from: first)) } else { checkSizes() }
  }

  /// Repeatedly takes the first subexpression by name whose own dependencies are done; differential equations and parameters come behind them.
  ///
  /// - Returns: all of them, and the subexpressions among them that wait for each other, which come behind the others.
  static func inOrder(_ equations: [SingleEquation]) -> (ordered: [SingleEquation], waiting: [SingleEquation]) {
    let sorted = equations.sorted { $0.name < $1.name }
    var ordered: [SingleEquation] = []
    var waiting = sorted.filter { $0.kind == .subexpression }
    var pending = Set(waiting.map(\.name))
    // What each waits for, and who waits for each: no equation is looked at again before something has changed for it.
    var missing = waiting.map { $0.expression.map { pending.intersection($0.identifiers).count } ?? 0 }
    var users: [String: [Int]] = [:]
    for (place, equation) in waiting.enumerated() {
      for name in equation.expression?.identifiers ?? [] where pending.contains(name) { users[name, default: []].append(place) }
    }
    var ready = PlaceQueue(missing.indices.filter { missing[$0] == 0 })
    while let place = ready.removeFirst() {
      ordered.append(waiting[place])
      pending.remove(waiting[place].name)
      for user in users[waiting[place].name] ?? [] {
        missing[user] -= 1
        if missing[user] == 0 { ready.insert(user) }
      }
    }
    waiting.removeAll { !pending.contains($0.name) }
    return (ordered + waiting + sorted.filter { $0.kind == .differential } + sorted.filter { $0.kind == .parameter }, waiting)
  }

  /// What is wrong with subexpressions that wait for each other.
  static func cycle(among waiting: [SingleEquation], from first: SingleEquation) -> Problem {
    let circle = circle(from: first, among: Dictionary(waiting.map { ($0.name, $0) }) { a, _ in a })
    let start = waiting.first { $0.name == circle[0] } ?? first
    return .cycle(circle, at: start.nameSpan)
  }

  /// The names of one circle, beginning with the smallest.
  private static func circle(from start: SingleEquation, among equations: [String: SingleEquation]) -> [String] {
    var path: [String] = []
    var current = start.name
    while !path.contains(current) {
      path.append(current)
      current = (equations[current]?.expression?.variableNames.first { equations[$0] != nil }) ?? current
    }
    let circle = Array(path[(path.firstIndex(of: current) ?? 0)...])
    let smallest = circle.indices.min { circle[$0] < circle[$1] } ?? 0
    return Array(circle[smallest...] + circle[..<smallest])
  }

  /// Chains such as `b = a + a`, `c = b + b`, … double with every line.
  private mutating func checkSizes() {
    var inserted: [String: Expression] = [:]
    for equation in ordered {
      guard let expression = equation.expression else { continue }
      do throws(FormulaTooLarge) {
        let whole = try expression.substituting(inserted)
        if equation.kind == .subexpression, !equation.flags.contains(.constantOverStep) { inserted[equation.name] = whole }
      } catch { problems.append(.tooDeep(equation.name, at: equation.nameSpan)) }
    }
  }
}

extension Expression {
  /// Where the name is first used.
  func place(of name: String) -> SourceSpan? {
    var found: SourceSpan?
    forEach { part in
      if found == nil, case .name(name) = part.node { found = part.span }
    }
    return found
  }
}
