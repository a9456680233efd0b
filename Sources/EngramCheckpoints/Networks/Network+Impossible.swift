package import EngramSimulation
internal import EngramStorage

extension Network {
  /// What a restore of everything would find wrong with the values in `source`, and what recordings hold that no monitor can have
  /// recorded. Differences of the model are not asked for. Nothing is changed.
  ///
  /// - Throws: what makes the checkpoint unusable in another way.
  /// - Complexity: O(stored elements of arrays and recordings with rules).
  package func impossibleValues(in source: any StateSource) throws -> [ImpossibleValue] {
    var restoration = try Restoration(
      network: self, source: source, allowing: Set(Difference.allCases), selection: .all, renaming: [:], randomState: .restore)
    var found: [ImpossibleValue] = []
    do { try restoration.check() } catch CheckpointError.impossibleValues(let values) { found = values }
    var rules = RestoredValueRules(source)
    for object in allObjects {
      for stored in object.storedRecordings() { try rules.check(stored, StoredKey(object.name, stored.name)) }
    }
    return found + rules.violations
  }
}
