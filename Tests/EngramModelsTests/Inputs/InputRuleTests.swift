import Testing

@testable import EngramModels

@Suite("Rules of inputs") struct InputRuleTests {
  private func bins(_ spikes: [(Int32, Double)], period: Double = 0, dt: Double = 1e-4) throws -> SpikeBinning {
    try SpikeBinning(
      indices: spikes.map(\.0), seconds: spikes.map(\.1), periodSeconds: period, stepSeconds: dt, elementCount: 4, name: "gen")
  }

  @Test("INP-10: a spike belongs to step trunc((time + dt/1000)/dt); unsorted input is sorted by time, then index")
  func binning() throws {
    let table = try bins([(2, 0.3e-3), (0, 0.3e-3), (1, 0.09999e-3), (1, 0.35e-3), (3, 0)])
    #expect(table.steps == [0, 1, 3])
    #expect(Array(table.indices[table.spikes(at: 3)]) == [0, 1, 2])
    #expect(Array(table.indices[table.spikes(at: 1)]) == [1])
    #expect(table.spikes(at: 2).isEmpty)
  }

  @Test("INP-10: spikes of elements that are none, or without a time, are refused wherever they come from")
  func impossible() {
    #expect(throws: InputError.indexOutOfRange(name: "gen", index: 4, count: 4)) { try bins([(0, 0), (4, 1e-3)]) }
    #expect(throws: InputError.indexOutOfRange(name: "gen", index: -1, count: 4)) { try bins([(-1, 0)]) }
    #expect(throws: InputError.lengthMismatch(name: "gen", indices: 1, times: 0)) {
      try SpikeBinning(indices: [0], seconds: [], periodSeconds: 0, stepSeconds: 1e-4, elementCount: 4, name: "gen")
    }
  }

  @Test("INP-11: two spikes of one element in one step are refused, also when not adjacent in the list")
  func twice() {
    #expect(throws: InputError.twoSpikesInOneStep(name: "gen", index: 1, step: 3, stepSeconds: 1e-4)) {
      try bins([(1, 0.3e-3), (0, 0.31e-3), (1, 0.32e-3)])
    }
  }

  @Test("INP-11: the period must exceed the last spike, be a multiple of dt and not shorter than dt")
  func periods() {
    #expect(throws: InputError.periodTooShort(name: "gen", periodSeconds: 0.3e-3, lastSeconds: 3 * 1e-4)) { try bins([(0, 0.3e-3)], period: 0.3e-3) }
    #expect(throws: InputError.periodNotMultipleOfStep(name: "gen", periodSeconds: 0.45e-3, stepSeconds: 1e-4)) { try bins([(0, 0.3e-3)], period: 0.45e-3) }
    #expect(throws: InputError.periodShorterThanStep(name: "gen", periodSeconds: 0.05e-3, stepSeconds: 1e-4)) { try bins([], period: 0.05e-3) }
  }

  @Test("INP-12: a periodic pattern repeats at multiples of the period, counted from 0")
  func periodic() throws {
    let table = try bins([(0, 0), (1, 0.2e-3)], period: 0.5e-3)
    let spiking = (0..<12).filter { !table.spikes(at: Int64($0)).isEmpty }
    #expect(spiking == [0, 2, 5, 7, 10])
  }

  @Test("INP-21: the lookup in a timed array tolerates rounding of the time")
  func lookup() {
    let coarse = TimedGrid(valueSeconds: 1e-3, stepSeconds: 1e-4, count: 5)
    #expect(coarse.index(atSeconds: 0.99e-3) == 0)
    #expect(coarse.index(atSeconds: 0.999e-3) == 1)
    let quarter = TimedGrid(valueSeconds: 0.25e-3, stepSeconds: 0.1e-3, count: 20)
    #expect((0..<10).map { quarter.index(atSeconds: Double($0) * 0.1e-3) } == [0, 0, 0, 1, 1, 2, 2, 2, 3, 3])
    let fine = TimedGrid(valueSeconds: 0.03e-3, stepSeconds: 0.1e-3, count: 100)
    #expect((0..<10).map { fine.index(atSeconds: Double($0) * 0.1e-3) } == [0, 3, 6, 10, 13, 16, 20, 23, 26, 30])
  }

  @Test("INP-20: outside of its times a timed array holds its first and last value")
  func outside() {
    let grid = TimedGrid(valueSeconds: 1e-3, stepSeconds: 1e-4, count: 3)
    #expect(grid.index(atSeconds: -5) == 0)
    #expect(grid.index(atSeconds: 1e9) == 2)
    #expect(grid.index(atSeconds: .nan) == 0)
  }

  @Test("INP-30, INP-22: constant over a step iff dt is an integer multiple of the group's; other longer grids are misaligned")
  func alignment() {
    #expect(TimedGrid.isLocallyConstant(valueSeconds: 1e-3, stepSeconds: 1e-4))
    #expect(TimedGrid.isLocallyConstant(valueSeconds: 0.3e-3, stepSeconds: 0.1e-3))
    #expect(!TimedGrid.isLocallyConstant(valueSeconds: 0.05e-3, stepSeconds: 0.1e-3))
    #expect(!TimedGrid.isLocallyConstant(valueSeconds: 0.25e-3, stepSeconds: 0.1e-3))
    #expect(TimedGrid.isMisaligned(valueSeconds: 0.25e-3, stepSeconds: 0.1e-3))
    #expect(!TimedGrid.isMisaligned(valueSeconds: 0.03e-3, stepSeconds: 0.1e-3))
    #expect(!TimedGrid.isMisaligned(valueSeconds: 1e-3, stepSeconds: 1e-4))
    // Half a per cent off the grid is off the grid; what rounding adds is not.
    #expect(!TimedGrid.isLocallyConstant(valueSeconds: 1.005e-4, stepSeconds: 1e-4) && TimedGrid.isMisaligned(valueSeconds: 1.005e-4, stepSeconds: 1e-4))
    #expect(!TimedGrid.isLocallyConstant(valueSeconds: 1.0005e-3, stepSeconds: 1e-4))
    #expect(TimedGrid.isLocallyConstant(valueSeconds: 3 * 1e-4, stepSeconds: 1e-4))
  }
}
