import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramTestSupport
import EngramUnits
import FoundationEssentials
import Testing

@testable import EngramSimulation

@Suite("Devices") struct DeviceTests {
  @Test("DEV-1, DEV-2: devices are stacked; the runtime device executes at once") func stack() throws {
    try withScope {
      let first = try device
      #expect(first.storage == .memory)
      try setDevice("runtime")
      #expect(try device !== first)
      try resetDevice()
      #expect(try device === first)
      #expect(throws: DeviceError.missingDirectory) { try setDevice("mapped") }
    }
  }

  @Test("DEV-3, STO-1, CKP-36: memory and mapped files give the same bits, snapshots included") func sameBits() throws {
    func result(on device: Device) throws -> String {
      try withScope {
        try setDevice(device)
        seed(11)
        let group = try TestGroup(3000)
        try group.w <- "randn()"
        let network = try Network(group, try TestCode("w = 0.9*w + randn(); v = w*mV", for: group))
        try network.run(1 * ms)
        try network.store()
        try network.run(1 * ms)
        try network.restore()
        try network.run(2 * ms)
        return try network.digest
      }
    }
    let directory = try TemporaryFolder()
    #expect(try result(on: .memory()) == result(on: .mapped(directory: directory.path)))
    // Unnamed files: nothing is left behind (STO-11).
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }
}
