internal import EngramEquations
internal import EngramExpressions
internal import EngramModelFiles
internal import EngramModels
internal import EngramSimulation
internal import EngramUnits

extension Explanation {
  var fields: [(String, JSONText)] {
    [
      ("network", .string(name)), ("file", .string(fileText)), ("models", .list(models.owners.map(\.json))),
      (
        "schedule",
        .list(
          schedule.entries.map { entry in
            .object([
              ("object", .string(entry.name)), ("type", .string(entry.type)), ("slot", .string(entry.slot.rawValue)), ("order", .count(entry.order)),
              ("dt", entry.dt.map { .number($0.si) } ?? .null), ("active", .boolean(entry.isActive)),
            ])
          })
      ),
      (
        "recorded_per_second",
        .list(recordedPerSecond.items.map { .object([("monitor", .string($0.monitor)), ("bytes", .count($0.byteCount))]) })
      ),
      ("arrays", .list(arrayBytes.map { .object([("object", .string($0.object)), ("bytes", .count($0.byteCount))]) })),
      (
        "kernels",
        .list(kernels.map { .object([("object", .string($0.object)), ("purpose", .string($0.purpose)), ("program", .string($0.program))]) })
      ),
    ]
  }
}

extension OwnerExplanation {
  var json: JSONText {
    .object([
      ("object", .string(name)), ("kind", .string(kind)), ("equations", .list(equations.map(\.json))),
      (
        "integration",
        integration.map { integration in
          .object([
            ("method", .string(integration.method)), ("reason", .string(integration.reason)),
            ("statements", .list(integration.statements.map { .string($0.description) })),
          ])
        } ?? .null
      ),
      ("event_driven", .list(eventDriven.map(JSONText.string))), ("code", .list(code.map(\.json))),
    ])
  }
}

extension EquationExplanation {
  var json: JSONText {
    .object([
      ("name", .string(equation.name)), ("kind", .string(equation.kind.rawValue)), ("text", .string(equation.description)),
      ("unit", .string(equation.type == .float ? equation.dimension.readableUnit : equation.type.rawValue)),
      ("flags", .list(equation.flags.map(\.rawValue).sorted().map(JSONText.string))), ("tree", tree?.json ?? .null),
      ("substituted", substituted?.json ?? .null),
    ])
  }
}

extension CodeExplanation {
  var json: JSONText {
    .object([
      ("object", .string(object)), ("purpose", .string(purpose)),
      (
        "lines",
        .list(
          lines.map { line in
            .object([
              ("target", line.statement.map { .string($0.target) } ?? .null), ("operator", line.statement.map { .string($0.operator.rawValue) } ?? .null),
              ("value", line.value.json),
            ])
          })
      ),
    ])
  }
}

extension ExplainedExpression {
  /// The text, and the tree: what stands at each place, what it measures, and its parts.
  var json: JSONText { .object([("text", .string(expression.description))] + fields) }

  private var fields: [(String, JSONText)] {
    var fields: [(String, JSONText)] = [("label", .string(label)), ("unit", .string(unit)), ("type", .string(info.type.rawValue))]
    if let value { fields.append(("value", .number(value.si))) }
    if !parts.isEmpty { fields.append(("parts", .list(parts.map { .object($0.fields) }))) }
    return fields
  }
}
