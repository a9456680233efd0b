public import EngramCheckpoints
import EngramModelFiles
public import EngramSimulation

extension CheckpointStore {
  /// Repeats what lies between the checkpoints and compares every bit with what is stored (CKP-28 b). Nothing is changed.
  ///
  /// - Parameters:
  ///   - name: the checkpoint to arrive at; nil: every one that has something before it.
  ///   - functions: functions with a body in Swift that the model uses, by their names (CKP-21).
  ///   - making: makes what needs Swift: network operations and objects of own types, under the same name.
  public func replay(
    _ name: String? = nil, functions: [String: Function] = [:], making: ((StoredObject) throws -> BrianObject?)? = nil
  ) throws -> [ReplayedStretch] {
    try Replay(directory, functions: functions, making: making).run(name)
  }
}
