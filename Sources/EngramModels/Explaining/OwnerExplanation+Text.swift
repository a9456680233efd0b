internal import EngramEquations
internal import EngramExpressions
internal import EngramSimulation

extension NetworkExplanation: CustomStringConvertible {
  public var description: String { owners.map(\.description).joined(separator: "\n\n") }
}

extension OwnerExplanation: CustomStringConvertible {
  /// For people, with a line for each fact.
  public var description: String { (["\(name) (\(kind))"] + lines.map { $0.isEmpty ? "" : "  " + $0 }).joined(separator: "\n") }

  /// The same without the name.
  package var lines: [String] {
    var lines: [String] = []
    if !equations.isEmpty { lines += ["equations, with the unit of each part:"] + equations.flatMap { indented($0.lines) } }
    lines += integrationLines
    for part in code { lines += ["\(part.title):"] + indented(part.table) }
    return lines
  }

  private var integrationLines: [String] {
    var lines: [String] = []
    if let integration {
      let isChosen = !integration.reason.isEmpty
      let why = !isChosen ? "which the model names" : integration.passedOver.isEmpty ? "the first choice" : "the first that fits"
      lines.append("integrated by '\(integration.method)', \(why)")
      lines += integration.passedOver.map { "not by '\($0.method)': \($0.explanation)" }
      lines += integration.matrices.map { matrix in
        "\(matrix.columns.first?.name ?? "") and so on: the matrix exponential of \(matrix.variables.joined(separator: ", ")) over dt, computed when a run starts"
          + (matrix.isUniform ? "" : ", once for each set of parameters")
      }
    }
    if !eventDriven.isEmpty {
      lines.append("\(eventDriven.joined(separator: ", ")): solved exactly over the time since the last spike, when one arrives")
    }
    return lines.flatMap { wrapped($0) }
  }
}

extension EquationExplanation {
  /// The equation, its tree, and what it becomes when subexpressions are inserted.
  fileprivate var lines: [String] {
    var lines = wrapped(equation.readableText)
    guard let tree else { return lines }
    // A name or a number is its own tree.
    lines += indented(tree.drawing.split(separator: "\n").map(String.init))
    if let substituted {
      let left = equation.kind == .differential ? "d\(equation.name)/dt" : equation.name
      lines += indented(wrapped("with subexpressions inserted: \(left) = \(substituted.expression)"))
    }
    return lines
  }
}

extension CodeExplanation {
  fileprivate var title: String {
    switch purpose {
    case "stateupdate": "each step (\(object))"
    case "threshold": "event when (\(object))"
    case "reset": "for elements with the event (\(object))"
    case "pathway": "for each synapse of a spike (\(object))"
    case "summed": "each step, summed over synapses (\(object))"
    case "subexpressions": "each step before everything else (\(object))"
    default: "code (\(object))"
    }
  }

  /// Statement by statement with the unit of its value.
  fileprivate var table: [String] {
    let texts = lines.map { wrapped($0.description) }
    let width = min(72, texts.map { $0.last?.count ?? 0 }.max() ?? 0)
    return zip(texts, lines).flatMap { text, line in
      let last = text.last ?? ""
      return text.dropLast() + [last + String(repeating: " ", count: max(0, width - last.count)) + "  " + line.value.unit]
    }
  }
}

private func indented(_ lines: [String]) -> [String] { lines.map { "  " + $0 } }

/// Lines of at most 100 characters where there are blanks to break at; what follows the first is indented.
private func wrapped(_ text: String) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    if !line.isEmpty, line.count + 1 + word.count > 100 {
      lines.append(line)
      line = "    " + word
    } else {
      line += (line.isEmpty ? "" : " ") + word
    }
  }
  return lines + [line]
}
