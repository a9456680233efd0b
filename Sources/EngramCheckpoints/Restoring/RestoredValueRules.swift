import EngramScalars
package import EngramSimulation
package import EngramStorage

/// Where stored values meet the rules of the variables they are for: each once, before anything uses it, in restores and in checks of
/// what is stored alike.
package struct RestoredValueRules {
  private let source: any StateSource
  package private(set) var violations: [ImpossibleValue] = []

  package init(_ source: any StateSource) { self.source = source }

  /// Throws when anything was found.
  package func finish() throws(CheckpointError) { if !violations.isEmpty { throw .impossibleValues(violations) } }

  package mutating func report(_ object: String, _ variable: String, element: Int? = nil, found: String, allowed: String) {
    violations.append(ImpossibleValue(object: object, variable: variable, element: element, found: found, allowed: allowed))
  }

  /// A stored column against the rule of the variable that will take it. Memory of this process is believed, and what the variable has got
  /// from there already has been looked at before.
  ///
  /// The values are looked at where they lie. That they are those that were stored is found out beside the run, as for every array, and no
  /// checkpoint is made before; only where one breaks the rule it is asked here, since damage is a better reason.
  ///
  /// - Complexity: O(elements) for variables with a rule; others are not looked at, and of equal elements one is.
  package mutating func check(_ variable: ArrayVariable, _ key: StoredKey) throws {
    guard !source.isOwnMemory, let shape = source.shape(key), !source.isHeld(key, by: variable.column) else { return }
    if case .none = variable.rule.bounds { return }
    if shape.rows == 0 || shape.rowLength == 0 { return }
    if let repeated = source.repeated(key), repeated.scalarType == variable.scalarType, let rule = variable.rule.ofEqualValues {
      if let found = repeated.bytes.withUnsafeBytes({ rule.violation(in: $0, of: variable.scalarType) }) {
        report(key.owner, key.variable, element: 0, found: found.value, allowed: variable.rule.allowed)
      }
      return
    }
    var column = try wrappingStorage { try source.shownColumn(key) }
    if column.scalarType != variable.scalarType { column = try wrappingStorage { try column.converted(to: variable.scalarType) } }
    guard let found = column.withBytes({ variable.rule.violation(in: $0, of: variable.scalarType) }) else { return }
    try wrappingStorage { try source.forEachPiece(key, rows: 0..<shape.rows) { _ in } }
    report(key.owner, key.variable, element: found.place, found: found.value, allowed: variable.rule.allowed)
  }

  /// Everything that was recorded. Recordings may be larger than memory and are not read by a restore: who reads them checks again.
  package mutating func check(_ recording: StoredRecording, _ key: StoredKey) throws {
    guard !source.isOwnMemory, let shape = source.shape(key), shape.scalarType == recording.type else { return }
    if case .none = recording.rule.bounds { return }
    let contents = try wrappingStorage { try source.recordingContents(key) }
    var (done, previous) = (0, Double?.none)
    var found: (place: Int, value: String)?
    try wrappingStorage {
      try contents.forEachPiece(rows: 0..<contents.rows) { bytes in
        if found == nil, let place = recording.rule.violation(in: bytes, of: recording.type, after: &previous) {
          found = (done + place.place, place.value)
        }
        done += bytes.count / recording.type.byteCount
      }
    }
    guard let found else { return }
    report(key.owner, key.variable, element: found.place, found: found.value, allowed: recording.rule.allowed)
  }

  /// Arrays with a value for each of the same things.
  package mutating func check(_ variable: StoredKey, count: Int, against other: StoredKey, count otherCount: Int) {
    guard count != otherCount else { return }
    report(variable.owner, variable.variable, found: "an array of \(count) values", allowed: "one of \(otherCount), as '\(other)' has,")
  }
}

extension Column {
  fileprivate func converted(to type: ScalarType) throws -> Column {
    let result = try Column(type, rowLength: rowLength, rows: rows)
    withBytes { type.convert($0, of: scalarType, into: UnsafeMutableRawBufferPointer(start: result.base, count: result.byteCount)) }
    return result
  }
}
