import EngramTestSupport
import Foundation
import Testing

@Suite("Standard workloads") struct BenchTests {
  private static let names = [
    "cuba", "cobahh", "brunel", "stdp_single", "stdp", "lif", "lif_noise", "izhikevich", "adex", "statemon", "spikemon", "connect",
  ]

  private func digests(_ arguments: String...) throws -> [String: String] {
    let folder = try TemporaryFolder()
    let report = try Program.engram.run(
      ["bench"] + arguments + ["--neurons", "60", "--for", "3ms", "--in", folder.path, "--json"]
    ).json()
    // Nothing is left behind.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    var found: [String: String] = [:]
    for workload in try #require(report["workloads"] as? [[String: Any]]) {
      let name = try #require(workload["name"] as? String)
      found[name] = try #require(workload["digest"] as? String)
      #expect(workload["neurons"] as? Int == 60 && workload["simulated_seconds"] as? Double == 0.003)
      #expect(workload["loop_seconds"] as? Double ?? 0 > 0 && workload["peak_megabytes"] as? Double ?? 0 > 1)
    }
    return found
  }

  @Test("The workloads run, all of them where none is named, and end with the same bits on one thread and on two, interpreted and compiled")
  func digests() throws {
    let all = try digests("--repetitions", "1", "--kernels", "interpreted")
    #expect(Set(all.keys) == Set(Self.names))
    let few = try digests("cuba", "stdp", "--repetitions", "2", "--threads", "2", "--kernels", "native")
    #expect(few == all.filter { few.keys.contains($0.key) } && few.count == 2)
  }

  @Test("A workload can be looked at as the model file that it is", arguments: names) func shown(name: String) throws {
    let folder = try TemporaryFolder()
    let shown = try Program.engram.run("bench", name, "--show", "--neurons", "50")
    #expect(shown.status == 0)
    let file = folder.path("\(name).yaml")
    try shown.output.write(toFile: file, atomically: true, encoding: .utf8)
    let explained = try Program.engram.run("explain", file)
    #expect(explained.status == 0, "\(explained.errors)")
    // Its own size, too: the names of parts would be wrong otherwise.
    #expect(try Program.engram.run("bench", name, "--show").output.contains("name: \(name)\n"))
  }

  @Test(
    "What cannot be measured is wrong usage, with what would do",
    arguments: [
      (["cubaa"], "did you mean 'cuba'"), (["cuba", "--neurons", "3"], "from 10"), (["cuba", "--repetitions", "0"], "from 1"),
      (["cuba", "--for", "3mV"], "a time"), (["cuba", "--for", "0s"], "above 0"), (["--show"], "one workload"), (["cuba", "--threads", "0"], "from 1"),
    ])
  func refused(arguments: [String], words: String) throws {
    let outcome = try Program.engram.run(["bench"] + arguments)
    #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test("A folder that cannot be written to is an error that names it") func noFolder() throws {
    let outcome = try Program.engram.run("bench", "cuba", "--in", "/proc/nowhere")
    #expect(outcome.status == 1 && outcome.errors.contains("/proc/nowhere"), "\(outcome.errors)")
  }

  @Test("CPR-1: a signal ends it, and nothing is left behind") func stopped() throws {
    let folder = try TemporaryFolder()
    let process = try Program.engram.start(["bench", "cuba", "--for", "1000s", "--in", folder.path])
    while process.isRunning, try FileManager.default.subpathsOfDirectory(atPath: folder.path).allSatisfy({ !$0.hasSuffix("status.json") }) { usleep(10_000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
