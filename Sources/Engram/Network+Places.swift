public import EngramCheckpoints
import EngramExport
import EngramMagic
import EngramModelFiles
public import EngramSimulation
public import EngramStorage
public import FoundationEssentials

// The calls that name a place outside the process. The rooms below are told what is written there; here it is HDF5.

extension Network {
  /// A network whose checkpoints go to a run directory, which is made if it does not exist (CKP-43).
  ///
  /// ```swift
  /// let network = try Network(at: URL(filePath: "week1.engram")) { neurons; synapses; spikes }
  /// try network.run(10 * second, checkpoints: .every(wall: .seconds(60)))
  /// try network.store("trained")
  /// ```
  ///
  /// - Parameters:
  ///   - url: the run directory, `NAME.engram`; this process alone may write it.
  ///   - storage: where arrays are while it runs (STO-1).
  ///   - name: what messages call the network; `*` becomes a free number.
  ///   - keeping: which automatic checkpoints stay when newer ones have been made (CKP-19).
  ///   - objects: groups, synapses, monitors and inputs of the network, in the order of the schedule where that is open.
  /// - Throws: `StorageError` where the directory cannot be made or somebody else writes it.
  public convenience init(
    at url: URL, storage: ArrayStorage = .standard, name: ObjectName = usualName, keeping: RetentionPolicy = RetentionPolicy(),
    @NetworkBuilder _ objects: () throws -> [BrianObject] = { [] }
  ) throws {
    try self.init(contentsOf: objects(), name: name)
    try useRunDirectory(at: url, storage: storage, keeping: keeping)
  }

  /// From now on checkpoints go to that run directory, which this process alone may write, and arrays are in files there while
  /// the network runs.
  ///
  /// - Parameters:
  ///   - url: the run directory, `NAME.engram`, which is made if it does not exist.
  ///   - storage: where arrays are instead; nil: as `Network.storage` says.
  ///   - keeping: which automatic checkpoints stay when newer ones have been made (CKP-19).
  /// - Throws: `StorageError` where the directory cannot be made or somebody else writes it.
  public func useRunDirectory(at url: URL, storage: ArrayStorage? = nil, keeping: RetentionPolicy = RetentionPolicy()) throws {
    try useRunDirectory(at: url, format: .hdf5, storage: storage, keeping: keeping)
  }

  /// Stores a snapshot in another run directory, or in a portable file, which is made if it does not exist (CKP-1, 45).
  ///
  /// ```swift
  /// try network.store("trained", to: URL(filePath: "trained.h5"))
  /// // There, in a program with the same model:
  /// try network.restore("trained", from: URL(filePath: "trained.h5"))
  /// ```
  ///
  /// Called from inside a step it takes effect at the end of that step (NET-45).
  ///
  /// - Parameters:
  ///   - name: what the checkpoint is called; an older one of that name loses it.
  ///   - file: nil: as without it, in the network's own run directory or in memory.
  ///   - options: a comment, tags, and what else is kept with it.
  /// - Throws: `StorageError` where it cannot be stored; what was stored before is untouched.
  public func store(_ name: String = "default", to file: URL?, options: StoreOptions = StoreOptions()) throws {
    try store(name, at: file.map(CheckpointLocation.init), options: options)
  }

  /// Puts back a snapshot of another run directory or of a portable file (CKP-4…9, 24, 25). When it throws, nothing has changed.
  ///
  /// - Parameters:
  ///   - name: a name, an id, `latest` or `initial`.
  ///   - file: nil: as without it, from the network's own run directory or from memory.
  ///   - allowing: differences between the model of the checkpoint and the network that are meant.
  ///   - only: which objects and variables are put back.
  ///   - renaming: names of the checkpoint's objects and the names that they have here.
  ///   - randomState: whether random numbers go on as they did, or begin anew with a seed.
  ///   - verifyFirst: reads and compares all of it before anything is put back.
  /// - Returns: what was put back, what was left out, and what differed.
  /// - Throws: `StorageError` for an unknown or damaged checkpoint, `CheckpointError` for one of another model.
  @discardableResult
  public func restore(
    _ name: String = "default", from file: URL?, allowing: Set<Difference> = [], only: CheckpointSelection = .all,
    renaming: [String: String] = [:], randomState: RandomStateRestoration = .restore, verifyFirst: Bool = false
  ) throws -> RestoreReport {
    try restore(
      name, at: file.map(CheckpointLocation.init), allowing: allowing, only: only, renaming: renaming, randomState: randomState,
      verifyFirst: verifyFirst)
  }

  /// What differs between a checkpoint of another run directory, or of a portable file, and the network as it is now (CKP-26).
  ///
  /// "Before" is the checkpoint, "now" the network.
  ///
  /// - Parameters:
  ///   - name: a name, an id, `latest` or `initial`.
  ///   - file: nil: as without it, with the network's own run directory or with memory.
  public func diff(_ name: String = "latest", from file: URL?) throws -> StateDifference {
    try diff(name, at: file.map(CheckpointLocation.init))
  }

  /// Makes the network of a checkpoint again, in a program that knows nothing of its model (CKP-20). Objects are reached by
  /// name.
  ///
  /// ```swift
  /// let network = try Network(checkpoint: "trained", in: URL(filePath: "week1.engram"))
  /// try network.run(1 * second)
  /// ```
  ///
  /// From a run directory the network goes on where the checkpoint ends: `run` and `resumeRun` work, and store there. Constants that runs
  /// were given are in force again.
  ///
  /// - Parameters:
  ///   - name: a name, an id, `latest` or `initial`.
  ///   - url: a run directory or a portable file.
  ///   - functions: functions with a body in Swift that the model uses, by their names; all that are missing, or are of another
  ///     version, are told together (CKP-21).
  ///   - readingOnly: leaves the run directory to others; checkpoints of this network stay in memory.
  ///   - making: makes what needs Swift: network operations and objects of own types, under the same name. Without it a
  ///     checkpoint with such objects is refused, naming them.
  /// - Throws: `StorageError` for an unknown or damaged checkpoint, `CheckpointError` for what cannot be made again.
  public convenience init(
    checkpoint name: String = "latest", in url: URL, functions: [String: Function] = [:], readingOnly: Bool = false,
    making: ((StoredObject) throws -> BrianObject?)? = nil
  ) throws {
    try self.init(checkpoint: name, at: CheckpointLocation(url), functions: functions, readingOnly: readingOnly, making: making)
  }
}

/// Stores a snapshot of the current scope's network in a run directory or a portable file (MAG-5, 11).
///
/// ```swift
/// try run(1 * second)
/// try store("warm", to: URL(filePath: "warm.h5"))
/// ```
public func store(_ name: String = "default", to file: URL?, options: StoreOptions = StoreOptions()) throws {
  try MagicScope.current.network.store(name, to: file, options: options)
}

/// Restores a snapshot of a run directory or a portable file into the current scope's network (MAG-5, 11).
@discardableResult
public func restore(
  _ name: String = "default", from file: URL?, randomState: RandomStateRestoration = .restore
) throws -> RestoreReport {
  try MagicScope.current.network.restore(name, from: file, randomState: randomState)
}

extension CheckpointStore {
  /// The checkpoints of a run directory.
  public convenience init(at url: URL, mode: Mode = .createOrOpen) throws(StorageError) { try self.init(at: url, mode: mode, format: .hdf5) }
}

extension CheckpointLocation {
  fileprivate init(_ url: URL) { self.init(url, format: .hdf5) }
}
