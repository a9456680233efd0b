import EngramExpressions
import EngramScalars
import Foundation
import Testing
@testable import EngramKernels

@Suite("Kernel programs") struct ProgramTests {
  /// Compares with `fixtures/kernels/<name>.txt`; UPDATE_GOLDEN=1 rewrites the file.
  private func check(_ program: KernelProgram, _ name: String, location: SourceLocation = #_sourceLocation) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../fixtures/kernels").standardized
    let file = folder.appendingPathComponent(name + ".txt")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try program.description.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == program.description, sourceLocation: location)
  }

  private func group() -> Bench {
    let bench = Bench()
    bench.column("v", [0])
    bench.column("ge", [0])
    bench.column("gi", [0])
    bench.column("not_refractory", [1], type: .bool)
    bench.column("lastspike", [0])
    bench.column("t", [0], access: .scalar)
    bench.column("dt", [0], access: .scalar)
    bench.constant("taum", .float(0.02))
    bench.constant("taue", .float(0.005))
    bench.constant("El", .float(-0.049))
    bench.constant("Vt", .float(-0.05))
    return bench
  }

  @Test("COD-13: what depends on constants only is computed once per run, on shared variables once per call")
  func hoisting() throws {
    let bench = group()
    let program = try bench.program("v = v*exp(-dt/taum) + El*(1 - exp(-dt/taum)); ge = ge*(1/taue)*sqrt(2/taum)")
    #expect(program.body.allSatisfy { ![.exp, .sqrt, .divide].contains($0.opcode) })
    #expect(program.callPart.filter { $0.opcode == .exp }.count == 1)
    #expect(program.runPart.filter { $0.opcode == .sqrt }.count == 1)
    #expect(program.reads == Set(["v", "ge", "dt"].map { bench.reference($0).id }))
    #expect(program.writes == Set(["v", "ge"].map { bench.reference($0).id }))
    #expect(program.isParallel)
  }

  @Test("COD-13: association stays as written: only whole uniform operands move out of the loop")
  func association() throws {
    let bench = group()
    let program = try bench.program("v = v*taum*taue")
    #expect(program.runPart.isEmpty)
    #expect(program.body.filter { $0.opcode == .multiply }.count == 2)
    bench["v"] = [1.1]
    try bench.run("v = v*taum*taue", 0..<1)
    #expect(bench["v"] == [1.1 * 0.02 * 0.005])
  }

  @Test("COD-10: nothing that was not asked for is computed")
  func unusedValues() throws {
    let program = try group().program("unused = exp(v); x = rand(); v = ge")
    #expect(program.body.count == 2)
    #expect(program.reads == [1])
  }

  @Test("MDL-40: programs read well: state update with exact integration")
  func stateUpdate() throws {
    let bench = group()
    bench.name("v", for: "v", access: .element, where: "not_refractory")
    try check(
      Lowering.lower(
        statements: ExpressionParser.parseStatements(
          """
          _ge = exp(-dt/taue)*ge
          _v = El + (v - El)*exp(-dt/taum) + ge*taum/taue
          ge = _ge
          v = _v
          """),
        condition: ExpressionParser.parse("v > Vt and not_refractory"), symbols: bench.symbols, purpose: "stateupdate"),
      "stateupdate")
  }

  @Test("MDL-40: programs read well: plasticity through indices, with draws")
  func plasticity() throws {
    let bench = group()
    bench.column("post", [0], type: .int32)
    bench.column("w", [0], type: .float32)
    let path = Access.gather([IndexStep(column: bench.reference("post"), offset: 10)])
    bench.name("v_post", for: "v", access: path, where: "not_refractory")
    bench.name("ge_post", for: "ge", access: path)
    try check(bench.program("ge_post += w*(rand() < 0.5); w = clip(w + ge_post*0.1, 0, 1)"), "plasticity-sequential")
    try check(bench.program("v_post += w; w = clip(w + 0.1*randn(), 0, 1)**3"), "plasticity")
  }

  @Test("COD-13: registers are few, whatever the length of the code")
  func registers() throws {
    let bench = group()
    let code = (0..<60).map { "v = v*0.5 + exp(ge)*\($0).5" }.joined(separator: "\n")
    let program = try bench.program(code)
    let machine = MachineCode(body: program, layout: SlotLayout(program))
    #expect(machine.registerCount <= 4)
    #expect(program.body.filter { $0.opcode == .exp }.count == 1)
  }
}
