public import EngramStorage
import EngramUnits

/// Where the arrays of a network with a run directory are while it runs (STO-1).
extension Network {
  /// Every array with its place: what was said of the array itself, else of its object or what that is a part of, else of the network.
  func placedColumns(of objects: [BrianObject]) -> [PlacedColumn] {
    var wishes: [ObjectIdentifier: ArrayStorage] = [:]
    // Parents before parts.
    for object in objects {
      guard let wish = object.storage ?? wishes[ObjectIdentifier(object)] else { continue }
      wishes[ObjectIdentifier(object)] = wish
      for part in object.containedObjects { wishes[ObjectIdentifier(part)] = wish }
    }
    var seen: Set<UInt64> = []
    var found: [PlacedColumn] = []
    for owner in objects.compactMap({ $0 as? any VariableOwner }) + distinctClocks(of: objects) {
      for (_, variable) in owner.variables.owned(by: owner) {
        guard let array = variable as? ArrayVariable, seen.insert(array.column.identity).inserted else { continue }
        let wish = array.storage ?? wishes[ObjectIdentifier(owner)] ?? storage
        found.append(PlacedColumn(array.column, as: array.stored, array.storedMetadata, wish))
      }
    }
    return found
  }

  /// Whether what the object records goes to files while the run goes on.
  func streams(_ object: BrianObject, among objects: [BrianObject]) -> Bool {
    if let wish = object.storage { return wish != .memory }
    guard let whole = objects.first(where: { $0.containedObjects.contains { $0 === object } }) else { return true }
    return streams(whole, among: objects)
  }

  /// Before anybody asks for addresses.
  func placeArrays(_ objects: [BrianObject]) throws {
    guard let directory = runDirectory else { return }
    try wrappingStorage { try directory.placeArrays(placedColumns(of: objects)) }
  }

  /// Once everything is prepared and the first checkpoint is there.
  func settleArrays(_ objects: [BrianObject]) -> ArrayPlacement? {
    runDirectory.map { ArrayPlacement($0, placedColumns(of: objects)) }
  }
}

/// Once a second: shows arrays that nobody writes from the objects that a checkpoint has put them into, and brings headers up to date.
final class ArrayPlacement: StepObserver {
  let wallInterval: Duration? = nil
  private let directory: RunDirectory
  private let columns: [PlacedColumn]
  private let ticker = Ticker()

  init(_ directory: RunDirectory, _ columns: [PlacedColumn]) {
    (self.directory, self.columns) = (directory, columns)
    directory.settleArrays(columns)
  }

  func observe(seconds: Double, wall: ContinuousClock.Instant, run: PreparedRun) {
    if ticker.take() { directory.settleArrays(columns) }
  }
}
