import Engram
import EngramMessageTestSupport
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

/// Every stored array of a network: objects, their parts, clocks.
private func arrays(of network: Network) -> [ArrayVariable] {
  let owners = network.allObjects.compactMap { $0 as? any VariableOwner } + network.allObjects.map(\.clock)
  return owners.flatMap { owner in owner.variables.owned(by: owner).compactMap { $0.1 as? ArrayVariable } }
}

@Suite("Where arrays are while a network runs", .slow, .expecting("synapses.different_dt")) struct ArrayStorageTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder["run"].standardizedFileURL.path }

  @Test("STO-1: /proc/self/maps has every ArrayVariable and DynamicArrayVariable of a network in a file of its run directory, during the run and behind it")
  func everything() throws {
    try withScope {
      let network = try Everything.make()
      try network.useRunDirectory(at: folder["run"], storage: .mapped)
      var seen = 0
      let look = try NetworkOperation(every: 1 * ms, name: "look") { _ in
        for array in arrays(of: network) where array.column.byteCount > 0 {
          let found = mapping(at: array.column.base)
          #expect(found.file.hasPrefix(path + "/"), "\(array.path) is in \(found) \(array.column.base)")
          seen += 1
        }
      }
      try network.add(look)
      try network.run(3 * ms, namespace: Everything.names())
      #expect(seen > 100)
      for array in arrays(of: network) where array.column.byteCount > 0 {
        #expect(mapping(at: array.column.base).file.hasPrefix(path + "/"), "\(array.path)")
      }
    }
  }

  /// Bytes of all files in a folder of the run directory.
  private func byteCount(_ name: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(at: folder["run"].appending(path: name), includingPropertiesForKeys: [.fileSizeKey])
      .reduce(0) { sum, file in try sum + (file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0) }
  }

  @Test("SYN-33, STO-12: a plain synapse takes no more than 12 bytes of a checkpoint, whether it has no delay or that of all others", arguments: [false, true])
  func plainSynapses(isDelayed: Bool) throws {
    func make(inOne delay: PathwayDelays) throws -> (network: Network, target: NeuronGroup, synapses: Synapses) {
      let source = try SpikeGeneratorGroup(1000, indices: [0, 3, 999], times: [0, 0.2, 0.4] * ms, name: "source")
      let target = try NeuronGroup(1000, "v : 1", name: "target")
      let synapses = try Synapses(source, target, onPre: "v += 1 + j", delay: delay, name: "S")
      try synapses.connect()
      return (try Network(source, target, synapses), target, synapses)
    }
    try withScope {
      let (network, target, synapses) = try make(inOne: [:])
      if isDelayed { try synapses.pre.delay <- 0.3 * ms }
      try network.useRunDirectory(at: folder["run"])
      try network.run(0.5 * ms)
      try network.store("plain")
      #expect(try byteCount("objects") < 12 * synapses.elementCount)
      // Halfway between the spikes: the same as with one delay, which is no array; also after a restore.
      let other = try withScope {
        let (network, target, _) = try make(inOne: isDelayed ? PathwayDelays(pre: 0.3 * ms) : [:])
        try network.run(0.5 * ms)
        let half = try target.v.values
        try network.run(1 * ms)
        return [half, try target.v.values]
      }
      #expect(try target.v.values == other[0])
      try network.run(1 * ms)
      #expect(try target.v.values == other[1])
      #expect(other[0] != other[1] || !isDelayed)
      try network.restore("plain")
      #expect(try target.v.values == other[0])
      #expect(try synapses.delay.values.allSatisfy { $0 == (isDelayed ? 0.3e-3 : 0) })
      try network.run(1 * ms)
      #expect(try target.v.values == other[1])
    }
  }

  @Test("VAR-24, COR-2: an assignment that fails halfway through an array of millions leaves it as it was")
  func failedAssignment() throws {
    try withScope {
      let group = try NeuronGroup(500_000, "v : 1\nw : 1", name: "G")
      let refuses = try Function.withQuantities("refuses", arguments: [FunctionArgument("x")], returns: .dimensionless) { arguments in
        if arguments[0].si == 400_000 { throw CancellationError() }
        return arguments[0]
      }
      try group.v <- 7
      #expect(throws: (any Error).self) { try group.w.set("refuses(i)", namespace: ["refuses": refuses]) }
      #expect(throws: (any Error).self) { try group.v.set("refuses(i)", namespace: ["refuses": refuses]) }
      #expect(try group.w.values.allSatisfy { $0 == 0 })
      #expect(try group.v.values.allSatisfy { $0 == 7 })
    }
  }

  @Test("VAR-24, LNK-4: a formula that reads its own array through a link sees the values from before the assignment")
  func assignmentThroughLink() throws {
    try withScope {
      let group = try NeuronGroup(2000, "v : 1\nk : integer\nx : 1 (linked)", name: "G")
      try group.k <- "1999 - i"
      try group.link("x", to: group.v, index: .variable("k"))
      try group.v <- "x + i + 1"
      #expect(try group.v.values == (1...2000).map(Double.init))
      try group.v <- "x"
      #expect(try group.v.values == (1...2000).reversed().map(Double.init))
    }
  }

  @Test("STO-1, CKP-10: a network with everything has the same bits with its arrays mapped, private and in memory, resumed or not")
  func sameBits() throws {
    var digests: [String] = []
    for (number, storage) in (ArrayStorage.allCases + [nil]).enumerated() {
      digests.append(
        try withScope {
          let network = try Everything.make()
          if let storage { try network.useRunDirectory(at: folder["run\(number)"], storage: storage) }
          try network.run(4 * ms, namespace: Everything.names())
          try network.store("half")
          try network.run(1 * ms, namespace: Everything.names())
          try network.restore("half")
          try network.run(4 * ms, namespace: Everything.names())
          return try network.digest
        })
    }
    #expect(Set(digests).count == 1)
  }

  /// 300 000 neurons and as many synapses: arrays of more than a mebibyte.
  private func large(_ storage: ArrayStorage? = nil) throws -> (Network, NeuronGroup, Synapses) {
    seed(5)
    let group = try NeuronGroup(
      300_000, "dv/dt = (drive - v)/(10*ms) : 1\ndrive : 1 (constant)\nnote : 1", threshold: "v > 0.9", reset: "v = 0", method: .named(.exact), name: "G")
    try group.drive <- "1.5*rand()"
    try group.v <- "rand()"
    let synapses = try Synapses(group, group, "w : 1", onPre: "v_post += w", name: "S")
    try synapses.connect(j: "(i*7 + 1) % N_pre")
    try synapses.w <- "0.1*rand()"
    let network = try Network(group, synapses)
    if let storage { try network.useRunDirectory(at: folder["run"], storage: storage) }
    return (network, group, synapses)
  }

  @Test("STO-1: connectivity, constants and weights that no code writes are read-only mappings of their objects; an assignment makes them writable")
  func sealed() throws {
    try withScope {
      let (network, group, synapses) = try large(.mapped)
      try network.run(0.3 * ms)
      func array(_ owner: any VariableOwner, _ name: String) throws -> ArrayVariable { try #require(owner.variables[name] as? ArrayVariable) }
      func seen(_ owner: any VariableOwner, _ name: String) throws -> String {
        let found = mapping(at: try array(owner, name).column.base)
        return "\(found.permissions) \(found.file)"
      }
      #expect(try seen(synapses, "i").hasPrefix("r--s \(path)/objects/"))
      #expect(try seen(synapses, "j").hasPrefix("r--s \(path)/objects/"))
      #expect(try seen(synapses, "w").hasPrefix("r--s \(path)/objects/"))
      #expect(try seen(group, "drive").hasPrefix("r--s \(path)/objects/"))
      #expect(try seen(group, "v") == "rw-s \(path)/live/G.v.h5")
      let before = try group.drive.values
      try group.drive[0..<3] <- 0.25
      #expect(try seen(group, "drive") == "rw-s \(path)/live/G.drive.h5")
      #expect(try group.drive.values == [0.25, 0.25, 0.25] + before[3...])
      try array(synapses, "w").withMutableValues(of: Double.self) { $0[7] = 3 }
      #expect(try seen(synapses, "w").hasPrefix("rw-s"))
      let values = try synapses.w.values
      #expect(values[7] == 3)
      try network.run(0.3 * ms)
      try network.store("a")
      try synapses.w <- 0
      try network.restore("a")
      #expect(try synapses.w.values == values)
      try synapses.connect(i: 1, j: 2)
      try network.run(0.3 * ms)
      #expect(try synapses.w.values == values + [0])
    }
  }

  @Test("STO-1, CKP-10: assignments to sealed arrays, growth and restores between runs give the same bits in every storage", arguments: [true, false])
  func edited(isReopened: Bool) throws {
    var digests: Set<String> = []
    for storage in [ArrayStorage.mapped, .private, .memory] {
      try? FileManager.default.removeItem(at: folder["run"])
      digests.insert(
        try withScope {
          let (network, group, synapses) = try large(storage)
          try network.run(0.3 * ms)
          try group.drive <- "drive + 0.1"
          try network.store("edited")
          try synapses.connect(i: 3, j: 4)
          try network.run(0.2 * ms)
          try network.restore("edited")
          try group.drive[5..<6] <- 2
          try network.store("again")
          if isReopened {
            network.closeRunDirectory()
            return ""
          }
          try network.run(0.4 * ms)
          return try network.digest
        })
      guard isReopened else { continue }
      digests.remove("")
      digests.insert(
        try withScope {
          let (network, _, synapses) = try large()
          try network.useRunDirectory(at: folder["run"], storage: storage)
          try synapses.w <- 0
          try network.restore("again")
          try network.run(0.4 * ms)
          return try network.digest
        })
    }
    #expect(digests.count == 1)
  }

  @Test("STO-1: one object, one array and one monitor can be somewhere else than the rest") func single() throws {
    try withScope {
      let (network, group, synapses) = try large(.mapped)
      synapses.storage = .memory
      try group.setStorage(.memory, of: "note")
      #expect(throws: VariableError.self) { try group.setStorage(.memory, of: "nothing") }
      let trace = try StateMonitor(group, "v", record: [1, 2], name: "M")
      trace.storage = .memory
      try network.add(trace)
      try network.run(0.5 * ms)
      func file(_ owner: any VariableOwner, _ name: String) throws -> String {
        try mapping(at: #require(owner.variables[name] as? ArrayVariable).column.base).file
      }
      #expect(try !file(synapses, "w").hasPrefix(path) && !file(synapses, "i").hasPrefix(path) && !file(group, "note").hasPrefix(path))
      #expect(try file(group, "v") == path + "/live/G.v.h5" && file(group, "drive").hasPrefix(path + "/objects/"))
      // Nothing is streamed before a checkpoint.
      #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/segments").isEmpty)
      try network.store("a")
      #expect(try !FileManager.default.contentsOfDirectory(atPath: path + "/segments").isEmpty)
      #expect(try trace.t.si.count == 5)
    }
  }

  @Test("STO-1, TRK-1: a hundred networks with run directories leave no mapping of them and no folder live/ behind") func leaks() throws {
    for number in 0..<100 {
      try withScope {
        let group = try NeuronGroup(5, "dv/dt = -v/(5*ms) : 1", name: "G")
        let network = try Network(group)
        try network.useRunDirectory(at: folder["many-\(number)"], storage: .mapped)
        try network.run(0.2 * ms)
        if number % 2 == 0 { network.closeRunDirectory() }
      }
    }
    // What is done in the background may take a moment more.
    func left() throws -> [Substring] {
      memoryMap().filter { $0.contains(folder["many-"].path) }
    }
    for _ in 0..<500 where try !left().isEmpty { usleep(10_000) }
    #expect(try left() == [])
    #expect((0..<100).allSatisfy { !FileManager.default.fileExists(atPath: folder["many-\($0)"].appending(path: "live").path) })
  }

  @Test("STO-8: a run whose live file is removed ends at its next checkpoint with an error that tells what to do, and can be resumed") func removed() throws {
    try withScope {
      let (network, _, _) = try large(.mapped)
      let remove = try NetworkOperation(every: 0.5 * ms, name: "remove") { _ in
        try? FileManager.default.removeItem(atPath: path + "/live/G.v.h5")
      }
      try network.add(remove)
      let error = #expect(throws: (any Error).self) { try network.run(3 * ms, checkpoints: .every(simulated: 1 * ms)) }
      #expect("\(try #require(error))".contains("G.v.h5"), "\(error as Any)")
      #expect(network.hasUnfinishedRun)
      remove.isActive = false
      try network.resumeRun()
      #expect(network.t.si == 0.003)
    }
  }
}
