internal import EngramScalars
internal import EngramSimulation

extension Synapses {
  /// What a name with _pre or _post would be that neither group has.
  func missingVariable(_ name: String) -> String? {
    for (suffix, group, what) in [("_pre", source, "source"), ("_post", target, "target")] where name.hasSuffix(suffix) {
      let plain = String(name.dropLast(suffix.utf8.count))
      if plain.isEmpty || plain.hasPrefix("_") { continue }
      let known = group.variables.names.filter { !$0.hasPrefix("_") }
      return "'\(name)': '\(group.name)', the \(what) of '\(self.name)', has no variable '\(plain)'"
        + (nearest(plain, in: known).map { "; did you mean '\($0)\(suffix)'?" } ?? "")
    }
    return nil
  }
}
