import Engram
import EngramTestSupport
import Foundation
import Testing

@Suite("Watchdogs in Swift programs") struct WatchdogTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Noise with a drive that grows without bound, and a group that stays calm.
  private func network(_ directory: String? = nil) throws -> Network {
    seed(3)
    let G = try NeuronGroup(
      50, "dv/dt = v/(2*ms) + 0.3*xi*(2*ms)**-0.5 : 1\ngain : 1", threshold: "v > 5", method: .named(.euler), name: "G")
    try G.v.set("rand()")
    let spikes = try SpikeMonitor(G, name: "spikes")
    let network = try Network(name: "grows") {
      G
      spikes
    }
    if let directory { try network.useRunDirectory(at: URL(filePath: directory)) }
    return network
  }

  /// The time of the first step that leaves some value above the bound, by one step after the other; the digest before that step, of the
  /// checkpoint that a run made there.
  private func reference(_ bound: Double, _ between: (Network) throws -> Void) throws -> (time: Double, digest: String) {
    let time = try withScope {
      let network = try network()
      let G = try #require(network["G"] as? NeuronGroup)
      try network.run(2 * ms)
      try between(network)
      while true {
        let time = network.t.si
        try network.run(0.1 * ms)
        if try G.v.values.contains(where: { $0 > bound }) { return time }
      }
    }
    let place = folder.path("stepwise.engram")
    try withScope {
      let network = try network(place)
      network.keptCheckpoints = RetentionPolicy(automatic: 1000)
      try network.run(2 * ms)
      try between(network)
      try network.run(Time(si: time), checkpoints: .every(simulated: 0.1 * ms))
      network.closeRunDirectory()
    }
    let store = try CheckpointStore(at: URL(filePath: place), mode: .read)
    let stored = try #require(try store.list().last { $0.summary["time"].flatMap(Double.init).map { abs($0 - time) < 1e-9 } ?? false })
    return (time, try store.digest(stored.id))
  }

  private func change(_ network: Network) throws { try (network["G"] as? NeuronGroup)?.v.set("v*rand()") }

  @Test(
    "NET-30, CKP-29: a bound that is passed throws; going back leads to the state before that step, in memory and in a run directory", arguments: [false, true])
  func bounds(stored: Bool) throws {
    let expected = try reference(20, change)
    try withScope {
      let place = folder.path("run.engram")
      let network = try network(stored ? place : nil)
      network.watchdogs = [.finite(), .bounds("G.v", to: 20)]
      try network.run(2 * ms)
      try change(network)
      let found = try #require(throws: WatchdogError.self) {
        if stored { try network.run(100 * ms, checkpoints: .every(simulated: 1.7 * ms)) } else { try network.run(100 * ms) }
      }
      guard case .value("G.v", _, let value, nil, 20, "1") = found.finding else {
        Issue.record("\(found)")
        return
      }
      #expect(value > 20 && abs(found.time.si - expected.time) < 1e-12)
      // Nothing runs from a state that nobody wants.
      #expect(throws: NetworkError.self) { try network.run(1 * ms) }
      let checkpoint = try network.goBack(before: found)
      #expect(try network.digest == expected.digest)
      #expect(network.hasUnfinishedRun && network.t.si == found.time.si)
      #expect((checkpoint != nil) == stored && checkpoint?.tags == (stored ? ["watchdog"] : nil))
      // It ends there again, and goes on without.
      #expect(throws: WatchdogError.self) { try network.resumeRun() }
      try network.goBack(before: found)
      network.watchdogs = []
      #expect(try network.resumeRun().stopReason == .completed)
      network.closeRunDirectory()
    }
  }

  @Test("NET-30, CKP-29: what cannot be watched keeps a run from starting, and changes nothing") func mistakes() throws {
    try withScope {
      let network = try network()
      for (watchdog, words) in [
        (Watchdog.finite("G.w"), "no variable 'w'"), (.finite("K.v"), "no object 'K'"), (.bounds("G.v", from: 1 * mV), "should be in"),
        (.bounds("G.v", from: 2, to: 1), "leave no value"), (.rate(of: "spikes", above: 1 * Hz), "has no spikes"), (.rate(of: "G", above: 0 * Hz), "above 0"),
      ] {
        network.watchdogs = [watchdog]
        let error = #expect(throws: WatchdogSetUpError.self) { try network.run(1 * ms) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(network.t.si == 0)
      }
    }
  }

  @Test("NET-30, CKP-29: an experiment of a model file throws with the checkpoint before the step; the same file without a watchdog goes on") func experiment()
    throws
  {
    let file = folder.path("grows.yaml")
    try """
    name: grows
    seed: 2
    objects:
      - {kind: NeuronGroup, name: G, N: 9, model: "dv/dt = v/(2*ms) + 0.3*xi*(2*ms)**-0.5 : 1", method: euler, initial: {v: rand()}}
    run: 20 ms
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let place = URL(filePath: folder.path("grows.engram"))
    var options = Experiment.Options()
    options.watchdogs = [.bounds("G.v", from: -10, to: 10)]
    let found = try #require(throws: WatchdogError.self) { try Experiment(modelFile: URL(filePath: file), in: place, options: options).run() }
    let checkpoint = try #require(found.checkpoint)
    let digest = try CheckpointStore(at: place, mode: .read).digest(checkpoint.id)
    let reference = try Experiment(modelFile: URL(filePath: file), in: URL(filePath: folder.path("other.engram")), options: .init(until: found.time))
    _ = try reference.run()
    #expect(try reference.network.digest == digest)
    reference.close()
    #expect(try Experiment(modelFile: URL(filePath: file), in: place).run().outcome == .reachedEnd)
    // The state at any time, as a call.
    let before = try CheckpointStore.state(of: place, at: 1.5 * ms)
    #expect(before.names == ["at-1.5ms"])
    let other = try Experiment(modelFile: URL(filePath: file), in: URL(filePath: folder.path("third.engram")), options: .init(until: 1.5 * ms))
    _ = try other.run()
    #expect(try other.network.digest == CheckpointStore(at: place, mode: .read).digest(before.id))
  }
}
