internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramExport
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// `engram show`: what a checkpoint holds, down to single numbers.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a checkpoint, its objects, or values of a variable.",
    discussion: "Rows come first, and recordings by time. Elements of synapses are chosen as in model files: 'S.w[1, :]' are those of source 1.")

  @Argument(help: "The checkpoint, as DIR@NAME; without a name the newest.") var checkpoint: CheckpointReference
  @Argument(help: "Objects, OBJECT.VARIABLE, or OBJECT.VARIABLE[ROWS] or [ROWS, COLUMNS].", completion: Completions.variable) var items: [String] = []
  @Flag(help: "Statistics instead of values.") var stats = false
  @Flag(name: .customLong("internal"), help: "Include variables whose names begin with an underscore.") var includesInternal = false
  @Flag(help: "Print numbers in SI units with all their digits.") var exact = false
  @Option(help: "How many rows to print at most.") var limit = 20
  @OptionGroup var json: JSONOption

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit is at least 1") }
  }

  func run() throws {
    let open = try checkpoint.look()
    let wanted = try items.map { try Wanted($0, in: open) }
    let live = items.isEmpty && checkpoint.name == "live" ? LiveStatus(try CheckpointPlace(reading: checkpoint.directory), checkpoint.directory) : nil
    if json.isOn {
      let answer = try items.isEmpty ? overview(open, live) : [("items", .list(wanted.map { try value(of: $0, in: open) }))]
      try open.loaded.waitForVerification()
      return try tell(answer)
    }
    if items.isEmpty { try printOverview(open, live) }
    for (number, item) in wanted.enumerated() {
      if number > 0 { try Output.standard.line() }
      try show(item, in: open)
    }
    try open.loaded.waitForVerification()
  }

  // ------------------------------------------------------------------------------------------------------------ overview

  private func printOverview(_ open: OpenCheckpoint, _ live: LiveStatus?) throws {
    if let live {
      try Output.standard.line(live.sentence)
      try Output.standard.line()
    }
    let info = open.loaded.info
    var lines = Table(["", ""])
    func add(_ key: String, _ text: String) { if !text.isEmpty { lines.add([key, text]) } }
    add("checkpoint", ([info.id] + info.names + info.tags.map { "#\($0)" }).joined(separator: ", "))
    add("kind", "\(info.kind)")
    add("comment", info.comment)
    add("network", "\(open.network.name), t = \(simulatedTimeText(open.network.timeSeconds))")
    if let run = open.network.unfinishedRun {
      add("run", "from \(simulatedTimeText(run.startSeconds)) to \(simulatedTimeText(run.endSeconds)), not finished")
    }
    for clock in open.network.clockNames { add("clock", "\(clock): \(info.summary["clock.\(clock)"] ?? "")") }
    add("seed", "\(open.network.seed)")
    add("parent", info.parent ?? "none")
    for change in ChangedBranch(info)?.lines ?? [] { add("branch changed", change) }
    add("created", info.createdText + " UTC")
    add("size", "\(byteText(Int(clamping: info.logicalByteCount))), of which new \(byteText(Int(clamping: info.writtenByteCount)))")
    for (key, text) in open.network.provenance where !["seed", "date"].contains(key) { add(key, text) }
    if let since = open.network.commandsSince, !open.network.commands.isEmpty {
      let shown = open.network.commands.suffix(5)
      let more = open.network.commands.count - shown.count
      add("since \(since)", (more > 0 ? "\(more) more, " : "") + shown.joined(separator: ", "))
    }
    for constant in open.constants { add("constant", "\(constant.name) = \(constant.value.readable)") }
    try Output.standard.text(String(lines.text.drop { $0 == "\n" || $0 == " " }))
    try Output.standard.line()
    var table = Table(["object", "kind", "clock", "slot", "order", "active", "variables"], rightAligned: [4])
    for object in open.network.objects {
      let names = keys(of: object.name, in: open).map(\.variable)
      table.add([
        object.name, object.description?.kind.name ?? object.type, object.clock, object.when, "\(object.order)", object.isActive ? "yes" : "no",
        names.joined(separator: " "),
      ])
    }
    try Output.standard.text(table.text)
  }

  private func overview(_ open: OpenCheckpoint, _ live: LiveStatus?) -> [(String, JSONText)] {
    (live.map { [("live", $0.json)] } ?? []) + [
      ("checkpoint", open.loaded.info.json), ("network", .string(open.network.name)), ("t", .number(open.network.timeSeconds)),
      ("seed", .string("\(open.network.seed)")),
      ("provenance", .object(open.network.provenance.map { ($0.key, .string($0.text)) })),
      ("since", open.network.commandsSince.map(JSONText.string) ?? .null), ("commands", .list(open.network.commands.map(JSONText.string))),
      ("constants", .object(open.constants.map { ($0.name, .string($0.value.modelText)) })),
      ("clocks", .list(open.network.clockNames.map(JSONText.string))),
      (
        "objects",
        .list(
          open.network.objects.map { object in
            .object([
              ("name", .string(object.name)), ("kind", .string(object.description?.kind.name ?? object.type)), ("clock", .string(object.clock)),
              ("when", .string(object.when)), ("order", .count(object.order)), ("active", .boolean(object.isActive)),
              ("variables", .list(keys(of: object.name, in: open).compactMap { StoredValues($0, in: open.arrays).map(header) })),
            ])
          })
      ),
    ]
  }

  private func keys(of owner: String, in open: OpenCheckpoint) -> [StoredKey] {
    open.arrays.keys.filter { $0.owner == owner && (includesInternal || !$0.variable.hasPrefix("_")) }
  }

  private func header(_ values: StoredValues) -> JSONText {
    .object([
      ("variable", .string(values.key.variable)), ("type", .string("\(values.shape.scalarType)")),
      (
        "shape",
        .list(values.isScalar ? [] : values.shape.rowLength == 1 ? [.count(values.shape.rows)] : [.count(values.shape.rows), .count(values.shape.rowLength)])
      ),
      ("unit", .string(values.unitSymbol)), ("dimension", .list(values.metadata.dimension.map(JSONText.number))),
      ("flags", .list(values.flagTexts.map(JSONText.string))),
    ])
  }

  // -------------------------------------------------------------------------------------------------------------- values

  private func show(_ wanted: Wanted, in open: OpenCheckpoint) throws {
    switch wanted {
    case .object(let name):
      if let object = open.network.objects.first(where: { $0.name == name }), let description = object.description {
        try Output.standard.line("\(description.kind.name) \(name)")
        for field in description.fields { try Output.standard.text("  \(field.key.visibleLine): \(indented(field.value.modelText))") }
      } else {
        try Output.standard.line(name)
      }
      var table = Table(["variable", "type", "shape", "unit", "min", "mean", "max", "std", ""], rightAligned: [2, 4, 5, 6, 7])
      let keys = keys(of: name, in: open)
      for key in keys {
        guard let values = StoredValues(key, in: open.arrays) else { continue }
        let statistics = try values.statistics()
        let shown = statistics.isEmpty ? [] : [statistics.minimum, statistics.mean, statistics.maximum]
        let unit = values.readableUnit(for: shown)
        let numbers = (statistics.isEmpty ? [] : shown + [statistics.deviation]).map { values.text(.real($0), in: unit) }
        let remarks = values.flagTexts + (statistics.notANumber > 0 ? ["\(statistics.notANumber) NaN"] : [])
        table.add(
          [key.variable, "\(values.shape.scalarType)", values.shapeText, unitText(unit, values)] + (numbers.isEmpty ? ["", "", "", ""] : numbers)
            + [remarks.joined(separator: ", ")])
      }
      if !keys.isEmpty { try Output.standard.text(table.text) }
    case .variable(let values, let rows, let columns):
      try Output.standard.line(
        "\(values.key)  \(values.shape.scalarType)  \(values.shapeText)  \(values.unitSymbol)"
          + (values.flagTexts.isEmpty ? "" : "  " + values.flagTexts.joined(separator: ", ")))
      if stats { return try printStatistics(values, rows, columns) }
      try printValues(values, rows, columns)
    }
  }

  private func unitText(_ unit: NamedUnit, _ values: StoredValues) -> String {
    values.dimension.isDimensionless ? (unit.quantity.si == 1 ? "1" : unit.symbol) : unit.symbol
  }

  private func indented(_ text: String) -> String {
    text.contains("\n") ? "|\n" + text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n") : text
  }

  private func printStatistics(_ values: StoredValues, _ rows: [Range<Int>], _ columns: [Int]?) throws {
    let statistics = try values.statistics(rows, columns)
    try Output.standard.line("count \(statistics.count)" + (statistics.notANumber > 0 ? ", of which \(statistics.notANumber) NaN" : ""))
    guard !statistics.isEmpty else { return }
    for (name, value) in [("min", statistics.minimum), ("max", statistics.maximum), ("mean", statistics.mean), ("std", statistics.deviation)] {
      let unit = values.readableUnit(for: [value])
      let text = exact ? "\(value) \(values.unitSymbol)" : "\(values.text(.real(value), in: unit)) \(unitText(unit, values))"
      try Output.standard.line("\(name) \(text)")
    }
  }

  private func printValues(_ values: StoredValues, _ rows: [Range<Int>], _ columns: [Int]?) throws {
    let total = rows.reduce(0) { $0 + $1.count }
    if total == 0 { return try Output.standard.line("no rows") }
    let table = try numbers(values, rows, columns, limit: limit)
    let unit = exact ? values.readableUnit(for: [1]) : values.readableUnit(for: table.flatMap { $0.numbers.map(\.asDouble) })
    if !exact, !values.dimension.isDimensionless { try Output.standard.line("in \(unitText(unit, values)):") }
    for (row, numbers) in table {
      let texts = numbers.prefix(20).map { number -> String in
        if exact, case .real(let value) = number { return "\(value)" }
        return values.text(number, in: unit)
      }
      let rest = numbers.count > 20 ? "  … \(numbers.count - 20) more" : ""
      try Output.standard.line((values.isScalar ? "" : "[\(row)]  ") + texts.joined(separator: "  ") + rest)
    }
    if total > table.count { try Output.standard.line("… \(total - table.count) more rows (--limit)") }
  }

  private func numbers(
    _ values: StoredValues, _ rows: [Range<Int>], _ columns: [Int]?, limit: Int
  ) throws -> [(row: Int, numbers: [StoredNumber])] {
    var table: [(row: Int, numbers: [StoredNumber])] = []
    for part in rows {
      let some = part.lowerBound..<min(part.upperBound, part.lowerBound + limit - table.count)
      guard !some.isEmpty else { continue }
      var all: [StoredNumber] = []
      try values.forEach(rows: some) { all.append($0) }
      for (place, row) in some.enumerated() {
        let whole = all[place * values.shape.rowLength..<(place + 1) * values.shape.rowLength]
        table.append((row, columns.map { $0.map { whole[whole.startIndex + $0] } } ?? Array(whole)))
      }
    }
    return table
  }

  private func value(of wanted: Wanted, in open: OpenCheckpoint) throws -> JSONText {
    switch wanted {
    case .object(let name):
      let object = open.network.objects.first { $0.name == name }
      return .object([
        ("object", .string(name)), ("kind", (object?.description?.kind.name).map(JSONText.string) ?? .null),
        ("description", .object((object?.description?.fields ?? []).map { ($0.key, .string($0.value.modelText)) })),
        (
          "variables",
          .list(
            try keys(of: name, in: open).compactMap { StoredValues($0, in: open.arrays) }.map { values in
              guard case .object(let fields) = header(values) else { return .null }
              return .object(fields + [("statistics", try values.statistics().json)])
            })
        ),
      ])
    case .variable(let values, let rows, let columns):
      guard case .object(var fields) = header(values) else { return .null }
      fields.insert(("object", .string(values.key.owner)), at: 0)
      if stats {
        fields.append(("statistics", try values.statistics(rows, columns).json))
      } else {
        let table = try numbers(values, rows, columns, limit: .max / 2)
        let isMatrix = values.shape.rowLength > 1
        if values.isScalar {
          fields.append(("value", table.first?.numbers.first?.json ?? .null))
        } else {
          fields.append(("rows", .list(table.map { .count($0.row) })))
          fields.append(("values", .list(table.map { isMatrix ? .list($0.numbers.map(\.json)) : $0.numbers.first?.json ?? .null })))
        }
      }
      return .object(fields)
    }
  }
}
