import EngramExpressions
import EngramScalars
import Testing

@testable import EngramKernels

@Suite("Times of elements") struct TimesTests {
  private static let count = 1500

  /// Variables of elements, a time for all, and other things that code may name.
  private func bench() -> Bench {
    let bench = Bench()
    bench.column("w", (0..<Self.count).map { Double($0 % 17) * 0.05 })
    bench.column("x", (0..<Self.count).map { Double($0 % 5) })
    bench.column("last", (0..<Self.count).map { Double($0 % 11) * 0.001 })
    bench.column("k", (0..<Self.count).map { Double($0 % 7) }, type: .int32)
    bench.column("t", [0], access: .scalar)
    bench.column("eta", [0.5], access: .scalar)
    bench.column("post", (0..<Self.count).map { Double($0 % 3) }, type: .int32)
    bench.column("v_post", [1, 2, 3], access: .gather([IndexStep(column: bench.reference("post"))]))
    // Of no name: what a program gets in place of one time.
    bench.column("times", (0..<Self.count).map { 0.02 + Double($0 % 13) * 0.0001 })
    return bench
  }

  @Test(
    "COD-13: code for elements that have a time each gives the bits of calls with one time for all",
    arguments: ["x = x*exp(-(t - last)/0.02) + 0.1; w = clip(w + x, 0, 1); last = t", "w += 0.25*k; k += 1", "w = t; x += i", "x = x*(t > 0.0205)"])
  func sameBits(code: String) throws {
    let (once, each) = (bench(), bench())
    once.symbols["i"] = .elementIndex(offset: 0)
    each.symbols["i"] = .elementIndex(offset: 0)
    let program = try each.program(code)
    let timed = try #require(program.withTimes(each.reference("times"), inPlaceOf: each.reference("t").id))
    #expect(timed.callPart.isEmpty && !timed.columns.filter { timed.reads.contains($0.id) }.contains { $0.name == "t" })
    let list = (0..<Int32(Self.count)).filter { $0 % 4 != 1 }
    let kernel = try each.kernel(timed)
    #expect(list.withUnsafeBufferPointer { kernel.run(indices: $0, step: 0) } == nil)
    for element in list {
      once["t"] = [each["times"][Int(element)]]
      #expect(try once.run(code, indices: [element]) == nil)
    }
    for name in ["w", "x", "last", "k"] { #expect(once.memories[name]?.bytes == each.memories[name]?.bytes, "\(name)") }
  }

  @Test(
    "COD-13: code that depends on more than its elements and the time has no such form",
    arguments: ["w += v_post", "v_post += w", "w += rand()", "w += eta", "eta = 1", "w = poisson(2.0)"])
  func others(code: String) throws {
    let bench = bench()
    #expect(try bench.program(code).withTimes(bench.reference("times"), inPlaceOf: bench.reference("t").id) == nil)
  }

  @Test("COD-13: a list of elements gives the same bits however many threads share it", arguments: 2...4)
  func lists(threads: Int) throws {
    let list = (0..<Int32(20_000)).map { ($0 * 7919) % 20_000 }
    for number in 0..<8 {
      var programs = RandomPrograms(number: 7000 + UInt64(number))
      let code = programs.code(throughIndex: number % 2 == 0)
      let benches = [1, threads].map { count in
        let bench = Bench.mixed(count: 20_000)
        bench.compiler = InterpreterCompiler(threads: count)
        return bench
      }
      for bench in benches { try bench.run(code, indices: list, step: 5) }
      let (one, many) = (benches[0].state, benches[1].state)
      #expect(one.keys.filter { one[$0] != many[$0] }.sorted() == [], "\(code)")
    }
  }
}
