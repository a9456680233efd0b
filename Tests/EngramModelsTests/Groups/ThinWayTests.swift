import EngramEquations
import EngramExpressions
import EngramMagic
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

@Suite("Conductance-based neurons") struct HodgkinHuxleyTests {
  @Test("STU-6, GRP-9: Hodgkin–Huxley neurons with exponential Euler rest below threshold and fire under current")
  func hodgkinHuxley() throws {
    try withScope {
      let area = 20000 * um * um
      let G = try NeuronGroup(
        3,
        """
        dv/dt = (gl*(El - v) - gna*(m*m*m)*h*(v - ENa) - gkd*(n*n*n*n)*(v - EK) + I)/Cm : volt
        dm/dt = 0.32*(mV**-1)*4*mV/exprel((13*mV - v + VT)/(4*mV))/ms*(1 - m) - 0.28*(mV**-1)*5*mV/exprel((v - VT - 40*mV)/(5*mV))/ms*m : 1
        dn/dt = 0.032*(mV**-1)*5*mV/exprel((15*mV - v + VT)/(5*mV))/ms*(1 - n) - 0.5*exp((10*mV - v + VT)/(40*mV))/ms*n : 1
        dh/dt = 0.128*exp((17*mV - v + VT)/(18*mV))/ms*(1 - h) - 4/(1 + exp((40*mV - v + VT)/(5*mV)))/ms*h : 1
        I : amp
        """, threshold: "v > -40*mV", reset: "", refractory: "v > -40*mV", method: .named(.exponentialEuler),
        namespace: [
          "gl": (5e-5 * siemens / (cm * cm)) * area, "El": -65 * mV, "gna": (100e-3 * siemens / (cm * cm)) * area, "ENa": 50 * mV,
          "gkd": (30e-3 * siemens / (cm * cm)) * area, "EK": -90 * mV, "Cm": (1 * uF / (cm * cm)) * area, "VT": -63 * mV,
        ])
      try G.v.set(-65 * mV)
      try G.I.set("i*0.35*nA")
      let spikes = try SpikeMonitor(G)
      try run(50 * ms)
      // The reference (2.9.0, numpy, same dt) gives these numbers.
      #expect(spikes.counts == [0, 3, 5])
      #expect(try steps(spikes).prefix(6) == [41, 68, 151, 251, 262, 373])
      let expected = [-0.0647959137843035, -0.07552751502196195, -0.08653796882865326]
      for (value, reference) in zip(try G.v.values, expected) { #expect(abs(value - reference) < 1e-9) }
    }
  }
}
