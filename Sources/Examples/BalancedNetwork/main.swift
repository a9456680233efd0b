// The balanced network of Vogels & Abbott (2005) in the current-based form of Brette et al. (2007), written with the Swift
// interface: the same model as fixtures/models/cuba.yaml.
//
//   swift run BalancedNetwork [RUN-DIRECTORY [KICK]]
//
// With a run directory the program may be killed and started again at any time: it goes on from its newest checkpoint. The
// state half-way is stored as "warm". KICK millivolts are added to a hundred cells there, so that branches of "warm" differ.
import Engram
import Foundation

let arguments = CommandLine.arguments.dropFirst()

Engram.main {
  try withScope {
    seed(2007)
    let El = -49 * mV, Vt = -50 * mV, Vr = -60 * mV
    let P = try NeuronGroup(
      4000,
      """
      dv/dt  = (ge + gi - (v - \(El)))/(20*ms) : volt (unless refractory)
      dge/dt = -ge/(5*ms) : volt
      dgi/dt = -gi/(10*ms) : volt
      """,
      threshold: "v > \(Vt)", reset: "v = \(Vr)", refractory: 5 * ms, method: .named(.exact), name: "P")
    try P.v.set("\(Vr) + rand()*(\(Vt) - \(Vr))")
    let excitatory = try Synapses(P[0..<3200], P, onPre: "ge += \(1.62*mV)", name: "exc")
    try excitatory.connect(p: 0.02)
    let inhibitory = try Synapses(P[3200...], P, onPre: "gi -= \(9*mV)", name: "inh")
    try inhibitory.connect(p: 0.02)
    let spikes = try SpikeMonitor(P, name: "spikes")

    let network = try Network(P, excitatory, inhibitory, spikes, name: "cuba")
    var checkpoints: CheckpointPolicy?
    if let path = arguments.first {
      checkpoints = .every(simulated: 50 * ms)
      try network.useRunDirectory(at: URL(fileURLWithPath: path))
      if try !network.checkpoints.isEmpty {
        try network.restore("latest")
        print("continuing at \(network.t)")
      }
    }
    func simulate(_ duration: Time) throws {
      if let checkpoints { try network.run(duration, checkpoints: checkpoints) } else { try network.run(duration) }
    }
    if network.hasUnfinishedRun { try network.resumeRun(checkpoints: checkpoints) }
    if network.t < 500 * ms { try simulate(500 * ms - network.t) }
    if network.t == 500 * ms {
      if checkpoints != nil { try network.store("warm") }
      if let kick = arguments.dropFirst().first.flatMap(Double.init) { try P.v[0..<100].set("v + \(kick*mV)") }
      try simulate(500 * ms)
    }
    if checkpoints != nil { try network.store("end") }
    print("\(spikes.total) spikes, mean rate \(Double(spikes.total) / 4000 / network.t.si) Hz")
    print("digest \(try network.digest)")
  }
}
