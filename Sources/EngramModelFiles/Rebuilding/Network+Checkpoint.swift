public import EngramSimulation
internal import EngramStorage
public import Foundation

extension Network {
  /// Makes the network of a checkpoint again, in a program that knows nothing of its model (CKP-20). Objects are reached by
  /// name.
  ///
  /// From a run directory the network goes on where the checkpoint ends: ``run(_:report:reportPeriod:namespace:profile:)``
  /// and ``resumeRun(functions:checkpoints:report:reportPeriod:)`` work, and store there. Constants that runs were given are in
  /// force again.
  ///
  /// - Parameters:
  ///   - name: a name, an id, `latest` or `initial`.
  ///   - url: a run directory or a portable file.
  ///   - functions: functions with a body in Swift that the model uses, by their names; all that are missing, or are of another
  ///     version, are told together (CKP-21).
  ///   - readingOnly: leaves the run directory to others; checkpoints of this network stay in memory.
  ///   - making: makes what needs Swift: network operations and objects of own types, under the same name. Without it a
  ///     checkpoint with such objects is refused, naming them.
  public convenience init(
    checkpoint name: String = "latest", in url: URL, functions: [String: Function] = [:], readingOnly: Bool = false,
    making: ((StoredObject) throws -> BrianObject?)? = nil
  ) throws {
    let opened = try OpenedCheckpoint(name, at: url, forWriting: !readingOnly)
    do {
      let rebuilt = try RebuiltModel(opened.source, functions: functions, making: making)
      try self.init(contentsOf: rebuilt.objects, name: ObjectName(validating: rebuilt.stored.name))
      try rebuilt.complete(self)
      _ = try restore(from: opened.source)
      if let directory = opened.directory { use(directory) }
    } catch {
      opened.directory?.close()
      throw error
    }
  }
}
