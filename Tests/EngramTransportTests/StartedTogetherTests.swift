import EngramTransport
import Testing

@Suite struct StartedTogetherTests {
  private static let launchers: [[String: String]] = [
    ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_LOCAL_SIZE": "3"],
    ["PMI_SIZE": "4", "PMI_RANK": "2", "MPI_LOCALNRANKS": "3"],
    ["MV2_COMM_WORLD_SIZE": "4", "MV2_COMM_WORLD_RANK": "2", "MV2_COMM_WORLD_LOCAL_SIZE": "3"],
    ["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "2", "SLURM_NTASKS": "4", "SLURM_STEP_TASKS_PER_NODE": "3,1"],
  ]

  @Test("MPR-1: processes of one launcher know how many they are and which one each is", arguments: launchers)
  func several(_ environment: [String: String]) throws {
    let found = try #require(StartedTogether { environment[$0] })
    #expect(found.count == 4)
    #expect(found.rank == 2)
    #expect(found.countHere == 3)
  }

  private static let single: [[String: String]] = [
    [:],
    ["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"],
    ["PMI_SIZE": "1"],
    // A batch script of a job with four tasks, and a task of an array: one process each.
    ["SLURM_NTASKS": "4", "SLURM_PROCID": "0", "SLURM_JOB_ID": "7"],
    ["SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "10", "SLURM_PROCID": "0"],
    // srun of one task inside a larger job.
    ["SLURM_STEP_NUM_TASKS": "1", "SLURM_NTASKS": "4"],
    // mpirun of one process inside a step of several tasks.
    ["OMPI_COMM_WORLD_SIZE": "1", "SLURM_STEP_NUM_TASKS": "4"],
    ["OMPI_COMM_WORLD_SIZE": "many"],
  ]

  @Test("MPR-1: a task of an array, a batch script and a launcher of one process are no processes together", arguments: single)
  func alone(_ environment: [String: String]) { #expect(StartedTogether { environment[$0] } == nil) }
}
