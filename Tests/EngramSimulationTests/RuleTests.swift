import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramUnits
import Testing

@testable import EngramSimulation

@Suite("Rules for all modules") struct RuleTests {
  @Test("COR-1, COR-4: user input that is wrong throws, at the call, and changes nothing") func userInput() throws {
    try withScope {
      let group = try TestGroup(3)
      group.wasAdded = true
      try group.v <- 2 * mV
      #expect(throws: Problems.self) { try group.v <- "1*mV +" }
      #expect(throws: Problems.self) { try group.v[where: "v >"] <- 1 * mV }
      #expect(throws: UnresolvedIdentifierError.self) { try group.v <- "nothing*mV" }
      #expect(throws: IndexError.self) { try group.v[[7]] <- 1 * mV }
      #expect(throws: SizeMismatchError.self) { try group.v <- [1, 2] * mV }
      #expect(throws: NameError.self) { try ObjectName(validating: "not a name") }
      #expect(try group.v.values == [0.002, 0.002, 0.002])
    }
  }

  @Test("COR-5: values can be sent between tasks; objects of a simulation stay in theirs") func sendable() {
    func requireSendable<T: Sendable>(_: T.Type) -> Bool { true }
    #expect(requireSendable(RunSummary.self) && requireSendable(NetworkStates.self) && requireSendable(SchedulingSummary.self))
    #expect(requireSendable(Namespace.self) && requireSendable(ObjectDescription.self) && requireSendable(RestoreReport.self))
  }

  @Test("COR-7, RNG-3: results do not depend on threads, on the order of construction, or on objects that were added")
  func reproducible() throws {
    func result(threads: Int, extra: Bool, reversed: Bool) throws -> [Double] {
      try prefs.with(.threads, threads) {
        try withScope {
          seed(23)
          if extra { _ = try TestCode("w = rand()", for: TestGroup(3, name: "other"), name: "othercode") }
          let group = try TestGroup(20_000, name: "G")
          let names = ["first", "second"]
          for name in reversed ? names.reversed() : names {
            _ = try TestCode("w = 0.5*w + exp(-rand()) + randn()", for: group, name: ObjectName(validating: name))
          }
          try run(0.5 * ms)
          return try group.w.values
        }
      }
    }
    let expected = try result(threads: 1, extra: false, reversed: false)
    #expect(try result(threads: 2, extra: false, reversed: true) == expected)
    #expect(try result(threads: 7, extra: true, reversed: false) == expected)
  }

  @Test("NET-6: time is 0 before the first run, and objects are those at the top") func beforeTheFirstRun() throws {
    try withScope {
      let whole = try Probe()
      whole.addContained(try Probe())
      let network = try Network(whole)
      #expect(network.t.si == 0)
      #expect(network.objects.count == 1 && network.objects[0] === whole)
    }
  }

  @Test("NET-43: a snapshot holds read-only and internal arrays, sizes of dynamic ones, clocks and random state") func coverage() throws {
    try withScope {
      seed(2)
      let group = try TestGroup(2)
      let dynamic = try group.variables.addDynamicArray("_internal", count: 1)
      let fixed = try group.variables.addArange("numbers", count: 2)
      let network = try Network(group, try TestCode("w = rand()", for: group))
      try network.run(0.3 * ms)
      try network.store()
      try dynamic.resize(to: 4)
      try fixed.withMutableValues(of: Int32.self) { $0[0] = 9 }
      try network.run(0.5 * ms)
      let later = try group.w.values
      try network.restore()
      #expect(dynamic.count == 1 && fixed.value(at: 0) == 0)
      #expect(defaultClock.timestep == 3 && network.t.si == (0.3 * ms).si)
      try network.run(0.5 * ms)
      #expect(try group.w.values == later)
      #expect(throws: CheckpointError.self) { try network.restore("another") }
    }
  }

  @Test("NET-44: several snapshots live side by side; the same name overwrites") func severalSnapshots() throws {
    try withScope {
      let group = try TestGroup(1)
      let network = try Network(group)
      for value in 1...3 {
        try group.w <- value
        try network.store("\(value)")
      }
      try network.store("1")
      #expect(network.snapshotNames == ["1", "2", "3"])
      try network.restore("2")
      #expect(try group.w.values == [2])
      try network.restore("1")
      #expect(try group.w.values == [3])
    }
  }
}
