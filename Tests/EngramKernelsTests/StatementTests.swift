import EngramExpressions
import EngramScalars
import Testing
@testable import EngramKernels

@Suite("Kernel smoke") struct SmokeTests {
  @Test("COD-4: a line sees the effect of the line before")
  func order() throws {
    let v = ColumnReference(id: 0, type: .float64, name: "v")
    var data: [Double] = (0..<1000).map(Double.init)
    func e(_ n: Expression.Node) -> Expression { Expression(n) }
    let st = [Statement("v", .add, e(.integer(1))), Statement("v", .multiply, e(.name("v")))]
    let program = try Lowering.lower(statements: st, symbols: ["v": .column(v, access: .element)], purpose: "test")
    let kernel = try InterpreterCompiler().compile(program)
    try data.withUnsafeMutableBytes { bytes in
      try kernel.bind(columns: [0: ColumnBuffer(base: bytes.baseAddress!, count: 1000, type: .float64)]) { _ in 0 }
      #expect(kernel.run(range: 0..<1000, step: 0) == nil)
    }
    let expected: [Double] = (0..<1000).map { (index: Int) -> Double in let x = Double(index + 1); return x * x }
    #expect(data == expected)
  }
}
