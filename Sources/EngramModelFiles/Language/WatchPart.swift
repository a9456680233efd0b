/// `watch:` of a model file: what ends a run as soon as it happens.
package struct WatchPart: Sendable {
  /// `true`, or names of variables.
  package var nan: ModelNode?
  /// Variables and their bounds.
  package var bounds: [ModelNode.Entry] = []
  /// Groups and the rates that they may have.
  package var rates: [ModelNode.Entry] = []
  /// Room that is left on the disk.
  package var disk: ModelNode?
  /// The part as it is written.
  package var node: ModelNode
}

extension FileReader {
  func watch(_ node: ModelNode) -> WatchPart {
    var part = WatchPart(node: node)
    for entry in fields(node, table: ModelLanguage.watchKeys, of: "watch") {
      switch entry.key {
      case "nan": part.nan = entry.value
      case "bounds": part.bounds = entries(entry.value, "bounds")
      case "rate": part.rates = entries(entry.value, "rate")
      default: part.disk = entry.value
      }
    }
    return part
  }
}
