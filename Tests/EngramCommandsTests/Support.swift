import Engram
import EngramEquations
import EngramExpressions
import EngramModels
import EngramSimulation
import EngramTestSupport
import EngramUnits
import Foundation

extension Program.Outcome {
  /// The first thing that `show` was asked for.
  func item() throws -> [String: Any] { (try json()["items"] as? [[String: Any]])?.first ?? [:] }

  /// The output as JSON.
  func json() throws -> [String: Any] { try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:] }
}

extension Program {
  func run(_ arguments: String..., standardOutput: FileHandle? = nil) throws -> Outcome { try run(arguments, standardOutput: standardOutput) }
}

/// A run directory with two checkpoints of a small network: `early` at 10 ms, `late` at 20 ms.
struct SmallRun {
  let folder: TemporaryFolder
  let directory: String
  let earlyDigest: String
  let lateDigest: String
  /// SI values of `P.v` at `late`.
  let potentials: [Double]
  let spikeCount: Int

  init() throws {
    let folder = try TemporaryFolder()
    let directory = folder.path("small.engram")
    var digests: [String] = []
    let (potentials, spikeCount) = try withScope {
      seed(7)
      let P = try NeuronGroup(
        20, "dv/dt = (drive - v)/(10*ms) : volt\ndrive : volt\nlabel : integer (constant)", threshold: "v > 10*mV", reset: "v = 0*mV",
        refractory: 1 * ms, method: .named(.exact), name: "P")
      try P.drive.set("(12 + 8*rand())*mV")
      try P.label.set("i*i")
      let S = try Synapses(P[5..<15], P, "w : volt", onPre: "v_post += w", delay: 2 * ms, name: "S")
      try S.connect(where: "i != j", p: 0.3)
      try S.w.set("0.1*mV*(i + 1)")
      let spikes = try SpikeMonitor(P, name: "spikes")
      let trace = try StateMonitor(P, ["v"], record: [0, 3], name: "trace")
      let rate = try PopulationRateMonitor(P, name: "rate")
      let network = try Network(name: "small") {
        P
        S
        spikes
        trace
        rate
      }
      for name in ["early", "late"] {
        try network.run(10 * ms)
        // After the first run, so that the directory has these two checkpoints alone.
        if name == "early" { try network.useRunDirectory(at: URL(fileURLWithPath: directory)) }
        try network.store(name, options: StoreOptions(comment: "the \(name) one"))
        digests.append(try network.digest)
      }
      let potentials = try P.v.values
      network.closeRunDirectory()
      return (potentials, spikes.total)
    }
    (self.folder, self.directory, self.potentials, self.spikeCount) = (folder, directory, potentials, spikeCount)
    (earlyDigest, lateDigest) = (digests[0], digests[1])
  }
}
