import Engram
import EngramHDF5
import EngramMessageTestSupport
import EngramTestSupport
import Foundation
import Testing

/// Exports of live networks, objects and variables, read back with the HDF5 library.
@Suite("Exports of what is in memory", .expecting("base.unused_brian_object")) struct ExportTests {
  private func withFile(_ body: (URL, () throws -> HDF5Group) throws -> Void) throws {
    try TemporaryFolder.lend { folder in
      let url = folder.appending(path: "export.h5")
      try withScope { try body(url) { try HDF5File.open(at: url.path).root } }
    }
  }

  private func doubles(_ root: HDF5Group, _ name: String) throws -> [Double] {
    try #require(try root.dataset(name), "\(name)").readAll(as: Double.self, atMost: 100_000)
  }
  private func integers(_ root: HDF5Group, _ name: String) throws -> [Int64] {
    try #require(try root.dataset(name), "\(name)").readAll(as: Int64.self, atMost: 100_000)
  }

  private func group() throws -> NeuronGroup {
    let G = try NeuronGroup(
      6, "dv/dt = -v/(10*ms) : volt\nk : integer\nb : boolean\nx : 1 (shared)\ndouble = 2*v : volt", threshold: "v > 4.5*mV", reset: "v = 0*volt",
      method: .named(.exact), name: "G")
    try G.v <- "i*mV"
    try G.k <- "i*i"
    try G.b <- "i > 3"
    try G.x <- 7
    return G
  }

  @Test("HDF-1, MAG-9: an export of the magic network holds the objects of its scope") func magic() throws {
    try withFile { url, read in
      let G = try group()
      let spikes = try SpikeMonitor(G, name: "spikes")
      try run(1 * ms)
      try MagicScope.current.network.exportHDF5(to: url)
      let root = try read()
      #expect(try root.group("objects").memberNames().contains("G") && root.group("recordings").memberNames() == ["spikes"])
      #expect(try doubles(root, "objects/G/v") == G.v.values)
      #expect(try doubles(root, "recordings/spikes/t") == spikes.t.si)
      #expect(try !spikes.t.si.isEmpty)
    }
  }

  @Test("HDF-1, 8: one variable, of a group in a network or in none", arguments: [true, false]) func variable(isRun: Bool) throws {
    try withFile { url, read in
      let G = try group()
      if isRun { try run(1 * ms) }
      try G.v.exportHDF5(to: url)
      let root = try read()
      #expect(try doubles(root, "objects/G/v") == G.v.values)
      #expect(try integers(root, "objects/G/neuron") == [0, 1, 2, 3, 4, 5])
      #expect(try root.dataset("objects/G/v")?.text("units") == "V")
      #expect(try root.group("objects").group("G").memberNames() == ["neuron", "v"])
      #expect(try root.group("objects").group("G").text("class") == "NeuronGroup")
      #expect(try root.numbers("t") == [isRun ? 0.001 : 0])
    }
  }

  @Test("HDF-8, 3: a view exports its selection in its type, with the numbers of the elements; formulas are computed") func selections() throws {
    try withFile { url, read in
      let G = try group()
      try G.k[[5, 1]].exportHDF5(to: url)
      #expect(try #require(try read().dataset("objects/G/k")).readAll(as: Int32.self, atMost: 9) == [25, 1])
      #expect(try integers(read(), "objects/G/neuron") == [5, 1])
      try G.b[where: "i > 2"].exportHDF5(to: url)
      #expect(try #require(try read().dataset("objects/G/b")).readAll(as: UInt8.self, atMost: 9) == [0, 1, 1])
      try G.double[every: 2].exportHDF5(to: url)
      #expect(try doubles(read(), "objects/G/double") == [0, 2, 4].map { 2 * ($0 * 0.001) })
      // Many single elements are read in one go.
      let many = try NeuronGroup(300, "u : 1", name: "many")
      try many.u <- "i"
      let third = Array(stride(from: 1, to: 300, by: 3))
      try Network(many).exportHDF5(to: url, options: ExportOptions(only: [ExportItem("many.u", elements: .list(third))]))
      #expect(try doubles(read(), "objects/many/u") == third.map(Double.init))
      try G.x.exportHDF5(to: url)
      #expect(try #require(try read().dataset("objects/G/x")).shape == [])
      let part = try G[2..<5]
      try part.v.exportHDF5(to: url)
      #expect(try doubles(read(), "objects/\(part.name)/v") == Array(G.v.values[2..<5]))
      #expect(try integers(read(), "objects/\(part.name)/neuron") == [0, 1, 2])
      let array = try #require(G.variables["v"] as? ArrayVariable)
      try array.exportHDF5(to: url, isChunked: true)
      #expect(try doubles(read(), "objects/G/v") == G.v.values)
      try #require(G.clock.variables["t"] as? ArrayVariable).exportHDF5(to: url)
      #expect(try doubles(read(), "clocks/defaultclock/t") == [0])
      #expect(throws: VariableError.self) { try G.nothing.exportHDF5(to: url) }
      #expect(throws: IndexError.self) { try G.v[[6]].exportHDF5(to: url) }
      #expect(try doubles(read(), "clocks/defaultclock/t") == [0], "the older file stays")
    }
  }

  @Test("HDF-1, 5: a monitor, and synapses with their delays, alone") func objects() throws {
    try withFile { url, read in
      let G = try group()
      let S = try Synapses(G, G, "w : 1", onPre: "v_post += w*mV", delay: 1 * ms, name: "S")
      try S.connect(j: "i")
      try S.w <- "i"
      let trace = try StateMonitor(G, ["v"], record: [1, 4], name: "trace")
      let synaptic = try StateMonitor(S, ["w"], record: [2, 3], name: "synaptic")
      let spikes = try SpikeMonitor(G, name: "spikes")
      try run(1 * ms)
      try trace.exportHDF5(to: url)
      #expect(try read().group("recordings").memberNames() == ["trace"] && read().group("objects").memberNames() == [])
      let traces = try trace.v
      #expect(try doubles(read(), "recordings/trace/v") == (0..<10).flatMap { step in [traces.row(0)[step], traces.row(1)[step]] })
      #expect(try integers(read(), "recordings/trace/neuron") == [1, 4])
      try synaptic.exportHDF5(to: url)
      #expect(try integers(read(), "recordings/synaptic/synapse") == [2, 3], "the source tells what is recorded")
      try spikes.exportHDF5(to: url)
      #expect(try doubles(read(), "recordings/spikes/t") == spikes.t.si)
      try S.exportHDF5(to: url)
      #expect(try doubles(read(), "objects/S/w") == [0, 1, 2, 3, 4, 5])
      #expect(try read().group("objects").group("S").memberNames().contains("delay"))
      try G.exportHDF5(to: url, options: ExportOptions(only: ["G.k"]))
      #expect(try read().group("objects").group("G").memberNames() == ["k", "neuron"])
    }
  }

  @Test("HDF-8: objects, variables, elements and times are chosen together") func chosen() throws {
    try withFile { url, read in
      let G = try group()
      let trace = try StateMonitor(G, ["v", "k"], record: [1, 3, 4], name: "trace")
      let spikes = try SpikeMonitor(G, name: "spikes")
      let H = try NeuronGroup(4, "dv/dt = (20 - v)/(10*ms) : 1", threshold: "v > 1", reset: "v = 0", method: .named(.exact), name: "H")
      try H.v <- "i*0.2"
      let events = try SpikeMonitor(H, name: "events")
      let rate = try PopulationRateMonitor(H, name: "rate")
      let network = try Network(G, trace, spikes, H, events, rate)
      try network.run(5 * ms)
      let options = ExportOptions(
        only: ["G.k", ExportItem("G.v", elements: .slice(-2, nil)), ExportItem("trace.v", elements: [4, 1]), ExportItem("events", elements: 1..<3)],
        timeRange: 1e-3...2e-3)
      try network.exportHDF5(to: url, options: options)
      let root = try read()
      #expect(try root.group("objects").memberNames() == ["G"] && root.group("recordings").memberNames() == ["events", "trace"])
      #expect(try root.group("objects").group("G").memberNames() == ["k", "neuron", "neuron_v", "v"])
      #expect(try doubles(root, "objects/G/v") == Array(G.v.values[4...]) && integers(root, "objects/G/neuron_v") == [4, 5])
      #expect(try #require(try root.dataset("objects/G/k")).shape == [6])
      // Steps from 1 ms to 2 ms, both ends included.
      let times = try doubles(root, "recordings/trace/t")
      let allTimes = try trace.t.si
      #expect(times == allTimes.filter { $0 >= 1e-3 && $0 <= 2e-3 } && times.count >= 10)
      let first = try #require(allTimes.firstIndex { $0 >= 1e-3 })
      // Rows of 1, 3 and 4.
      let (four, one) = (try trace.v.row(2), try trace.v.row(0))
      #expect(try doubles(root, "recordings/trace/v") == times.indices.flatMap { [four[first + $0], one[first + $0]] })
      #expect(try integers(root, "recordings/trace/neuron") == [4, 1])
      #expect(try root.group("recordings").group("trace").memberNames() == ["neuron", "t", "v"])
      let wanted = try zip(events.t.si, events.i).filter { $0.0 >= 1e-3 && $0.0 <= 2e-3 && (1...2).contains($0.1) }
      #expect(wanted.count > 2 && wanted.count < events.total)
      #expect(try doubles(root, "recordings/events/t") == wanted.map(\.0))
      #expect(try #require(try root.dataset("recordings/events/i")).readAll(as: Int32.self, atMost: 1000) == wanted.map { Int32($0.1) })
      #expect(try #require(try root.dataset("recordings/events/count")).readAll(as: Int32.self, atMost: 10).count == 2)
    }
  }

  @Test("HDF-8: what is chosen and is not there is an error that helps, and no file appears") func wrong() throws {
    try withFile { url, _ in
      let G = try group()
      let trace = try StateMonitor(G, ["v"], record: [1, 3], name: "trace")
      let rate = try PopulationRateMonitor(G, name: "rate")
      let network = try Network(G, trace, rate)
      try network.run(1 * ms)
      func message(_ items: [ExportItem]) -> String {
        let error = #expect(throws: ExportSelectionError.self) { try network.exportHDF5(to: url, options: ExportOptions(only: items)) }
        return error.map { "\($0)" } ?? ""
      }
      #expect(message(["H.v"]).contains("there is no object 'H'"))
      #expect(message(["trcae"]).contains("did you mean 'trace'?"))
      #expect(message(["G.vv"]).contains("'G' has no stored variable 'vv'"))
      #expect(message([ExportItem("G.v", elements: [6])]).contains("6 is not one of 6 elements"))
      #expect(message([ExportItem("G.x", elements: [0])]).contains("no value per element"))
      #expect(message([ExportItem("trace.v", elements: [2])]).contains("does not record element 2"))
      #expect(message([ExportItem("trace", elements: .slice(-1, nil))]).contains("-1 is no number"))
      #expect(message([ExportItem("rate", elements: [0])]).contains("no value per element"))
      #expect(message([ExportItem("G.v", elements: [0]), ExportItem("G.v", elements: [1])]).contains("twice"))
      #expect(message([ExportItem("trace", elements: [1]), ExportItem("trace", elements: [3])]).contains("twice"))
      #expect(message([""]).contains("there is no object"))
      #expect(!FileManager.default.fileExists(atPath: url.path))
    }
  }

  @Test("HDF-1, NET-28: an export inside a step is refused with words, and the run goes on") func insideStep() throws {
    try withFile { url, _ in
      let G = try group()
      let trace = try StateMonitor(G, ["v"], record: [1], name: "trace")
      var messages: [String] = []
      let probe = try NetworkOperation(stateless: true, name: "probe") { _ in
        if !messages.isEmpty { return }
        let attempts: [() throws -> Void] = [
          { try MagicScope.current.network.exportHDF5(to: url) }, { try G.v.exportHDF5(to: url) }, { try G.v[0..<1].exportHDF5(to: url) },
          { try trace.exportHDF5(to: url) }, { try (G.variables["v"] as? ArrayVariable)?.exportHDF5(to: url) },
        ]
        for attempt in attempts { do { try attempt() } catch { messages.append("\(error)") } }
      }
      _ = probe
      let summary = try run(1 * ms)
      #expect(summary.stopReason == .completed)
      #expect(messages.count == 5 && messages.allSatisfy { $0.contains("cannot export") && $0.contains("during a run") }, "\(messages)")
      #expect(!FileManager.default.fileExists(atPath: url.path))
    }
  }
}
