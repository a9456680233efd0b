/// `sweep:` of a model file: what `engram sweep` varies when it is not told. A run of the file itself passes it over.
package struct SweepPart: Sendable {
  /// Constants, or `seed`, and the values that they take.
  package var over: [ModelNode.Entry] = []
  /// Whether the lists go side by side instead of each with each.
  package var zips = false
  package var until: ModelNode?
  package var duration: ModelNode?
  /// What is collected of every run, beside what monitors say.
  package var collect: [String] = []
}

extension FileReader {
  func sweep(_ node: ModelNode) -> SweepPart {
    var part = SweepPart()
    for entry in fields(node, table: ModelLanguage.sweepKeys, of: "sweep") {
      switch entry.key {
      case "over": part.over = entries(entry.value, "over")
      case "zip":
        let word = entry.value.scalar?.text.lowercased()
        if word != "true", word != "false" { problems.report("'zip' is true or false, found \(entry.value.kindName)", at: entry.value) }
        part.zips = word == "true"
      case "for": part.duration = entry.value
      case "until": part.until = entry.value
      default: part.collect = (entry.value.items ?? [entry.value]).compactMap { text($0, "collect") }
      }
    }
    if part.duration != nil, let until = part.until { problems.report("'sweep' has either 'for' or 'until'", at: until) }
    return part
  }
}
