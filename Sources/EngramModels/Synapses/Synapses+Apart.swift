package import EngramCheckpoints
internal import EngramScalars
package import EngramSimulation
internal import EngramStorage

extension Synapses: OwnElementsAdopting {
  package func adoptOwnElements(of source: any StateSource, storedAs name: String) throws -> [ArrayVariable] {
    guard let ownElements, let preEnds, let postEnds, let ownTargets else { return [] }
    let key = StoredKey(name, postEnds.name)
    guard let shape = source.shape(key) else { return [] }
    var making = ownElements.newMaking
    var ends: [Int32] = []
    ends.reserveCapacity(shape.rows / ownElements.distribution.size + shape.rows / 64)
    try source.forEachPiece(key, rows: 0..<shape.rows) { bytes in
      for end in bytes.bindMemory(to: Int32.self) {
        if ownTargets.contains(end) {
          making.append(1)
          ends.append(end)
        } else {
          making.wholeCount += 1
        }
      }
    }
    ownElements.take(making)
    try postEnds.column.resize(rows: ends.count)
    try ownElements.fill(postEnds, from: source, key)
    try ownElements.fill(preEnds, from: source, StoredKey(name, preEnds.name))
    return [preEnds, postEnds]
  }
}
