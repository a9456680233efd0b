package import EngramStorage

/// Keeps what a network was, and what was done to it: told of its runs, it can end them between two steps, and hold them back.
///
/// The network calls it in this order, at most once a run: ``runIsAskedFor()``, ``placeArrays(of:)``, ``runBegins(_:_:_:)``,
/// ``stepsBegin(_:_:)``; then ``runStops(_:)``, ``confirm(_:)`` and ``checkpoint(of:isBrokenOff:)``; and one of ``runEnded(_:)`` and
/// ``runFailed(_:isAboutStoring:)``.
package protocol RunHistory: AnyObject {
  init(of network: Network)

  /// - Throws: what forbids any run.
  func runIsAskedFor() throws
  /// Gives arrays their places, before anybody asks for addresses.
  func placeArrays(of objects: [BrianObject]) throws
  /// How many bytes can be recorded, and in which directory; nil: as many as there is memory.
  var recordingRoom: (byteCount: Int, directory: String)? { get }
  /// Everything is prepared, and no step has been executed.
  func runBegins(_ request: RunRequest, _ context: RunContext, _ objects: [BrianObject]) throws
  /// From now on steps are executed.
  func stepsBegin(_ run: ActiveRun, target: Double) -> RunObservers
  /// The run is in progress.
  func runHasBegun()
  /// The last step was executed. The network's time is that of its end; what it computed from is not confirmed.
  func runStops(_ run: ActiveRun)
  /// - Throws: where values of the network are not to be trusted, which is then inconsistent.
  func confirm(_ run: ActiveRun) throws
  /// Id of the checkpoint that holds the state now, as the directory answers after its flush; nil where none was to be made.
  func checkpoint(of run: ActiveRun, isBrokenOff: Bool) throws -> String?
  func runEnded(_ reason: RunSummary.StopReason)
  /// The last word about a run that ended with an error.
  ///
  /// - Parameter isAboutStoring: whether the state could not be kept.
  /// - Returns: the error to be told.
  func runFailed(_ error: any Error, isAboutStoring: Bool) -> any Error

  func networkBeginsAnew()
  func environmentEnds()
}

/// Who looks at a run between its steps on behalf of a history.
package struct RunObservers {
  /// Before and behind those that the run was ordered with.
  package var first: [any StepObserver]
  package var last: [any StepObserver]
  /// Where steps are counted for onlookers.
  package var liveStep: LiveStep?
  /// Who looks at what each step leaves.
  package var inspector: (any StepInspector)?

  package init(first: [any StepObserver], last: [any StepObserver], liveStep: LiveStep?) {
    (self.first, self.last, self.liveStep) = (first, last, liveStep)
  }
}
