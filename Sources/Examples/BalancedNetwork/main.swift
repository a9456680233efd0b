// The balanced network of Vogels & Abbott (2005) in the current-based form of Brette et al. (2007), written with the Swift
// interface: the same model as fixtures/models/cuba.yaml.
//
//   swift run BalancedNetwork [RUN-DIRECTORY]
//
// With a run directory the state is stored half-way under the name "warm", and the second half starts from there when the
// program is run again.
import Engram
import Foundation

let arguments = CommandLine.arguments.dropFirst()

try withScope {
  seed(2007)
  let El = -49*mV, Vt = -50*mV, Vr = -60*mV
  let P = try NeuronGroup(
    4000,
    """
    dv/dt  = (ge + gi - (v - \(El)))/(20*ms) : volt (unless refractory)
    dge/dt = -ge/(5*ms) : volt
    dgi/dt = -gi/(10*ms) : volt
    """,
    threshold: "v > \(Vt)", reset: "v = \(Vr)", refractory: 5*ms, method: .named(.exact), name: "P")
  try P.v.set("\(Vr) + rand()*(\(Vt) - \(Vr))")
  let excitatory = try Synapses(P[0..<3200], P, onPre: "ge += \(1.62*mV)", name: "exc")
  try excitatory.connect(p: 0.02)
  let inhibitory = try Synapses(P[3200...], P, onPre: "gi -= \(9*mV)", name: "inh")
  try inhibitory.connect(p: 0.02)
  let spikes = try SpikeMonitor(P, name: "spikes")

  let network = try Network(P, excitatory, inhibitory, spikes, name: "cuba")
  if let path = arguments.first {
    try network.useRunDirectory(at: URL(fileURLWithPath: path))
    if try network.checkpoints.contains(where: { $0.names.contains("warm") }) {
      try network.restore("warm")
      print("continuing from the checkpoint 'warm' at \(network.t)")
    }
  }
  if network.t < 500*ms {
    try network.run(500*ms - network.t)
    if network.runDirectoryPath != nil { try network.store("warm") }
  }
  try network.run(500*ms)
  print("\(spikes.total) spikes, mean rate \(Double(spikes.total) / 4000 / network.t.si) Hz")
  print("digest \(try network.digest)")
}
