import Engram
import EngramMessageTestSupport
import EngramTestSupport
import Foundation
import Testing

/// What a process holds on to: seen from outside, in /proc.
private struct Holdings {
  let descriptors: Int
  let mappings: Int
  let residentKilobytes: Int
  let temporaryFiles: Int

  static func now() throws -> Holdings {
    let manager = FileManager.default
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }.flatMap { line in
      line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
    }
    return Holdings(
      // Files and folders of other suites, which run meanwhile, lie in temporary folders; networks here have none.
      descriptors: try manager.contentsOfDirectory(atPath: "/proc/self/fd").count { number in
        let target = try? manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
        return target.map { !$0.hasPrefix(NSTemporaryDirectory()) } ?? false
      },
      mappings: memoryMap().count,
      residentKilobytes: resident ?? 0,
      temporaryFiles: try manager.contentsOfDirectory(atPath: NSTemporaryDirectory()).filter { $0.hasPrefix("engram") }.count)
  }
}

/// Tests of this suite run one after the other in a process where other suites come and go: the bounds leave room for those.
@Suite("Nothing is kept", .serialized, .slow, .expecting("network.store.undeclared_state")) struct LeakTests {
  private func buildRunAndDrop() throws -> WeakRef<Network> {
    try withScope {
      let input = try PoissonGroup(3, rates: 500 * Hz)
      let group = try NeuronGroup(5, "dv/dt = -v/(5*ms) : 1", threshold: "v > 1", reset: "v = 0", refractory: 1 * ms)
      let synapses = try Synapses(input, group, "w : 1", onPre: "v += w", delay: 0.3 * ms)
      try synapses.connect()
      try synapses.w <- "rand()"
      let trace = try StateMonitor(group, "v", record: true)
      let spikes = try SpikeMonitor(group)
      let operation = try NetworkOperation { _ in }
      let network = try Network(input, group, synapses, trace, spikes, operation)
      try network.run(0.5 * ms)
      try network.store()
      return WeakRef(network)
    }
  }

  @Test("TRK-1, MAG-2: networks that were built, run, stored and dropped leave no objects behind") func objects() throws {
    let references = try (0..<20).map { _ in try buildRunAndDrop() }
    #expect(references.allSatisfy { $0.object == nil })
  }

  @Test("STO-10: a network that is dropped leaves no file of its run directory open, whether the directory was closed or not", arguments: [true, false])
  func runDirectories(isClosed: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder["run"].path
    try withScope {
      let group = try NeuronGroup(5, "dv/dt = -v/(5*ms) : 1", threshold: "v > 1", reset: "v = 0", name: "group")
      let trace = try StateMonitor(group, "v", record: true)
      let network = try Network(at: folder["run"]) {
        group
        trace
      }
      try network.run(0.5 * ms)
      try network.store("kept")
      if isClosed { network.closeRunDirectory() }
    }
    func openFiles() throws -> [String] {
      let manager = FileManager.default
      return try manager.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { try? manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
        .filter { $0.hasPrefix(path) }
    }
    // What is done in the background, such as a view, may take a moment more.
    for _ in 0..<500 where try !openFiles().isEmpty { usleep(10_000) }
    #expect(try openFiles() == [])
  }

  @Test("A thousand networks leave no file descriptors, mappings, temporary files or memory behind") func holdings() throws {
    for _ in 0..<50 { _ = try buildRunAndDrop() }
    // What other suites hold meanwhile comes and goes; what a network leaves behind is more in every round.
    var rounds: [(descriptors: Int, mappings: Int, temporaryFiles: Int, residentKilobytes: Int)] = []
    for _ in 0..<5 {
      let before = try Holdings.now()
      for _ in 0..<200 { _ = try buildRunAndDrop() }
      let after = try Holdings.now()
      rounds.append(
        (
          after.descriptors - before.descriptors, after.mappings - before.mappings, after.temporaryFiles - before.temporaryFiles,
          after.residentKilobytes - before.residentKilobytes
        ))
    }
    // One thing kept per network would be two hundred in each.
    let least = { (part: ((descriptors: Int, mappings: Int, temporaryFiles: Int, residentKilobytes: Int)) -> Int) in rounds.map(part).min() ?? 0 }
    #expect(least { $0.descriptors } < 100, "\(rounds)")
    #expect(least { $0.mappings } < 100, "\(rounds)")
    #expect(least { $0.temporaryFiles } < 100, "\(rounds)")
    // A network of this size holds some 200 KB.
    #expect(least { $0.residentKilobytes } < 20_000, "\(rounds)")
  }
}
