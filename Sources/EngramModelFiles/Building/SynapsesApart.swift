internal import EngramModel
internal import EngramModels
internal import EngramSimulation

/// On several processes: which synapses each process has its own alone of.
///
/// Those are left out of which something speaks by number, or looks at the values of all: monitors, links, selections in brackets, steps that
/// read them; and those whose code every process executes for all of them. Every process has all of these.
struct SynapsesApart {
  let distribution: Distribution
  /// Words of everything but the objects themselves that somebody may mean synapses by.
  private let mentioned: Set<String>
  /// Words of each object, by name.
  private let words: [String: Set<String>]
  private let isWatched: Bool
  private let undivided: [String: String]
  /// Whether the first process alone looks at everything there is.
  private let exports: Bool
  private var names: [String] = []

  /// - Parameters:
  ///   - isWatched: whether values of all objects are looked at in every step.
  ///   - undivided: objects whose code every process executes for all elements, with why.
  init(_ file: ModelFile, _ distribution: Distribution, isWatched: Bool, undivided: [String: String]) {
    (self.distribution, self.isWatched, self.undivided) = (distribution, isWatched, undivided)
    var mentioned: Set<String> = []
    for step in file.steps { step.addMentions(to: &mentioned) }
    for entry in file.constants { entry.value.addWords(to: &mentioned) }
    self.mentioned = mentioned
    words = Dictionary(
      file.objects.compactMap { item in
        item.name.map { name in
          var found: Set<String> = []
          for field in item.fields where field.key != "name" { field.value.addWords(to: &found) }
          return (name, found)
        }
      }, uniquingKeysWith: { $0.union($1) })
    exports = file.steps.contains(where: \.exports)
    names = file.objects.filter { ModelKind(rawValue: $0.kind) == .synapses && reason(against: $0, advances: true) == nil }.compactMap(\.name)
  }

  /// Has each process make its own of these synapses alone, where nothing keeps it from that.
  func separate(_ synapses: Synapses, _ item: ObjectItem) {
    guard let reason = reason(against: item, advances: !synapses.advancedVariables.isEmpty) else { return synapses.stayApart(distribution) }
    Messages.emit(.info, "processes.whole", "every process has all synapses of '\(synapses.name)', and the memory for them: \(reason)")
  }

  /// Whether the arrays of an object have a part of the elements in each process, as far as that is known without the network.
  func includes(_ owner: String) -> Bool { names.contains { owner == $0 || owner.hasPrefix("\($0)_") } }

  /// - Parameter advances: whether steps change values of all of them.
  /// - Returns: why every process needs all of these; nil: none does.
  private func reason(against item: ObjectItem, advances: Bool) -> String? {
    guard let name = item.name else { return "they have no name in the file, by which it could be seen who reads them" }
    if exports { return "a step exports" }
    if mentioned.contains(name) { return "a step or a constant speaks of them" }
    if let why = undivided[name] { return why }
    if item["link"] != nil { return "they have a link" }
    if isWatched, advances { return "their values are watched" }
    if let reader = words.filter({ $0.key != name && $0.value.contains(name) }).keys.min() { return "'\(reader)' speaks of them" }
    // A condition in brackets is about the ends and values of each; numbers are about all.
    let numbered = item["initial"]?.entries?.first { $0.key.contains("[") && !$0.key.contains("['") && !$0.key.contains("[\"") }
    return numbered.map { "'\($0.key)' counts them" }
  }
}

extension ModelNode {
  fileprivate func addWords(to words: inout Set<String>) {
    switch content {
    case .scalar(let text): Self.addWords(of: text.text, to: &words)
    case .list(let items): for item in items { item.addWords(to: &words) }
    case .mapping(let entries):
      for entry in entries {
        Self.addWords(of: entry.key, to: &words)
        entry.value.addWords(to: &words)
      }
    }
  }

  fileprivate static func addWords(of text: String, to words: inout Set<String>) {
    for word in text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) { words.insert(String(word)) }
  }
}

extension Step {
  fileprivate func addMentions(to words: inout Set<String>) {
    switch verb {
    case .connect(let entries): for entry in entries { entry.value.addWords(to: &words) }
    case .set(let entries):
      for entry in entries {
        // One value or a formula for all of them asks for no numbers.
        if entry.key.contains("[") || entry.value.scalar == nil { ModelNode.addWords(of: entry.key, to: &words) }
        entry.value.addWords(to: &words)
      }
    case .code(_, let entries): for entry in entries { entry.value.addWords(to: &words) }
    case .repetition(let repetition):
      for step in repetition.steps { step.addMentions(to: &words) }
      if case .mapping(let entries) = node.content { for entry in entries { entry.addHead(to: &words) } }
    case .choice(let choice):
      choice.condition.addWords(to: &words)
      for step in choice.then + choice.otherwise { step.addMentions(to: &words) }
    case .run, .store, .restore, .export, .constants, .dt, .active, .add, .remove, .link, .setSpikes, .schedule, .seed, .record:
      node.addWords(to: &words)
    }
  }

  fileprivate var exports: Bool {
    switch verb {
    case .export: true
    case .repetition(let repetition): repetition.steps.contains(where: \.exports)
    case .choice(let choice): (choice.then + choice.otherwise).contains(where: \.exports)
    default: false
    }
  }
}

extension ModelNode.Entry {
  /// Everything that is said of a repetition but its steps.
  fileprivate func addHead(to words: inout Set<String>) {
    for part in value.entries ?? [] where part.key != "steps" { part.value.addWords(to: &words) }
  }
}
