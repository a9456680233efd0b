import EngramModel
import Testing

/// What holds where nothing was said; as in Brian 2.9, asked by `inspect.signature(brian2.NeuronGroup.__init__)` and its like.
@Suite("What is usual") struct UsualValueTests {
  @Test(
    "NAM-2: what was given no name is called after its kind, as in Brian 2",
    arguments: [
      (ModelKind.neuronGroup, "neurongroup*"), (.synapses, "synapses*"), (.poissonGroup, "poissongroup*"),
      (.spikeGenerator, "spikegeneratorgroup*"), (.poissonInput, "poissoninput*"), (.stateMonitor, "statemonitor*"),
      (.spikeMonitor, "spikemonitor*"), (.eventMonitor, "eventmonitor*"), (.rateMonitor, "ratemonitor*"), (.clock, "clock*"),
      (.eventClock, "eventclock*"), (.networkOperation, "networkoperation*"),
    ]) func names(kind: ModelKind, name: String)
  {
    #expect(kind.usualName == name)
  }

  @Test("NET-12: objects act in the slots of Brian 2, at place 0 of them") func places() {
    #expect(TimingDescription.usualSlot == "start" && TimingDescription.usualOrder == 0 && TimingDescription.isUsuallyActive)
    #expect(PoissonGroupDescription.slot == "thresholds" && SpikeGeneratorDescription.slot == "thresholds" && PoissonInputDescription.slot == "synapses")
    #expect(StateMonitorDescription.slot == "start" && RateMonitorDescription.slot == "end" && CodeDescription.slot == "start")
    #expect(NeuronGroupDescription.slot(of: .spike) == "thresholds" && NeuronGroupDescription.slot(of: "other") == "after_thresholds")
    #expect(NeuronGroupDescription.resetSlot == "resets" && NeuronGroupDescription.eventCodeSlot == "after_resets")
  }
}
