/// Constants whose values have gone into objects and executed steps, and that nothing reads any more.
struct UsedUpConstants {
  private let file: ModelFile
  private let cursor: StepCursor

  init(_ file: ModelFile, at cursor: StepCursor) { (self.file, self.cursor) = (file, cursor) }

  /// Keys whose values are read when an object is made, and not again.
  private static let readOnce: Set<String> = [
    "N", "initial", "connect", "delay", "record", "indices", "times", "spikes", "values", "period", "n", "p", "of", "source", "target", "dt", "link",
    "multisynaptic_index", "namespace",
  ]

  /// Where a constant has been used up, as `N of 'G'`; empty where something still reads it, or nothing ever did.
  ///
  /// A word that is the name of the constant counts as a use of it wherever it stands, so nothing is said that is not so.
  func places(of name: String) -> [String] {
    var found: [String] = []
    for item in file.objects {
      for field in item.fields where Self.words(field.value).contains(name[...]) {
        guard Self.readOnce.contains(field.key) else { return [] }
        found.append("\(field.key) of '\(item.name ?? item.kind)'")
      }
    }
    // A repetition that goes on may take its steps again.
    let executed = cursor.frames.first?.index ?? 0
    for (place, step) in file.steps.enumerated() where Self.words(step.node).contains(name[...]) {
      guard place < executed else { return [] }
      found.append("step \(place + 1)")
    }
    for constant in file.constants where constant.key != name && Self.words(constant.value).contains(name[...]) {
      found.append("the constant '\(constant.key)'")
    }
    return found
  }

  /// Names in the texts of a node, keys of mappings among them.
  private static func words(_ node: ModelNode) -> Set<Substring> {
    switch node.content {
    case .scalar(let text): Set(text.text.split { !($0.isLetter || $0.isNumber || $0 == "_") })
    case .list(let items): items.reduce(into: []) { $0.formUnion(words($1)) }
    case .mapping(let entries):
      entries.reduce(into: []) { found, entry in
        found.formUnion(entry.key.split { !($0.isLetter || $0.isNumber || $0 == "_") })
        found.formUnion(words(entry.value))
      }
    }
  }
}
