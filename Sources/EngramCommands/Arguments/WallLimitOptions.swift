internal import ArgumentParser
internal import EngramModelFiles
internal import EngramSimulation
internal import EngramSystem

/// When a run has to be off its machine: it stops before, with a checkpoint, and goes on with the next call (CPR-1).
struct WallLimitOptions: ParsableArguments {
  @Option(
    name: .customLong("max-wall"),
    help: ArgumentHelp(
      """
      Stop with a checkpoint and status 75 so early that the process ends within this time on the clock on the wall, as 23.9h or 30min; the \
      cost of a checkpoint is taken into account.
      """, valueName: "time"))
  var limit: String?
  @Flag(
    name: .customLong("stop-before-end-of-allocation"),
    help: "The same for the end of the SLURM allocation that this process runs in (SLURM_JOB_END_TIME).") var heedsAllocation = false

  func validate() throws { _ = try seconds() }

  /// From now on the process stops in time.
  func begin() throws {
    var left: [Double] = []
    if let seconds = try seconds() { left.append(seconds) }
    if heedsAllocation {
      guard let text = getenv("SLURM_JOB_END_TIME").map({ String(cString: $0) }), let end = Double(text) else {
        throw CommandError(
          "--stop-before-end-of-allocation: the environment has no SLURM_JOB_END_TIME, so this is no allocation of SLURM (23.02 or later); "
            + "give the time with --max-wall")
      }
      left.append(end - Double(time(nil)))
    }
    if let least = left.min() { WallLimit.begin(secondsLeft: least) }
  }

  private func seconds() throws -> Double? {
    guard let limit else { return nil }
    let seconds = try WallTime.seconds(limit) ?? ExtentOptions.seconds(limit, "--max-wall")
    guard seconds > 0 else { throw ValidationError("--max-wall takes a time above 0, found \(limit)") }
    return seconds
  }
}
