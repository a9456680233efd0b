import CEngramMath
import EngramExpressions
import EngramScalars
import Testing

@testable import EngramKernels

@Suite("Targets shared between threads") struct OwnershipTests {
  /// 12 pieces of 2000 elements and one without any, whose targets ascend in each piece; listed: the elements lie in another order.
  private static let bounds: [Int32] = [0] + (0..<13).map { Int32(min($0, 11) * 2000 + 2000) }
  private static let count = 24_000
  private static let order: [Int32] = (0..<count).map { Int32(($0 * 7919) % count) }

  private func bench(isListed: Bool, threads: Int) -> Bench {
    let bench = Bench.mixed(count: Self.count)
    var targets = [Double](repeating: 0, count: Self.count)
    for place in 0..<Self.count { targets[isListed ? Int(Self.order[place]) : place] = Double(place % 2000 * 5 / 2000) }
    bench["post"] = targets
    bench.compiler = InterpreterCompiler(threads: threads)
    return bench
  }

  @Test("COD-13: pieces whose elements change targets give the same bits however many threads own the targets", arguments: 2...4)
  func sameBits(threads: Int) throws {
    var sharedCount = 0
    for number in 0..<16 {
      var programs = RandomPrograms(number: 9000 + UInt64(number))
      let code = number == 0 ? "x_post += exp(-v*0.01) + rand()" : programs.code(throughIndex: true)
      for isListed in [false, true] {
        let (one, many) = (bench(isListed: isListed, threads: 1), bench(isListed: isListed, threads: threads))
        for bench in [one, many] {
          let program = try bench.program(code)
          sharedCount += program.ownerColumn == nil ? 0 : 1
          let kernel = try bench.kernel(program)
          // With owners a piece may come twice; whole pieces are shared only where they differ.
          let again: [Int32] = program.ownerColumn == nil ? [] : [3]
          let fault = kernel.run(pieces: [3, 0, 12, 11, 5, 6] + again, bounds: Self.bounds, elements: isListed ? Self.order : nil, step: 3)
          #expect(fault == nil)
        }
        let (left, right) = (one.state, many.state)
        #expect(left.keys.filter { left[$0] != right[$0] }.sorted() == [], "\(isListed): \(code)")
      }
    }
    #expect(sharedCount >= 4)
  }

  @Test("COD-13: targets are owned where everything goes through one index, and nothing reads what others change")
  func owners() throws {
    func owner(_ code: String) throws -> String? {
      let program = try Bench.mixed(count: 10).program(code)
      return program.ownerColumn.map { program.columns[$0].name }
    }
    #expect(try owner("x_post += v") == "post" && owner("x_post += v; v *= 0.5") == "post")
    // Each for itself; set instead of added to; read and added to; two ways to targets.
    #expect(try owner("v += 1") == nil && owner("x_post = v") == nil && owner("x_post += x_post*v") == nil)
    #expect(try owner("x_post += v; k_post += 1") == nil)
  }

  @Test("COD-13: pieces are cut where the values of the column say, and not at all where these do not ascend")
  func cuts() throws {
    var values: [Int32] = [0, 1, 1, 2, 3, 3, 0, 3]
    try values.withUnsafeMutableBytes { bytes in
      let column = engram_column(base: bytes.baseAddress, count: 8, type: ScalarType.int32.machineType, limit: 0, brief: nil)
      let bounds: [Int32] = [0, 6, 6, 8]
      try bounds.withUnsafeBufferPointer { bounds in
        let table = PieceTable(bounds: bounds.baseAddress!, elements: nil, count: 3, identity: PieceTable.newIdentity())
        let parts = try #require(OwnedPieces(table, by: column, workers: 2))
        func places(_ worker: Int) -> [Int32] { (0..<3).map { parts.places(of: worker, in: table)[$0] } }
        #expect(places(0) == [0, 6, 6] && places(1) == [3, 6, 7] && places(2) == [6, 6, 8])
        bytes.storeBytes(of: 4, toByteOffset: 0, as: Int32.self)
        #expect(OwnedPieces(table, by: column, workers: 2) == nil)
      }
    }
  }

  @Test("COD-13: an index out of bounds is told as one worker tells it, whoever owns it")
  func faults() throws {
    for threads in [1, 2] {
      let bench = bench(isListed: false, threads: threads)
      for place in 1995..<2000 { bench["post"][place] = 99 }
      let kernel = try bench.kernel(bench.program("x_post += v"))
      let fault = kernel.run(pieces: [0, 1, 2, 3, 4, 5], bounds: Self.bounds, elements: nil, step: 0)
      #expect(fault?.outOfRange == IndexFault(column: "open", index: 100, count: 6, element: 1995))
    }
  }
}
