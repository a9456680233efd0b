import EngramEquations
import EngramImport
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramSimulation
import EngramUnits
import Foundation
import Testing

@Suite("Files in Swift programs", .expecting("base.unused_brian_object")) struct SwiftCallsTests {
  @Test("INP-10, INP-13: a spike generator plays the spikes of a SONATA file, and those of another after set_spikes")
  func generator() throws {
    try withScope {
      let G = try SpikeGeneratorGroup(3, sonata: inputs.appending(path: "spikes.h5"), population: "thalamus")
      let spikes = try SpikeMonitor(G)
      try run(4 * ms)
      #expect(try spikes.i == [0, 1, 2, 0])
      #expect(try spikes.t.si.map { ($0 * 1e4).rounded() } == [2, 7, 10, 31])
      try G.setSpikes(sonata: inputs.appending(path: "spikes_single.h5"), period: 5 * ms)
      try run(6 * ms)
      // Periods count from t = 0: 0.5 and 2.5 ms are past, 5.5 and 7.5 ms come.
      #expect(try spikes.i == [0, 1, 2, 0, 1, 1])
      #expect(try spikes.t.si.suffix(2).map { ($0 * 1e4).rounded() } == [55, 75])
      let error = #expect(throws: InputError.self) { try SpikeGeneratorGroup(2, sonata: inputs.appending(path: "spikes_old.h5"), name: "few") }
      #expect(error == .indexOutOfRange(name: "few", index: 2, count: 2))
      #expect(throws: FileReadingError.noFile("/nowhere.h5")) { try SpikeGeneratorGroup(2, sonata: URL(filePath: "/nowhere.h5")) }
    }
  }

  @Test("INP-20: arrays of HDF5 files are values of variables, rates and timed arrays in one and two dimensions")
  func arrays() throws {
    try withScope {
      let file = inputs.appending(path: "arrays.h5")
      let rates = try QuantityArray(hdf5: file, dataset: "/in/rate")
      #expect(rates == QuantityArray(si: [0, 10, 25.5, 1000], dimension: .frequency))
      let P = try PoissonGroup(4, rates: rates)
      #expect(try P.rates.values == rates.si)
      #expect(throws: (any Error).self) { try QuantityArray(hdf5: file, dataset: "/in/current") }

      let drive = try TimedArray(hdf5: file, dataset: "in/current", dt: 1 * ms, name: "drive")
      #expect(drive.columnCount == 2 && drive.dimension == (1 * nA).dimension)
      #expect(try drive(1.5 * ms, 1) == (0.75 * nA).quantity)
      let slow = try TimedArray(hdf5: file, dataset: "in/rate", dt: 2 * ms, name: "slow")
      #expect(try slow(4 * ms) == (25.5 * Hz).quantity)
      let G = try NeuronGroup(2, "x = drive(t, i) : amp", namespace: ["drive": drive])
      let trace = try StateMonitor(G, ["x"], record: .all)
      try run(3 * ms)
      #expect(try trace["x"].values[1].enumerated().filter { $0.offset % 10 == 5 }.map { ($0.element * 1e11).rounded() } == [25, 75, 125])
    }
  }
}
