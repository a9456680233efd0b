internal import EngramScalars
internal import EngramSystem

/// What the environment says of processes that were started together by `mpirun`, `mpiexec` or `srun`.
package struct StartedTogether: Hashable, Sendable {
  /// How many there are, two at least.
  package let count: Int
  /// The number of this one, where it is said.
  package let rank: Int?
  /// How many of them are on this machine, where it is said.
  package let countHere: Int?
  /// What has started them, for messages.
  package let launcher: String

  /// The names under which launchers say how many processes there are, and which one this is.
  ///
  /// SLURM also says how many tasks a job may have; a batch script or a task of an array is one process all the same, so only the tasks of
  /// a step count. A step of one task is no reason for anything.
  private static let launchers: [(name: String, count: String, rank: String, here: String)] = [
    ("mpirun of Open MPI", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"),
    ("mpiexec (PMI)", "PMI_SIZE", "PMI_RANK", "MPI_LOCALNRANKS"),
    ("mpirun of MVAPICH", "MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_LOCAL_SIZE"),
    // As `4(x2),1`: the first number does.
    ("srun", "SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "SLURM_STEP_TASKS_PER_NODE"),
  ]

  /// - Parameter value: of a variable of the environment.
  /// - Returns: nil for a process that was started alone.
  package init?(_ value: (String) -> String?) {
    for launcher in Self.launchers {
      guard let count = value(launcher.count).flatMap({ Int($0) }) else { continue }
      // The innermost launcher is asked first: `srun` of one task may start `mpirun`, and the other way round.
      guard count > 1 else { return nil }
      (self.count, rank, self.launcher) = (count, value(launcher.rank).flatMap { Int($0) }, launcher.name)
      countHere = value(launcher.here).flatMap { Int($0.prefix { $0.isNumber }) }.flatMap { $0 > 0 ? $0 : nil }
      return
    }
    return nil
  }

  /// This process.
  package static var here: StartedTogether? { StartedTogether { name in getenv(name).map { String(cString: $0) } } }
}
