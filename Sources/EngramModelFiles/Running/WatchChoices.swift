package import EngramCheckpoints
internal import EngramModels
internal import EngramScalars
package import EngramSimulation
internal import EngramUnits

/// What the command line asks to be watched, in its words.
package struct WatchWishes: Sendable {
  /// Whether values that are no finite numbers end a run.
  package var nan = false
  /// Variables and their bounds, as `G.v` and `-100mV:50mV`.
  package var bounds: [(name: String, text: String)] = []
  /// Groups and rates.
  package var rates: [(name: String, text: String)] = []
  /// Room on the disk, as `5GB`.
  package var disk: String?
  /// Whether what the file says counts.
  package var heedsFile = true

  package init() {}

  /// The same as `watch` of a model file; empty where nothing is asked for.
  var yaml: String {
    var lines: [String] = []
    if nan { lines.append("nan: true") }
    if !bounds.isEmpty {
      lines.append("bounds:")
      lines += bounds.map { name, text in
        let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0).trimmingWhitespace() }
        let known = zip(["from", "to"], ends).filter { !$1.isEmpty }.map { "\($0): \(YAMLText.key($1))" }
        return "  \(YAMLText.key(name)): \(ends.count == 2 ? "{\(known.joined(separator: ", "))}" : YAMLText.scalar(text))"
      }
    }
    if !rates.isEmpty { lines += ["rate:"] + rates.map { "  \(YAMLText.key($0.name)): \(YAMLText.scalar($0.text))" } }
    if let disk { lines.append("disk: \(YAMLText.scalar(disk))") }
    return lines.joined(separator: "\n")
  }
}

/// What ends runs of an experiment: what its file says, and what the call says beside or instead of it.
struct WatchChoices {
  let builder: ModelBuilder
  let network: Network
  /// Names of objects that are there or that steps add.
  private let names: Set<String>

  init(_ builder: ModelBuilder, _ network: Network, steps: [Step] = []) {
    (self.builder, self.network) = (builder, network)
    names = Set(network.allObjects.map(\.name)).union(builder.byName.keys).union(Self.added(by: steps))
  }

  private static func added(by steps: [Step]) -> [String] {
    steps.flatMap { step -> [String] in
      switch step.verb {
      case .add(let items): return items.compactMap(\.name)
      case .repetition(let repetition): return added(by: repetition.steps)
      default: return []
      }
    }
  }

  /// Reports what cannot be watched at its place in the file.
  ///
  /// - Throws: ``ModelFileError`` or `WatchdogSetUpError` about what the call asks for.
  func watchdogs(_ part: WatchPart?, _ options: Experiment.Options) throws -> [Watchdog] {
    var all = options.watching.heedsFile ? part.map(read) ?? [] : []
    let text = options.watching.yaml
    if !text.isEmpty {
      let count = builder.problems.problems.count
      let reader = FileReader(problems: ProblemCollector())
      let given = reader.watch(try ModelText.parse(Array(text.utf8), fileName: Self.given))
      all += read(given)
      let found = reader.problems.problems + builder.problems.takeBack(from: count)
      if !found.isEmpty { throw ModelFileError(fileName: Self.given, problems: found, text: text, subject: "what is to be watched") }
    }
    for watchdog in options.watchdogs {
      for name in watchdog.objectNames where !names.contains(name) {
        throw WatchdogSetUpError.unknown(name, what: "such object", nearest: nearest(name, in: names))
      }
      try network.check(watchdog)
    }
    return all + options.watchdogs
  }

  /// What messages call the words of the command line.
  private static let given = "watch"

  private func read(_ part: WatchPart) -> [Watchdog] {
    var found: [Watchdog] = []
    func add(_ subject: Watchdog.Subject, at node: ModelNode) {
      guard let subject = builder.numbered(subject, at: node) else { return }
      let watchdog = Watchdog(subject)
      for name in watchdog.objectNames where !names.contains(name) {
        if !builder.hasFailed(name) { builder.problems.report("there is no object '\(name)'", at: node, hint: ProblemCollector.suggestion(name, Array(names))) }
        return
      }
      do { try network.check(watchdog) } catch { return builder.problems.report("\(error)", at: node) }
      found.append(watchdog)
    }
    if let nan = part.nan {
      if let items = nan.items {
        for item in items { if let name = builder.reader.word(item, "nan") { add(.finite([name]), at: item) } }
      } else if builder.reader.boolean(nan, "nan") == true {
        add(.finite([]), at: nan)
      }
    }
    for entry in part.bounds {
      var (lower, upper): (ModelNode?, ModelNode?)
      if let items = entry.value.items, items.count == 2 {
        (lower, upper) = (items[0], items[1])
      } else if entry.value.entries != nil {
        let words = FileReader(problems: builder.problems)
        for bound in words.fields(entry.value, table: ModelLanguage.bounds, of: "bounds of a variable") {
          if bound.key == "from" { lower = bound.value } else { upper = bound.value }
        }
      }
      guard lower != nil || upper != nil else {
        builder.problems.report("the bounds of '\(entry.key)' are two values, as [-100 mV, 50 mV], or {from: …}, or {to: …}", at: entry.value)
        continue
      }
      let count = builder.problems.problems.count
      let (least, greatest) = (lower.flatMap { builder.reader.quantity($0, "from") }, upper.flatMap { builder.reader.quantity($0, "to") })
      if builder.problems.problems.count == count { add(.bounds(entry.key, lower: least, upper: greatest), at: entry.value) }
    }
    for entry in part.rates {
      var (limit, window): (ModelNode?, ModelNode?) = (entry.value, nil)
      if entry.value.entries != nil {
        limit = nil
        let words = FileReader(problems: builder.problems)
        for part in words.fields(entry.value, table: ModelLanguage.rateLimit, of: "the rate of a group") {
          if part.key == "above" { limit = part.value } else { window = part.value }
        }
      }
      guard let above = limit.flatMap({ builder.reader.quantity($0, "above", .frequency) }) else { continue }
      var seconds = Watchdog.standardWindowSeconds
      if let window {
        guard let time = builder.reader.time(window, "window") else { continue }
        seconds = time.si
      }
      add(.rate(entry.key, above: above, windowSeconds: seconds), at: entry.value)
    }
    if let disk = part.disk, let text = builder.reader.word(disk, "disk") {
      if let count = byteCount(text) {
        add(.freeSpace(byteCount: count), at: disk)
      } else {
        builder.problems.report("'disk' is a number of bytes such as '5 GB', found '\(text)'", at: disk)
      }
    }
    return found
  }
}

extension WatchWishes {
  /// For a network that no model file describes.
  ///
  /// - Throws: ``ModelFileError`` or `WatchdogSetUpError` about what is asked for.
  package func watchdogs(for network: Network) throws -> [Watchdog] {
    var options = Experiment.Options()
    options.watching = self
    let builder = ModelBuilder(fileName: "", values: .checked, files: NoArrayFiles())
    for object in network.objects { builder.maker.register(object, as: object.name) }
    return try WatchChoices(builder, network).watchdogs(nil, options)
  }
}

extension ModelBuilder {
  /// The same with parts of groups as numbers of elements, `cell[20:30].v`: a network knows neither Subgroups of a file nor its constants.
  ///
  /// - Returns: nil: something is wrong with a part, which is told.
  fileprivate func numbered(_ subject: Watchdog.Subject, at node: ModelNode) -> Watchdog.Subject? {
    func variable(_ name: String) -> String? {
      guard let found = partVariable(name, at: node) else {
        // Elements behind the name, `G.v[2:5]`.
        guard let reference = try? Reference(name, evaluate: placeOfSelection), !reference.selection.isEmpty, reference.names.count == 2,
          let whole = byName[reference.object] as? SpikingGroup
        else { return name }
        let part = PartVariable(group: whole, part: 0..<whole.count, name: reference.names[1], selection: reference.selection)
        return range(of: part, at: node).map { "\(whole.name)[\($0.lowerBound):\($0.upperBound)].\(part.name)" }
      }
      return found.flatMap { part in
        range(of: part, at: node).map { "\(part.group.name)[\($0.lowerBound):\($0.upperBound)].\(part.name)" }
      }
    }
    switch subject {
    case .finite(let names):
      let found = names.compactMap(variable)
      return found.count == names.count ? .finite(found) : nil
    case .bounds(let name, let lower, let upper): return variable(name).map { .bounds($0, lower: lower, upper: upper) }
    case .rate(let name, let above, let seconds):
      guard let found = part(name, at: node) else { return subject }
      return found.map { .rate("\($0.group.name)[\($0.part.lowerBound):\($0.part.upperBound)]", above: above, windowSeconds: seconds) }
    case .freeSpace: return subject
    }
  }
}

extension Watchdog {
  /// Objects that it looks at by name.
  fileprivate var objectNames: [String] {
    switch subject {
    case .finite(let names): names.map(\.leadingName)
    case .bounds(let name, _, _): [name.leadingName]
    case .rate(let name, _, _): [name.leadingName]
    case .freeSpace: []
    }
  }
}
