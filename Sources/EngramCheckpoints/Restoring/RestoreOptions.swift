/// What becomes of the random state when a snapshot is restored (CKP-9).
public enum RandomStateRestoration: Sendable, Hashable {
  /// Draws continue as they did after the snapshot: the run that follows is replayed exactly.
  case restore
  /// Draws go on with other numbers than those that followed the snapshot (RNG-8).
  case keepCurrent
  /// As if `seed(n)` had been called after the restore.
  case reseed(UInt64)
}

/// What is restored (CKP-25).
public enum CheckpointSelection: Sendable, Hashable {
  /// Everything, time, clocks and random state included.
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
  /// A remark that listings show.
  public var comment: String
  /// Marks that keep the checkpoint whatever the retention rule says.
  public var tags: [String]
  /// Whether `store` returns only when the checkpoint would survive a power cut. If not, a failure is a message when it happens, and
  /// an error of the next `store` or `run`.
  public var waits: Bool

  /// Options; by default no remark, and the call returns when the checkpoint is durable.
  public init(comment: String = "", tags: [String] = [], waits: Bool = true) {
    self.comment = comment
    self.tags = tags
    self.waits = waits
  }
}
