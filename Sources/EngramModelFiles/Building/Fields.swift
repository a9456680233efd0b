internal import EngramEquations
internal import EngramExpressions
internal import EngramModel
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// The fields of one object of a model file, read into what the Swift initialisers take.
struct Fields {
  let item: ObjectItem
  let builder: ModelBuilder

  var reader: ValueReader { builder.reader }
  var problems: ProblemCollector { builder.problems }

  subscript(key: String) -> ModelNode? { item[key] }

  // ---------------------------------------------------------------------------------------------------------- common keys

  /// The name that the file gives, or the pattern of names of the kind.
  var name: String { name(ModelKind(rawValue: item.kind)?.usualName ?? "") }

  func name(_ pattern: String) -> String {
    guard let node = item["name"], let text = node.scalar?.text else { return pattern }
    do { _ = try ObjectName(validating: text) } catch {
      problems.report("\(error)", at: node)
      return pattern
    }
    return text
  }

  var dt: Time? { item["dt"].flatMap { reader.time($0, "dt") } }
  func order(_ standard: Int = TimingDescription.usualOrder) -> Int { item["order"].flatMap { reader.integer($0, "order") } ?? standard }
  func when(_ standard: Slot) -> Slot { item["when"]?.scalar.map { Slot($0.text) } ?? standard }

  /// - Parameters:
  ///   - slot: the usual one.
  ///   - isFree: whether the file may give another one.
  func timing(slot: Slot, isFree: Bool = true) throws -> TimingDescription {
    let (step, clock) = (dt, item["clock"].flatMap { builder.clock($0) })
    if step != nil, clock != nil { throw ClockError.bothDtAndClock }
    let choice =
      step.map { ClockChoice.own(step: $0.quantity) } ?? clock.map { .named($0) } ?? .usual
    return TimingDescription(clock: choice, when: isFree ? when(slot) : slot, order: order())
  }

  /// Slot and order of what has both or none.
  var place: PlaceInStep? {
    guard let when = item["when"]?.scalar?.text else {
      if let order = item["order"] { problems.report("'order' is given without 'when'", at: order) }
      return nil
    }
    return PlaceInStep(Slot(when), order: order())
  }

  func count(_ key: String = "N") -> Int? {
    guard let node = item[key], let count = reader.integer(node, key) else { return nil }
    guard count >= 1, count <= Int(Int32.max) else {
      problems.report(
        "'\(key)' is from 1 to \(Int32.max), found \(count)", at: node,
        hint: count > 1 ? "one variable of \(count) elements would take \(Self.bytes(count)) bytes" : nil)
      return nil
    }
    return count
  }

  private static func bytes(_ count: Int) -> String {
    let (product, overflow) = count.multipliedReportingOverflow(by: 8)
    return overflow ? "more than \(Int.max)" : "\(product)"
  }

  // --------------------------------------------------------------------------------------------------------------- texts

  func expression(_ key: String) -> ModelExpression? {
    guard let node = item[key] else { return nil }
    return reader.text(node, key).map { ModelExpression($0) }
  }

  func code(_ key: String) -> ModelCode? {
    guard let node = item[key] else { return nil }
    return code(node, key)
  }

  func code(_ node: ModelNode, _ key: String) -> ModelCode? { reader.text(node, key).map { ModelCode($0) } }

  /// `model`: a text, `{text, replace}` (EQN-15), or a list of these, one behind the other.
  func equations(_ key: String = "model") throws -> Equations? {
    guard let node = item[key] else { return Equations("") }
    guard let items = node.items else { return try equations(in: node, key).map { try joined($0) } }
    var all: [Equations] = []
    for item in items {
      guard let part = try equations(in: item, key) else { return nil }
      all += part
    }
    return try joined(all)
  }

  private func joined(_ parts: [Equations]) throws -> Equations {
    if parts.count == 1, let only = parts.first { return only }
    return try Equations(source: SourceText(joining: parts.map(\.source)))
  }

  /// A text once, or once for each set of replacements.
  private func equations(in node: ModelNode, _ key: String) throws -> [Equations]? {
    guard node.entries != nil else { return try reader.text(node, key).map { [try Equations(source: $0)] } }
    let fields = FileReader(problems: problems).fields(node, table: ModelLanguage.replacedText, of: "'\(key)'")
    guard let text = fields.first(where: { $0.key == "text" })?.value, let source = reader.text(text, "text") else { return nil }
    let replace = fields.first { $0.key == "replace" }?.value
    return try (replace?.items ?? [replace].map { $0 ?? ModelNode(.mapping([]), at: node.place) }).map { set in
      if set.entries == nil { problems.report("'replace' is a mapping of names to what replaces them, or a list of such mappings", at: set) }
      return try Equations(source: source, replacing: replacements(set))
    }
  }

  private func replacements(_ set: ModelNode) -> [String: Replacement] {
    var replacements: [String: Replacement] = [:]
    for entry in set.entries ?? [] {
      // Also the name of a constant: its value may change between runs, or be another one in the object's own namespace.
      if let text = entry.value.scalar?.text, text.isName, UnitCatalogue.standard.lookup(text) == nil {
        replacements[entry.key] = .name(text)
      } else if let quantity = reader.quantity(entry.value, entry.key) {
        replacements[entry.key] = .value(quantity)
      }
    }
    return replacements
  }

  var namespace: Namespace? {
    guard let node = item["namespace"] else { return nil }
    return builder.namespace(node, "namespace")
  }

  // -------------------------------------------------------------------------------------------------------------- methods

  var method: IntegrationMethod? {
    guard let node = item["method"] else { return .automatic }
    if let items = node.items {
      let names = items.compactMap { reader.word($0, "method") }
      return names.count == items.count ? .firstOf(names) : nil
    }
    if node.entries != nil {
      let fields = FileReader(problems: problems).fields(
        node, table: ModelLanguage.scheme, of: "'method'")
      guard let text = fields.first(where: { $0.key == "explicit" })?.value, let source = reader.text(text, "explicit") else { return nil }
      var noise = NoiseSupport.none
      if let node = fields.first(where: { $0.key == "noise" })?.value, let word = reader.word(node, "noise") {
        guard let support = NoiseSupport(rawValue: word) else {
          problems.report("'noise' is none, additive or multiplicative, found '\(word)'", at: node)
          return nil
        }
        noise = support
      }
      let name = fields.first(where: { $0.key == "name" })?.value.scalar?.text ?? "explicit"
      let method = IntegrationMethod.scheme(.init(source.text, noise: noise, name: name))
      do { _ = try method.choice } catch {
        builder.report(error, at: text.place, what: "the integration scheme")
        return nil
      }
      return method
    }
    return reader.word(node, "method").map { .named($0) }
  }

  var methodOptions: MethodOptions {
    var options = MethodOptions()
    for entry in item["method_options"]?.entries ?? [] {
      switch reader.value(entry.value, entry.key) {
      case .boolean(let flag)?: options.values[entry.key] = .boolean(flag)
      case .quantity(let quantity)? where quantity.dimension == .dimensionless:
        let integer = entry.value.scalar.flatMap { Int($0.text) }
        options.values[entry.key] = integer.map { .integer($0) } ?? .real(quantity.si)
      case .expression(let source)?: options.values[entry.key] = .text(source.text)
      case .quantity?, .array?, .booleans?, .matrix?:
        problems.report("'\(entry.key)' is true or false, a number or a word, found \(entry.value.kindName)", at: entry.value)
      case nil: break
      }
    }
    return options
  }

  var scalarTypes: ScalarTypes {
    guard let node = item["dtype"] else { return builder.types }
    var types = builder.types
    if let entries = node.entries {
      for entry in entries {
        guard let type = scalarType(entry.value) else { continue }
        if entry.key == ScalarTypes.allFloats { types.floats = type } else { types.byName[entry.key] = type }
      }
    } else if let type = scalarType(node) {
      guard type.isFloat else {
        problems.report("'dtype' for all float variables is float64 or float32, found \(type)", at: node)
        return types
      }
      types.floats = type
    }
    return types
  }

  private func scalarType(_ node: ModelNode) -> ScalarType? {
    guard let word = reader.word(node, "dtype") else { return nil }
    guard let type = ScalarType(rawValue: word) else {
      let known = ScalarType.allCases.map(\.rawValue)
      problems.report("'\(word)' is not a number type", at: node, hint: ProblemCollector.suggestion(word, known) ?? "types: \(known.joined(separator: ", "))")
      return nil
    }
    return type
  }
}
