internal import EngramModel
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// Writes a model file as it was understood: defaults filled in, canonical spelling, quantities in SI with a readable unit
/// beside them (MDL-7). Reading the result gives the same network.
struct ModelFileWriter {
  private let file: ModelFile
  private let constants: Namespace
  private let schedule: [Slot]
  private let stepSeconds: Double?
  /// Name of the object that stands at a place of the file.
  private let nameAt: (FilePlace) -> String?
  /// What is to be said about an object, as comment lines.
  private let remarks: (String) -> [String]
  private var lines: [String] = []

  init(
    _ file: ModelFile, constants: Namespace, schedule: [Slot], stepSeconds: Double?, nameAt: @escaping (FilePlace) -> String?,
    remarks: @escaping (String) -> [String]
  ) {
    self.file = file
    self.constants = constants
    self.schedule = schedule
    self.stepSeconds = stepSeconds
    self.nameAt = nameAt
    self.remarks = remarks
  }

  mutating func text() -> String {
    lines = ["engram: \(ModelLanguage.version)", "name: \(file.name)"]
    for (key, text) in file.metadata { write(key, ModelText.node(text), indent: 0) }
    if let stepSeconds { line("dt", Quantity(si: stepSeconds, dimension: .time), indent: 0) }
    switch file.seed {
    case .number(let number): lines.append("seed: \(number)")
    case .entropy: lines.append("seed: entropy")
    case .value(let node): write("seed", node, indent: 0)
    }
    if let dtype = file.dtype { write("dtype", dtype, indent: 0) }
    writeConstants()
    if !file.functions.isEmpty { write("functions", ModelNode(.mapping(file.functions), at: FilePlace(line: 1, column: 1)), indent: 0) }
    lines.append("schedule: [\(schedule.map(\.rawValue).joined(separator: ", "))]")
    if !file.preferences.isEmpty { write("preferences", ModelNode(.mapping(file.preferences), at: FilePlace(line: 1, column: 1)), indent: 0) }
    writeCheckpoints()
    if let storage = file.storage { lines.append("storage: \(storage.rawValue)") }
    if let watch = file.watch { write("watch", watch.node, indent: 0) }
    lines.append("objects:")
    for item in file.objects { write(item, indent: 1) }
    if file.steps.count == 1, let only = file.steps.first, only.node.entries == nil {
      write("run", only.node, indent: 0)
    } else if !file.steps.isEmpty {
      lines.append("run:")
      for step in file.steps { writeItem(step.node, indent: 1, isLanguage: true) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  // ----------------------------------------------------------------------------------------------------------- top level

  private mutating func writeConstants() {
    guard !file.constants.isEmpty else { return }
    lines.append("constants:")
    for entry in file.constants {
      switch constants[entry.key] {
      case .quantity(let quantity)?: line(entry.key, quantity, written: entry.value.scalar?.text, indent: 1)
      case .integer(let number)?: lines.append("  \(entry.key): \(number)")
      case .boolean(let flag)?: lines.append("  \(entry.key): \(flag)")
      case .array?, .function?, nil: write(entry.key, entry.value, indent: 1)
      }
    }
  }

  private mutating func writeCheckpoints() {
    lines.append("checkpoints:")
    let (simulated, wall) = (file.checkpoints.simulated, file.checkpoints.wall)
    lines.append("  every:")
    if let simulated { write("simulated", simulated, indent: 2) }
    if let wall { write("wall", wall, indent: 2) }
    if simulated == nil, wall == nil { lines.append("    wall: 60 second") }
    let (perSimulated, perWall) = (file.checkpoints.keepPerSimulated, file.checkpoints.keepPerWall)
    let last = file.checkpoints.keep ?? RetentionPolicy().automatic
    guard perSimulated != nil || perWall != nil else { return lines.append("  keep: \(last)") }
    lines += ["  keep:", "    last: \(last)"]
    if let perSimulated { write("simulated", perSimulated, indent: 2) }
    if let perWall { write("wall", perWall, indent: 2) }
  }

  private mutating func write(_ item: ObjectItem, indent: Int) {
    let start = lines.count
    let name = item.name ?? nameAt(item.place)
    lines.append(blanks(indent + 1) + "kind: \(item.kind)")
    if let name { lines.append(blanks(indent + 1) + "name: \(name)") }
    for field in item.fields where field.key != "name" {
      let isLanguage = ["connect", "run_regularly", "run_at"].contains(field.key)
      write(field.key, field.value, indent: indent + 1, isLanguage: isLanguage)
    }
    for (key, text) in defaults(of: item) where item[key] == nil { lines.append(blanks(indent + 1) + "\(key): \(text)") }
    lines[start] = blanks(indent) + "- " + lines[start].drop { $0 == " " }
    for remark in name.map(remarks) ?? [] { lines.append(blanks(indent + 1) + "# " + remark) }
  }

  /// What an absent key means, where writing it down changes nothing.
  private func defaults(of item: ObjectItem) -> [(String, String)] {
    let active = ("active", "\(TimingDescription.isUsuallyActive)")
    return switch ModelKind(rawValue: item.kind) {
    case .neuronGroup, .spatialNeuron, .poissonGroup, .poissonInput, .spikeGenerator, .stateMonitor, .rateMonitor: [active]
    case .synapses: (item["source"]?.scalar?.text).map { $0.contains("[") ? [active] : [("target", $0), active] } ?? []
    case .spikeMonitor, .eventMonitor: [("record", "\(EventMonitorDescription.isUsuallyRecording)"), active]
    case .subgroup, .timedArray, .binomialFunction, .clock, .eventClock, .pathway, .networkOperation, nil: []
    }
  }

  // --------------------------------------------------------------------------------------------------------------- nodes

  /// Keys whose mappings have names of the user's as keys.
  private static let userKeys: Set<String> = ["functions", "set", "constants", "namespace", "active", "dt", "link", "rename", "initial", "preferences"]

  private mutating func write(_ key: String, _ node: ModelNode, indent: Int, isLanguage: Bool = false) {
    let head = blanks(indent) + YAMLText.key(key)
    switch node.content {
    case .scalar(let scalar):
      if let quantity = quantity(scalar) { return line(key, quantity, written: scalar.text, indent: indent) }
      if let block = YAMLText.literal(scalar.text) {
        lines.append(head + ": " + block.mark)
        for text in block.lines { lines.append(text.isEmpty ? "" : blanks(indent + 1) + text) }
      } else {
        lines.append(head + ": " + YAMLText.scalar(scalar.text))
      }
    case .list(let items):
      if let flow = flow(node) { return lines.append(head + ": " + flow) }
      lines.append(head + ":")
      for item in items { writeItem(item, indent: indent + 1, isLanguage: isLanguage) }
    case .mapping(let entries):
      if entries.isEmpty { return lines.append(head + ": {}") }
      lines.append(head + ":")
      for entry in entries {
        let name = isLanguage ? ModelLanguage.spelling(entry.key) : entry.key
        write(name, entry.value, indent: indent + 1, isLanguage: isLanguage && !Self.userKeys.contains(name))
      }
    }
  }

  /// An item of a list whose first line carries the dash.
  private mutating func writeItem(_ node: ModelNode, indent: Int, isLanguage: Bool) {
    let start = lines.count
    if let entries = node.entries, !entries.isEmpty {
      for entry in entries {
        let name = isLanguage ? ModelLanguage.spelling(entry.key) : entry.key
        write(name, entry.value, indent: indent + 1, isLanguage: isLanguage && !Self.userKeys.contains(name))
      }
      lines[start] = blanks(indent) + "- " + lines[start].drop { $0 == " " }
    } else {
      lines.append(blanks(indent) + "- " + (flow(node) ?? "{}"))
    }
  }

  /// Lists of texts and of such lists, on one line.
  private func flow(_ node: ModelNode) -> String? {
    switch node.content {
    case .scalar(let scalar): return quantity(scalar)?.exactText ?? YAMLText.scalar(scalar.text, inFlow: true)
    case .mapping: return nil
    case .list(let items):
      var parts: [String] = []
      for item in items {
        guard let part = flow(item) else { return nil }
        parts.append(part)
      }
      return "[" + parts.joined(separator: ", ") + "]"
    }
  }

  /// A value with a unit; plain numbers and words stay as they are written.
  private func quantity(_ scalar: ScalarText) -> Quantity? {
    let text = scalar.text.trimmingWhitespace()
    guard let first = text.first, first.isNumber || "+-.".contains(first), let quantity = try? Quantity.parse(text),
      !quantity.dimension.isDimensionless
    else { return nil }
    return quantity
  }

  private mutating func line(_ key: String, _ quantity: Quantity, written: String? = nil, indent: Int) {
    let text = blanks(indent) + YAMLText.key(key) + ": " + quantity.exactText
    let readable = quantity.description.replacing(". ", with: " ")
    let isPlain = quantity.dimension.isDimensionless || readable == quantity.exactText
    let isExpression = written.map { (try? Quantity.parse($0.trimmingWhitespace())) == nil && !$0.contains("\n") } ?? false
    let remark = isExpression ? written?.trimmingWhitespace() : isPlain ? nil : readable
    lines.append(remark.map { "\(text)  # \($0)" } ?? text)
  }

  private func blanks(_ indent: Int) -> String { String(repeating: "  ", count: indent) }
}

extension ModelText {
  static func node(_ text: String) -> ModelNode {
    let place = FilePlace(line: 1, column: 1)
    return ModelNode(.scalar(ScalarText(text)), at: place)
  }
}
