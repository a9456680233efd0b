import EngramEquations
import EngramExpressions
import EngramModels
import EngramSimulation
import EngramUnits
import Testing

@Suite("Published models, end to end") struct ThinWayTests {
  @Test("GRP-9: the current-based benchmark network runs: neurons, two sets of synapses, monitors")
  func cuba() throws {
    try withScope {
      seed(1)
      let P = try NeuronGroup(
        400,
        """
        dv/dt  = (ge + gi - (v - El))/taum : volt (unless refractory)
        dge/dt = -ge/taue : volt
        dgi/dt = -gi/taui : volt
        """, threshold: "v > Vt", reset: "v = Vr", refractory: 5 * ms, method: .named(.exact),
        namespace: ["taum": 20 * ms, "taue": 5 * ms, "taui": 10 * ms, "Vt": -50 * mV, "Vr": -60 * mV, "El": -49 * mV])
      try P.v.set("Vr + rand() * (Vt - Vr)")
      let Ce = try Synapses(P[0..<320], P, onPre: "ge += 1.62*mV")
      try Ce.connect(p: 0.1)
      let Ci = try Synapses(P[320...], P, onPre: "gi -= 9*mV")
      try Ci.connect(p: 0.1)
      let spikes = try SpikeMonitor(P)
      let trace = try StateMonitor(P, "v", record: [0, 7])
      let rate = try PopulationRateMonitor(P)
      try run(50 * ms)
      #expect(abs(Double(Ce.synapseCount) - 12800) < 5 * 110)
      #expect(spikes.total > 100 && spikes.total < 4000)
      #expect(try spikes.i.count == spikes.total)
      let rates = try rate.rate.si
      #expect(rates.count == 500)
      #expect(abs(rates.reduce(0, +) * 1e-4 * 400 - Double(spikes.total)) < 1e-6)
      #expect(try trace["v"].timeCount == 500 && trace["v"].rowCount == 2)
    }
  }
}
