import EngramTestSupport
import Foundation
import Testing

/// A program without MPI that a launcher has started as one of several processes.
@Suite("Started together, without MPI") struct TogetherCommandTests {
  private let folder: TemporaryFolder
  private let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = folder.path("small.yaml")
    try "name: small\nobjects:\n  - {kind: NeuronGroup, name: G, N: 2, model: \"dv/dt = -v/(1*ms) : 1\", method: exact}\nrun: 1 ms\n"
      .write(toFile: file, atomically: true, encoding: .utf8)
  }

  private func run(_ command: String, _ environment: [String: String]) throws -> Program.Outcome {
    try Program.engram.run([command, file, "--in", folder.path("place")], environment: environment)
  }

  @Test(
    "MPR-1: it refuses to run before it writes anything, says how to get a program with MPI, and says it once",
    arguments: [("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"), ("PMI_SIZE", "PMI_RANK"), ("SLURM_STEP_NUM_TASKS", "SLURM_PROCID")])
  func refuses(_ names: (count: String, rank: String)) throws {
    let first = try run("run", [names.count: "2", names.rank: "0"])
    let second = try run("run", [names.count: "2", names.rank: "1"])
    #expect(first.status == 1)
    #expect(second.status == 1)
    #expect(first.errors.contains("--traits MPI"))
    #expect(second.errors.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.path("place")))
  }

  @Test("MPR-1: a task of an array and a step of one task run as ever")
  func runsAlone() throws {
    let outcome = try run("run", ["SLURM_ARRAY_TASK_ID": "3", "SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}
