internal import EngramModelFiles
internal import EngramScalars
internal import EngramSystem
internal import Foundation

/// A job array of SLURM whose tasks are runs of a sweep. SLURM decides when and where; each task is one call of this program.
struct SlurmArray {
  let sweep: SweepDirectory
  /// Runs that have not finished, counted from 0.
  let numbers: [Int]
  /// Tasks at the same time; nil: as SLURM likes.
  let jobs: Int?
  let threads: Int
  /// Further words for sbatch.
  let arguments: [String]

  /// Seconds before the end of an allocation at which a task is told to stop.
  private static let warningSeconds = 120

  /// The script that sbatch gets. A shell that a signal wakes from waiting has not seen the end of its child yet, so it waits again.
  func script(program: String) -> String {
    """
    #!/bin/bash
    #SBATCH --job-name=engram-sweep
    #SBATCH --array=\(ranges)\(jobs.map { "%\($0)" } ?? "")
    #SBATCH --requeue
    #SBATCH --open-mode=append
    #SBATCH --cpus-per-task=\(threads)
    #SBATCH --signal=B:TERM@\(Self.warningSeconds)

    woken=0
    trap 'woken=1; kill -TERM "$run"' TERM INT
    trap 'woken=1; kill -USR1 "$run"' USR1
    \(shellQuoted(program)) sweep-job \(shellQuoted(sweep.path)) "$SLURM_ARRAY_TASK_ID" &
    run=$!
    wait "$run"; status=$?
    while [ "$woken" -eq 1 ] && [ "$status" -gt 128 ]; do woken=0; wait "$run"; status=$?; done

    # Stopped early, or still held by the process that is being stopped: the same task again. Many clusters do that by themselves.
    if [ "$status" -eq \(ExitStatus.stoppedEarly) ] || [ "$status" -eq \(ExitStatus.busy) ]; then
      case "$(scontrol show config 2>/dev/null | sed -n 's/^RequeueExit *= *//p')" in
        *\(ExitStatus.stoppedEarly)*) exit \(ExitStatus.stoppedEarly) ;;
        *) scontrol requeue "$SLURM_JOB_ID" ;;
      esac
    fi
    exit "$status"

    """
  }

  /// `1-3,7`: numbers as people count them.
  private var ranges: String {
    var parts: [ClosedRange<Int>] = []
    for number in numbers.sorted() {
      if let last = parts.last, last.upperBound == number - 1 { parts[parts.count - 1] = last.lowerBound...number } else { parts.append(number...number) }
    }
    return parts.map { $0.count == 1 ? "\($0.lowerBound + 1)" : "\($0.lowerBound + 1)-\($0.upperBound + 1)" }.joined(separator: ",")
  }

  /// Writes the script into the folder of the sweep and hands it to sbatch.
  ///
  /// - Returns: the number of the job, which is kept in the folder.
  func submit() throws -> String {
    guard let program = ProcessFacts.program else { throw CommandError("this system does not tell where the program lies") }
    for number in numbers { try SweepFolder.make(sweep.folder(number)) }
    let path = "\(sweep.path)/slurm.sh"
    try DurableFile.write(script(program: program), to: path)
    let outcome = try Self.run("sbatch", ["--parsable"] + arguments + output + [path])
    guard outcome.status == 0 else { throw CommandError("sbatch refused: \(outcome.errors.isEmpty ? "status \(outcome.status)" : outcome.errors)") }
    // `1234` or `1234;cluster`.
    guard let job = outcome.output.split(whereSeparator: { $0 == ";" || $0.isNewline }).first.map(String.init), !job.isEmpty, job.allSatisfy(\.isNumber) else {
      throw CommandError("sbatch answered '\(outcome.output)', which is no number of a job")
    }
    try DurableFile.write("\(job)\n", to: Self.jobPath(sweep))
    return job
  }

  /// Where tasks write to. Not in the script, where a path would be read by a shell as well; a `%` begins a pattern.
  private var output: [String] {
    if arguments.contains(where: { $0.hasPrefix("-o") || $0.hasPrefix("--output") }) { return [] }
    let folder = sweep.path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    return ["--output=\(folder)/slurm-%a.txt"]
  }

  private static func jobPath(_ sweep: SweepDirectory) -> String { "\(sweep.path)/slurm-job.txt" }

  /// The job array that was submitted for a sweep, as long as SLURM has some of it queued or running.
  static func active(_ sweep: SweepDirectory) -> String? {
    guard let data = FileManager.default.contents(atPath: jobPath(sweep)) else { return nil }
    let job = String(decoding: data, as: UTF8.self).trimmingWhitespace()
    guard !job.isEmpty, let outcome = try? run("squeue", ["--noheader", "--jobs", job]), outcome.status == 0, !outcome.output.isEmpty else { return nil }
    return job
  }

  private static func run(_ name: String, _ arguments: [String]) throws -> FinishedProgram {
    let path = getenv("PATH").map { String(cString: UnsafePointer($0)) } ?? ""
    let folders = path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    guard let program = folders.lazy.map({ (folder: String) -> String in "\(folder)/\(name)" }).first(where: { access($0, X_OK) == 0 }) else {
      throw CommandError("there is no '\(name)' on the PATH, so this is no machine of a SLURM cluster; without --slurm the runs are done here")
    }
    return try FinishedProgram(program, arguments)
  }
}
