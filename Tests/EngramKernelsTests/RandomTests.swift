import EngramExpressions
import EngramScalars
import Testing
@testable import EngramKernels

@Suite("Random numbers in kernels") struct RandomTests {
  private func key(_ site: Int, seed: UInt64 = 17) -> RandomStream {
    RandomStream(seed: seed, object: "group", purpose: "test", site: site)
  }

  @Test("RNG-3: a draw is a function of key, element and step")
  func function() throws {
    let bench = Bench()
    #expect(try bench.evaluate("rand()", 5..<1300, step: 9).values == (5..<1300).map { key(0).uniform(element: $0, step: 9) })
    #expect(try bench.evaluate("randn()", 0..<1000, step: 3).values == (0..<1000).map { key(0).normal(element: $0, step: 3) })
    bench.column("lam", (0..<40).map { 0.7 * Double($0) })
    #expect(
      try bench.evaluate("poisson(lam)", 0..<40, step: 1).values
        == (0..<40).map { Double(key(0).poisson(mean: 0.7 * Double($0), element: UInt64($0), step: 1)) })
    #expect(
      try bench.evaluate("poisson(2.5)", 0..<600).values
        == (0..<600).map { Double(key(0).poisson(mean: 2.5, element: UInt64($0), step: 0)) })
    bench.symbols["f"] = .function(.binomial(trials: 20, probability: 0.3))
    #expect(
      try bench.evaluate("f()", 0..<50).values
        == (0..<50).map { Double(key(0).binomial(trials: 20, probability: 0.3, element: $0, step: 0)) })
  }

  @Test(
    "MPR-11: where only some elements of a whole are in memory, their random numbers are those that they have there",
    arguments: ["rand()", "randn()", "poisson(2.5)", "poisson(80.5)", "poisson(lam)", "f()", "g()", "rand() + randn()*poisson(3)"])
  func numbers(_ text: String) throws {
    let count = 3000
    let bench = Bench()
    bench.column("lam", [Double](repeating: 11.3, count: count))
    bench.column("v", [Double](repeating: 0, count: count))
    bench.symbols["f"] = .function(.binomial(trials: 20, probability: 0.3))
    bench.symbols["g"] = .function(.binomial(trials: 5000, probability: 0.4))
    let whole = try bench.evaluate(text, 0..<count, step: 7).values
    // Single elements, pairs that begin in the middle of one, and long runs.
    let runs: [Range<Int>] = [3..<4, 6..<7, 10..<12, 15..<700, 701..<703, 1024..<2000, 2999..<3000]
    var (list, places): ([ElementNumbers.Run], Int32) = ([], 0)
    for run in runs {
      list.append(.init(place: places, number: Int32(run.lowerBound)))
      places += Int32(run.count)
    }
    let expected = runs.flatMap { whole[$0] }
    func kernel() throws -> any Kernel {
      let kernel = try bench.kernel(bench.program("v = \(text)"))
      kernel.numbers = ElementNumbers(list)
      return kernel
    }
    _ = try kernel().run(range: 0..<Int(places), step: 7)
    #expect(Array(bench["v"][..<Int(places)]) == expected)
    // In parts, and as a list in another order.
    bench["v"] = [Double](repeating: 0, count: count)
    let parts = try kernel()
    for part in [0..<1, 1..<4, 4..<900, 900..<Int(places)] { _ = parts.run(range: part, step: 7) }
    #expect(Array(bench["v"][..<Int(places)]) == expected)
    bench["v"] = [Double](repeating: 0, count: count)
    let reversed = Array((0..<places).reversed())
    let listed = try kernel()
    _ = reversed.withUnsafeBufferPointer { listed.run(indices: $0, step: 7) }
    #expect(Array(bench["v"][..<Int(places)]) == expected)
  }

  @Test("MPR-11: what is drawn once for all elements does not depend on which of them are in memory")
  func numberOfNone() throws {
    let bench = Bench()
    bench.column("x", [0], access: .scalar)
    let kernel = try bench.kernel(bench.program("x = rand()"))
    kernel.numbers = ElementNumbers([.init(place: 0, number: 12)])
    _ = kernel.run(range: 0..<3, step: 2)
    #expect(bench["x"] == [key(0).uniform(element: 0, step: 2)])
  }

  @Test("FUN-22: rand and randn are floats, poisson is an integer")
  func types() throws {
    let bench = Bench()
    #expect(try bench.evaluate("rand()").type == .float)
    #expect(try bench.evaluate("randn()").type == .float)
    #expect(try bench.evaluate("poisson(3)").type == .integer)
    #expect(try bench.evaluate("poisson(-1)").values == [0])
  }

  @Test("FUN-22: the draws have the moments of their distributions")
  func moments() throws {
    let bench = Bench()
    func moments(_ text: String) throws -> (mean: Double, variance: Double) {
      let values = try bench.evaluate(text, 0..<100_000).values
      let mean = values.reduce(0, +) / 1e5
      return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1e5)
    }
    // Bounds: five standard errors.
    let uniform = try moments("rand()")
    #expect(abs(uniform.mean - 0.5) < 0.0046 && abs(uniform.variance - 1.0 / 12) < 0.0012)
    let normal = try moments("randn()")
    #expect(abs(normal.mean) < 0.016 && abs(normal.variance - 1) < 0.023)
    let poisson = try moments("poisson(4)")
    #expect(abs(poisson.mean - 4) < 0.032 && abs(poisson.variance - 4) < 0.1)
  }

  @Test("COD-10: each textual call draws its own number; calls without state are merged")
  func textualCalls() throws {
    let bench = Bench()
    let different = try bench.evaluate("rand() - rand()", 0..<100).values
    #expect(different.allSatisfy { $0 != 0 })
    #expect(different == (0..<100).map { key(0).uniform(element: $0, step: 0) - key(1).uniform(element: $0, step: 0) })
    bench.column("v", [Double](repeating: 0, count: 100))
    bench.column("w", [Double](repeating: 0, count: 100))
    try bench.run("v = rand(); w = rand()", 0..<100)
    #expect(zip(bench["v"], bench["w"]).allSatisfy { $0 != $1 })
    try bench.run("x = rand(); v = x; w = x", 0..<100)
    #expect(bench["v"] == bench["w"])
    let merged = try bench.program("v = exp(w)*2 + exp(w)")
    #expect(merged.body.filter { $0.opcode == .exp }.count == 1)
  }

  @Test("COD-10: a subexpression mentioned twice draws once")
  func substitution() throws {
    let bench = Bench()
    bench.symbols["noise"] = .subexpression(try ExpressionParser.parse("rand() + rand()"))
    bench.column("v", [Double](repeating: 0, count: 10))
    #expect(try bench.evaluate("noise - noise", 0..<10).values == [Double](repeating: 0, count: 10))
    let program = try bench.program("v = noise; v -= noise")
    #expect(program.callSiteCount == 2)
    try bench.run("v = noise; v -= noise", 0..<10)
    #expect(bench["v"] == [Double](repeating: 0, count: 10))
    #expect(try bench.evaluate("noise", 0..<1).values[0] == key(0).uniform(element: 0, step: 0) + key(1).uniform(element: 0, step: 0))
  }

  @Test("COD-10: a step, an element and a seed give numbers of their own")
  func independence() throws {
    let bench = Bench()
    let first = try bench.evaluate("rand()", 0..<100, step: 0).values
    #expect(Set(first).count == 100)
    #expect(try bench.evaluate("rand()", 0..<100, step: 0).values == first)
    #expect(Set(first).isDisjoint(with: try bench.evaluate("rand()", 0..<100, step: 1).values))
    bench.seed = 18
    #expect(Set(first).isDisjoint(with: try bench.evaluate("rand()", 0..<100, step: 0).values))
  }

  @Test(
    "COD-11: numbers are drawn for the elements concerned only, the same ones whoever else draws",
    arguments: [
      "rand()", "randn()", "poisson(3)", "poisson(lam)",
    ])
  func subsets(text: String) throws {
    let bench = Bench()
    bench.column("v", [Double](repeating: 0, count: 1200))
    bench.column("lam", [Double](repeating: 6, count: 1200))
    let all = try bench.evaluate(text, 0..<1200).values
    try bench.run("v = \(text)", indices: [1199, 3, 4, 700])
    for element in 0..<1200 { #expect(bench["v"][element] == ([1199, 3, 4, 700].contains(element) ? all[element] : 0)) }
    for cut in [1, 511, 512, 513, 777] {
      #expect(try bench.evaluate(text, 0..<cut).values + bench.evaluate(text, cut..<1200).values == all)
    }
  }

  @Test("COD-10: a shared variable draws once per execution")
  func sharedDraws() throws {
    let bench = Bench()
    bench.column("s", [0], access: .scalar)
    bench.column("v", [0, 0, 0])
    try bench.run("s = rand(); v = s", 0..<3, step: 4)
    let expected = key(0).uniform(element: 0, step: 4)
    #expect(bench["s"] == [expected])
    #expect(bench["v"] == [expected, expected, expected])
  }

  @Test("RNG-7: the key depends on seed, object name, purpose and call site, each of them")
  func keys() {
    let keys = [
      RandomKey.key(seed: 1, object: "a", purpose: "p", site: 0), RandomKey.key(seed: 2, object: "a", purpose: "p", site: 0),
      RandomKey.key(seed: 1, object: "b", purpose: "p", site: 0), RandomKey.key(seed: 1, object: "a", purpose: "q", site: 0),
      RandomKey.key(seed: 1, object: "a", purpose: "p", site: 1),
    ]
    #expect(Set(keys).count == 5)
    #expect(keys[0] == RandomKey.key(seed: 1, object: "a", purpose: "p", site: 0))
  }

  @Test("RNG-7: counters reach 2^48 steps and 2^40 elements without repetition")
  func counters() {
    let stream = key(0)
    let steps: [UInt64] = [0, 1, 1 << 20, 1 << 32, 1 << 40, 1 << 47, (1 << 48) - 1]
    let elements: [UInt64] = [0, 1, 1 << 31, 1 << 32, (1 << 32) + 1, 1 << 39, (1 << 40) - 1]
    var seen: Set<Double> = []
    for step in steps { for element in elements { seen.insert(stream.uniform(element: element, step: step)) } }
    #expect(seen.count == steps.count * elements.count)
  }

  @Test("RNG-6: two executions with different counts as step differ, and repeat with the same count")
  func executionCounts() throws {
    let bench = Bench()
    bench.column("v", [Double](repeating: 0, count: 50))
    var results: [[Double]] = []
    for count in [0, 1, 0] {
      try bench.run("v = randn()", 0..<50, step: Int64(count))
      results.append(bench["v"])
    }
    #expect(results[0] != results[1])
    #expect(results[0] == results[2])
  }
}
