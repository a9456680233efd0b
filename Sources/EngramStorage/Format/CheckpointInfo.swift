/// What kind of occasion made a checkpoint.
public enum CheckpointKind: UInt8, Sendable {
  /// `store(name)`.
  case named = 0
  /// At an interval or an interruption; kept as the retention rule says.
  case automatic = 1
  /// Before the first step of a run; answers to `initial`.
  case initial = 2
  /// The first one of a branch.
  case branch = 3
}

/// One line of a listing: everything known without loading data (CKP-17).
public struct CheckpointInfo: Sendable, Hashable {
  /// `ck-<sequence>`; never used again in this run directory.
  public let id: String
  /// The number in its id: later checkpoints have greater ones.
  public let sequence: UInt64
  /// The names that mean this checkpoint now.
  public let names: [String]
  /// Marks that keep it whatever the retention rule says.
  public let tags: [String]
  /// What it was made for.
  public let kind: CheckpointKind
  /// The id of the checkpoint before it in its history; nil for the first.
  public let parent: String?
  /// Line of checkpoints inside the run directory.
  public let line: String
  /// Which run directory it was made in: the same after that was copied or moved.
  public let runID: String
  /// Nanoseconds since 1970.
  public let createdNanoseconds: Int64
  /// Bytes of all arrays and recordings it refers to.
  public let logicalByteCount: UInt64
  /// Bytes that this checkpoint added to the disk.
  public let writtenByteCount: UInt64
  /// What was said about it when it was stored.
  public let comment: String
  /// What the owner of the state wanted to be listed: times, clocks, …
  public let summary: [String: String]
}

package struct CommitOptions: Sendable {
  package var name: String?
  package var kind: CheckpointKind
  package var comment = ""
  package var tags: [String] = []
  package var summary: [String: String] = [:]
  /// The line that begins with this checkpoint, which answers to its name; nil: the line goes on.
  package var newLine: String?
  /// How long writing may take its time, so that a run beside it keeps its speed; no time once somebody waits.
  package var leisureSeconds = 1.0

  package init(name: String?, kind: CheckpointKind = .named, summary: [String: String] = [:]) {
    self.name = name
    self.kind = kind
    self.summary = summary
  }

  package static let automatic = CommitOptions(name: nil, kind: .automatic)
}

/// Which checkpoints are kept beside the named and tagged ones and the newest of each line (CKP-19).
///
/// ```swift
/// // The newest five, and one for each 10 s of simulated time and each hour on the wall.
/// let policy = RetentionPolicy(automatic: 5, perSimulatedSeconds: 10, perWall: .seconds(3600))
/// ```
public struct RetentionPolicy: Sendable, Hashable {
  /// Automatic checkpoints kept per line, newest first.
  public var automatic: Int
  /// Of each line, the first automatic checkpoint in every so many seconds of simulated time, counted from 0; nil: none beside the
  /// newest. Simulated time is the number that the owner of the state lists as `time`.
  public var perSimulatedSeconds: Double?
  /// The same in wall time, by the date of the checkpoint.
  public var perWall: Duration?
  /// Whether checkpoints whose name now means another one are kept.
  public var replaced: Bool

  /// A rule; by default the two newest automatic checkpoints of each line.
  ///
  /// - Parameters:
  ///   - automatic: how many automatic checkpoints of a line are kept, at least 1.
  ///   - perSimulatedSeconds: one more in every so many seconds of simulated time.
  ///   - perWall: one more in every such interval of wall-clock time.
  ///   - replaced: whether checkpoints whose name now means another one are kept.
  public init(automatic: Int = 2, perSimulatedSeconds: Double? = nil, perWall: Duration? = nil, replaced: Bool = false) {
    self.automatic = max(1, automatic)
    self.perSimulatedSeconds = perSimulatedSeconds.flatMap { $0 > 0 ? $0 : nil }
    self.perWall = perWall.flatMap { $0 > .zero ? $0 : nil }
    self.replaced = replaced
  }

  /// Collects nothing that can be named.
  public static let everything = RetentionPolicy(automatic: .max)
}
