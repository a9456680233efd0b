import EngramCheckpoints
import EngramExpressions
import EngramScalars
import EngramStorage
import EngramUnits

@testable import EngramSimulation

/// A group of one kind of elements with parameters, for tests of the seed: no equations, no events.
final class TestGroup: Group {
  private let size: Int
  private let start: Int
  override var elementCount: Int { size }
  override var elementOffset: Int { start }
  override class var addToMagicNetwork: Bool { true }
  override var doesWork: Bool { false }
  override var checkedVariables: [String] { ["v"] }

  init(
    _ size: Int, dt: Time? = nil, clock: BaseClock? = nil, namespace: Namespace? = nil, name: ObjectName = "testgroup*",
    file: StaticString = #fileID, line: UInt = #line
  ) throws {
    self.size = size
    start = 0
    try super.init(dt: dt, clock: clock, namespace: namespace, name: name, file: file, line: line)
    try variables.addConstant("N", .integer(Int64(size)))
    try variables.addElementIndex("i")
    try variables.addArray("v", dimension: .voltage, count: size)
    try variables.addArray("w", count: size)
    try variables.addArray("n", type: .int32, count: size)
    try variables.addArray("flag", type: .bool, count: size)
    try variables.addArray("s", count: 1, flags: .scalar)
    try variables.createClockVariables(self.clock)
  }

  /// A part of another group.
  init(part range: Range<Int>, of parent: TestGroup, name: ObjectName = "testgroup_subgroup*") throws {
    size = range.count
    start = range.lowerBound
    try super.init(clock: parent.clock, name: name)
    try variables.addConstant("N", .integer(Int64(size)))
    try variables.addElementIndex("i")
    try variables.addReferences(to: parent, ["v", "w", "n", "flag", "s"])
  }
}

/// Runs statements for all elements of a group.
final class TestCode: BrianObject {
  let group: Group
  private let statements: [Statement]
  private let source: SourceText
  private var kernel: PreparedKernel?

  init(_ code: String, for group: Group, dt: Time? = nil, when: Slot = .start, order: Int = 0, name: ObjectName = "testcode*") throws {
    self.group = group
    source = SourceText(code)
    statements = try ExpressionParser.parseStatements(code)
    try super.init(dt: dt, clock: dt == nil ? group.clock : nil, when: when, order: order, name: name)
    addDependency(group)
  }

  override class var addToMagicNetwork: Bool { true }

  override func beforeRun(_ context: RunContext) throws {
    var request = CodeRequest(.statements(statements), owner: group, objectName: name, purpose: "code", clock: clock)
    request.source = source
    kernel = try context.kernel(for: request)
  }

  override func run() throws {
    try kernel?.run(group.elementOffset..<group.elementOffset + group.elementCount)
  }
}

/// Calls a closure at each step, and counts life cycle hooks.
final class Probe: BrianObject {
  var body: () throws -> Void
  var log: [String] = []

  init(
    dt: Time? = nil, clock: BaseClock? = nil, when: Slot = .start, order: Int = 0, name: ObjectName = "probe*",
    file: StaticString = #fileID, line: UInt = #line, _ body: @escaping () throws -> Void = {}
  ) throws {
    self.body = body
    try super.init(dt: dt, clock: clock, when: when, order: order, name: name, file: file, line: line)
  }

  override class var addToMagicNetwork: Bool { true }
  override func beforeRun(_ context: RunContext) throws { log.append("before") }
  override func run() throws {
    log.append("run")
    try body()
  }
  override func afterRun() throws { log.append("after") }
}

extension Network {
  /// Steps of a clock so far.
  func step(of clock: BaseClock) -> Int64 { clock.timestep }
}
