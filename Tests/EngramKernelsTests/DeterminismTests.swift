import EngramExpressions
import EngramScalars
import EngramTestSupport
import Testing
@testable import EngramKernels

@Suite("Same bits", .slow) struct DeterminismTests {
  private func difference(_ found: Bench, _ expected: Bench) -> String? {
    let (left, right) = (found.state, expected.state)
    guard let name = left.keys.sorted().first(where: { left[$0] != right[$0] }) else { return nil }
    let element = zip(found[name], expected[name]).enumerated().first { $1.0 != $1.1 && !($1.0.isNaN && $1.1.isNaN) }
    return "\(name)[\(element?.offset ?? -1)]: \(element?.element.0 ?? 0) instead of \(element?.element.1 ?? 0)"
  }

  @Test("COD-13: random programs give the bits of evaluation element by element and line by line", arguments: 0..<150)
  func randomPrograms(number: Int) throws {
    var programs = RandomPrograms(number: UInt64(number))
    let code = programs.code(throughIndex: number % 2 == 0)
    let statements = try ExpressionParser.parseStatements(code)
    let count = number % 10 == 0 ? 1100 : 60

    func naive(_ bench: Bench, _ elements: some Sequence<Int>) {
      var evaluator = NaiveEvaluator(bench, step: 5)
      evaluator.run(statements, shared: "s", elements: elements)
    }
    let expected = Bench.mixed(count: count)
    expected.seed = UInt64(number)
    naive(expected, 0..<count)

    let found = Bench.mixed(count: count)
    found.seed = UInt64(number)
    #expect(try found.run(code, 0..<count, step: 5) == nil)
    #expect(difference(found, expected) == nil, "\(code)")

    // A list of elements.
    let chosen = (0..<count).filter { $0 % 3 != 1 }
    let (someExpected, some) = (Bench.mixed(count: count), Bench.mixed(count: count))
    (someExpected.seed, some.seed) = (UInt64(number), UInt64(number))
    naive(someExpected, chosen)
    #expect(try some.run(code, indices: chosen.map(Int32.init), step: 5) == nil)
    #expect(difference(some, someExpected) == nil, "list: \(code)")
  }

  @Test("COD-13: the division of a range into calls changes nothing", arguments: [1, 7, 511, 512, 513, 1024])
  func partitions(length: Int) throws {
    for number in 0..<20 {
      var programs = RandomPrograms(number: 1000 + UInt64(number))
      let code = programs.code(throughIndex: true).split(separator: "\n").filter { !$0.hasPrefix("s ") }.joined(separator: "\n")
      let (whole, parts) = (Bench.mixed(count: 1100), Bench.mixed(count: 1100))
      try whole.run(code, 0..<1100)
      let kernel = try parts.kernel(parts.program(code))
      for start in stride(from: 0, to: 1100, by: length) {
        #expect(kernel.run(range: start..<min(1100, start + length), step: 0) == nil)
      }
      #expect(difference(parts, whole) == nil, "\(code)")
    }
  }

  @Test("COD-13: a program and the selection behind it in one pass do what the two do in turn, and what joint code does")
  func programsThatSelect() throws {
    var joinedCount = 0
    for number in 0..<120 {
      var programs = RandomPrograms(number: 4000 + UInt64(number))
      let code = programs.code(throughIndex: number % 4 == 0)
      let condition = programs.condition(1 + number % 2)
      let count = number % 5 == 0 ? 1100 : 90
      let (together, separate, joint) = (Bench.mixed(count: count), Bench.mixed(count: count), Bench.mixed(count: count))
      let first = try together.program(code)
      let second = try Lowering.lower(condition: ExpressionParser.parse(condition), symbols: together.symbols, purpose: "test")
      guard let program = first.selecting(where: second, columnID: { $0 }) else { continue }
      joinedCount += 1
      let kernel = try together.kernel(program)
      var out = [Int32](repeating: -1, count: count)
      let found = out.withUnsafeMutableBufferPointer { kernel.select(range: 0..<count, step: 2, into: $0.baseAddress!) }
      try separate.run(code, 0..<count, step: 2)
      let expected = try separate.select(condition, 0..<count, step: 2)
      #expect(found.fault == nil && Array(out[..<found.count]) == expected, "\(code)\nwhere \(condition)")
      #expect(difference(together, separate) == nil, "\(code)")
      #expect(try joint.select(condition, after: code, 0..<count, step: 2) == expected, "\(code)\nwhere \(condition)")
    }
    #expect(joinedCount > 40)
  }

  @Test("COD-13: what draws, or looks at what others wrote, is not joined")
  func programsThatDoNotSelect() throws {
    let bench = Bench.mixed(count: 10)
    func isJoined(_ code: String, _ condition: String) throws -> Bool {
      let second = try Lowering.lower(condition: ExpressionParser.parse(condition), symbols: bench.symbols, purpose: "test")
      return try bench.program(code).selecting(where: second, columnID: { $0 }) != nil
    }
    bench.name("x", for: "x", access: .element)
    #expect(try isJoined("v += 1", "v > 0 and b"))
    #expect(try isJoined("v += 1; f = v", "f > s"))
    #expect(try !isJoined("v += 1", "rand() < v"))
    #expect(try !isJoined("x_post += v", "x > 1"))
    #expect(try !isJoined("x = v", "x_post > 1"))
    #expect(try !isJoined("s = 2", "v > s"))
  }

  @Test("COD-13: pieces of a table in one call do what a call for each does, whatever the threads", arguments: 1...2)
  func pieces(threads: Int) throws {
    let bounds: [Int32] = [0, 300, 300, 312, 313, 900, 1100]
    let chosen: [Int32] = [4, 0, 1, 3, 5, 2]
    let order: [Int32] = (0..<1100).map { Int32(($0 * 377) % 1100) }
    let compiler = InterpreterCompiler(threads: threads)
    for number in 0..<30 {
      var programs = RandomPrograms(number: 3000 + UInt64(number))
      let code = programs.code(throughIndex: number % 2 == 0)
      for isListed in [false, true] {
        let (together, separate) = (Bench.mixed(count: 1100), Bench.mixed(count: 1100))
        together.compiler = compiler
        let kernel = try together.kernel(together.program(code))
        let fault = kernel.run(pieces: chosen, bounds: bounds, elements: isListed ? order : nil, step: 3)
        #expect(fault == nil)
        for piece in chosen.map(Int.init) where bounds[piece] < bounds[piece + 1] {
          let places = Int(bounds[piece])..<Int(bounds[piece + 1])
          if isListed { try separate.run(code, indices: Array(order[places]), step: 3) } else { try separate.run(code, places, step: 3) }
        }
        #expect(difference(together, separate) == nil, "\(isListed): \(code)")
      }
    }
  }

  @Test("COD-13: short pieces share blocks and do what a call for each does, also where one comes twice", arguments: 1...2)
  func shortPieces(threads: Int) throws {
    // Pieces of 0, 1, 2, 40 and 33 elements, in turn.
    let cycle: [Int32] = [0, 1, 2, 1, 1, 40, 1, 33]
    var bounds: [Int32] = [0]
    for piece in 0..<150 { bounds.append(bounds[piece] + cycle[piece % 8]) }
    let count = Int(bounds.last!)
    let ascending: [Int32] = (0..<150).filter { $0 % 7 != 3 }.map(Int32.init)
    let chosen = ascending + [1, 2, 2, 9, 9, 12, 14]
    let order = (0..<count).map { Int32(($0 * 377) % count) }
    let compiler = InterpreterCompiler(threads: threads)
    for number in 0..<20 {
      var programs = RandomPrograms(number: 5000 + UInt64(number))
      let code = programs.code(throughIndex: number % 2 == 0)
      for isListed in [false, true] {
        let (together, separate) = (Bench.mixed(count: count), Bench.mixed(count: count))
        together.compiler = compiler
        let kernel = try together.kernel(together.program(code))
        // Threads may share pieces that differ only.
        let pieces = threads == 1 ? chosen : ascending
        let fault = kernel.run(pieces: pieces, bounds: bounds, elements: isListed ? order : nil, step: 3)
        #expect(fault == nil)
        for piece in pieces.map(Int.init) where bounds[piece] < bounds[piece + 1] {
          let places = Int(bounds[piece])..<Int(bounds[piece + 1])
          if isListed { try separate.run(code, indices: Array(order[places]), step: 3) } else { try separate.run(code, places, step: 3) }
        }
        #expect(difference(together, separate) == nil, "\(isListed): \(code)")
      }
    }
  }

  @Test("COD-13: the number of threads changes nothing", arguments: [2, 4])
  func threads(count: Int) throws {
    let length = 10_000
    let compiler = InterpreterCompiler(threads: count)
    for number in 0..<12 {
      var programs = RandomPrograms(number: 2000 + UInt64(number))
      let code = programs.code(throughIndex: number % 3 == 0)
      let condition = programs.condition(2)
      let value = programs.number(2)
      let (one, many) = (Bench.mixed(count: length), Bench.mixed(count: length))
      many.compiler = compiler
      try one.run(code, 0..<length)
      try many.run(code, 0..<length)
      #expect(difference(many, one) == nil, "\(code)")
      // Conditions change, too: some select few elements, some many.
      #expect(try many.select(condition, after: "v += 1", 3..<length) == one.select(condition, after: "v += 1", 3..<length))
      let (left, right) = (try many.evaluate(value, 1..<length).values, try one.evaluate(value, 1..<length).values)
      #expect(zip(left, right).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
    }
  }

  @Test("COD-13: with threads, the fault of the first element is reported")
  func faultsWithThreads() throws {
    let bench = Bench.mixed(count: 20_000)
    bench.compiler = InterpreterCompiler(threads: 2)
    bench["post"][700] = 99
    bench["post"][15_000] = 98
    let fault = try bench.run("v = exp(x_post) + exp(v)", 0..<20_000)
    #expect(fault?.outOfRange == IndexFault(column: "x", index: 100, count: 6, element: 700))
  }

  @Test("COD-13: a kernel finds the threads busy and works alone, with the same result")
  func sharedPool() async throws {
    let compiler = InterpreterCompiler(threads: 2)
    let results = try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<4 {
        group.addTask {
          let bench = Bench()
          bench.compiler = compiler
          bench.column("v", (0..<30_000).map(Double.init))
          let kernel = try bench.kernel(bench.program("v = exp(-v*1e-5) + rand()"))
          for step in 0..<20 { _ = kernel.run(range: 0..<30_000, step: Int64(step)) }
          return bench["v"]
        }
      }
      var results: [[Double]] = []
      for try await result in group { results.append(result) }
      return results
    }
    #expect(results.count == 4)
    #expect(Set(results).count == 1)
  }
}
