extension NeuronMorphology {
  /// The tree as a picture of text (MOR-7): a line for each section, with a dash for each of its compartments and the way to it.
  ///
  /// ```
  /// ( )  [root]
  ///    `---|  .axon
  ///         `--|  .axon.L
  /// ```
  public var topology: String {
    var text = ""
    var (indents, paths): ([Int], [String]) = ([], [])
    for node in nodes {
      let isRoot = node.parent < 0
      let indent = isRoot ? 0 : indents[node.parent] + 2 + nodes[node.parent].section.count
      let path = isRoot ? "" : "\(paths[node.parent]).\(node.name ?? "\(node.number)")"
      indents.append(indent)
      paths.append(path)
      text += String(repeating: " ", count: indent) + (isRoot ? "" : "`")
      text += node.section.isSoma ? "( )" : String(repeating: "-", count: node.section.count) + "|"
      text += isRoot ? "  [root] \n" : "  \(path)\n"
    }
    return text
  }
}
