import Engram
import EngramTestSupport
import Foundation
import Testing

@Suite("Recordings larger than memory should hold") struct RecordingMemoryTests {
  private func residentMegabytes() throws -> Double {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    // Resident pages that are not of files: what recordings take of memory for themselves.
    let words = text.split(separator: " ").compactMap { Double($0) }
    return (words[1] - words[2]) * 4096 / 1e6
  }

  @Test("MON-13, STO-12: memory stays bounded while a monitor records, and the data are readable while the simulation runs, here and from outside")
  func bounded() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary["run"]
    try withScope {
      let G = try NeuronGroup(5000, "dv/dt = 1/ms : 1\nk : integer", method: .named(.euler), name: "G")
      try G.runRegularly("k += 1")
      let trace = try StateMonitor(G, ["v", "k"], record: true, name: "trace")
      let network = try Network(contentsOf: [G, trace] as [BrianObject], name: "net")
      try network.useRunDirectory(at: folder)
      defer { network.closeRunDirectory() }
      // 5000 values of 8 and of 4 bytes in each of 2000 steps are 120 MB.
      var looks = 0
      let exported = folder.appendingPathExtension("h5")
      let look = try NetworkOperation(every: 20 * ms, when: .end, order: 1, stateless: true, name: "look") { t in
        guard t.si > 0.01 else { return }
        let step = Int((t.si / 1e-4).rounded())
        looks += 1
        // What has been recorded so far, from inside the step.
        #expect(try trace["k"].row(4999).suffix(2) == [Double(step), Double(step + 1)])
        #expect(try trace.t.count == step + 1)
        guard looks == 2 else { return }
        // Somebody else, who knows nothing of this process, looks at the directory in the middle of the run.
        let store = try CheckpointStore(at: folder, mode: .read)
        defer { store.close() }
        try store.exportHDF5("first", to: exported)
        #expect(try QuantityArray(hdf5: exported, dataset: "/recordings/trace/t").count == 200)
        let recorded = try TimedArray(hdf5: exported, dataset: "/recordings/trace/k", dt: 0.1 * ms)
        #expect(try recorded(19.95 * ms, 4999) == Quantity(200))
      }
      try network.add(look)
      try network.run(20 * ms)
      let before = try residentMegabytes()
      try network.store("first")
      for part in 0..<9 {
        try network.run(20 * ms)
        try network.store("part \(part)")
      }
      #expect(looks == 9)
      let grown = try residentMegabytes() - before
      #expect(grown < 60, "\(grown) MB more for 108 MB of recordings")
      let rows = try trace["v"].values
      #expect(rows.count == 5000 && rows[17].count == 2000)
    }
  }
}
