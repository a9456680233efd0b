import EngramExpressions
import EngramMagic
import EngramStorage
import EngramUnits
import Testing

@testable import EngramCheckpoints
@testable import EngramSimulation

@Suite("Snapshots in memory") struct SnapshotTests {
  /// A noisy group, its code, and the network of both.
  private func noisy() throws -> (TestGroup, Network) {
    let group = try TestGroup(50)
    let code = try TestCode("w = 0.9*w + randn(); v += rand()*mV", for: group)
    return (group, try Network(group, code))
  }

  @Test("CKP-4: running on after a restore gives the bits of running on without it") func replay() throws {
    try withScope {
      seed(7)
      let (group, network) = try noisy()
      try network.run(1 * ms)
      try network.store()
      try network.run(2 * ms)
      let first = try group.w.values
      let firstDigest = try network.digest
      try network.restore()
      #expect(network.t.si == 0.001)
      try network.run(2 * ms)
      #expect(try group.w.values == first)
      #expect(try network.digest == firstDigest)
    }
  }

  @Test("CKP-9, RNG-8: keeping the current random state goes on with other numbers") func otherNumbers() throws {
    try withScope {
      seed(7)
      let (group, network) = try noisy()
      try network.store()
      try network.run(1 * ms)
      let first = try group.w.values
      try network.restore(randomState: .keepCurrent)
      try network.run(1 * ms)
      #expect(try group.w.values != first)
      try network.restore(randomState: .reseed(7))
      try network.run(1 * ms)
      #expect(try group.w.values == first)
    }
  }

  @Test("CKP-9, RNG-8: how often restores have gone on with other numbers is a part of the state: the same restores draw the same numbers")
  func continuedNumbers() throws {
    try withScope {
      seed(7)
      let (group, network) = try noisy()
      try network.store("a")
      try network.restore("a", randomState: .keepCurrent)
      try network.store("b")
      var found: [[Double]] = []
      for _ in 0..<2 {
        try network.restore("b")
        try network.restore("b", randomState: .keepCurrent)
        try network.run(1 * ms)
        found.append(try group.w.values)
      }
      #expect(found[0] == found[1])
      // Another restore more, and they are others.
      try network.restore("b", randomState: .keepCurrent)
      try network.run(1 * ms)
      #expect(try group.w.values != found[0])
    }
  }

  @Test("CKP-4: slot, order and activity of every object come back with a restore") func settings() throws {
    try withScope {
      let group = try TestGroup(1)
      let code = try TestCode("w = 2*w + 1", for: group, when: .start, order: 3, name: "doubling")
      let other = try TestCode("w = 3*w", for: group, when: .end, order: -1, name: "tripling")
      other.isActive = false
      let network = try Network(group, code, other)
      try network.store()
      code.when = .end
      code.order = -2
      code.isActive = false
      other.isActive = true
      try network.restore()
      #expect(code.when == .start && code.order == 3 && code.isActive)
      #expect(other.when == .end && other.order == -1 && !other.isActive)
      // 1, 3, 7: the second object has no part in it.
      try network.run(0.3 * ms)
      #expect(try group.w.values == [7])
    }
  }

  @Test("CKP-10, NET-22: a split run gives the bits of a whole one") func split() throws {
    func result(_ parts: [Double]) throws -> ([Double], String) {
      try withScope {
        seed(3)
        let (group, network) = try noisy()
        for part in parts {
          try network.run(part * ms)
          try network.store()
          try network.restore()
        }
        return (try group.w.values, try network.digest)
      }
    }
    let whole = try result([3])
    let split = try result([0.25, 0.05, 1, 1.7])
    #expect(whole.0 == split.0)
    #expect(whole.1 == split.1)
  }

  @Test("CKP-1: an unknown name is an error that knows what there is") func unknownName() throws {
    try withScope {
      let (_, network) = try noisy()
      try network.store("before")
      let error = #expect(throws: CheckpointError.self) { try network.restore("befor") }
      #expect(error == .unknownSnapshot("befor", known: ["before"], nearest: "before"))
    }
  }

  @Test("CKP-3: object names must agree in both directions; the message lists all differences") func names() throws {
    try withScope {
      let (_, network) = try noisy()
      try network.store()
      let other = try TestGroup(3)
      try network.add(other)
      try network.remove(named: "testcode")
      let error = #expect(throws: CheckpointError.self) { try network.restore() }
      #expect(error == .namesDiffer(missingInCheckpoint: ["testgroup_1"], missingInNetwork: ["testcode"]))
    }
  }

  @Test("CKP-2: a network that never ran can be stored") func neverRun() throws {
    try withScope {
      let (group, network) = try noisy()
      try group.w <- 5
      try network.store()
      try group.w <- 6
      try network.restore()
      #expect(try group.w.values == Array(repeating: 5, count: 50))
    }
  }

  @Test("CKP-5, CLK-9: restoring brings back dt") func dt() throws {
    try withScope {
      let (_, network) = try noisy()
      try defaultClock.setDt(0.5 * ms)
      try network.run(0 * ms)
      try network.store()
      try network.run(1 * ms)
      try defaultClock.setDt(1 * ms)
      try network.run(2 * ms)
      let messages = try Messages.capturing { try network.restore() }.messages
      #expect(defaultClock.dt.si == 0.0005)
      #expect(messages.contains { $0.level == .info && $0.category == "network.restore.dt" })
      try network.run(1 * ms)
      #expect(defaultClock.timestep == 2)
    }
  }

  @Test("CKP-5, CLK-9: a restore brings back which dt the clock has been placed with: the next run compares with that one alone") func placedStep() throws {
    try withScope {
      let (_, network) = try noisy()
      try defaultClock.setDt(0.5 * ms)
      try network.run(0.5 * ms)
      try network.store()
      // Steps that fit where the network is then, and not where it was stored: 0.5 ms is no multiple of 0.15 ms.
      for dt in [0.25, 0.15] {
        try defaultClock.setDt(dt * ms)
        try network.run(dt == 0.25 ? 0.25 * ms : 0.15 * ms)
      }
      try network.restore()
      try network.run(0.5 * ms)
      #expect(defaultClock.timestep == 2 && network.t.si == 1e-3)
    }
  }

  @Test("NET-45: store inside a step takes effect at its end; restore inside a step is an error") func insideStep() throws {
    try withScope {
      let group = try TestGroup(1)
      var network: Network?
      var calls = 0
      let early = try Probe(order: -1) {
        calls += 1
        if calls == 5 { try network?.store() }
      }
      let code = try TestCode("w += 1", for: group)
      network = try Network(group, early, code)
      try network?.run(1 * ms)
      try network?.restore()
      #expect(try group.w.values == [5])
      #expect(defaultClock.timestep == 5)
      early.body = { try network?.restore() }
      let error = #expect(throws: BrianObjectError.self) { try network?.run(0.1 * ms) }
      #expect(error?.underlying as? CheckpointError == .restoreDuringRun)
    }
  }

  @Test("CKP-22: declared state of an operation is stored and restored; undeclared state gives one warning") func operationState() throws {
    try withScope {
      let operation = try NetworkOperation(state: 0) { _, count in count += 1 }
      let network = try Network(operation)
      try network.run(1 * ms)
      try network.store()
      try network.run(1 * ms)
      #expect(operation.state(as: Int.self) == 20)
      try network.restore()
      #expect(operation.state(as: Int.self) == 10)
      let undeclared = try Network(try NetworkOperation { _ in })
      let messages = try Messages.capturing { try undeclared.store() }.messages
      #expect(messages.map(\.category) == ["network.store.undeclared_state"])
    }
  }

  @Test("CKP-24: a changed constant of a group is refused with its name, and accepted when allowed") func constants() throws {
    try withScope {
      let group = try TestGroup(2, namespace: ["tau": 10 * ms])
      let network = try Network(group)
      try network.store()
      try group.setNamespace(["tau": 20 * ms])
      let error = #expect(throws: CheckpointError.self) { try network.restore() }
      #expect("\(error.map { "\($0)" } ?? "")".contains("tau"))
      let report = try network.restore(allowing: [.constants])
      #expect(report.acceptedDifferences.count == 1)
      #expect(!report.isExact)
    }
  }

  @Test("CKP-25: selected objects, added objects and renamed ones") func partial() throws {
    try withScope {
      let a = try TestGroup(2)
      let b = try TestGroup(2)
      let network = try Network(a, b)
      try a.w <- 1
      try b.w <- 1
      try network.store()
      try a.w <- 2
      try b.w <- 2
      try network.run(1 * ms)
      try network.restore(only: .objects(["testgroup"]))
      #expect(try a.w.values == [1, 1])
      #expect(try b.w.values == [2, 2])
      #expect(network.t.si == 0.001)
      let c = try TestGroup(1)
      try c.w <- 9
      try network.add(c)
      try network.restore(allowing: [.addedObjects])
      #expect(try b.w.values == [1, 1])
      #expect(try c.w.values == [9])
    }
  }

  @Test("CKP-1, 2: a size that differs is refused with object, variable and both sizes, and nothing has changed") func sizes() throws {
    let snapshot = try withScope { () -> MemorySnapshot in
      let group = try TestGroup(3)
      return try MemorySnapshot(try Network(group).gatherState())
    }
    try withScope {
      let group = try TestGroup(1)
      try group.w <- 4
      let network = try Network(group)
      let error = #expect(throws: CheckpointError.self) { _ = try network.restore(from: snapshot) }
      #expect(error == .mismatch(object: "testgroup", variable: "v", what: "the size", stored: "3", actual: "1"))
      #expect(try group.w.values == [4])
    }
  }

  @Test("CKP-16: a description that is cut anywhere is refused; a changed byte is refused with words or read as another one, never a trap") func damaged()
    throws
  {
    try withScope {
      let (_, network) = try noisy()
      try network.run(0.3 * ms)
      let bytes = try #require(try network.gatherState().sections["network"])
      for length in 0..<bytes.count {
        #expect(throws: CheckpointError.self) { _ = try NetworkRecord(DescriptionValue(decoding: Array(bytes.prefix(length)))) }
      }
      var refused = 0
      for place in bytes.indices {
        var changed = bytes
        changed[place] ^= 0x41
        do {
          _ = try NetworkRecord(DescriptionValue(decoding: changed))
        } catch {
          refused += 1
          #expect(error is CheckpointError && !"\(error)".isEmpty, "byte \(place): \(error)")
        }
      }
      #expect(refused > bytes.count / 4)
    }
  }

  @Test("CKP-37, CKP-43: reset is the state before the first step also in memory, and a run after it repeats the bits") func reset() throws {
    try withScope {
      seed(5)
      let (group, network) = try noisy()
      try group.w <- "i"
      #expect(throws: CheckpointError.self) { try network.reset() }
      let start = try network.digest
      try network.run(1 * ms)
      let first = try network.digest
      try network.run(0.7 * ms)
      #expect(network.snapshotNames.isEmpty)
      for _ in 0..<2 {
        #expect(try network.reset().isExact)
        #expect(network.t.si == 0)
        #expect(try network.digest == start)
        try network.run(1 * ms)
        #expect(try network.digest == first)
      }
      #expect(try network.restore("initial").isExact)
    }
  }

  @Test("CKP-44: reserved and impossible names are refused in memory as on disk", arguments: ["initial", "latest", "live", "a/b", "", "-x", "ck-3"])
  func reservedNames(name: String) throws {
    try withScope {
      let (_, network) = try noisy()
      #expect(throws: CheckpointError.self) { try network.store(name) }
    }
  }

  @Test("CKP-37: what cannot be kept of the beginning does not stop a run, and is told to who asks for it") func noBeginning() throws {
    try withScope {
      let (_, network) = try noisy()
      network.kept.beginning = .notKept(.beginningTooLarge(byteCount: 1 << 40))
      try network.run(1 * ms)
      let error = #expect(throws: CheckpointError.self) { try network.reset() }
      #expect(error.map { "\($0)".contains("Network(at:)") } == true)
    }
  }

  @Test("CKP-25: a variable whose unit has changed is refused also where only it is restored, and nothing has changed") func unitOfOneVariable() throws {
    let snapshot = try withScope { () -> MemorySnapshot in
      let group = try TestGroup(2)
      try group.variables.addArray("x", dimension: .voltage, count: 2, values: [1, 2])
      return try MemorySnapshot(try Network(group).gatherState())
    }
    try withScope {
      let group = try TestGroup(2)
      try group.variables.addArray("x", dimension: .current, count: 2, values: [7, 8])
      let network = try Network(group)
      let error = #expect(throws: CheckpointError.self) { try network.restore(from: snapshot, only: .variables(["testgroup": ["x"]])) }
      #expect(error == .mismatch(object: "testgroup", variable: "x", what: "the unit", stored: "volt", actual: "amp"))
      #expect(throws: CheckpointError.self) { try network.restore(from: snapshot, only: .items(["testgroup.x"])) }
      #expect(try group.x.values == [7, 8])
    }
  }

  @Test("CKP-25: objects and single variables can be named together; what there is not is told") func items() throws {
    try withScope {
      let a = try TestGroup(2)
      let b = try TestGroup(2)
      let network = try Network(a, b)
      for group in [a, b] {
        try group.w <- 1
        try group.n <- 1
      }
      try network.store()
      for group in [a, b] {
        try group.w <- 2
        try group.n <- 2
      }
      try network.restore(only: .items(["testgroup", "testgroup_1.n"]))
      #expect(try a.w.values == [1, 1] && a.n.values == [1, 1] && b.w.values == [2, 2] && b.n.values == [1, 1])
      #expect(throws: VariableError.unknownVariable(name: "ww", owner: "testgroup", nearest: "w")) { try network.restore(only: .items(["testgroup.ww"])) }
      #expect(throws: CheckpointError.namesDiffer(missingInCheckpoint: [], missingInNetwork: ["nobody"])) { try network.restore(only: .items(["nobody"])) }
    }
  }
}
