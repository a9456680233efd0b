public import EngramCheckpoints
import EngramImport
import EngramExport
import EngramModelFiles
public import EngramSimulation
public import EngramStorage
public import EngramUnits
public import FoundationEssentials

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

extension CheckpointStore {
  /// Rebuilds the state of a run at any time, as `engram at` does: from the nearest earlier checkpoint by doing again what was done from there
  /// on, with the bits that the run had.
  ///
  /// ```swift
  /// let state = try CheckpointStore.state(of: URL(filePath: "week1.engram"), at: 61.19*second)
  /// print(state.id, state.names)
  /// ```
  ///
  /// The state is a checkpoint of a line of its own, tagged `at`. What a list of steps does between two runs at that time has been done.
  ///
  /// - Parameters:
  ///   - directory: the run directory.
  ///   - time: network time at which a step begins.
  ///   - checkpoint: one on whose way the time lies, where a run has been at one time more than once; nil: the newest.
  ///   - name: of the line and of its checkpoint; nil: `at-61.19s`.
  ///   - target: a run directory to make instead; the run may go on meanwhile.
  /// - Returns: the checkpoint.
  /// - Throws: `StateAtError` for a time at which the run has no state; `CheckpointError` for what only a program can do again;
  ///   `StorageError` where the directory is in use, or the name is taken.
  @discardableResult
  public static func state(
    of directory: URL, at time: Time, on checkpoint: String? = nil, as name: String? = nil, to target: URL? = nil
  ) throws -> CheckpointInfo {
    let name = name ?? "at-" + "\(time)".filter { $0 != " " }.replacing(". ", with: "")
    return try StateAt(
      of: directory.standardizedFileURL.path, format: .hdf5, seconds: time.si, as: name, files: ImportedFiles(relativeTo: nil)
    ).make(on: checkpoint, to: target?.standardizedFileURL.path).checkpoint
  }
}
