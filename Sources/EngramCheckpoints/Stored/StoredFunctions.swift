import EngramExpressions
import EngramModel
import EngramScalars
package import EngramSimulation
import EngramStorage
import EngramUnits
import OrderedCollections

// Functions in checkpoints (CKP-21, 23). Those made of values, such as timed arrays, are stored by value: their description in the
// section "functions", their numbers as columns of an owner of their own, so that they are written once and shared by all
// checkpoints. Of functions with a body in Swift there is only what they are called and what they take and give.

/// Where the numbers of stored functions lie; no object can have this name.
package enum StoredFunctions {
  package static let owner = "@functions"
  private static let section = "functions"

  static func encode(_ functions: [Function], columns: inout [String: Column], into state: inout StateToStore) throws {
    var descriptions: [DescriptionField] = []
    for function in functions {
      guard let key = function.contentKey, let description = function.storedForm else { continue }
      let (stored, numbers) = description.storedApart
      if let numbers {
        let column = try columns[key] ?? filled(numbers)
        columns[key] = column
        state.add(column, as: StoredKey(owner, key), StoredMetadata(kind: .sealed, flags: [.readOnly, .constant, .internal, .scratch]))
      }
      descriptions.append(DescriptionField(key, stored))
    }
    if !descriptions.isEmpty { state.sections[section] = DescriptionValue.mapping(descriptions).encoded }
  }

  private static func filled(_ numbers: [Double]) throws -> Column {
    let column = try Column(.float64, rows: numbers.count)
    column.withElements(of: Double.self) { for (place, number) in numbers.enumerated() { $0[place] = number } }
    column.touch()
    return column
  }

  /// Descriptions with their numbers, by content.
  package static func read(_ source: any StateSource) throws -> [(key: String, description: FunctionDescription)] {
    guard let bytes = source.sections[section] else { return [] }
    return try (DescriptionValue(decoding: bytes).asFields ?? []).map { field in
      let key = StoredKey(owner, field.key)
      var numbers: [Double]?
      if let shape = source.shape(key) {
        guard shape.scalarType == .float64 else { throw CheckpointError.damaged("the values of '\(key)' are not numbers") }
        numbers = try source.column(key).withElements(of: Double.self) { Array($0) }
      }
      do throws(DescriptionError) {
        return (field.key, try FunctionDescription(stored: field.value, numbers: numbers))
      } catch { throw CheckpointError(error) }
    }
  }
}

extension Network {
  /// The functions by value that objects and runs use, each content once.
  func addFunctions(to state: inout StateToStore) throws {
    var namespaces = allObjects.compactMap(\.namespace)
    if let lastNamespace = kept.lastNamespace { namespaces.append(lastNamespace) }
    if let currentRun { namespaces.append(currentRun.request.namespace) }
    var found = namespaces.flatMap { namespace in
      namespace.values.values.compactMap { entry in if case .function(let function) = entry { function } else { nil } }
    }
    found += knownFunctions.sorted { $0.key < $1.key }.map(\.value)
    var seen: Set<String> = []
    let distinct = found.filter { function in function.contentKey.map { seen.insert($0).inserted } ?? false }
    kept.functionColumns = kept.functionColumns.filter { seen.contains($0.key) }
    try StoredFunctions.encode(distinct, columns: &kept.functionColumns, into: &state)
  }
}
