public import EngramCheckpoints
package import EngramSimulation
public import EngramStorage
internal import EngramSystem
public import EngramUnits

extension Experiment {
  /// What a call decides beside the file; nothing of it changes a result, but for the seed and the constants.
  public struct Options {
    /// Network time to stop at [s] (MDL-64).
    package var untilSeconds: Double?
    /// The same, counted from the start of the line [s].
    package var forSeconds: Double?
    /// Stop at this place in the steps instead, as a checkpoint recorded it; for repeating a stretch of a run.
    var stop: Place?
    /// Where a run beyond the last step was to end [s], of which only a part is wanted; nil: where the call stops.
    var endBeyondSteps: Double?
    /// Whether a call that has a time to stop at goes on beyond the last step to reach it.
    var goesBeyondSteps = true
    /// The seed of all random numbers, in place of the file's. A run that is continued keeps its own, and refuses another.
    public var seed: UInt64?
    package var constants: [(name: String, text: String)] = []
    /// What a line of checkpoints that this call begins changes at its first one; not for runs of a model file from its start.
    public var changes = BranchChanges()
    /// When checkpoints are made, in place of what the file says (MDL-68).
    public var checkpoints: CheckpointPolicy?
    /// Where arrays are while it runs, in place of the file's `storage`.
    public var storage: ArrayStorage?
    /// Carries out the steps that export; without it they are errors.
    package var exports: (any NetworkExports)?
    /// Whether it is measured which objects take how long (``Report/profile``); steps take a little longer then.
    public var profile = false
    /// Replaces parts of the file's `keep`.
    package var keeping = Keeping()
    /// What ends the run, beside what the file says (`watch`).
    public var watchdogs: [Watchdog] = []
    /// The same in the words of the command line.
    package var watching = WatchWishes()
    /// Whether a model that takes more memory than there is, is refused before its network is made.
    public var checksMemory = true
    /// How this process and others run the experiment together; nil: it runs alone.
    package var distribution: Distribution?
    /// Bytes of memory that can still be taken.
    package var availableMemory: () -> Int = EngramSystem.availableMemory

    /// - Parameters:
    ///   - until: network time at which to stop, also beyond the last step; nil: at the end of the steps.
    ///   - duration: the same, counted from the start of the line of checkpoints; `until` counts more.
    ///   - seed: in place of the file's.
    ///   - constants: texts in place of the values of constants that the file defines, as `--constant` takes them:
    ///     `["w_exc": "2*mV"]`.
    ///   - checkpoints: when checkpoints are made, in place of what the file says.
    ///   - storage: where arrays are while it runs, in place of what the file says.
    ///   - keptCheckpoints: how many automatic checkpoints of a line stay; nil: as the file says.
    ///   - profile: whether it is measured which objects take how long.
    public init(
      until: Time? = nil, for duration: Time? = nil, seed: UInt64? = nil, constants: [String: String] = [:],
      checkpoints: CheckpointPolicy? = nil, storage: ArrayStorage? = nil, keptCheckpoints: Int? = nil, profile: Bool = false
    ) {
      (untilSeconds, forSeconds, self.seed) = (until?.si, duration?.si, seed)
      self.profile = profile
      // In one order, whatever the dictionary's: what was asked for is compared when a run is continued.
      self.constants = constants.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value) }
      (self.checkpoints, self.storage, keeping.last) = (checkpoints, storage, keptCheckpoints)
    }

    /// - Throws: ``ExperimentError/notATime(_:seconds:)``.
    package func check() throws(ExperimentError) {
      for (what, seconds) in [("until", untilSeconds), ("for", forSeconds)] {
        if let seconds, !(seconds >= 0 && seconds.isFinite) { throw .notATime(what, seconds: seconds) }
      }
      if let kept = keeping.last, kept < 1 { throw .notACount(kept) }
    }
  }

  /// Which automatic checkpoints stay, as far as it was said (CKP-19).
  package struct Keeping {
    package var last: Int?
    package var perSimulatedSeconds: Double?
    package var perWall: Duration?
    package init() {}
  }
}
