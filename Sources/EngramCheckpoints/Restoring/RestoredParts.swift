import EngramScalars
import EngramSimulation

/// What a restore takes over, by object and variable (CKP-25).
///
/// Invariants: a whole object is restored with its parts; variables that mean something only together are restored together.
struct RestoredParts {
  private enum Wanted {
    case whole
    case variables(Set<String>)
  }

  /// By object of the network; `nil`: everything.
  private var byObject: [String: Wanted]?

  var isAll: Bool { byObject == nil }
  /// The names of the objects concerned.
  var objectNames: Set<String> { Set(byObject?.keys.map { $0 } ?? []) }

  func includes(_ object: String, _ variable: String?) -> Bool {
    guard let byObject else { return true }
    switch byObject[object] {
    case nil: return false
    case .whole?: return true
    case .variables(let names)?: return variable.map(names.contains) ?? false
    }
  }

  /// Whether an object is restored as a whole.
  func isWhole(_ object: String) -> Bool { includes(object, nil) }

  init(_ selection: CheckpointSelection, of objects: [BrianObject]) throws {
    let known = Dictionary(objects.map { ($0.name, $0) }) { first, _ in first }
    switch selection {
    case .all: return
    case .objects(let names):
      byObject = [:]
      for name in names.sorted() { try take(name, known) }
    case .variables(let variables):
      byObject = [:]
      for (object, names) in variables.sorted(by: { $0.key < $1.key }) {
        for name in names.sorted() { try take(name, of: object, known) }
      }
    case .items(let items):
      byObject = [:]
      for item in items {
        let parts = item.split(separator: ".").map(String.init)
        let whole = parts.joined(separator: "_")
        if parts.count < 2 || known[whole] != nil {
          try take(whole, known)
        } else {
          try take(parts[parts.count - 1], of: parts.dropLast().joined(separator: "_"), known)
        }
      }
    }
    try complete(known)
  }

  private mutating func take(_ name: String, _ known: [String: BrianObject]) throws {
    guard let object = known[name] else { throw CheckpointError.namesDiffer(missingInCheckpoint: [], missingInNetwork: [name]) }
    object.forEachPart { byObject?[$0.name] = .whole }
  }

  private mutating func take(_ variable: String, of name: String, _ known: [String: BrianObject]) throws {
    guard let object = known[name] else { throw CheckpointError.namesDiffer(missingInCheckpoint: [], missingInNetwork: [name]) }
    guard let owner = object as? any VariableOwner, let entry = owner.variables.entry(variable) else {
      let names = (object as? any VariableOwner)?.variables.names ?? object.storedRecordings().map(\.name)
      if object.storedRecordings().contains(where: { $0.name == variable }) { return insert(variable, name) }
      throw VariableError.unknownVariable(name: variable, owner: name, nearest: nearest(variable, in: names))
    }
    guard let array = entry.variable.array else { throw VariableError.noValue(name: "\(name).\(variable)") }
    // A delay belongs to its pathway, a linked variable to its source.
    insert(array.name, array.ownerName)
  }

  private mutating func insert(_ variable: String, _ object: String) {
    switch byObject?[object] {
    case .whole?: return
    case .variables(let names)?: byObject?[object] = .variables(names.union([variable]))
    case nil: byObject?[object] = .variables([variable])
    }
  }

  /// Adds what belongs to the variables chosen.
  private mutating func complete(_ known: [String: BrianObject]) throws {
    for (name, wanted) in byObject ?? [:] {
      guard case .variables(let names) = wanted, let object = known[name] else { continue }
      byObject?[name] = .variables(names.union(try object.companions(of: names)))
    }
  }
}
