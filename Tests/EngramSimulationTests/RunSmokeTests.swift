import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramUnits
import Testing

@testable import EngramSimulation

@Suite("Kernels in a network") struct KernelRunTests {
  @Test("BAS-8: a code object executes its statements once per step of its clock") func statements() throws {
    try withScope {
      let group = try TestGroup(4)
      try group.w <- "i * 1.0"
      let code = try TestCode("w += 1; v = w*mV", for: group)
      let network = try Network(group, code)
      try network.run(1 * ms)
      #expect(try group.w.values == [10, 11, 12, 13])
      #expect(try group.v.values == [10, 11, 12, 13].map { $0 * 0.001 })
    }
  }
}
