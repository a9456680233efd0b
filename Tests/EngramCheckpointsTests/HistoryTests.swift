import EngramCheckpoints
import EngramSimulation
import EngramStorage
import EngramUnits
import Testing

@Suite("Histories of networks") struct HistoryTests {
  @Test("CKP-37: a network of a program keeps the state before its first step; one that nobody has a history for keeps none") func beginning() throws {
    try Environment.opening {
      let network = try Network(NetworkOperation(stateless: true) { _ in })
      try network.run(1 * ms)
      try network.reset()
      #expect(network.t.si == 0)

      let plain = try Network(of: [NetworkOperation(stateless: true) { _ in }])
      try plain.run(1 * ms)
      let error = #expect(throws: CheckpointError.self) { try plain.reset() }
      #expect(error == .unknownSnapshot("initial", known: [], nearest: nil))
      #expect(plain.t.si == 1e-3)
    }
  }

  @Test("CKP-2: snapshots of a network that got its history late hold everything from then on") func late() throws {
    try Environment.opening {
      let network = try Network(of: [NetworkOperation(stateless: true) { _ in }])
      try network.run(1 * ms)
      try network.store("there")
      try network.run(1 * ms)
      try network.restore("there")
      #expect(network.t.si == 1e-3 && network.snapshotNames == ["there"])
    }
  }
}
