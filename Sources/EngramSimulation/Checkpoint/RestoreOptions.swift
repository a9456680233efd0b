/// What becomes of the random state when a snapshot is restored (CKP-9).
public enum RandomStateRestoration: Sendable, Hashable {
  /// Draws continue as they did after the snapshot: the run that follows is replayed exactly.
  case restore
  /// Draws go on with other numbers than those that followed the snapshot (RNG-8).
  case keepCurrent
  /// As if `seed(n)` had been called after the restore.
  case reseed(UInt64)
}

/// A kind of difference between a stored model and the one it is restored into (CKP-24).
public enum Difference: String, Sendable, Hashable, CaseIterable {
  case equations
  /// Threshold, reset, pathways and other code, and how it is integrated.
  case code
  /// Values of namespaces.
  case constants
  /// Element types; only conversions that lose nothing.
  case types
  /// Also conversions that may lose precision.
  case lossyTypes
  /// Everything else that an object was made with: sizes, what is recorded, clocks.
  case structure
  /// Objects of the network that the checkpoint does not know; they keep their state (CKP-25).
  case addedObjects
  /// Objects of the checkpoint that the network does not have.
  case removedObjects
  /// Variables of known objects that the checkpoint does not know; they keep their values.
  case addedVariables
  case removedVariables
}

/// What is restored (CKP-25).
public enum CheckpointSelection: Sendable, Hashable {
  case all
  /// Only the values of these objects and of their parts; time, clocks and random state stay. Times of events that the simulator
  /// keeps, such as the last spike, are moved along: they lie as far back as they did in the checkpoint.
  case objects(Set<String>)
  /// Only these variables, by object.
  case variables([String: Set<String>])
  /// Both, as model files write them: `G`, `S.w`, `S.pre.delay`.
  case items([String])

  var isAll: Bool { self == .all }
}

/// What a restore did.
public struct RestoreReport: Sendable, Hashable {
  /// Differences that were allowed, one line each.
  public let acceptedDifferences: [String]
  /// Whether running on repeats the run that followed the snapshot bit for bit.
  public let isExact: Bool
}

/// How a snapshot is stored.
public struct StoreOptions: Sendable, Hashable {
  public var comment: String
  public var tags: [String]
  /// Whether `store` returns only when the checkpoint would survive a power cut. If not, a failure is a message when it happens, and
  /// an error of the next `store` or `run`.
  public var waits: Bool

  public init(comment: String = "", tags: [String] = [], waits: Bool = true) {
    self.comment = comment
    self.tags = tags
    self.waits = waits
  }
}
