import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

@Suite("Making synapses", .expecting("base.unused_brian_object")) struct ConnectTests {
  private func pairs(_ S: Synapses) throws -> [[Int]] { zip(try S.i.integers, try S.j.integers).map { [$0, $1] } }

  private func groups(_ n: Int = 4, _ m: Int = 4) throws -> (NeuronGroup, NeuronGroup) {
    (try NeuronGroup(n, "v : 1\nx : 1", threshold: "v > 1", reset: ""), try NeuronGroup(m, "v : 1\nx : 1\ny : integer", threshold: "v > 1", reset: ""))
  }

  @Test("SYN-20, SYN-21: all pairs row by row; a condition picks among them")
  func conditions() throws {
    try withScope {
      let (A, B) = try groups(3, 2)
      let S = try Synapses(A, B)
      try S.connect()
      #expect(try pairs(S) == [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]])
      #expect(S.incomingCounts == [3, 3] && S.outgoingCounts == [2, 2, 2])
      let T = try Synapses(A, A)
      try T.connect(where: "i != j")
      #expect(try pairs(T) == [[0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]])
      let none = try Synapses(A, A)
      try none.connect(where: "False")
      #expect(none.synapseCount == 0)
    }
  }

  @Test("SYN-22: conditions know pre- and postsynaptic variables and external names; generators are refused with a hint")
  func conditionNames() throws {
    try withScope {
      let (A, B) = try groups()
      try A.x.set("i*1.0")
      try B.x.set("i*2.0")
      let S = try Synapses(A, B)
      try S.connect(where: "x_pre + shift == x_post", namespace: ["shift": 1])
      #expect(try pairs(S) == [[1, 1], [3, 2]])
      #expect(throws: SynapseError.generatorAsCondition(text: "k for k in range(3)")) { try S.connect(where: "k for k in range(3)") }
      #expect(throws: (any Error).self) { try S.connect(where: "x_pre + 1") }
      #expect(throws: (any Error).self) { try S.connect(where: "x_pre > 1*mV") }
      #expect(S.synapseCount == 2)
    }
  }

  @Test("SYN-23: arrays pair up; each rule for them has its own error")
  func arrays() throws {
    try withScope {
      let (A, B) = try groups()
      let S = try Synapses(A, B)
      try S.connect(i: [0, 3, 1], j: [2, 2, 0], n: 2)
      #expect(try pairs(S) == [[0, 2], [0, 2], [3, 2], [3, 2], [1, 0], [1, 0]])
      try S.connect(i: 1, j: [0, 1])
      #expect(try pairs(S).suffix(2) == [[1, 0], [1, 1]])
      #expect(throws: SynapseError.unevenArrays(pre: 2, post: 3)) { try S.connect(i: [0, 1], j: [0, 1, 2]) }
      #expect(throws: SynapseError.indexOutOfRange(what: "target", index: 4, count: 4, group: "neurongroup_1")) { try S.connect(i: [0], j: [4]) }
      #expect(throws: SynapseError.indexOutOfRange(what: "source", index: -1, count: 4, group: "neurongroup")) { try S.connect(i: [-1], j: [0]) }
      #expect(throws: SynapseError.negativeCount(text: "-1", value: -1)) { try S.connect(i: 0, j: 0, n: -1) }
      #expect(S.synapseCount == 8)
    }
  }

  @Test("SYN-25: generators over j, over i, with conditions, without 'for', with bounds that depend on the outer index")
  func generators() throws {
    try withScope {
      let (A, B) = try groups()
      func made(_ connect: (Synapses) throws -> Void) throws -> [[Int]] {
        let S = try Synapses(A, B)
        try connect(S)
        return try pairs(S)
      }
      #expect(try made { try $0.connect(j: "k for k in range(i)") } == [[1, 0], [2, 0], [2, 1], [3, 0], [3, 1], [3, 2]])
      #expect(
        try made { try $0.connect(i: "k for k in range(j+1)") } == [[0, 0], [0, 1], [1, 1], [0, 2], [1, 2], [2, 2], [0, 3], [1, 3], [2, 3], [3, 3]])
      #expect(try made { try $0.connect(j: "i") } == [[0, 0], [1, 1], [2, 2], [3, 3]])
      #expect(try made { try $0.connect(j: "int(i/2) if i % 2 == 0") } == [[0, 0], [2, 1]])
      #expect(try made { try $0.connect(j: "k for k in range(0, N_post, 2) if i != j") } == [[0, 2], [1, 0], [1, 2], [2, 0], [3, 0], [3, 2]])
      #expect(try made { try $0.connect(j: "k for k in range(3, 0, -1) if i == 0") } == [[0, 3], [0, 2], [0, 1]])
      #expect(try made { try $0.connect(j: "i", n: "i") } == [[1, 1], [2, 2], [2, 2], [3, 3], [3, 3], [3, 3]])
    }
  }

  @Test("SYN-26: an index outside the group makes nothing, unless invalid ones are skipped; float indices are refused")
  func outside() throws {
    try withScope {
      let (A, B) = try groups()
      let S = try Synapses(A, B)
      #expect(throws: SynapseError.generatedIndexOutOfRange(what: "target", index: 4, count: 4, group: "neurongroup_1", text: "i + 1")) {
        try S.connect(j: "i + 1")
      }
      #expect(S.synapseCount == 0)
      try S.connect(j: "i + k for k in range(-1, 2)", skipInvalid: true)
      #expect(try pairs(S) == [[0, 0], [0, 1], [1, 0], [1, 1], [1, 2], [2, 1], [2, 2], [2, 3], [3, 2], [3, 3]])
      #expect(throws: SynapseError.notInteger(what: "the expression", text: "i/2")) { try S.connect(j: "i/2") }
    }
  }

  @Test("SYN-27, RNG-2: with p each pair is made independently; 1 makes all, 0 none, and what is no probability is refused")
  func probability() throws {
    try withScope {
      seed(17)
      let A = try NeuronGroup(300, "v : 1")
      let S = try Synapses(A, A)
      try S.connect(p: 0.1)
      let expected = 9000.0
      #expect(abs(Double(S.synapseCount) - expected) < 5 * (expected * 0.9).squareRoot())
      // Rows and columns are binomial too: chi-square of the counts, 299 degrees of freedom, mean 299, deviation 24.5.
      for counts in [S.incomingCounts, S.outgoingCounts] {
        let chi = counts.reduce(0.0) { $0 + (Double($1) - 30) * (Double($1) - 30) / 27 }
        #expect(abs(chi - 299) < 6 * 24.5)
      }
      let all = try Synapses(A, A)
      try all.connect(p: 1)
      #expect(all.synapseCount == 90000)
      let none = try Synapses(A, A)
      try none.connect(p: 0)
      #expect(none.synapseCount == 0)
      for p in [1.5, -0.5, .nan, .infinity] {
        #expect(throws: SynapseError.self, "\(p)") { try none.connect(p: Probability(p)) }
        #expect(none.synapseCount == 0)
      }
      let T = try Synapses(A, A)
      try T.connect(where: "i != j", p: "0.1 + 0.2*(i < 150)")
      let low = T.outgoingCounts[150...].reduce(0, +)
      let high = T.outgoingCounts[..<150].reduce(0, +)
      #expect(abs(Double(low) - 4485) < 5 * 64 && abs(Double(high) - 13455) < 5 * 97)
      #expect(zip(try T.i.integers, try T.j.integers).allSatisfy { $0 != $1 })
    }
  }

  @Test("RNG-6: two equal connects differ, and repeat with the same seed")
  func repetition() throws {
    func twice() throws -> [[Int]] {
      try withScope {
        seed(5)
        let A = try NeuronGroup(50, "v : 1")
        return try (0..<2).map { _ in
          let S = try Synapses(A, A, name: "S")
          try S.connect(p: 0.1)
          return try S.j.integers
        }
      }
    }
    let first = try twice()
    #expect(first[0] != first[1])
    #expect(try twice() == first)
  }

  @Test("SYN-28: the number per pair may be 0 or an expression, not negative")
  func counts() throws {
    try withScope {
      let (A, B) = try groups(2, 2)
      let S = try Synapses(A, B)
      try S.connect(n: "i + j")
      #expect(try pairs(S) == [[0, 1], [1, 0], [1, 1], [1, 1]])
      try S.connect(n: 0)
      #expect(S.synapseCount == 4)
      #expect(throws: SynapseError.negativeCount(text: "i - 1", value: -1)) { try S.connect(n: "i - 1") }
      #expect(S.synapseCount == 4)
    }
  }

  @Test(
    "SYN-25: a generator that gives its variable makes what it makes where code looks at each element",
    arguments: [
      "range(MANY - OUTER)", "range(OUTER, 30, 4)", "range(29, OUTER, -2)", "range(OUTER - 3, OUTER + 3)", "sample(MANY, p=0.2)",
      "sample(OUTER, MANY, 2, p=1)", "sample(MANY, p=0)", "sample(MANY, size=OUTER % 5)", "sample(3, MANY, size=27)",
    ])
  func givesVariable(_ iterator: String) throws {
    func made(byTarget: Bool, _ condition: String) throws -> [[Int]] {
      try withScope {
        seed(11)
        let G = try NeuronGroup(30, "v : 1")
        let S = try Synapses(G, G)
        let words = iterator.replacing("MANY", with: byTarget ? "N_pre" : "N_post").replacing("OUTER", with: byTarget ? "j" : "i")
        let generator = SynapseGenerator("k for k in \(words)\(condition)")
        if byTarget { try S.connect(i: generator, skipInvalid: true) } else { try S.connect(j: generator, skipInvalid: true) }
        return try pairs(S)
      }
    }
    for byTarget in [false, true] { #expect(try made(byTarget: byTarget, "") == made(byTarget: byTarget, " if k >= -9")) }
  }

  @Test("SYN-29: sample(size) gives distinct ascending targets, sample(p) each with probability p")
  func samples() throws {
    try withScope {
      seed(3)
      let A = try NeuronGroup(200, "v : 1")
      let S = try Synapses(A, A)
      try S.connect(j: "k for k in sample(N_post, size=7)")
      #expect(S.outgoingCounts.allSatisfy { $0 == 7 })
      let targets = try S.j.integers
      for row in stride(from: 0, to: 1400, by: 7) {
        let part = Array(targets[row..<row + 7])
        #expect(zip(part, part.dropFirst()).allSatisfy { $0 < $1 })
      }
      let T = try Synapses(A, A)
      try T.connect(j: "k for k in sample(0, N_post, 2, p=0.3)")
      #expect(abs(Double(T.synapseCount) - 6000) < 5 * 65)
      #expect(try T.j.integers.allSatisfy { $0 % 2 == 0 })
      #expect(throws: SynapseError.sampleSize(size: 201, population: 200, text: "k for k in sample(N_post, size=201)")) {
        try S.connect(j: "k for k in sample(N_post, size=201)")
      }
      let U = try Synapses(A, A)
      try U.connect(j: "k for k in sample(N_post, size=201)", skipInvalid: true)
      #expect(U.synapseCount == 40000)
    }
  }

  @Test("SYN-30: counts of synapses cannot be used while synapses are made")
  func countsInConnect() throws {
    try withScope {
      let (A, B) = try groups()
      let S = try Synapses(A, B)
      #expect(throws: SynapseError.countsInConnect(name: "N_incoming", text: "N_incoming < 3")) { try S.connect(where: "N_incoming < 3") }
    }
  }

  @Test("SYN-31, SYN-35: a multisynaptic index numbers the synapses of a pair and is the third index")
  func multisynaptic() throws {
    try withScope {
      let (A, B) = try groups(2, 2)
      let S = try Synapses(A, B, "w : 1", multisynapticIndex: "k")
      try S.connect(i: [0, 1, 0, 0], j: [0, 1, 0, 1])
      try S.connect(i: [0], j: [0])
      #expect(try S.k.integers == [0, 0, 1, 0, 2])
      try S.w.set("10*i + k")
      #expect(try S.w[0, 0].values == [0, 1, 2] && S.w[0, 0, 1].values == [1])
      #expect(try S.w[0, 0, 1..<3].values == [1, 2] && S.w[0, 0, -1].values == [2] && S.w[0, 0, [0, 7]].values == [0])
      let plain = try Synapses(A, B, "w : 1")
      try plain.connect()
      #expect(throws: SynapseError.noMultisynapticIndex(synapses: "synapses_1")) { try plain.w[0, 0, 1].values }
    }
  }

  @Test("SYN-33: new synapses begin with 0, existing values are kept")
  func growing() throws {
    try withScope {
      let (A, B) = try groups()
      let S = try Synapses(A, B, "w : 1", onPre: "v += w")
      #expect(throws: SynapseError.noSynapsesYet(synapses: "synapses", what: "'w'")) { try S.w.set(1) }
      #expect(throws: SynapseError.noSynapsesYet(synapses: "synapses", what: "'delay'")) { try S.delay.set(1 * ms) }
      try S.connect(i: 0, j: 0)
      try S.w.set(3)
      try S.delay.set(2 * ms)
      try S.connect(i: 1, j: 1)
      #expect(try S.w.values == [3, 0] && S.delay.values == [2e-3, 0])
    }
  }

  @Test("SYN-35, SYN-36, SYN-37, SYN-38: synapses are found by their ends, by condition, by number; selections grow stale")
  func indexing() throws {
    try withScope {
      let (A, B) = try groups()
      let S = try Synapses(A, B, "w : 1")
      try S.connect()
      try S.w.set("10*i + j")
      #expect(try S.w[1, 2].values == [12] && S.w[1, .all].values == [10, 11, 12, 13])
      #expect(try S.w[0..<2, 3].values == [3, 13] && S.w[[0, 3], [1]].values == [1, 31])
      #expect(try S.w[A[2...], B[..<1]].values == [20, 30])
      #expect(try S.w[7, 0].values.isEmpty)
      #expect(try S.w[where: "i == j and w > 0"].values == [11, 22, 33])
      let part = try S[where: "x_pre == 0 and j == 3"]
      #expect(part.indices == [3, 7, 11, 15])
      try S.w[part].set(-1)
      #expect(try S.w[.all, 3].values == [-1, -1, -1, -1])
      try S.connect(i: 0, j: 0)
      #expect(throws: SynapseError.staleSelection(synapses: "synapses")) { try S.w[part].values }
    }
  }
}

@Suite("Synapses in action", .expecting("base.unused_brian_object", "codegen.order_dependence")) struct SynapseRunTests {
  private func generator(_ times: [Double], indices: [Int]? = nil, count: Int = 1) throws -> SpikeGeneratorGroup {
    try SpikeGeneratorGroup(count, indices: indices ?? [Int](repeating: 0, count: times.count), times: times * ms)
  }

  @Test("SYN-1: running without a connect is an error; switching the synapses off is the remedy")
  func unconnected() throws {
    try withScope {
      let A = try generator([0])
      let B = try NeuronGroup(1, "v : 1")
      let S = try Synapses(A, B, onPre: "v += 1")
      let error = #expect(throws: BrianObjectError.self) { try run(1 * ms) }
      #expect(error?.description.contains("connect was never called") == true)
      S.isActive = false
      try run(1 * ms)
      try withScope {
        let A = try generator([0])
        let T = try Synapses(A, try NeuronGroup(1, "v : 1"), onPre: "v += 1")
        try T.connect(where: "False")
        try run(1 * ms)
      }
    }
  }

  @Test("SYN-2, SYN-3: plain names mean the target in both pathways; a clash of names is explained")
  func names() throws {
    try withScope {
      let A = try NeuronGroup(1, "v : 1", threshold: "t < 0.05*ms", reset: "")
      let B = try NeuronGroup(1, "v : 1", threshold: "t < 0.05*ms", reset: "")
      let S = try Synapses(A, B, "w : 1", onPre: "v += w; v_pre += 100", onPost: "v += 10")
      try S.connect()
      try S.w.set(1)
      try run(0.1 * ms)
      #expect(try A.v.values == [100] && B.v.values == [11])
      #expect(throws: SynapseError.nameClash(synapses: "synapses_1", variable: "v", group: "neurongroup")) { try Synapses(A, B, "v : 1") }
    }
  }

  @Test("SYN-4, SYN-5: pathways are ordered pre, post; both in one step give (10·2)+1 = 21")
  func pathwayOrder() throws {
    try withScope {
      let G = try NeuronGroup(1, "v : 1", threshold: "t < 0.05*ms", reset: "")
      let S = try Synapses(G, G, "w : 1", onPre: "w = w*2", onPost: "w = w + 1")
      try S.connect()
      try S.w.set(10)
      #expect(try S.pre.order == -1 && S.post.order == 1 && S.pre.name == "synapses_pre")
      try run(0.1 * ms)
      #expect(try S.w.values == [21])
      #expect(throws: SynapseError.pathwayNameTaken(synapses: "synapses_1", pathway: "w")) { try Synapses(G, G, "w : 1", onPre: ["w": "w = 1"]) }
    }
  }

  @Test("SYN-4, SYN-40: named pathways have delays of their own; unknown names and wrong units are refused")
  func namedPathways() throws {
    try withScope {
      let A = try generator([0])
      let B = try NeuronGroup(1, "v : 1")
      let S = try Synapses(A, B, onPre: ["fast": "v += 1", "slow": "v += 10"], delay: ["slow": 0.3 * ms])
      try S.connect()
      let trace = try StateMonitor(B, "v", record: true, when: .end)
      try run(0.5 * ms)
      #expect(try trace["v"].row(0) == [1, 1, 1, 11, 11])
      #expect(throws: SynapseError.unknownPathway(synapses: "synapses_1", pathway: "pre", known: ["a"])) {
        try Synapses(A, B, onPre: ["a": "v += 1"], delay: 1 * ms)
      }
      #expect(throws: DimensionMismatchError.self) { try Synapses(A, B, onPre: "v += 1", delay: 1 * mV) }
      #expect(throws: SynapseError.negativeDelay(pathway: "synapses_3_pre", seconds: -0.001)) { try Synapses(A, B, onPre: "v += 1", delay: -1 * ms) }
    }
  }

  @Test("SYN-6: a pathway reacts to the event it names, which the group must define")
  func events() throws {
    try withScope {
      let A = try NeuronGroup(1, "v : 1", threshold: "False", reset: "", events: ["tick": "t < 0.25*ms"])
      let B = try NeuronGroup(1, "v : 1")
      let S = try Synapses(A, B, onPre: "v += 1", onEvent: "tick")
      try S.connect()
      try run(0.5 * ms)
      #expect(try B.v.values == [3])
      let error = #expect(throws: SynapseError.self) { try Synapses(B, A, onPre: "v += 1") }
      #expect(error?.description.contains("'spike'") == true)
    }
  }

  @Test("SYN-40, SYN-41, SYN-42: heterogeneous delays; a uniform one cannot be set for single synapses")
  func delays() throws {
    try withScope {
      let A = try generator([0])
      let B = try NeuronGroup(4, "v : 1")
      let S = try Synapses(A, B, onPre: "v += 1")
      try S.connect()
      try S.delay.set("j*0.1*ms")
      let trace = try StateMonitor(B, "v", record: true, when: .end)
      try run(0.4 * ms)
      for neuron in 0..<4 { #expect(try trace["v"].row(neuron) == (0..<4).map { $0 >= neuron ? 1 : 0 }) }
      let T = try Synapses(A, B, onPre: "v += 1", delay: 1 * ms)
      try T.connect()
      try T.delay.set(2 * ms)
      #expect(try T.pre.delay.values == [2e-3])
      #expect(throws: IndexError.self) { try T.delay[element: 2].set(1 * ms) }
    }
  }

  @Test("SYN-43, SYN-46: spikes in the queue survive between runs and keep their time when delays change")
  func betweenRuns() throws {
    try withScope {
      let A = try generator([0, 0.3])
      let B = try NeuronGroup(1, "v : 1")
      let S = try Synapses(A, B, onPre: "v += 1")
      try S.connect()
      try S.delay.set(0.5 * ms)
      let trace = try StateMonitor(B, "v", record: true, when: .end)
      try run(0.2 * ms)
      try S.delay.set(0.1 * ms)
      try run(0.6 * ms)
      #expect(try trace["v"].row(0) == [0, 0, 0, 0, 1, 2, 2, 2])
    }
  }

  @Test("SYN-44: queued spikes keep their absolute time through changes of dt")
  func changedStep() throws {
    try withScope {

      try defaultClock.setDt(0.5 * ms)
      let A = try generator([0])
      let B = try NeuronGroup(10, "v : 1", threshold: "v > 0.5", reset: "v = 0")
      let S = try Synapses(A, B, onPre: "v += 1")
      try S.connect()
      try S.delay.set("j*ms")
      let spikes = try SpikeMonitor(B)
      try run(5 * ms)
      try defaultClock.setDt(1 * ms)
      try run(3 * ms)
      try defaultClock.setDt(0.1 * ms)
      try run(2 * ms)
      let times = try spikes.t.si.map { ($0 * 1e4).rounded() / 10 }
      #expect(times == [0.5, 1.5, 2.5, 3.5, 4.5, 6, 7, 8, 8.1, 9.1])
      #expect(try spikes.i == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
  }

  @Test("COD-12, SYN-45: order-dependent code runs in delivery order: v = v*2 + w with w = 1, 2 from 1 gives 8")
  func sequential() throws {
    try withScope {
      let A = try generator([0, 0], indices: [0, 1], count: 2)
      let B = try NeuronGroup(1, "v : 1")
      let S = try Synapses(A, B, "w : 1", onPre: "v_post = v_post*2 + w")
      try S.connect()
      try S.w.set("i + 1")
      try B.v.set(1)
      try run(0.1 * ms)
      #expect(try B.v.values == [8])
    }
  }

  @Test("SYN-50, SYN-51: event-driven equations are advanced when a spike arrives: 1 + 2·exp(-2)")
  func eventDriven() throws {
    try withScope {
      let A = try generator([0, 2])
      let B = try NeuronGroup(1, "v : 1")
      let S = try Synapses(A, B, "da/dt = -a/ms : 1 (event-driven)", onPre: "v += a; a += 1")
      try S.connect()
      try S.a.set(1)
      try run(3 * ms)
      let expected = 1 + 2 * 0.1353352832366127
      #expect(abs(try B.v.values[0] - expected) < 1e-14)
      #expect(try S.lastupdate.values == [2e-3])
    }
  }

  @Test("SYN-50: unflagged equations are integrated in every step, with one message")
  func clockDriven() throws {
    try withScope {
      let A = try generator([0])
      let B = try NeuronGroup(2, "v : 1")
      let (S, messages) = try Messages.capturing { try Synapses(A, B, "da/dt = -a/ms : 1", onPre: "v += a", method: .named(.exact)) }
      #expect(messages.contains { $0.level == .info && $0.text.contains("event-driven") })
      try S.connect()
      try S.a.set("1 + j")
      try run(1 * ms)
      let a = try S.a.values
      #expect(abs(a[0] - 0.36787944117144233) < 1e-14 && abs(a[1] - 2 * 0.36787944117144233) < 1e-14)
    }
  }

  @Test("SYN-52, SYN-53: mixtures of event-driven and clock-driven are refused; lastupdate is explained")
  func mixtures() throws {
    try withScope {
      let A = try generator([0])
      let B = try NeuronGroup(1, "v : 1")
      #expect(throws: EquationError.self) {
        try Synapses(A, B, "da/dt = -a/ms : 1 (event-driven)\ndb/dt = (a - b)/ms : 1 (clock-driven)", onPre: "v += b")
      }
      let S = try Synapses(A, B, onPre: "v += (t - lastupdate)/second")
      try S.connect()
      let error = #expect(throws: BrianObjectError.self) { try run(1 * ms) }
      #expect(error?.description.contains("event-driven") == true)
    }
  }

  @Test("SYN-70, SYN-72: a summed variable is the sum over the synapses of each target in every step; a run of 0 s does nothing")
  func summed() throws {
    try withScope {
      let A = try NeuronGroup(3, "x : 1")
      let B = try NeuronGroup(3, "total : 1\nother : 1")
      let S = try Synapses(A, B, "w : 1\ntotal_post = w*x_pre : 1 (summed)")
      try S.connect(i: [0, 1, 2, 2], j: [0, 0, 0, 1])
      try S.w.set("i + 1")
      try A.x.set("i + 1.0")
      try B.total.set(99)
      try run(0 * ms)
      #expect(try B.total.values == [99, 99, 99])
      try run(0.1 * ms)
      #expect(try B.total.values == [14, 9, 0])
      #expect(S.containedObjects.map(\.name).contains("synapses_summed_variable_total_post"))
    }
  }

  @Test("SYN-71, SYN-73: the target of a summed variable must be a parameter of the same unit, and is set by one sum only")
  func summedErrors() throws {
    try withScope {
      let A = try NeuronGroup(3, "x : 1")
      let B = try NeuronGroup(3, "total : 1\ndv/dt = -v/ms : 1\ns = 2*v : 1")
      for model: Equations in ["missing_post = x_pre : 1 (summed)", "v_post = x_pre : 1 (summed)", "s_post = x_pre : 1 (summed)"] {
        #expect(throws: SynapseError.self) { try Synapses(A, B, model) }
      }
      #expect(throws: SynapseError.summedUnit(name: "total_post", expected: "1", found: "volt")) {
        try Synapses(A, B, "total_post = x_pre*volt : volt (summed)")
      }
      let S = try Synapses(A, B, "total_post = x_pre : 1 (summed)")
      let T = try Synapses(A, B, "total_post = 2*x_pre : 1 (summed)")
      try S.connect()
      try T.connect()
      #expect(throws: NetworkError.self) { try run(1 * ms) }
    }
  }

  @Test("SYN-73: sums may set disjoint parts of one variable")
  func summedParts() throws {
    try withScope {
      let A = try NeuronGroup(1, "x : 1")
      let B = try NeuronGroup(4, "total : 1")
      let S = try Synapses(A, B[..<2], "total_post = x_pre : 1 (summed)")
      let T = try Synapses(A, B[2...], "total_post = 2*x_pre : 1 (summed)")
      try S.connect()
      try T.connect()
      try A.x.set(1)
      try run(0.1 * ms)
      #expect(try B.total.values == [1, 1, 2, 2])
    }
  }

  @Test("SYN-9: synapses know their ends, their number, and the counts of their neighbours")
  func automaticVariables() throws {
    try withScope {
      let A = try NeuronGroup(3, "x : 1")
      let B = try NeuronGroup(2, "y : 1")
      let S = try Synapses(A, B, "n : 1\nm : 1\nall : 1")
      try S.connect(i: [0, 1, 2, 2], j: [0, 0, 0, 1])
      try S.n.set("N_incoming")
      try S.m.set("N_outgoing")
      try S.all.set("100*N_pre + 10*N_post + N")
      #expect(try S.n.values == [3, 3, 3, 1] && S.m.values == [1, 1, 2, 2] && S.all.values == [324, 324, 324, 324])
      #expect(S.incomingCounts == [3, 1] && S.outgoingCounts == [1, 1, 2])
    }
  }

  @Test("SYN-8: synapses onto synapses change their variables")
  func ontoSynapses() throws {
    try withScope {
      let A = try generator([0])
      let B = try NeuronGroup(2, "v : 1")
      let S = try Synapses(A, B, "w : 1", onPre: "v += w")
      try S.connect()
      let M = try Synapses(A, S, onPre: "w_post += 5")
      try M.connect()
      try run(0.2 * ms)
      #expect(try S.w.values == [5, 5])
    }
  }
}
