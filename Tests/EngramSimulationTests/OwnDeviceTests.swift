import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramScalars
import EngramStorage
import EngramUnits
import Synchronization
import Testing

@testable import EngramSimulation

/// A device that somebody else wrote: looks at everything, and has random numbers of its own.
private final class WatchedDevice: Device, NetworkDevice {
  var arrays: [String] = []
  var beginnings: [String] = []
  var code: [String] = []
  var runs: [String] = []
  var seeds: [UInt64] = []
  var ownNumbers = false
  var refusal: (any Error)?

  override func makeArray(_ array: NewArray) throws -> DeviceArray {
    arrays.append("\(array.owner).\(array.variable)")
    return try super.makeArray(array)
  }
  override func initialiseWithZeros(_ array: DeviceArray) throws {
    beginnings.append("\(array.request.variable): zeros")
    try super.initialiseWithZeros(array)
  }
  override func initialiseWithRange(_ array: DeviceArray, from start: Int) throws {
    beginnings.append("\(array.request.variable): from \(start)")
    try super.initialiseWithRange(array, from: start)
  }
  override func initialise(_ array: DeviceArray, with values: [Double]) throws {
    beginnings.append("\(array.request.variable): \(values)")
    try super.initialise(array, with: values)
  }
  override func seed(_ value: UInt64) {
    seeds.append(value)
    super.seed(value)
  }
  override func randomNumbers(_ distribution: RandomDistribution, object: String, purpose: String) -> RandomFill? {
    guard ownNumbers else { return nil }
    return { draw, numbers in
      for (place, element) in draw.elements.enumerated() {
        numbers[place] = draw.distribution == .poisson ? draw.means[place] : Double(element) + (draw.distribution == .normal ? 100 : 0)
      }
    }
  }
  override func buildCode<Built>(_ code: CodeToBuild, _ build: () throws -> Built) throws -> Built {
    self.code.append("\(code.object): \(code.text ?? "")")
    #expect(code.listing.hasPrefix("kernel "))
    return try build()
  }
  func prepareRun(of network: Network, for duration: Time) throws { if let refusal { throw refusal } }
  func runNetwork(_ network: Network, for duration: Time, _ execute: () throws -> RunSummary) throws -> RunSummary {
    runs.append("begins")
    let summary = try execute()
    runs.append("\(summary.steps.values.max() ?? 0) steps")
    return summary
  }
  func runNetworkAsynchronously(
    _ network: Network, for duration: Time, isolation: isolated (any Actor)?, _ execute: () async throws -> RunSummary
  ) async throws -> RunSummary {
    runs.append("begins without waiting")
    return try await execute()
  }
}

/// Chooses implementations of functions for a target of its own.
private final class TargetDevice: Device {
  static let target = ExecutionTarget("counting", parent: .interpreted)
  override var executionTarget: ExecutionTarget? { Self.target }
}

@Suite("Devices of one's own") struct OwnDeviceTests {
  private struct Refusal: Error {}

  @Test("BAS-16: a device of one's own makes the arrays, fills them, builds the code and runs the network") func everything() throws {
    try withScope {
      let own = WatchedDevice(name: "own")
      try setDevice(own)
      #expect(try device === own)
      let group = try TestGroup(3, name: "g")
      let given = try group.variables.addArray("given", count: 2, values: [4, 5])
      let numbers = try group.variables.addArange("numbers", count: 3, start: 7)
      #expect(own.arrays.suffix(2) == ["g.given", "g.numbers"] && own.arrays.contains("g.v") && own.arrays.contains("defaultclock.t"))
      #expect(own.beginnings.contains("v: zeros") && own.beginnings.suffix(2) == ["given: [4.0, 5.0]", "numbers: from 7"])
      #expect((0..<3).map { numbers.value(at: $0) } == [7, 8, 9] && (0..<2).map { given.value(at: $0) } == [4, 5])
      let network = try Network(group, try TestCode("w += 1", for: group, name: "code"))
      try network.run(0.3 * ms)
      #expect(own.runs == ["begins", "3 steps"] && own.code == ["code: w += 1"])
      try group.w <- "2*w"
      #expect(own.code.last == "g: 2*w")
      #expect(try group.w.values == [6, 6, 6])
    }
  }

  @Test("BAS-16: a device of one's own can fill new arrays with what it likes, by the type of their elements") func filling() throws {
    final class Filling: Device {
      override func initialiseWithZeros(_ array: DeviceArray) throws {
        if array.request.variable.hasPrefix("chosen") {
          try array.withMutableValues(of: Float.self) { values in for place in values.indices { values[place] = Float(place) / 2 } }
        }
      }
    }
    try withScope {
      try setDevice(Filling(name: "filling"))
      let group = try TestGroup(1)
      group.wasAdded = true
      let chosen = try group.variables.addArray("chosen", type: .float32, count: 3)
      #expect((0..<3).map { chosen.value(at: $0) } == [0, 0.5, 1])
      let refused = #expect(throws: TypeMismatchError.self) { try group.variables.addArray("chosenToo", type: .int64, count: 3) }
      #expect(refused?.description == "'\(group.name).chosenToo' has elements of type int64, not float32")
      #expect(!group.variables.contains("chosenToo"))
    }
  }

  @Test("CLK-14, DEV-1: a device that a scope inside another shares has a default clock in each, and its step goes along") func sharedDevice() throws {
    try withScope {
      let shared = Device(name: "shared")
      try setDevice(shared)
      try defaultClock.setDt(0.2 * ms)
      let outer = defaultClock
      try withScope {
        try setDevice(shared)
        #expect(defaultClock !== outer && defaultClock.environment === Environment.current && defaultClock.dt == 0.1 * ms)
        #expect(try shared.defaultClock === defaultClock)
      }
      #expect(defaultClock === outer && outer.dt == 0.2 * ms)
    }
  }

  @Test("BAS-16, NET-26: a device sees asynchronous runs") func asynchronous() async throws {
    try await withScope {
      let own = WatchedDevice(name: "own")
      try setDevice(own)
      let group = try TestGroup(1)
      let network = try Network(group, try TestCode("w += 1", for: group))
      try await network.run(0.2 * ms)
      #expect(own.runs == ["begins without waiting"])
      #expect(try group.w.values == [2])
    }
  }

  @Test("DEV-2: a device that cannot run a network refuses every kind of run, and nothing has changed") func refusing() async throws {
    try await withScope {
      let own = WatchedDevice(name: "own")
      try setDevice(own)
      let group = try TestGroup(1)
      let network = try Network(group, try TestCode("w += 1", for: group))
      own.refusal = Refusal()
      await #expect(throws: Refusal.self) { try await network.run(1 * ms) }
      await #expect(throws: Refusal.self) { for try await _ in network.runStream(1 * ms) {} }
      #expect(network.t.si == 0)
      own.refusal = nil
      try await network.run(0.1 * ms)
      #expect(try group.w.values == [1])
    }
  }

  @Test("BAS-16: a device fills with its own random numbers, one distribution by one; without any the simulator's are used") func randomNumbers() throws {
    func values(own: Bool) throws -> [Double] {
      try withScope {
        let device = WatchedDevice(name: "own")
        device.ownNumbers = own
        try setDevice(device)
        seed(5)
        #expect(device.seeds == [5])
        let group = try TestGroup(1000)
        try group.w <- "rand()"
        let assigned = try group.w.values[999]
        try Network(group, try TestCode("w = rand() + randn() + 1000*poisson(3)", for: group)).run(0.1 * ms)
        return [assigned] + (try group.w.values)
      }
    }
    let own = try values(own: true)
    #expect(own[0] == 999 && own[1] == 3100 && own[1000] == 999 + 1099 + 3000)
    #expect(
      try values(own: false)
        == withScope {
          seed(5)
          let group = try TestGroup(1000)
          try group.w <- "rand()"
          let assigned = try group.w.values[999]
          try Network(group, try TestCode("w = rand() + randn() + 1000*poisson(3)", for: group)).run(0.1 * ms)
          return [assigned] + (try group.w.values)
        })
  }

  @Test("DEV-1, FUN-8: the device owns the execution target: functions use their implementation for it") func target() throws {
    try withScope {
      try setDevice(TargetDevice(name: "target"))
      var function = try Function("f", returns: .dimensionless) { _ in 1 }
      let plain = try Function("g", returns: .dimensionless) { _ in 10 }
      function.addImplementation(FunctionImplementation(body: { _ in 2 }), for: TargetDevice.target)
      let group = try TestGroup(1, namespace: ["f": function, "g": plain])
      group.wasAdded = true
      try group.w <- "f() + g()"
      #expect(try group.w.values == [12])
      try resetDevice()
      try group.w <- "f() + g()"
      #expect(try group.w.values == [11])
    }
  }

  @Test("DEV-1: the random state is the device's, and goes with the user to the next device and back") func randomState() throws {
    func values(changing: Bool) throws -> [Double] {
      try withScope {
        seed(3)
        let group = try TestGroup(4)
        let network = try Network(group, try TestCode("w += rand()", for: group))
        try group.w <- "rand()"
        if changing { try setDevice(Device(name: "other")) }
        try group.w <- "w + rand()"
        try network.run(0.2 * ms)
        if changing { try resetDevice() }
        try group.w <- "w + rand()"
        return try group.w.values
      }
    }
    #expect(try values(changing: true) == values(changing: false))
    try withScope {
      let first = try device
      let second = Device(name: "second")
      #expect(first.random !== second.random)
      seed(8)
      try setDevice(second)
      #expect(second.random.seed == 8 && Environment.current.random === second.random)
      second.seed(9)
      #expect(first.random.seed == 8)
      try resetDevice()
      #expect(first.random.seed == 9)
    }
  }

  @Test("BAS-16, COR-2: what a device throws while it makes an array is the error of the call, and the variable does not exist") func failing() throws {
    final class Full: Device {
      override func makeArray(_ array: NewArray) throws -> DeviceArray {
        if array.variable == "big" { throw Refusal() }
        return try super.makeArray(array, in: .memory)
      }
    }
    try withScope {
      try setDevice(Full(name: "full"))
      let group = try TestGroup(1)
      group.wasAdded = true
      #expect(throws: Refusal.self) { try group.variables.addArray("big", count: 5) }
      #expect(!group.variables.contains("big"))
      try group.variables.addArray("small", count: 5)
    }
  }
}
