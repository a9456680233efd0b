internal import EngramCheckpoints
internal import EngramExport
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

extension StoredPart {
  init?(_ text: String, in open: OpenCheckpoint) throws {
    try self.init(text, in: open.network) { open.arrays.shape(StoredKey($0, $1)) != nil }
  }
}

/// What `show` is asked for: an object, or some rows of a variable.
enum Wanted {
  case object(String)
  case variable(StoredValues, rows: [Range<Int>], columns: [Int]?)

  init(_ text: String, in open: OpenCheckpoint) throws {
    if let part = try StoredPart(text, in: open) {
      guard let name = part.variable else {
        throw CommandError("'\(text)' is a part of '\(part.object)'; a variable of it is meant, as in '\(text).v'")
      }
      guard let values = StoredValues(StoredKey(part.object, name), in: open.arrays) else {
        let known = open.arrays.keys.filter { $0.owner == part.object }.map(\.variable)
        let hint = nearest(name, in: known).map { "; did you mean '\($0)'?" } ?? "; there are \(known.joined(separator: ", "))"
        throw CommandError("'\(part.object)' has no stored variable '\(name)'\(hint)")
      }
      guard part.selection.count <= 1 else { throw CommandError("'\(text)': elements of a part are chosen by one index, range or list") }
      let all = values.isScalar ? 0..<1 : part.elements
      let rows = try part.selection.first.map { try Self.places($0, count: all.count, text) } ?? [0..<all.count]
      self = .variable(values, rows: rows.map { $0.lowerBound + all.lowerBound..<$0.upperBound + all.lowerBound }, columns: nil)
      return
    }
    let reference: Reference
    do { reference = try Reference(text) } catch {
      throw CommandError("'\(text)' names nothing: \(error.message); forms: P, P.v, 'P.v[0:10]', 'P[0:10].v', cell.axon.v, 'trace.v[-5:, 0]'")
    }
    let keys = open.arrays.keys
    let owners = Set(keys.map(\.owner)).union(open.network.objects.map(\.name))
    let whole = reference.names.joined(separator: "_")
    let owner = reference.names.dropLast().joined(separator: "_")
    // Synapses may have a variable 'pre' beside their pathway of that name; that one is 'S_pre'.
    let isVariable = reference.names.last.map { keys.contains(StoredKey(owner, $0)) } ?? false
    if owners.contains(whole), !isVariable {
      guard reference.selection.isEmpty else { throw CommandError("'\(text)': rows are chosen of a variable, as in '\(whole).v[0:10]'") }
      self = .object(whole)
      return
    }
    guard reference.names.count > 1, owners.contains(owner), let name = reference.names.last else {
      let wrong = reference.names.count > 1 ? owner : whole
      let hint = nearest(wrong, in: owners.sorted()).map { "; did you mean '\($0)'?" } ?? "; there are \(owners.sorted().joined(separator: ", "))"
      throw CommandError("'\(open.title)' has no object '\(wrong)'\(hint)")
    }
    let synapses = SynapsesOfCheckpoint(owner: owner, in: open)
    // The delay of a synapse is that of the pathway 'pre', as in model files.
    let delay = name == "delay" ? synapses.flatMap { StoredValues(StoredKey("\($0.name)_pre", name), in: open.arrays) } : nil
    guard let values = StoredValues(StoredKey(owner, name), in: open.arrays) ?? delay else {
      let known = keys.filter { $0.owner == owner }.map(\.variable)
      let hint = nearest(name, in: known).map { "; did you mean '\($0)'?" } ?? "; there are \(known.joined(separator: ", "))"
      throw CommandError("'\(owner)' has no stored variable '\(name)'\(hint)")
    }
    if reference.selection.count >= 2, let synapses, synapses.hasValuePerSynapse(values) {
      self = .variable(values, rows: try synapses.rows(reference.selection, text), columns: nil)
      return
    }
    guard reference.selection.count <= 2 else { throw CommandError("'\(text)': rows and columns, more dimensions there are not") }
    let rows = try reference.selection.first.map { try Self.places($0, count: values.shape.rows, text) } ?? [0..<values.shape.rows]
    let columns = try reference.selection.dropFirst().first.map { try Self.places($0, count: values.shape.rowLength, text).flatMap { Array($0) } }
    self = .variable(values, rows: rows, columns: columns)
  }

  static func places(_ selector: Reference.Selector, count: Int, _ text: String) throws -> [Range<Int>] {
    func place(_ index: Int) throws -> Int {
      guard let place = index.element(of: count) else { throw CommandError("'\(text)': \(index) is not one of \(count) places, which count from 0") }
      return place
    }
    switch selector {
    case .index(let index):
      let found = try place(index)
      return [found..<found + 1]
    case .list(let list): return try list.map { try place($0) }.map { $0..<$0 + 1 }
    case .slice(let low, let high): return [Range(slice: low, high, of: count)]
    case .condition: throw CommandError("'\(text)': conditions select synapses of a live network; choose rows by number")
    }
  }
}
