internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits
internal import OrderedCollections

/// Functions that a file defines by formulas.
extension ModelBuilder {
  /// `f: {arguments: [x, y], units: [volt, 1], expression: "…"}`, or shorter `f(x, y): "…"`.
  func define(_ entry: ModelNode.Entry) {
    let (name, short) = Self.parts(entry.key)
    guard reader.functions.all[name] == nil else {
      problems.report("there are two functions '\(name)'", at: entry.keyPlace, length: entry.key.count)
      return
    }
    if let message = forbiddenName(name) ?? (name == "xi" ? "'xi' is white noise" : nil) {
      problems.report(message, at: entry.keyPlace, length: name.count)
      return
    }
    var arguments = short ?? []
    var (formula, units): (ModelNode?, ModelNode?) = (entry.value, nil)
    if entry.value.entries != nil {
      let fields = FileReader(problems: problems).fields(
        entry.value, table: short == nil ? ModelLanguage.function : ModelLanguage.functionOfKey, of: "the function '\(name)'")
      func field(_ key: String) -> ModelNode? { fields.first { $0.key == key }?.value }
      (formula, units) = (field("expression"), field("units"))
      if let node = field("arguments") { arguments = words(node, "arguments") }
    } else if short == nil {
      problems.report(
        "the function '\(name)' has no arguments", at: entry.keyPlace, length: name.count, hint: "forms: 'f(x): x**2', or {arguments: [x], expression: x**2}")
      return
    }
    guard let scalar = formula?.scalar else {
      if let formula { problems.report("'expression' is a text, found \(formula.kindName)", at: formula) }
      return
    }
    for argument in arguments where !argument.isName || arguments.filter({ $0 == argument }).count > 1 {
      problems.report("'\(argument)' cannot name an argument: arguments have names, each another one", at: entry.keyPlace, length: entry.key.count)
      return
    }
    let source = reader.source(scalar)
    do throws(Problems) {
      var function = FileFunction(name: name, arguments: arguments, body: try ExpressionParser.parse(source), source: source)
      if let units, !read(units, into: &function) { return }
      reader.functions.add(function)
    } catch { reader.report(error) }
  }

  /// What is wrong with the formula of a function by itself, once the constants are known.
  func check(_ entry: ModelNode.Entry) {
    guard let function = reader.functions.all[Self.parts(entry.key).name] else { return }
    var constants: [String: Symbol] = [:]
    for (name, value) in namespace.values {
      switch value {
      case .quantity(let quantity): constants[name] = .constant(ConstantSymbol(quantity))
      case .integer(let integer): constants[name] = .constant(ConstantSymbol(Double(integer), type: .integer))
      case .boolean(let flag): constants[name] = .constant(ConstantSymbol(flag ? 1 : 0, type: .boolean))
      case .function, .array: break
      }
    }
    do throws(Problems) { try function.check(constants: constants) } catch { reader.report(error) }
  }

  /// A formula that needs a constant of the file must not find a variable of the object under that name.
  func checkFunctions(of group: Group, _ item: ObjectItem) {
    if reader.functions.isEmpty { return }
    let known = Set(group.variables.names).union(group.ownNamespace?.names ?? [])
    var told: Set<String> = []
    for field in item.fields {
      for text in field.value.texts {
        for function in reader.functions.called(in: text) where told.insert(function.name).inserted {
          guard let name = function.neededNames.intersection(known).min() else { continue }
          problems.report(
            "the function '\(function.name)' needs the constant '\(name)', and '\(group.name)' has a variable or constant of its own of that name",
            at: field.value, hint: "hand it over as an argument, or give one of them another name")
        }
      }
    }
  }

  /// `f(x, y)`, or a name alone.
  static func parts(_ key: String) -> (name: String, arguments: [String]?) {
    guard let open = key.firstIndex(of: "("), key.hasSuffix(")") else { return (key, nil) }
    let inner = key[key.index(after: open)...].dropLast()
    let words = inner.split(separator: ",").map { String($0).trimmingWhitespace() }
    return (String(key[..<open]).trimmingWhitespace(), words.filter { !$0.isEmpty })
  }

  private func words(_ node: ModelNode, _ key: String) -> [String] {
    if let items = node.items { return items.compactMap { reader.word($0, key) } }
    return (node.scalar?.text ?? "").split(separator: ",").map { String($0).trimmingWhitespace() }.filter { !$0.isEmpty }
  }

  /// Units by argument, with `result` for the value, or in the order of the arguments with that of the value behind them.
  private func read(_ node: ModelNode, into function: inout FileFunction) -> Bool {
    let names = function.arguments + ["result"]
    var pairs: [(name: String, node: ModelNode)] = []
    if let entries = node.entries {
      pairs = entries.map { ($0.key, $0.value) }
    } else if let items = node.items {
      guard items.count == names.count || items.count == names.count - 1 else {
        problems.report("'units' has one unit for each argument, and one more for the value", at: node)
        return false
      }
      pairs = Array(zip(names, items))
    } else {
      pairs = [("result", node)]
    }
    for (name, node) in pairs {
      guard names.contains(name) else {
        problems.report(
          "'\(function.name)' has no argument '\(name)'", at: node, hint: ProblemCollector.suggestion(name, names) ?? "known: \(names.joined(separator: ", "))")
        return false
      }
      let text = node.scalar?.text.trimmingWhitespace() ?? ""
      let isPlain = ["1", "integer", "boolean"].contains(text)
      guard let dimension = isPlain ? Dimension.dimensionless : reader.unit(node)?.dimension else { return false }
      if name == "result" { function.resultUnit = dimension } else { function.units[name] = dimension }
    }
    return true
  }
}

extension ModelNode {
  /// All texts in the tree.
  var texts: [String] {
    switch content {
    case .scalar(let scalar): [scalar.text]
    case .list(let items): items.flatMap(\.texts)
    case .mapping(let entries): entries.flatMap(\.value.texts)
    }
  }
}
