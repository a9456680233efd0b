import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramScalars
import EngramUnits
import Testing

@testable import EngramSimulation

@Suite("Names in model text", .expecting("base.unused_brian_object")) struct NamespaceTests {
  /// The value of `w` after one step of `w = expression`, and what was said.
  private func evaluate(_ expression: String, group own: Namespace = [:], run: Namespace = [:]) throws -> (Double, [Message]) {
    let (value, messages) = try Messages.capturing {
      try withScope {
        let group = try TestGroup(1, namespace: own)
        try group.w <- 5
        try Network(group, try TestCode("w = \(expression)", for: group)).run(0.1 * ms, namespace: run)
        return try group.w.values[0]
      }
    }
    return (value, messages)
  }

  @Test("NSP-1: variables, then defaults, then the group's namespace, then the run's") func order() throws {
    #expect(try evaluate("w", group: ["w": 1.0], run: ["w": 2.0]).0 == 5)
    #expect(try evaluate("mV/volt", group: ["mV": 7 * volt]).0 == 0.001)
    #expect(try evaluate("pi", run: ["pi": 3.0]).0 == Double.pi)
    #expect(try evaluate("tau", group: ["tau": 1.0], run: ["tau": 2.0]).0 == 1)
    #expect(try evaluate("tau", run: ["tau": 2.0]).0 == 2)
    #expect(try evaluate("N + t_in_timesteps").0 == 1)
  }

  @Test("NSP-2: quantities, numbers, booleans and functions are usable; arrays are an error that names them") func kinds() throws {
    let function = try Function("triple", arguments: [FunctionArgument("x")], returns: .dimensionless) { $0[$0.startIndex] * 3 }
    #expect(try evaluate("triple(k)", run: ["triple": function, "k": 2]).0 == 6)
    #expect(try evaluate("int(yes)", run: ["yes": true]).0 == 1)
    #expect(try evaluate("tau/ms", run: ["tau": 20 * ms]).0 == 20)
    let error = #expect(throws: BrianObjectError.self) { try evaluate("a", run: ["a": [1.0, 2.0]]) }
    #expect(error?.underlying as? NamespaceError == .notScalar(name: "a", count: 2))
  }

  @Test("NSP-3: an unresolved name is an error with the owner and a suggestion; lastupdate is explained") func unresolved() throws {
    let error = #expect(throws: BrianObjectError.self) { try evaluate("tua", run: ["tau": 2.0]) }
    let cause = error?.underlying as? UnresolvedIdentifierError
    #expect(cause?.identifier == "tua" && cause?.owner == "testgroup" && cause?.nearest == "tau")
    let second = #expect(throws: BrianObjectError.self) { try evaluate("lastupdate") }
    #expect("\(try #require(second?.underlying))".contains("event-driven"))
  }

  @Test("NSP-4: the same name with different values gives one warning; with equal values none") func conflicts() throws {
    let messages = try evaluate("tau", group: ["tau": 1.0], run: ["tau": 2.0]).1
    #expect(messages.count == 1)
    #expect(messages[0].level == .warning && messages[0].category.hasSuffix("resolution_conflict"))
    #expect(messages[0].text.contains("'tau'") && messages[0].text.contains("value 1.") && messages[0].text.contains("run"))
    #expect(try evaluate("tau", group: ["tau": 1.0], run: ["tau": 1.0]).1.isEmpty)
    #expect(try evaluate("mV/volt", run: ["mV": 2 * volt]).1.count == 1)
  }

  @Test("NSP-5: an internal variable that hides an external value gives a warning; equal constants do not") func hidden() throws {
    #expect(try evaluate("w", run: ["w": 1.0]).1.count == 1)
    #expect(try evaluate("N + 0.0", run: ["N": 1]).1.isEmpty)
    #expect(try evaluate("N + 0.0", run: ["N": 2]).1.count == 1)
  }

  @Test("NSP-6: external values are read at the start of each run") func reread() throws {
    try withScope {
      let group = try TestGroup(1)
      let changer = try Probe()
      let network = try Network(group, changer, try TestCode("w += k", for: group))
      try group.setNamespace(["k": 1.0])
      changer.body = { try group.setNamespace(["k": 100.0]) }
      try network.run(0.3 * ms)
      #expect(try group.w.values == [3])
      changer.body = {}
      try network.run(0.1 * ms)
      #expect(try group.w.values == [103])
    }
  }

  @Test("NSP-7: a run namespace applies to that run only") func runNamespace() throws {
    try withScope {
      let group = try TestGroup(1)
      let network = try Network(group, try TestCode("w += k", for: group))
      try network.run(0.1 * ms, namespace: ["k": 2.0])
      #expect(throws: BrianObjectError.self) { try network.run(0.1 * ms) }
      try group.setNamespace(["k": 3.0])
      try network.run(0.1 * ms)
      #expect(try group.w.values == [5])
    }
  }

  @Test("NSP-8: default units, functions and constants are known") func defaults() throws {
    #expect(UnitCatalogue.standard.names.count > 1500)
    for name in ["mV", "nS", "Hz", "umetre2", "pfarad"] { #expect(UnitCatalogue.standard.lookup(name) != nil) }
    #expect(DefaultFunctions.all.count == 26)
    #expect(try evaluate("clip(exp(0) + abs(-2) + sign(-3) + floor(1.5) + timestep(0.3*ms, 0.1*ms), 0, 100)").0 == 6)
  }

  @Test("NSP-9: a namespace from the stored properties of a value") func reflection() throws {
    struct Parameters {
      let tau = 20 * ms
      let count = 3
      let gain = 1.5
      let isOn = true
      let ignored = "text"
    }
    let namespace = try Namespace(reflecting: Parameters())
    #expect(namespace.names == ["tau", "count", "gain", "isOn"])
    #expect(namespace["tau"] == .quantity(20 * ms.quantity))
    #expect(namespace["count"] == .integer(3) && namespace["isOn"] == .boolean(true))
    #expect(try evaluate("gain*count*tau/ms", run: namespace).0 == 1.5 * 3 * 20)
  }

  @Test("COD-8, COD-12: what code may write, and a warning where the order of elements matters") func code() throws {
    try withScope {
      let source = try TestGroup(2)
      let target = try TestGroup(3)
      let place = try source.variables.addArray("place", type: .int32, count: 2, values: [1, 1])
      try source.variables.addReference("w_post", to: target, "w", access: .through([VariableAccess.IndexStep(place)]))
      try source.w <- [1, 2]
      try target.w <- 1
      let order = try Network(source, target, try TestCode("w_post = w_post*2 + w", for: source))
      let messages = try Messages.capturing { try order.run(0.1 * ms) }.messages
      #expect(try target.w.values == [1, 8, 1])
      #expect(messages.map(\.category) == ["codegen.order_dependence"])
      let readOnly = try Network(
        try TestGroup(1),
        try {
          let g = try TestGroup(1); return try TestCode("i = 3", for: g)
        }())
      #expect(throws: NetworkError.self) { try readOnly.run(0 * ms) }
    }
  }
}
