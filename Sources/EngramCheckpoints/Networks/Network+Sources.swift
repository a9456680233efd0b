public import EngramScalars
import EngramSimulation
public import EngramStorage

/// What the network's values come from: checkpoints that are still being verified, and stored arrays that columns show (CKP-42).
extension Network {
  /// No run reports success, and nothing leaves the network, before what it was restored from has been verified, wherever that lies.
  package func waitForVerification() throws {
    for source in kept.unverified {
      do { try wrappingStorage { try source.waitForVerification() } } catch {
        activity = .inconsistent
        throw error
      }
    }
    kept.unverified = []
  }

  /// What has been restored, until it has been verified; a checkpoint that replaced everything makes earlier ones irrelevant.
  func note(_ source: any StateSource, replacesAll: Bool) {
    if replacesAll {
      kept.unverified = []
      sources.forget()
    }
    kept.unverified.append(source)
    if let home = kept.home { source.isAwaited(by: home.directory) }
  }

  /// Reads once more what columns show of files, and what was computed from meanwhile: after this, values of this network come from
  /// sound arrays alone. Checkpoints made since damage can have come in are marked as doubtful.
  package func confirmSources() throws {
    sources.end()
    do throws(StorageError) { try sources.confirm(allColumns, newest: kept.home?.directory.newestSequence ?? 0) } catch {
      activity = .inconsistent
      throw SourceDamage(error, doubted: doubtCheckpoints(because: error))
    }
  }

  private func doubtCheckpoints(because error: StorageError) -> [String] {
    guard let directory = kept.home?.directory, let sound = sources.soundSequence else { return [] }
    // What cannot be marked is told all the same; the damage itself is on the disk.
    return (try? directory.doubt(after: sound, because: error.sentence)) ?? []
  }

  /// The columns of every object, and of what goes with them into checkpoints.
  private var allColumns: [Column] {
    let objects = allObjects
    let owners = objects.compactMap { $0 as? any VariableOwner } + distinctClocks(of: objects)
    let arrays = owners.flatMap { owner in owner.variables.owned(by: owner).compactMap { $0.1.array?.column } }
    return arrays + extraColumns.values + kept.functionColumns.values
  }

  /// Has what columns show watched from now on, while a run goes on.
  func makeSourceWatch() -> SourceWatch? {
    sources.watch(allColumns)
    return kept.home == nil && sources.isIdle ? nil : SourceWatch(self)
  }

  func watchSources() {
    sources.watch(allColumns)
    sources.begin { [weak directory = kept.home?.directory] in directory?.newestSequence ?? 0 }
  }
}

/// Looks once a second whether what the run computes from is still sound, and ends it if not.
final class SourceWatch: StepObserver {
  private unowned let network: Network
  private let ticker = Ticker()
  let wallInterval: Duration? = nil

  init(_ network: Network) { self.network = network }

  func observe(seconds: Double, wall: ContinuousClock.Instant, run: PreparedRun) {
    guard ticker.take() else { return }
    network.watchSources()
    guard network.sources.damage != nil else { return }
    if let distribution = network.distribution { distribution.wish(.stop) } else { network.stop() }
  }
}

/// A stored array was damaged while the network computed from it.
public struct SourceDamage: ExplainedError {
  /// What is wrong with it.
  public let underlying: StorageError
  /// Ids of checkpoints that may have been computed from it, and are marked so.
  public let doubted: [String]

  init(_ underlying: StorageError, doubted: [String]) { (self.underlying, self.doubted) = (underlying, doubted) }

  public var description: String {
    let checkpoints =
      doubted.isEmpty ? "" : "; made since it was last known to be intact, and marked as doubtful: \(doubted.joined(separator: ", "))"
    return "\(underlying.sentence); the run computed from it, so its values are not to be trusted\(checkpoints); `engram verify` lists what is intact"
  }
}
