import Engram
import EngramMessageTestSupport
import Testing

/// Every Swift symbol of Documentation/Seed.md, spelt as a user would spell it. That this file compiles with one import is half of
/// the test; the other half is a fact about each module.
@Suite("The names of the seed through one import", .expecting("base.unused_brian_object", "network.store.undeclared_state")) struct SeedSymbolsTests {
  @Test("base: objects, their errors, devices and weak references") func base() throws {
    try withScope {
      let object = try BrianObject(name: "thing")
      #expect(BrianObjectException.self == BrianObjectError.self)
      let place = SourceLocation(file: "model.swift", line: 3)
      let error = BrianObjectError(objectName: object.name, createdAt: place, phase: .running, underlying: EnvironmentError.crossIsolation)
      #expect(error.description.contains("thing") && error.underlying is EnvironmentError)
      let device: Device = try MagicScope.current.device
      #expect(device.name == "memory")
      #expect(WeakRef(object).object === object)
    }
  }

  @Test("clocks: clocks, the default clock and the check of a new step") func clocks() throws {
    try withScope {
      let clock = try Clock(dt: 0.5 * ms)
      #expect(clock.name == "clock")
      #expect(defaultClock.dt == 0.1 * ms)
      try checkDt(new: 0.5 * ms, old: 0.1 * ms, at: 100 * ms)
      #expect(throws: ClockError.self) { try checkDt(new: 0.3 * ms, old: 0.1 * ms, at: 100 * ms) }
    }
  }

  @Test("core_preferences: keys, validator and text of types") func corePreferences() {
    let preferences = BrianGlobalPreferences()
    #expect(preferences[.defaultFloatType] == .float64)
    #expect(preferences[.defaultIntegerType] == .int32)
    #expect(preferences[.outdatedDependencyError])
    #expect(ScalarType.isValidFloatDefault(.float32) && !ScalarType.isValidFloatDefault(.int32))
    #expect(ScalarType.float64.preferenceText == "float64")
  }

  @Test("functions: functions, bodies, constants and the defaults") func functions() throws {
    var twice = try Function("twice", arguments: [FunctionArgument("x")], returns: .dimensionless) { 2 * $0[$0.startIndex] }
    twice.addImplementation(FunctionImplementation(name: "twice_in_c"), for: .compiled)
    let implementations: FunctionImplementations = twice.implementations
    #expect(implementations.targets == ["compiled", "interpreted"])
    #expect(try twice.declaringTypes(["x": "integer"], result: "integer")(3).si == 6)
    #expect(SymbolicConstant.pi.value == Double.pi)
    #expect(Function.defaults.count == 26)
    #expect(try Function.defaults["log10"]?(1000).si == 3)
  }

  @Test("magic: scopes, their network and the functions that act on it") func magic() throws {
    try withScope {
      let operation = try NetworkOperation { _ in stop() }
      #expect(try collect().map(\.name) == MagicScope.current.objects.map(\.name))
      try run(1 * ms)
      let network: MagicNetwork = try MagicScope.current.network
      #expect(abs(network.t.si - 0.0001) < 1e-12)
      try store()
      try restore()
      #expect(throws: MagicError.self) { try network.add(operation) }
      try startScope()
      #expect(try collect().isEmpty)
    }
  }

  @Test("names and namespaces: free names, defaults, structures as namespaces") func names() throws {
    struct Constants { var tau = 10 * ms, count = 3 }
    let object: Nameable = try withScope { try BrianObject(name: "thing*") }
    #expect(findName("thing*", taken: [object.name]) == "thing_1")
    #expect(Namespace.defaultConstants["pi"] == .quantity(Quantity(si: .pi, dimension: .dimensionless)))
    #expect(Namespace.defaultUnits["mV"] == .quantity((1 * mV).quantity))
    #expect(Namespace.defaultFunctions.names.count == 26)
    #expect(try Namespace(reflecting: Constants()).names == ["tau", "count"])
  }

  @Test("network and operations: runs, summaries, reports") func network() throws {
    try withScope {
      let operation = try networkOperation(every: 0.5 * ms, when: .end, order: 1) { _ in }
      let network = try Network(operation)
      try network.run(1 * ms, profile: true)
      let profile: ProfilingSummary = try network.profilingSummary(show: 1)
      #expect(profile.description.contains("networkoperation"))
      let schedule: SchedulingSummary = network.schedulingSummary
      #expect(schedule.description.contains("end"))
      #expect(schedulePropagationOffset(network) == 0 * ms)
      #expect(TextReport.text(.seconds(123)) == "2m 3s")
      #expect(BrianGlobalPreferences()[.defaultSchedule] == ["start", "groups", "thresholds", "synapses", "resets", "end"])
    }
    try withScope {
      _ = try networkOperation { _ in }
      try run(0.1 * ms, profile: true)
      #expect(try schedulingSummary().description.contains("networkoperation"))
      #expect(try profilingSummary(show: 1).description.contains("networkoperation"))
    }
  }

  @Test("preferences: keys, categories, names, errors") func preferences() throws {
    let preferences: BrianGlobalPreferences = prefs
    let core: PreferenceCategory = try preferences.category("core")
    #expect(core.names.contains("default_float_dtype"))
    let key = PreferenceKey("a.b", default: 3, docs: "an example")
    #expect(key.defaultValue.accepts(4))
    #expect(try PreferenceName(validating: "a.b.c").category == "a.b")
    #expect(parsePreferenceName("x") == ("", "x"))
    #expect(throws: PreferenceError.self) { try PreferenceName(validating: "a.keys") }
  }

  @Test("spikesource, tracking and variables: what groups are made of") func variables() throws {
    try withScope {
      let group = try NeuronGroup(3, "dv/dt = -v/(10*ms) : 1\nw = 2*v : 1", threshold: "v > 1", reset: "v = 0")
      let source: any SpikeSource = group
      #expect(source.count == 3)
      #expect(try MagicScope.current.instances(of: NeuronGroup.self).count == 1)
      var set = WeakSet<NeuronGroup>()
      set.insert(group)
      #expect(set.objects.count == 1)

      let variables: Variables = group.variables
      let v: Variable? = variables["v"]
      #expect(v is ArrayVariable && v?.scalarType.rawValue == "float64")
      #expect(variables["w"] is Subexpression && variables["N"] is Constant)
      #expect(variables.owned(by: group).contains { $0.name == "v" })
      #expect((try? AuxiliaryVariable("x", owner: nil))?.name == "x")

      let view: VariableView = group.v
      let selection: VariableSelection = view[0..<2]
      try selection <- [1.0, 2.0]
      #expect(try view.values == [1, 2, 0])
      let synapses = try Synapses(group, group, "w_s : 1")
      #expect(synapses.variables["w_s"] is DynamicArrayVariable)
      let linked = try NeuronGroup(3, "u : 1 (linked)")
      try linked.link("u", to: group.v, index: .automatic)
      #expect(try linked.u.values == [1, 2, 0])
    }
  }
}
