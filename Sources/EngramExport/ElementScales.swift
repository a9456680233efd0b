internal import EngramHDF5

/// The dimension scales of arrays with a value per element: which element each value belongs to.
///
/// Arrays of the same elements share one. The first of a group is called `neuron` or `synapse`; those of other elements have the name
/// of the variable behind it.
struct ElementScales {
  private struct Elements: Hashable {
    let family: String
    let count: Int
    /// nil: 0, 1, 2, …
    let numbers: [Int]?
  }

  private var made: [Elements: (name: String, dataset: HDF5Dataset)] = [:]
  private let longest: Int

  /// - Parameter longest: longer dimensions have a name and a length, and no numbers where these say no more than the position.
  init(longest: Int) { self.longest = longest }

  /// - Parameters:
  ///   - numbers: nil: 0, 1, 2, …
  ///   - family: whose elements they are; objects of one family share scales.
  mutating func scale(
    _ name: String, _ numbers: [Int]?, count: Int, of family: String, beside variable: String, in group: HDF5Group, _ exporter: NetworkExporter
  ) throws -> HDF5Dataset {
    let elements = Elements(family: family, count: count, numbers: numbers)
    if let (name, dataset) = made[elements] {
      if try !group.contains(name) { try group.link(name, to: dataset) }
      return dataset
    }
    let free = try group.contains(name) ? "\(name)_\(variable)" : name
    let dataset =
      if numbers == nil, count > longest {
        try exporter.writeDimension(free, count, to: group)
      } else {
        try exporter.writeNumbers(free, numbers?.map(Int64.init) ?? Array(0..<Int64(count)), to: group, longName: "number of the \(name)")
      }
    made[elements] = (free, dataset)
    return dataset
  }
}
