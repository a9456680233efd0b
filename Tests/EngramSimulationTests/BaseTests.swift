import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramUnits
import OrderedCollections
import Testing

@testable import EngramSimulation

@Suite("Objects", .expecting("base.unused_brian_object")) struct BaseTests {
  @Test("BAS-1, BAS-2, BAS-3: dt gives an object a clock of its own; dt and clock exclude each other") func timing() throws {
    try withScope {
      let clock = try Clock(dt: 1 * ms)
      #expect(throws: ClockError.bothDtAndClock) { try Probe(dt: 1 * ms, clock: clock) }
      #expect(try Probe(clock: clock).clock === clock)
      #expect(try Probe().clock === defaultClock)
      let own = try Probe(dt: 0.5 * ms)
      #expect(own.clock.stepSeconds == 0.0005)
      #expect(try Probe(when: "after_groups").when == .after(.groups))
      #expect(throws: DimensionMismatchError.self) { try Clock(dt: Time(Quantity.parse("1 mV"))) }
    }
  }

  @Test("BAS-5: names in a namespace do not begin with an underscore") func namespaceKeys() throws {
    withScope {
      #expect(throws: NamespaceError.underscoreKey("_x")) { try TestGroup(1, namespace: ["_x": 1]) }
    }
  }

  @Test("BAS-10, OPS-3: what is collected by a scope depends on the type") func magicFlags() throws {
    final class Silent: BrianObject {}
    try withScope {
      #expect(!BrianObject.addToMagicNetwork && BrianObject.invalidatesMagicNetwork)
      #expect(NetworkOperation.addToMagicNetwork)
      let silent = try Silent(name: "silent")
      let operation = try NetworkOperation { _ in }
      #expect(try collect().map(\.name) == ["networkoperation"])
      silent.wasAdded = true
      operation.wasAdded = true
    }
  }

  @Test("BAS-12: an object that no network took gives one warning with its place; silent for parts and while an error is on its way")
  func unused() throws {
    struct Failure: Error {}
    let messages = try Messages.capturing {
      try withScope {
        _ = try Probe(name: "lonely", file: "Some/File.swift", line: 3)
        let used = try Probe(name: "used")
        let part = try Probe(name: "part")
        used.addContained(part)
        try Network(used).run(0 * ms)
      }
    }.messages
    #expect(messages.map(\.category) == ["base.unused_brian_object"])
    #expect(messages[0].text.contains("'lonely'") && messages[0].text.contains("Some/File.swift:3"))
    let quiet = Messages.capturing {
      try? withScope {
        _ = try Probe()
        throw Failure()
      }
    }.messages
    #expect(quiet.isEmpty)
    let off = try Messages.capturing {
      try prefs.with(.warnForUnusedObjects, false) { try withScope { _ = try Probe() } }
    }.messages
    #expect(off.isEmpty)
  }

  @Test("BAS-17, VAR-20: a view survives its group; formulas then name the group that is gone") func vanishedGroup() throws {
    try withScope {
      var group: TestGroup? = try TestGroup(3)
      let view = try #require(group).w
      try view.set(2)
      try startScope()
      group?.wasAdded = true
      group = nil
      #expect(try view.values == [2, 2, 2])
      #expect(throws: VariableError.ownerGone(variable: "w", owner: "testgroup")) { try view.set("i") }
    }
  }

  @Test("BAS-18, CKP-39: a user's object takes part in states and snapshots with state of its own") func userDefined() throws {
    final class Counter: BrianObject {
      var count: UInt8 = 0
      override class var addToMagicNetwork: Bool { true }
      override func run() { count += 1 }
      override func customState() -> [UInt8]? { [count] }
      override func prepareRestore(customState: [UInt8]?) throws -> () -> Void {
        guard let customState, customState.count == 1 else { throw CheckpointError.damaged("no count") }
        return { self.count = customState[0] }
      }
      override func objectStates(units: Bool, subexpressions: Bool, readOnly: Bool) throws -> ObjectStates? {
        ObjectStates(["count": .plain([Double(count)])])
      }
    }
    try withScope {
      let counter = try Counter(name: "counter")
      try run(1 * ms)
      try store()
      try run(1 * ms)
      #expect(try getStates()["counter"]?.si("count") == [20])
      try restore()
      #expect(counter.count == 10)
    }
  }
}

@Suite("Network operations") struct OperationTests {
  @Test("OPS-1, OPS-4: called at every step of its clock with its own time, a plain value") func times() throws {
    try withScope {
      var own: [Double] = []
      var bare = 0
      let network = try Network(
        try NetworkOperation(every: 0.2 * ms) { t in own.append(t.si) }, try NetworkOperation { bare += 1 })
      try network.run(0.6 * ms)
      #expect(own == [0, 1 * 0.2e-3, 2 * 0.2e-3])
      #expect(bare == 6)
    }
  }

  @Test("OPS-2: as a function") func function() throws {
    try withScope {
      var calls = 0
      let operation = try networkOperation(every: 0.5 * ms, when: .end, order: 3) { _ in calls += 1 }
      #expect(operation.when == .end && operation.order == 3)
      try run(1 * ms)
      #expect(calls == 2)
    }
  }

  @Test("OPS-5: it may throw and it may stop the scope") func throwing() throws {
    struct Failure: Error {}
    try withScope {
      var calls = 0
      _ = try NetworkOperation { _ in
        calls += 1
        if calls == 3 { stop() }
      }
      let summary = try run(1 * ms)
      #expect(calls == 3 && summary.stopReason == .stopped)
    }
    try withScope {
      _ = try NetworkOperation { _ in throw Failure() }
      let error = #expect(throws: BrianObjectError.self) { try run(1 * ms) }
      #expect(error?.underlying is Failure)
    }
  }

  @Test("OPS-6, CKP-22: only declared state is part of a snapshot") func state() throws {
    struct Tally: Codable, Equatable {
      var count = 0
      var last = Double.nan
    }
    try withScope {
      var captured = 0
      let operation = try NetworkOperation(state: Tally()) { t, tally in
        tally.count += 1
        tally.last = t.si
        captured += 1
      }
      try store("before")
      try run(0.5 * ms)
      try restore("before")
      #expect(operation.state(as: Tally.self)?.count == 0)
      #expect(operation.state(as: Tally.self)?.last.isNaN == true)
      #expect(captured == 5)
    }
  }
}

@Suite("Spike sources") struct SpikeSourceTests {
  private final class Source: SpikeSource {
    var current: [Int32] = []
    let count = 5
    let clock: BaseClock
    init(_ clock: BaseClock) { self.clock = clock }
    func withSpikes<R>(of event: EventName, _ body: (UnsafeBufferPointer<Int32>) throws -> R) rethrows -> R {
      try current.withUnsafeBufferPointer(body)
    }
  }

  @Test("SPK-1: a source of a user's own has the defaults of a whole group, and tells what it lends as numbers")
  func source() throws {
    withScope {
      let source = Source(defaultClock)
      #expect(source.spikes.isEmpty)
      source.current = [1, 4]
      #expect(source.spikes == [1, 4])
      #expect(source.start == 0 && source.stop == 5)
      #expect(source.eventNames == [.spike])
    }
  }
}
