import EngramTestSupport
import Foundation
import Testing

private let model = """
  name: array
  seed: 3
  constants: {tau: 10 ms}
  objects:
    - {kind: NeuronGroup, name: G, N: 20, model: "dv/dt = -v/tau + xi*tau**-0.5 : 1", method: euler, threshold: v > 1, reset: v = 0}
    - {kind: SpikeMonitor, name: spikes, source: G}
  run: 20 ms

  """

/// What a cluster's programs would do, as far as a sweep asks them.
@Suite("Sweeps as job arrays") struct SlurmArrayTests {
  private let folder: TemporaryFolder
  private let file: String
  private let environment: [String: String]

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    file = folder.path("array.yaml")
    try model.write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.createDirectory(atPath: folder.path("bin"), withIntermediateDirectories: true)
    func program(_ name: String, _ text: String) throws { try folder.write("bin/\(name)", Array("#!/bin/sh\n\(text)\n".utf8), executable: true) }
    try program("sbatch", "echo \"$@\" > '\(folder.path("sbatch.txt"))'; echo '77;cluster'")
    try program("squeue", "cat '\(folder.path("queue.txt"))' 2>/dev/null || exit 0")
    try program("scontrol", "echo \"$@\" >> '\(folder.path("scontrol.txt"))'; cat '\(folder.path("config.txt"))' 2>/dev/null || exit 0")
    environment = ["PATH": "\(folder.path("bin")):/usr/bin:/bin"]
  }

  private func text(_ name: String) -> String { (try? String(contentsOfFile: folder.path(name), encoding: .utf8)) ?? "" }

  /// A task of the array, as SLURM starts it.
  private func task(_ sweep: String, _ number: Int) throws -> Process {
    // A shell cannot trap what was ignored when it began, and whoever runs the tests may ignore anything.
    try Program(path: "/usr/bin/env").start(
      ["--default-signal", "/bin/bash", "\(sweep)/slurm.sh"],
      environment: environment.merging(["SLURM_ARRAY_TASK_ID": "\(number)", "SLURM_JOB_ID": "\(90 + number)"]) { $1 })
  }

  @Test("CPR-1: --slurm hands the runs that are left to sbatch as one job array; its tasks give the table that a local sweep gives") func array() throws {
    let (local, sweep) = (folder.path("local"), folder.path("array.sweep"))
    let over = ["sweep", file, "--over", "tau=5ms,10ms,20ms"]
    #expect(try Program.engram.run(over + ["--in", local, "--table", folder.path("local.csv")]).status == 0)
    let submit = over + ["--in", sweep, "--slurm", "--jobs", "2", "--sbatch-args", "--partition=low --time=24:00:00"]
    let made = try Program.engram.run(submit, environment: environment)
    #expect(made.status == 0 && made.output.contains("3 runs are handed to SLURM as job 77"), "\(made.errors)")
    #expect(text("sbatch.txt").hasPrefix("--parsable --partition=low --time=24:00:00 ") && text("sbatch.txt").contains("/array.sweep/slurm.sh"))
    #expect(text("sbatch.txt").contains(" --output=\(sweep)/slurm-%a.txt "))
    let script = text("array.sweep/slurm.sh")
    for line in ["#SBATCH --array=1-3%2", "#SBATCH --requeue", "#SBATCH --signal=B:TERM@"] { #expect(script.contains(line)) }
    // While it is queued nobody else begins these runs.
    try "77_1 low\n".write(toFile: folder.path("queue.txt"), atomically: true, encoding: .utf8)
    for command in [submit, over + ["--in", sweep]] {
      let refused = try Program.engram.run(command, environment: environment)
      #expect(refused.status == 1 && refused.errors.contains("the job 77 of SLURM does the runs"), "\(refused.errors)")
    }
    let status = try Program.engram.run("status", sweep)
    #expect(status.status == 0 && status.output.contains("3 waiting"), "\(status.output)")
    for number in 1...3 {
      let process = try task(sweep, number)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    #expect(try Program.engram.run("sweep", sweep, "--no-run", "--table", folder.path("array.csv"), "-q").status == 0)
    #expect(text("array.csv") == text("local.csv") && text("array.csv").contains("tau [ms]"))
    try FileManager.default.removeItem(atPath: folder.path("queue.txt"))
    #expect(try Program.engram.run(submit, environment: environment).output.contains("finished"))
  }

  @Test("CPR-1: a task that is told to stop leaves a checkpoint and asks for itself again, by its status where the cluster heeds that") func requeued() throws {
    let sweep = folder.path("long.sweep")
    let made = try Program.engram.run(
      ["sweep", file, "--over", "tau=5ms,10ms", "--until", "1000s", "--in", sweep, "--slurm"], environment: environment)
    #expect(made.status == 0, "\(made.errors)")
    for (config, expected) in [("", 75), ("RequeueExit             = 75", 75)] {
      try config.write(toFile: folder.path("config.txt"), atomically: true, encoding: .utf8)
      let process = try task(sweep, 2)
      for _ in 0..<1200 where !FileManager.default.fileExists(atPath: "\(sweep)/0002/run.engram/checkpoints/ck-1.manifest") { usleep(25_000) }
      usleep(300_000)
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && Int(process.terminationStatus) == expected)
      #expect(text("scontrol.txt").contains("requeue 92") == config.isEmpty)
      try? FileManager.default.removeItem(atPath: folder.path("scontrol.txt"))
    }
    #expect(try Program.engram.run("verify", "\(sweep)/0002/run.engram").status == 0)
  }

  @Test("CPR-1: where there is no cluster, or sbatch refuses, that is told") func refused() throws {
    let command = ["sweep", file, "--over", "seed=1..2", "--in", folder.path("s"), "--slurm"]
    let alone = try Program.engram.run(command, environment: ["PATH": "/nowhere"])
    #expect(alone.status == 1 && alone.errors.contains("no 'sbatch' on the PATH"), "\(alone.errors)")
    try folder.write("bin/sbatch", Array("#!/bin/sh\necho 'Invalid partition' >&2; exit 1\n".utf8), executable: true)
    let invalid = try Program.engram.run(command, environment: environment)
    #expect(invalid.status == 1 && invalid.errors.contains("sbatch refused: Invalid partition"), "\(invalid.errors)")
    #expect(try Program.engram.run(["sweep", file, "--sbatch-args", "-p x"]).status == 64)
  }
}
