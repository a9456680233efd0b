// How long kernels take: nanoseconds per element, best of many repetitions.
import EngramExpressions
import EngramKernels
import EngramScalars

/// Columns of doubles with names, and kernels over them.
struct Columns {
  var symbols: [String: KernelSymbol] = [:]
  var buffers: [Int: ColumnBuffer] = [:]

  mutating func add(
    _ name: String, type: ScalarType = .float64, count: Int, access: Access = .element, where condition: ColumnReference? = nil,
    _ value: (Int) -> Double
  ) -> ColumnReference {
    let reference = ColumnReference(id: buffers.count, type: type, name: name)
    let base = UnsafeMutableRawPointer.allocate(byteCount: count * type.byteCount, alignment: 64)
    for element in 0..<count {
      switch type {
      case .float64: base.assumingMemoryBound(to: Double.self)[element] = value(element)
      case .float32: base.assumingMemoryBound(to: Float.self)[element] = Float(value(element))
      case .int32: base.assumingMemoryBound(to: Int32.self)[element] = Int32(value(element))
      case .int64: base.assumingMemoryBound(to: Int64.self)[element] = Int64(value(element))
      case .bool: base.assumingMemoryBound(to: UInt8.self)[element] = value(element) != 0 ? 1 : 0
      }
    }
    buffers[reference.id] = ColumnBuffer(base: base, count: count, type: type)
    symbols[name] = .column(reference, access: access, conditionalWrite: condition)
    return reference
  }

  func kernel(_ code: String, condition: String? = nil, threads: Int = 1, show: Bool = false) throws -> any Kernel {
    let statements = try ExpressionParser.parseStatements(code)
    let program =
      try condition.map {
        try Lowering.lower(statements: statements, condition: ExpressionParser.parse($0), symbols: symbols, purpose: "benchmark")
      } ?? Lowering.lower(statements: statements, symbols: symbols, purpose: "benchmark")
    if show { print(program) }
    let kernel = try InterpreterCompiler(threads: threads).compile(program)
    try kernel.bind(columns: buffers) { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
    return kernel
  }
}

func nanoseconds(per count: Int, repetitions: Int = 300, _ body: (Int) -> Void) -> Double {
  let clock = ContinuousClock()
  var best = Double.infinity
  for _ in 0..<7 {
    let start = clock.now
    for step in 0..<repetitions { body(step) }
    let elapsed = clock.now - start
    best = min(best, Double(elapsed.components.attoseconds) / 1e9 / Double(repetitions) / Double(count))
  }
  return best
}

func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

/// The current-based balanced network of the published benchmark suites: exact integration, refractory 5 ms.
func cuba(_ count: Int, threads: Int, show: Bool = false) throws {
  var columns = Columns()
  let free = columns.add("not_refractory", type: .bool, count: count) { _ in 1 }
  _ = columns.add("v", count: count, where: free) { -0.06 + 0.01 * Double($0) / Double(count) }
  _ = columns.add("ge", count: count) { _ in 0.0001 }
  _ = columns.add("gi", count: count) { _ in -0.0001 }
  _ = columns.add("lastspike", count: count) { _ in -1e4 }
  _ = columns.add("t", count: 1, access: .scalar) { _ in 0.1 }
  _ = columns.add("dt", count: 1, access: .scalar) { _ in 0.0001 }
  for (name, value) in [("taum", 0.02), ("taue", 0.005), ("taui", 0.01), ("El", -0.049), ("Vt", -0.05)] {
    columns.symbols[name] = .constant(.float(value))
  }
  let update = """
    not_refractory = timestep(t - lastspike, dt) >= timestep(0.005, dt)
    _ge = exp(-dt/taue)*ge
    _gi = exp(-dt/taui)*gi
    _v = El + taue*ge*exp(-dt/taue)/(taue - taum) + taui*gi*exp(-dt/taui)/(taui - taum) + (v - El - taue*ge/(taue - taum) - taui*gi/(taui - taum))*exp(-dt/taum)
    ge = _ge
    gi = _gi
    v = _v
    """
  let out = UnsafeMutablePointer<Int32>.allocate(capacity: count)
  let both = try columns.kernel(update, condition: "v > Vt and not_refractory", threads: threads, show: show)
  let plain = try columns.kernel(update, threads: threads)
  let threshold = try columns.kernel("", condition: "v > Vt and not_refractory", threads: threads)
  let repetitions = max(3, 1_200_000 / count)
  let a = nanoseconds(per: count, repetitions: repetitions) { _ = both.select(range: 0..<count, step: Int64($0), into: out) }
  let b = nanoseconds(per: count, repetitions: repetitions) { _ = plain.run(range: 0..<count, step: Int64($0)) }
  let c = nanoseconds(per: count, repetitions: repetitions) { _ = threshold.select(range: 0..<count, step: Int64($0), into: out) }
  let d = nanoseconds(per: 1, repetitions: 10000) { _ = both.run(range: 0..<1, step: Int64($0)) }
  print("CUBA N=\(count) threads=\(threads): fused \(rounded(a)), update \(rounded(b)), threshold \(rounded(c)) ns per neuron; one element \(rounded(d)) ns per call")
}

func synapses(_ count: Int) throws {
  var columns = Columns()
  let post = columns.add("post", type: .int32, count: count) { Double($0 * 7 % 4000) }
  let ge = columns.add("ge", count: 4000) { _ in 0 }
  _ = columns.add("w", count: count) { _ in 0.1 }
  columns.symbols["ge_post"] = .column(ge, access: .gather([IndexStep(column: post)]))
  let deliver = try columns.kernel("ge_post += w")
  let plastic = try columns.kernel("ge_post += w; w = clip(w + 0.001, 0, 1)")
  let sequential = try columns.kernel("ge_post = ge_post*0.5 + w")
  let list = (0..<Int32(count)).filter { $0 % 3 == 0 }
  print("synapses N=\(count):",
    "range", rounded(nanoseconds(per: count) { _ = deliver.run(range: 0..<count, step: Int64($0)) }),
    "list", rounded(list.withUnsafeBufferPointer { list in nanoseconds(per: list.count) { _ = deliver.run(indices: list, step: Int64($0)) } }),
    "with weights", rounded(nanoseconds(per: count) { _ = plastic.run(range: 0..<count, step: Int64($0)) }),
    "one by one", rounded(nanoseconds(per: count, repetitions: 10) { _ = sequential.run(range: 0..<count, step: Int64($0)) }), "ns per synapse")
}

func noise(_ count: Int) throws {
  var columns = Columns()
  _ = columns.add("v", count: count) { _ in 0 }
  columns.symbols["sigma"] = .constant(.float(0.1))
  for code in ["v = v*0.99 + sigma*randn()", "v = rand()", "v += poisson(2.5)", "v = exp(v*0.001)"] {
    let kernel = try columns.kernel(code)
    print("N=\(count): \(code): \(rounded(nanoseconds(per: count) { _ = kernel.run(range: 0..<count, step: Int64($0)) })) ns")
  }
}

try cuba(4000, threads: 1, show: CommandLine.arguments.contains("--show"))
try cuba(4000, threads: 2)
try cuba(100_000, threads: 1)
try cuba(100_000, threads: 2)
try synapses(10_000)
try noise(4000)
