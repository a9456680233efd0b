import EngramMagic
import EngramMessageTestSupport
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

@Suite("Environments and magic scopes", .expecting("base.unused_brian_object")) struct EnvironmentTests {
  @Test("MAG-2, NAM-5: an object made for a given environment belongs there, whatever scope is current") func given() throws {
    try withScope {
      let outer = Environment.current
      let other = try withScope {
        let object = try BrianObject(name: "op*")
        let other = try BrianObject(name: "op*", in: outer)
        #expect(object.environment === Environment.current && other.environment === outer)
        #expect(object.name == "op" && other.name == "op")
        let clock = try outer.defaultClock
        #expect(other.clock === clock && object.clock !== clock)
        return other
      }
      #expect(try MagicScope.current.instances(of: BrianObject.self).map(\.name) == [other.name])
    }
  }

  @Test("PRF-5: what is set for one environment holds there alone; what is set for the process holds in all") func preferences() throws {
    let standard = prefs[.defaultFloatType]
    try withScope {
      try Environment.current.preferences.setHere("core.default_float_dtype", fromText: "float32")
      #expect(prefs[.defaultFloatType] == .float32)
      withScope { #expect(prefs[.defaultFloatType] == standard) }
    }
    #expect(prefs[.defaultFloatType] == standard)
  }

  @Test("MAG-1: a scope is found again in its environment, and made anew with a new one") func parts() throws {
    let first = try withScope {
      let scope = MagicScope.current
      let network = try scope.network
      let again = try MagicScope.current.network
      #expect(MagicScope.current === scope && network === again)
      return scope
    }
    try withScope {
      let objects = try MagicScope.current.objects
      #expect(MagicScope.current !== first && objects.isEmpty)
    }
  }

  @Test("CKP-18: settings of an object are told to its environment one by one, and not while it only reads them") func notes() throws {
    try withScope {
      let object = try BrianObject(name: "thing")
      var commands = Environment.current.commands
      #expect(commands.take(of: ["thing"]).isEmpty)
      object.order = 3
      object.when = .end
      object.isActive = false
      _ = (object.order, object.when, object.isActive)
      commands = Environment.current.commands
      #expect(commands.take(of: ["thing"]).map(\.text) == ["thing.order = 3", "thing.when = 'end'", "thing.active = false"])
    }
  }
}
