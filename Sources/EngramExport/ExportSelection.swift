internal import EngramCheckpoints
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// Which arrays an export holds, and which elements of each: the items of its options, understood.
struct ExportSelection {
  /// Array → the item that chose its elements; nil: all of them.
  private var chosen: [StoredKey: ExportItem?] = [:]

  func contains(_ key: StoredKey) -> Bool { chosen[key] != nil }
  /// The item that says which elements; nil where all go out.
  func item(_ key: StoredKey) -> ExportItem? { chosen[key] ?? nil }

  init(_ options: ExportOptions, of network: ExportedNetwork, _ arrays: any ExportArrays) throws(ExportSelectionError) {
    let keys = arrays.keys
    let clocks = Set(network.clocks.map(\.name))
    func isUsual(_ key: StoredKey) -> Bool {
      options.includesInternal || !key.variable.hasPrefix("_") && arrays.metadata(key)?.flags.contains(.scratch) != true
    }
    if options.items.isEmpty {
      for key in keys where isUsual(key) { chosen[key] = .some(nil) }
      return
    }
    // Whose step it is belongs to every answer.
    for key in keys where clocks.contains(key.owner) && isUsual(key) { chosen[key] = .some(nil) }
    let names = ItemNames(network, keys)
    var precise: Set<StoredKey> = []
    for item in options.items {
      switch try names.meaning(of: item) {
      case .object(let owners):
        for key in keys where owners.contains(key.owner) && isUsual(key) && !precise.contains(key) { try choose(key, item) }
      case .variable(let key):
        if !precise.insert(key).inserted, self.item(key) != (item.elements == .all ? nil : item) { throw .selectedTwice("\(key.owner).\(key.variable)") }
        chosen[key] = .some(item.elements == .all ? nil : item)
        for companion in names.companions(of: key) where chosen[companion] == nil { try choose(companion, item) }
      }
    }
  }

  private mutating func choose(_ key: StoredKey, _ item: ExportItem) throws(ExportSelectionError) {
    let wanted: ExportItem? = item.elements == .all ? nil : item
    if let earlier = chosen[key], earlier?.elements != wanted?.elements { throw .selectedTwice("\(key.owner).\(key.variable)") }
    chosen[key] = .some(wanted)
  }
}

/// What the names of items mean among the arrays there are.
private struct ItemNames {
  enum Meaning {
    /// The object with its parts.
    case object(Set<String>)
    case variable(StoredKey)
  }

  private let network: ExportedNetwork
  private let keys: Set<StoredKey>
  private let owners: Set<String>

  init(_ network: ExportedNetwork, _ keys: [StoredKey]) {
    self.network = network
    self.keys = Set(keys)
    owners = Set(keys.map(\.owner)).union(network.objects.map(\.name))
  }

  func meaning(of item: ExportItem) throws(ExportSelectionError) -> Meaning {
    let whole = item.names.joined(separator: "_")
    let owner = item.names.dropLast().joined(separator: "_")
    if let last = item.names.last, item.names.count > 1 {
      // Synapses may have a variable 'pre' beside their pathway of that name; that one is 'S_pre'.
      if keys.contains(StoredKey(owner, last)) { return .variable(StoredKey(owner, last)) }
      // The delay of a synapse is that of the pathway 'pre', as in model files.
      let delay = StoredKey("\(owner)_pre", last)
      if last == "delay", keys.contains(delay) { return .variable(delay) }
    }
    if owners.contains(whole) { return .object(pathways(of: whole).union([whole])) }
    guard item.names.count > 1, owners.contains(owner), let last = item.names.last else {
      let wrong = item.names.count > 1 ? owner : whole
      let known = network.objects.map(\.name)
      throw .unknownObject(wrong, nearest: nearest(wrong, in: known), known: known)
    }
    let known = keys.filter { $0.owner == owner }.map(\.variable).sorted()
    throw .unknownVariable(last, object: owner, nearest: nearest(last, in: known), known: known)
  }

  private func pathways(of synapses: String) -> Set<String> {
    Set(network.objects.filter { if case .pathway(synapses, _) = $0.role { true } else { false } }.map(\.name))
  }

  /// Without them the values of a monitor say nothing: when, and of whom.
  func companions(of key: StoredKey) -> [StoredKey] {
    guard let object = network.objects.first(where: { $0.name == key.owner }), object.isMonitor else { return [] }
    let names = object.role == .eventMonitor ? ["t", "i"] : ["t"]
    return names.map { StoredKey(key.owner, $0) }.filter { $0 != key && keys.contains($0) }
  }
}
