internal import EngramCheckpoints
internal import EngramModels
internal import EngramSimulation
package import EngramStorage
internal import EngramUnits

/// Whether the network of a checkpoint can be made again and take over what is stored: everything that a restore checks, without one.
///
/// Costs the time and the memory of that network. Nothing is changed.
package enum StoredStateCheck {
  package enum Outcome {
    /// One line each; none: a restore would succeed.
    case compared(problems: [String])
    /// Only the program that stored it can make its network: what is missing, in words.
    case needsProgram(String)
  }

  package static func outcome(of checkpoint: LoadedCheckpoint, in directory: String) -> Outcome {
    // What making a network has to say was said when it was made first.
    Messages.capturing { () -> Outcome in
      do {
        let values = try Environment.opening { try network(of: checkpoint, in: directory).impossibleValues(in: checkpoint) }
        return .compared(problems: values.map(\.description))
      } catch CheckpointError.impossibleValues(let values) {
        return .compared(problems: values.map(\.description))
      } catch CheckpointError.missingFunctions(let names) {
        return .needsProgram("functions \(names.joined(separator: ", "))")
      } catch CheckpointError.unsupported(let what) {
        return .needsProgram(what)
      } catch {
        return .compared(problems: ["its network cannot be made again: \(error)"])
      }
    }.result
  }

  private static func network(of checkpoint: LoadedCheckpoint, in directory: String) throws -> Network {
    guard Experiment.isFromModelFile(checkpoint) else {
      let rebuilt = try RebuiltModel(checkpoint, functions: [:], making: nil)
      return try Network(contentsOf: rebuilt.objects, name: ObjectName(validating: rebuilt.stored.name))
    }
    let record = try Experiment.record(of: checkpoint, in: directory)
    let file = try FileReader.read(Array(record.text.utf8), fileName: record.fileName)
    let model = try PreparedModel(file, record, checkpoint, files: NoArrayFiles(), options: Experiment.Options())
    _ = try model.replayingStructure(to: record, checkpoint, in: directory)
    return model.network
  }
}
