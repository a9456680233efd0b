package import EngramCheckpoints
package import EngramSimulation
internal import EngramStorage

extension Network {
  /// Makes the network of a checkpoint again, in a program that knows nothing of its model (CKP-20).
  ///
  /// - Parameters:
  ///   - name: a name, an id, `latest` or `initial`.
  ///   - functions: functions with a body in Swift that the model uses, by their names (CKP-21).
  ///   - readingOnly: leaves the run directory to others; checkpoints of this network stay in memory.
  ///   - making: makes what needs Swift: network operations and objects of own types, under the same name.
  package convenience init(
    checkpoint name: String, at location: CheckpointLocation, functions: [String: Function] = [:], readingOnly: Bool = false,
    making: ((StoredObject) throws -> BrianObject?)? = nil
  ) throws {
    let (source, directory) = try readingOnly ? (location.load(name), nil) : location.loadForWriting(name)
    do {
      let rebuilt = try RebuiltModel(source, functions: functions, making: making)
      try self.init(contentsOf: rebuilt.objects, name: ObjectName(validating: rebuilt.stored.name))
      try rebuilt.complete(self)
      _ = try restore(from: source)
      if let directory { use(directory) }
    } catch {
      directory?.close()
      throw error
    }
  }
}
