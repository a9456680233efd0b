import EngramCheckpoints
import EngramMagic
import EngramMessageTestSupport
import EngramUnits
import Testing

@testable import EngramSimulation

@Suite("Names", .expecting("base.unused_brian_object")) struct NameTests {
  @Test("NAM-1: letters, digits, underscores, one star at the end", arguments: ["a", "_", "_a1", "G", "neurongroup*", "A_1*"])
  func valid(text: String) throws { #expect(try ObjectName(validating: text).text == text) }

  @Test("NAM-1: anything else is an error that names the text", arguments: ["", "1a", "a b", "a-b", "ä", "a**", "*", "a*b", "ａ"])
  func invalid(text: String) {
    let error = #expect(throws: NameError.self) { try ObjectName(validating: text) }
    #expect(error?.description.contains("'\(text)'") == true)
  }

  @Test("NAM-2, NAM-3, NAM-4: without a star as given, with one the smallest free number") func find() {
    #expect(findName("G", taken: ["G"]) == "G")
    #expect(findName("G*", taken: []) == "G")
    #expect(findName("G*", taken: ["G"]) == "G_1")
    #expect(findName("G*", taken: ["G", "G_1", "G_3"]) == "G_2")
    #expect(findName("G*", taken: ["G_1"]) == "G")
  }

  @Test("NAM-5: numbering depends on the sequence of constructions, not on who is still alive") func deterministic() throws {
    func names() throws -> [String] {
      try withScope {
        var names: [String] = []
        for _ in 0..<3 { names.append(try Probe().name) }
        names.append(try Probe(name: "probe_7").name)
        for _ in 0..<5 { names.append(try Probe().name) }
        return names
      }
    }
    let first = try names()
    #expect(first == ["probe", "probe_1", "probe_2", "probe_7", "probe_3", "probe_4", "probe_5", "probe_6", "probe_8"])
    #expect(try names() == first)
  }

  @Test("NAM-6: ids are unique, also for equal names") func ids() throws {
    try withScope {
      let a = try Probe(name: "same")
      let b = try Probe(name: "same")
      #expect(a.name == b.name)
      #expect(a.id != b.id)
    }
  }

  @Test("NAM-7: the clock of an object with a dt of its own is named after it") func derived() throws {
    try withScope {
      let a = try Probe(dt: 1 * ms)
      let b = try Probe(dt: 1 * ms)
      #expect(a.clock.name == "probe_clock")
      #expect(b.clock.name == "probe_1_clock")
      #expect(try Clock(dt: 1 * ms).name == "clock")
      #expect(try Network().name == "network")
      #expect(try NetworkOperation { _ in }.name == "networkoperation")
    }
  }
}

@Suite("Tracking") struct TrackingTests {
  private final class Derived: Nameable {}

  @Test("TRK-1, TRK-3: living instances by class, subclasses included; released ones disappear") func instances() throws {
    try withScope {
      let scope = MagicScope.current
      let base = try Nameable(name: "a*")
      var derived: Derived? = try Derived(name: "b*")
      #expect(try scope.instances(of: Nameable.self).map(\.name) == ["a", "b"])
      #expect(try scope.instances(of: Derived.self).count == 1)
      derived = nil
      #expect(try scope.instances(of: Nameable.self).count == 1)
      #expect(try scope.instances(of: Derived.self).isEmpty)
      _ = derived
      try scope.clearInstances()
      #expect(try scope.instances(of: Nameable.self).isEmpty)
      #expect(base.name == "a")
    }
  }

  @Test("TRK-2: weak sets hold nothing alive and ignore what is absent") func weakSet() throws {
    try withScope {
      var set = WeakSet<Nameable>()
      let kept = try Nameable(name: "a*")
      let absent = try Nameable(name: "c*")
      var dropped: Nameable? = try Nameable(name: "b*")
      set.insert(kept)
      set.insert(dropped!)
      set.remove(absent)
      #expect(set.objects.count == 2)
      dropped = nil
      #expect(set.objects.map(\.name) == ["a"])
      set.insert(kept)
      set.insert(kept)
      #expect(set.objects.map(\.name) == ["a"])
      #expect(set.contains(kept))
      set.remove(kept)
      #expect(set.objects.isEmpty)
    }
  }
}
