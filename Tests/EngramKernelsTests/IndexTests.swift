import EngramExpressions
import EngramScalars
import Testing
@testable import EngramKernels

@Suite("Reading and writing through an index") struct IndexTests {
  /// Four synapses onto two targets.
  private func synapses() -> Bench {
    let bench = Bench()
    bench.column("v", [1, 10, 100])
    bench.column("w", [1, 2, 3, 4])
    bench.column("post", [0, 0, 2, 0], type: .int32)
    bench.name("v_post", for: "v", access: .gather([IndexStep(column: bench.reference("post"))]))
    return bench
  }

  @Test("LNK-1: a name may lead to another column through indices and offsets, several in turn")
  func paths() throws {
    let bench = synapses()
    #expect(try bench.evaluate("v_post", 0..<4).values == [1, 1, 100, 1])
    bench.name("shifted", for: "v", access: .gather([IndexStep(column: bench.reference("post"), offset: 1)]))
    #expect(try bench.evaluate("shifted", 0..<2).values == [10, 10])
    bench.column("link", [2, 1, 0], type: .int64)
    bench.name(
      "linked", for: "v",
      access: .gather([
        IndexStep(column: bench.reference("post")), IndexStep(column: bench.reference("link")),
      ]))
    #expect(try bench.evaluate("linked", 0..<4).values == [100, 100, 1, 100])
    bench.name("next", for: "v", access: .gather([IndexStep(column: nil, offset: 1)]))
    #expect(try bench.evaluate("next", 0..<2).values == [10, 100])
  }

  @Test(
    "COD-12: accumulation through an index needs no order",
    arguments: [
      ("v_post += w", [8.0, 10.0, 103.0]), ("v_post -= w", [-6.0, 10.0, 97.0]), ("v_post *= w", [8.0, 10.0, 300.0]),
      ("v_post /= w", [0.125, 10.0, 100.0 / 3.0] as [Double]),
    ])
  func accumulation(code: String, expected: [Double]) throws {
    let bench = synapses()
    let program = try bench.program(code)
    #expect(!program.isSequential)
    #expect(program.accumulates == [0])
    try bench.run(code, 0..<4)
    #expect(bench["v"] == expected)
  }

  @Test("COD-12: v_post = v_post*2 + w runs element after element; v_post = w keeps the last")
  func sequential() throws {
    let bench = synapses()
    #expect(try bench.program("v_post = v_post*2 + w").isSequential)
    bench["v"] = [1, 10, 100]
    try bench.run("v_post = v_post*2 + w", 0..<2)
    #expect(bench["v"] == [8, 10, 100])
    bench["v"] = [1, 10, 100]
    try bench.run("v_post = w", 0..<4)
    #expect(bench["v"] == [4, 10, 3])
    bench["v"] = [1, 10, 100]
    try bench.run("v_post = w", indices: [3, 0])
    #expect(bench["v"] == [1, 10, 100])
  }

  @Test(
    "COD-12: code that reads what it scatters, or scatters twice, is sequential",
    arguments: [
      "v_post += w; w = v_post", "v_post += w; v_post += 1", "v_post += w; v_post *= 2", "v_post += v_post*w", "v_post %= w",
    ])
  func orderDependence(code: String) throws { #expect(try synapses().program(code).isSequential) }

  @Test("COD-12: synapse-local statements beside one accumulation are not sequential")
  func local() throws {
    let bench = synapses()
    let program = try bench.program("v_post += w; w = clip(w + 1, 0, 4)")
    #expect(!program.isSequential)
    #expect(!program.isParallel)
    try bench.run("v_post += w; w = clip(w + 1, 0, 4)", 0..<4)
    #expect(bench["w"] == [2, 3, 4, 4])
    #expect(bench["v"] == [8, 10, 103])
  }

  @Test("COD-12: an integer variable that a float is added to truncates after every element")
  func truncatingAccumulation() throws {
    let bench = Bench()
    bench.column("n", [0], type: .int64)
    bench.column("post", [0, 0, 0], type: .int32)
    bench.name("n_post", for: "n", access: .gather([IndexStep(column: bench.reference("post"))]))
    let program = try bench.program("n_post += 1.6")
    #expect(program.isSequential)
    try bench.run("n_post += 1.6", 0..<3)
    #expect(bench["n"] == [3])
    #expect(try !bench.program("n_post += 2").isSequential)
    try bench.run("n_post += 2", 0..<3)
    #expect(bench["n"] == [9])
  }

  @Test("COD-12: one variable read through an index while it is written by element sees the writes before it")
  func selfLink() throws {
    let bench = Bench()
    bench.column("v", [1, 1, 1, 1])
    bench.column("previous", [0, 0, 1, 2], type: .int32)
    bench.name("left", for: "v", access: .gather([IndexStep(column: bench.reference("previous"))]))
    #expect(try bench.program("v = v + left").isSequential)
    try bench.run("v = v + left", 0..<4)
    #expect(bench["v"] == [2, 3, 4, 5])
  }

  @Test("COD-13: an index out of bounds is reported with column, index and element, and nothing is touched outside")
  func faults() throws {
    let bench = synapses()
    bench["post"] = [0, 1, 7, 0]
    let expected = IndexFault(column: "v", index: 7, count: 3, element: 2)
    #expect(try bench.run("v_post += w", 0..<4)?.outOfRange == expected)
    #expect(try bench.run("w = v_post", 0..<4)?.outOfRange == expected)
    #expect(expected.description == "index 7 is out of range for 'v', which has 3 elements (while computing element 2)")
    bench["post"] = [0, 1, -1, 0]
    #expect(try bench.run("w = v_post", indices: [3, 2])?.outOfRange?.index == -1)
    #expect(try bench.run("w = 1", 0..<5)?.outOfRange?.column == "w")
    #expect(try bench.run("w = 1", indices: [9])?.outOfRange?.index == 9)
  }

  @Test("COD-13: a column may get other memory when it grows, of its own type")
  func rebinding() throws {
    let bench = Bench()
    bench.column("v", [1, 2])
    let kernel = try bench.kernel(bench.program("v += 1"))
    var grown: [Double] = [5, 6, 7]
    try grown.withUnsafeMutableBytes { bytes in
      try kernel.bind(columns: [0: ColumnBuffer(base: bytes.baseAddress!, count: 3, type: .float64)]) { _ in 0 }
      #expect(kernel.run(range: 0..<3, step: 0) == nil)
      #expect(throws: KernelError.wrongColumnType(column: "v", expected: .float64, found: .int32)) {
        try kernel.bind(columns: [0: ColumnBuffer(base: bytes.baseAddress!, count: 3, type: .int32)]) { _ in 0 }
      }
    }
    #expect(grown == [6, 7, 8])
    #expect(bench["v"] == [1, 2])
    let unbound = try InterpreterCompiler().compile(bench.program("v += 1"))
    #expect(throws: KernelError.notBound(column: "v")) { try unbound.bind(columns: [:]) { _ in 0 } }
  }
}
