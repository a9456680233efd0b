import Engram
import Testing

@Suite("Who stores linked values") struct LinkedOwnerTests {
  private func groups() throws -> (source: NeuronGroup, target: NeuronGroup) {
    let source = try NeuronGroup(2, "dx/dt = (1 - x)/(5*ms) : 1", method: .named(.exact), name: "A")
    let target = try NeuronGroup(4, "dv/dt = (y - v)/(2*ms) : 1\ny : 1 (linked)\nslot : integer (constant)", method: .named(.exact), name: "B")
    try target.slot.set("i % 2")
    try target.link("y", to: source.x, index: "slot")
    return (source, target)
  }

  @Test("LNK-8: a network that has the target of a link and not its source refuses to store, naming the missing owner; nothing is stored")
  func missingSource() throws {
    try withScope {
      let (source, target) = try groups()
      let network = try Network(target)
      let error = #expect(throws: CheckpointError.self) { try network.store() }
      #expect(error == .missingOwner(variable: "x", owner: "A"))
      #expect(error?.description.contains("'A'") == true)
      #expect(network.snapshotNames == [])
      try network.add(source)
      try network.store()
      #expect(network.snapshotNames == ["default"])
    }
  }

  @Test("LNK-8, CKP-4: a variable that is linked to another of its own group is stored and restored once")
  func linkInsideGroup() throws {
    try withScope {
      let group = try NeuronGroup(3, "x : 1\nfirst : 1 (linked)\nsame : 1 (linked)", name: "G")
      try group.link("first", to: group.x, index: [0, 0, 0])
      try group.link("same", to: group.x)
      try group.x.set("1 + i")
      let network = try Network(group)
      try network.store()
      try group.same[element: 0] <- 9
      #expect(try group.first.values == [9, 9, 9])
      try network.restore()
      #expect(try group.x.values == [1, 2, 3] && group.first.values == [1, 1, 1])
    }
  }

  @Test("LNK-8, LNK-4: linked values are stored once, with their source, and come back there, also those written through the link")
  func storedWithSource() throws {
    try withScope {
      let (source, target) = try groups()
      let network = try Network(source, target)
      try network.run(2 * ms)
      // Element 1 of the target shows element 1 of the source.
      try target.y[element: 1] <- 7
      #expect(try source.x.values[1] == 7)
      let before = try source.x.values
      try network.store("here")
      try network.run(3 * ms)
      try target.y[element: 0] <- -3
      #expect(try source.x.values[0] == -3)
      try network.restore("here")
      #expect(try source.x.values == before && target.y.values == [before[0], before[1], before[0], before[1]])
      // The target alone cannot have its link overwritten by a restore of itself.
      try target.y[element: 0] <- 5
      try network.restore("here", only: .objects(["B"]))
      #expect(try source.x.values[0] == 5 && target.y.values[2] == 5)
    }
  }
}
