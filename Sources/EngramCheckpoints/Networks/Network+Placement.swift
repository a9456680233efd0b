import EngramSimulation
import EngramStorage
import EngramUnits

/// Where the arrays of a network with a run directory are while it runs (STO-1).
extension Network {
  /// What was said of objects, or of what they are parts of.
  private func storageWishes(_ objects: [BrianObject]) -> [ObjectIdentifier: ArrayStorage] {
    var wishes: [ObjectIdentifier: ArrayStorage] = [:]
    // Parents before parts.
    for object in objects {
      guard let wish = object.storage ?? wishes[ObjectIdentifier(object)] else { continue }
      wishes[ObjectIdentifier(object)] = wish
      for part in object.containedObjects { wishes[ObjectIdentifier(part)] = wish }
    }
    return wishes
  }

  /// Every array with its place: what was said of the array itself, else of its object, else of the network.
  private func placedColumns(of objects: [BrianObject]) -> [PlacedColumn] {
    let wishes = storageWishes(objects)
    var seen: Set<UInt64> = []
    var found: [PlacedColumn] = []
    for owner in objects.compactMap({ $0 as? any VariableOwner }) + distinctClocks(of: objects) {
      for (_, variable) in owner.variables.owned(by: owner) {
        guard let array = variable.array, seen.insert(array.column.identity).inserted else { continue }
        var wish = array.storage ?? wishes[ObjectIdentifier(owner)] ?? storage
        // Onlookers would see the part of one process.
        if distribution != nil, wish == .mapped { wish = .private }
        found.append(PlacedColumn(array.column, as: array.stored, array.storedMetadata, wish))
      }
    }
    return found
  }

  /// Has what objects record go to files while the run goes on, as far as it is wanted there.
  func attachRecordings(_ objects: [BrianObject]) {
    guard let directory = runDirectory ?? kept.spill else { return }
    if followsAnother {
      for object in objects { for stored in object.storedRecordings() { stored.recording.isKeptElsewhere = true } }
      return
    }
    let wishes = storageWishes(objects)
    for object in objects where wishes[ObjectIdentifier(object)] != .memory {
      for stored in object.storedRecordings() { directory.attach(stored.recording) }
    }
  }

  /// Gives arrays their places, before anybody asks for addresses.
  ///
  /// - Returns: what is to be done once everything is prepared; nil without a run directory.
  func placeArrays(_ objects: [BrianObject]) throws -> ArrayPlacement? {
    guard let directory = runDirectory else { return nil }
    let columns = placedColumns(of: objects)
    try wrappingStorage { try directory.placeArrays(columns) }
    return ArrayPlacement(directory, columns, self)
  }
}

extension Network {
  /// Frees the memory of what the first of several processes has gathered for a checkpoint, once that is stored.
  func showWholeArrays() {
    guard let directory = runDirectory, distribution?.isFirst == true else { return }
    let owners = allObjects.compactMap { ($0 as? any DividedOwner)?.ownElements }
    var seen: Set<ObjectIdentifier> = []
    let columns = owners.filter { seen.insert(ObjectIdentifier($0)).inserted }.flatMap(\.wholeColumns)
    directory.showStored(columns.map { array, column in PlacedColumn(column, as: array.stored, array.storedMetadata, .mapped) })
  }
}

/// When everything is prepared, and then once a second: shows arrays that nobody writes from the objects that a checkpoint has put them into.
final class ArrayPlacement: StepObserver {
  let wallInterval: Duration? = nil
  private let directory: RunDirectory
  private let columns: [PlacedColumn]
  private unowned let network: Network
  private lazy var ticker = Ticker()

  init(_ directory: RunDirectory, _ columns: [PlacedColumn], _ network: Network) {
    (self.directory, self.columns, self.network) = (directory, columns, network)
  }

  func settle() { directory.settleArrays(columns) }

  func observe(seconds: Double, wall: ContinuousClock.Instant, run: PreparedRun) {
    guard ticker.take() else { return }
    settle()
    network.showWholeArrays()
  }
}
