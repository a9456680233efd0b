internal import EngramSimulation
internal import EngramSystem
internal import Foundation

/// Runs model files, one after the other, each in a process of its own and in a run directory that goes again.
struct BenchRunner {
  let program: String
  let folder: URL

  /// What a run said of itself, and the digest of its end.
  struct Run {
    let loopSeconds: Double
    let setupSeconds: Double
    let peakMegabytes: Double
    let digest: String
  }

  func run(_ text: String, options: [String]) throws -> Run {
    let model = folder.appending(path: "model.yaml")
    let directory = folder.appending(path: "run.engram").path
    try text.write(to: model, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let report = try output(["run", model.path, "--in", directory, "--json", "-q"] + options)
    let digest = try output(["digest", directory, "--json"])
    guard let loop = report["loop_seconds"] as? Double, let setup = report["setup_seconds"] as? Double,
      let peak = report["peak_megabytes"] as? Double, let hash = digest["digest"] as? String
    else { throw CommandError("a run did not say how long it took") }
    return Run(loopSeconds: loop, setupSeconds: setup, peakMegabytes: peak, digest: hash)
  }

  /// What a command of this program answers with `--json`.
  private func output(_ arguments: [String]) throws -> [String: Any] {
    let answers = folder.appending(path: "output"), errors = folder.appending(path: "errors")
    let process = try ChildProcess.start(program, arguments, output: answers.path, errors: errors.path)
    var isStopping = false
    while true {
      if let end = process.end() {
        if isStopping { throw CommandError("stopped; nothing is kept") }
        guard end == .exit(0), let object = try? JSONSerialization.jsonObject(with: Data(contentsOf: answers)) as? [String: Any] else {
          let words = ((try? String(contentsOf: errors, encoding: .utf8)) ?? "").split(separator: "\n").joined(separator: " ")
          throw CommandError("engram \(arguments[0]) failed\(words.isEmpty ? "" : ": \(words)")")
        }
        return object
      }
      if Interrupt.isPending, !isStopping {
        isStopping = true
        process.send(SIGKILL)
      }
      usleep(2000)
    }
  }
}
