internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// One thing that a sweep varies, and the values that it takes.
package struct SweepAxis: Codable, Hashable, Sendable {
  /// One value, in the words of model files.
  package struct Value: Codable, Hashable, Sendable {
    /// As a constant, seed, step or value of a branch takes it.
    package var text: String
    /// In the unit of the axis; nil: it is no number.
    package var number: String?

    /// For tables: the number where there is one.
    package var shown: String { number ?? text }
  }

  /// A constant, `seed`, `dt`, or a variable such as `G.v`.
  package var name: String
  /// The unit of the numbers, as it was typed; empty: they have none.
  package var unit: String
  package var values: [Value]

  /// The name of the axis of seeds.
  package static let seed = "seed"

  /// As the head of a column: `w_exc [mV]`.
  package var title: String { unit.isEmpty ? name : "\(name) [\(unit)]" }

  package init(name: String, unit: String, values: [Value]) { (self.name, self.unit, self.values) = (name, unit, values) }
}

/// Reads what a sweep varies: lists, ramps and ranges, as `repeat` of model files takes them, and their short forms of the command line.
package struct SweepAxisReader {
  private let reader: ValueReader
  private let text: String

  /// - Parameters:
  ///   - file: whose constants values may be made of; nil: none.
  ///   - fileName: what messages call the text that is read.
  ///   - text: that text, to show the place of a problem.
  package init(constantsOf file: ModelFile?, fileName: String, text: String, files: any ArrayFileReader) {
    let known = file.map { Experiment.constants(of: $0, files: files) }
    var reader = ValueReader(fileName: fileName, problems: ProblemCollector(), files: files, constants: known?.constants ?? [:])
    (reader.arrays, reader.functions) = (known?.arrays ?? [:], known?.functions ?? FileFunctions())
    (self.reader, self.text) = (reader, text)
  }

  /// The mapping `over` of a model file.
  package func axes(_ entries: [ModelNode.Entry]) throws -> [SweepAxis] {
    let axes = entries.compactMap { axis($0.key, $0.value) }
    try throwProblems()
    return axes
  }

  /// `NAME=START:STOP:COUNT`, `NAME=1..5`, `NAME=VALUE,VALUE,…` of the command line.
  package func axes(options: [String]) throws -> [SweepAxis] {
    let axes = options.enumerated().compactMap { number, option -> SweepAxis? in
      let place = FilePlace(line: number + 1, column: 1)
      guard let assignment = BranchChanges.Assignment(assignment: option), !assignment.text.isEmpty else {
        reader.problems.report(
          "expected NAME=VALUES", at: place, length: option.count, hint: "forms: w_exc=1mV:3mV:20, seed=1..5, tau=5ms,10ms,20ms")
        return nil
      }
      let parts = Self.split(assignment.text, at: ":").count
      guard parts == 1 || parts == 3 else {
        reader.problems.report(
          "a ramp has three parts, found \(parts) in '\(assignment.text)'", at: place, length: option.count,
          hint: "\(assignment.name)=FIRST:LAST:NUMBER, such as w_exc=1mV:3mV:20")
        return nil
      }
      return axis(assignment.name, Self.node(assignment.text, at: FilePlace(line: number + 1, column: option.count - assignment.text.count + 1)))
    }
    try throwProblems()
    return axes
  }

  private func throwProblems() throws {
    let found = reader.problems.problems
    if !found.isEmpty { throw ModelFileError(fileName: reader.fileName, problems: found, text: text, subject: "what is swept over") }
  }

  // -------------------------------------------------------------------------------------------------------------- short forms

  /// The node that a file would have for a short form.
  private static func node(_ text: String, at place: FilePlace) -> ModelNode {
    func scalar(_ text: some StringProtocol) -> ModelNode { ModelNode(.scalar(ScalarText(spaced(String(text).trimmingWhitespace()))), at: place) }
    let parts = split(text, at: ":")
    if parts.count == 3 {
      let keys = ["start", "stop", "count"]
      return ModelNode(.mapping(zip(keys, parts).map { ModelNode.Entry(key: $0, keyPlace: place, value: scalar($1)) }), at: place)
    }
    if text.contains("..") { return scalar(text) }
    return ModelNode(.list(split(text, at: ",").map(scalar)), at: place)
  }

  /// Parts between separators that stand in no brackets.
  private static func split(_ text: String, at separator: Character) -> [String] {
    var parts = [""]
    var depth = 0
    for character in text {
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      if character == separator, depth <= 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    return parts
  }

  /// `1mV` → `1 mV`, as people type it in a shell.
  private static func spaced(_ text: String) -> String {
    let number = text.prefix { $0.isNumber || "+-.".contains($0) }
    let unit = text.dropFirst(number.count)
    guard number.contains(where: \.isNumber), let first = unit.first, first.isLetter, !(first == "e" || first == "E") else { return text }
    return "\(number) \(unit)"
  }

  // ------------------------------------------------------------------------------------------------------------------ values

  private func axis(_ name: String, _ node: ModelNode) -> SweepAxis? {
    let count = reader.problems.problems.count
    let values = name == SweepAxis.seed ? seeds(node) : values(name, node)
    guard reader.problems.problems.count == count else { return nil }
    guard let values, !values.values.isEmpty else {
      reader.problems.report("'\(name)' takes no value here", at: node)
      return nil
    }
    return values
  }

  /// `1..5`, or a list of integers, or what makes one.
  private func seeds(_ node: ModelNode) -> SweepAxis? {
    let all: [String]
    if let range = range(node) {
      all = range.map { "\($0)" }
    } else if let items = node.items {
      all = items.compactMap { item in reader.seed(item, "seed").map { "\($0)" } }
    } else {
      guard let list = reader.integers(node, "seed") else { return nil }
      if let negative = list.first(where: { $0 < 0 }) { reader.problems.report("'seed' is an integer from 0 to 2^64 − 1, found \(negative)", at: node) }
      all = list.map { "\($0)" }
    }
    return SweepAxis(name: SweepAxis.seed, unit: "", values: all.map { SweepAxis.Value(text: $0, number: $0) })
  }

  private static let mostValues = 1_000_000

  /// `1..5`; nil for other forms.
  private func range(_ node: ModelNode) -> ClosedRange<UInt64>? {
    guard let text = node.scalar?.text, let dots = text.firstRange(of: "..") else { return nil }
    let (low, high) = (UInt64(text[..<dots.lowerBound].filter { $0 != " " }), UInt64(text[dots.upperBound...].filter { $0 != " " }))
    guard let low, let high, low <= high, high - low < Self.mostValues else {
      reader.problems.report("a range goes from an integer to a greater one, at most \(Self.mostValues) of them, as 1..5; found '\(text)'", at: node)
      return 0...0
    }
    return low...high
  }

  private func values(_ name: String, _ node: ModelNode) -> SweepAxis? {
    if let range = range(node) { return SweepAxis(name: name, unit: "", values: range.map { .init(text: "\($0)", number: "\($0)") }) }
    if let items = node.items {
      if items.count == 1, let scalar = items[0].scalar, isList(scalar, name) { return values(name, items[0]) }
      return list(name, items)
    }
    if let scalar = node.scalar, !isList(scalar, name) { return list(name, [node]) }
    guard let array = reader.array(node, name) else { return nil }
    let unit = Self.unit(typedIn: node["start"] ?? node["unit"]) ?? Self.unit(of: array)
    return SweepAxis(
      name: name, unit: unit.name,
      values: array.si.map { .init(text: Quantity($0, array.dimension).exactText, number: Self.number($0 / unit.scale)) })
  }

  /// Whether a text is one of lists, such as `linspace(1, 3, 5)*mV`.
  private func isList(_ scalar: ScalarText, _ name: String) -> Bool {
    guard let expression = try? reader.arrayExpression(reader.source(scalar), name, ValueScope()) else { return false }
    return (try? expression.value()).map { !$0.isScalar } ?? true
  }

  private func list(_ name: String, _ items: [ModelNode]) -> SweepAxis? {
    var found: [(text: String, quantity: Quantity?)] = []
    for item in items {
      guard let text = item.scalar?.text.trimmingWhitespace() else {
        reader.problems.report("'\(name)' takes single values, found \(item.kindName)", at: item)
        return nil
      }
      if item.isBoolean || name.contains(".") {
        // What is set may be a formula of its own variables.
        found.append((text, try? Quantity.parse(text)))
      } else {
        guard let quantity = reader.quantity(item, name) else { return nil }
        found.append((text, quantity))
      }
    }
    let quantities = found.compactMap(\.quantity)
    guard quantities.count == found.count, let first = quantities.first, quantities.allSatisfy({ $0.dimension == first.dimension }) else {
      if quantities.count == found.count, let odd = found.first(where: { $0.quantity?.dimension != quantities.first?.dimension }) {
        reader.problems.report("'\(name)' takes values of one unit, but '\(odd.text)' has another than '\(found[0].text)'", at: items[0])
      }
      return SweepAxis(name: name, unit: "", values: found.map { .init(text: $0.text, number: nil) })
    }
    let unit = Self.unit(typedIn: items[0]) ?? Self.unit(of: QuantityArray(si: quantities.map(\.si), dimension: first.dimension))
    let values = zip(found, items).map { value, item in
      // A number that was typed in this unit stays as it was typed.
      let typed = Self.parts(item).flatMap { $0.unit == unit.name ? $0.number : nil }
      return SweepAxis.Value(text: value.text, number: typed ?? Self.number((value.quantity?.si ?? 0) / unit.scale))
    }
    return SweepAxis(name: name, unit: unit.name, values: values)
  }

  // ------------------------------------------------------------------------------------------------------------------- units

  /// `1.5 mV` → `1.5` and `mV`; nil for other texts.
  private static func parts(_ node: ModelNode) -> (number: String, unit: String)? {
    guard let text = node.scalar?.text.trimmingWhitespace() else { return nil }
    let number = text.prefix { $0.isNumber || "+-.".contains($0) }
    let unit = text.dropFirst(number.count).drop { $0 == " " || $0 == "*" }
    guard Double(number) != nil, unit.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "/" || $0 == "^" }), unit.first?.isNumber != true else { return nil }
    return (String(number), String(unit))
  }

  private static func unit(typedIn node: ModelNode?) -> (name: String, scale: Double)? {
    guard let node, let parts = parts(node) else { return nil }
    if parts.unit.isEmpty { return ("", 1) }
    return (try? Quantity.parse("1 \(parts.unit)")).map { (parts.unit, $0.si) }
  }

  private static func unit(of array: QuantityArray) -> (name: String, scale: Double) {
    array.dimension.isDimensionless ? ("", 1) : (array.dimension.unitSymbol, 1)
  }

  /// Without the last digits, which a division by the scale of the unit may have disturbed.
  private static func number(_ value: Double) -> String { shortText(value, digits: 15) }
}
