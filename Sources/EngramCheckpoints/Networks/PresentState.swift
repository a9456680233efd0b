package import EngramScalars
package import EngramSimulation
package import EngramStorage

/// The state of one object or of one array as it is now, with what a checkpoint would say about it: for those who write it elsewhere.
/// The object may be in a network or not.
package struct PresentState {
  package let network: StoredNetwork
  package let arrays: StateToStore
}

extension BrianObject {
  /// Variables and recordings of the object and its parts, and their clocks.
  ///
  /// - Parameter purpose: what it is for, in the words of "cannot … during a run".
  package func presentState(for purpose: String) throws -> PresentState {
    try checkNotRunning(purpose)
    // Nothing leaves a network before what it was restored from has been verified.
    try simulatedBy?.waitForVerification()
    var parts: [BrianObject] = []
    forEachPart { parts.append($0) }
    var arrays = StateToStore()
    var clocks: Set<ObjectIdentifier> = []
    for part in parts {
      try part.prepareForStore()
      if clocks.insert(ObjectIdentifier(part.clock)).inserted { try arrays.add(variablesOf: part.clock) }
      try arrays.add(arraysOf: part)
    }
    return PresentState(network: StoredNetwork(of: parts + described(besides: parts), clocks: parts.map(\.clock)), arrays: arrays)
  }

  /// What tells the meaning of the arrays: the source of a monitor, the ends of synapses.
  private func described(besides parts: [BrianObject]) -> [BrianObject] {
    var seen = Set(parts.map(ObjectIdentifier.init))
    return parts.flatMap(\.dependencies).filter { seen.insert(ObjectIdentifier($0)).inserted }
  }
}

extension ArrayVariable {
  /// The array alone.
  package func presentState(for purpose: String) throws -> PresentState {
    let network = try StoredNetwork(of: owner, purpose)
    var arrays = StateToStore()
    arrays.add(column, as: stored, storedMetadata)
    return PresentState(network: network, arrays: arrays)
  }
}

/// Copies of some values of a variable, in its type.
package struct PresentValues {
  package let network: StoredNetwork
  package let key: StoredKey
  package let metadata: StoredMetadata
  package let scalarType: ScalarType
  /// Numbers of the elements in the group; nil: a shared variable, or all of them.
  package let numbers: [Int]?
  package let count: Int
  package let bytes: [UInt8]
}

extension VariableSelection {
  /// The selected values: those that are stored with their bits, others computed.
  package func presentValues(for purpose: String) throws -> PresentValues {
    let owner = try view.owner
    let network = try StoredNetwork(of: owner, purpose)
    let entry = try view.check()
    let elements = try selected()
    let variable = entry.variable
    let type = variable.scalarType
    var bytes: [UInt8] = []
    if let array = variable.array {
      let size = type.byteCount
      bytes.reserveCapacity(elements.count * size)
      for place in try view.places(of: elements, entry: entry) {
        bytes += UnsafeRawBufferPointer(start: array.column.base + place * size, count: size)
      }
    } else {
      for value in try values {
        switch type {
        case .float64: append(value, to: &bytes)
        case .float32: append(Float(value), to: &bytes)
        case .int32: append(Int32(clamping: Int64(saturating: value)), to: &bytes)
        case .int64: append(Int64(saturating: value), to: &bytes)
        case .bool: append(UInt8(value == 0 ? 0 : 1), to: &bytes)
        }
      }
    }
    var metadata = variable.storedMetadata
    if !view.isScalar { metadata.flags.remove(.scalar) }
    return PresentValues(
      network: network, key: StoredKey(owner.name, view.name), metadata: metadata, scalarType: type,
      numbers: view.isScalar || elements.elementsEqual(0..<view.count) ? nil : Array(elements), count: elements.count, bytes: bytes)
  }

  private func append(_ value: some BitwiseCopyable, to bytes: inout [UInt8]) { withUnsafeBytes(of: value) { bytes += $0 } }
}

extension StoredNetwork {
  /// The owner of a variable alone, which is in no step.
  fileprivate init(of owner: (any VariableOwner)?, _ purpose: String) throws {
    if let object = owner as? BrianObject {
      try object.checkNotRunning(purpose)
      try object.simulatedBy?.waitForVerification()
      self.init(of: [object] + object.dependencies, clocks: [object.clock])
    } else {
      let clock = owner as? BaseClock
      if clock?.isLocked == true { throw NetworkError.changedDuringRun(operation: purpose) }
      self.init(of: [], clocks: clock.map { [$0] } ?? [])
    }
  }
}
