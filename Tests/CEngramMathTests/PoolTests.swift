import CEngramMath
import EngramSystem
import Testing

@Suite("Worker threads") struct PoolTests {
  final class Tally {
    let counts: UnsafeMutablePointer<Int>
    let workers: Int
    init(_ workers: Int) {
      self.workers = workers
      counts = .allocate(capacity: workers * 16)
      counts.initialize(repeating: 0, count: workers * 16)
    }
    deinit { counts.deallocate() }
  }

  @Test("COD-13: every worker runs its share exactly once per call, however often the pool is used", arguments: [1, 2, 5] as [Int32])
  func shares(count: Int32) throws {
    let pool = try #require(engram_pool_create(count))
    defer { engram_pool_destroy(pool) }
    #expect(engram_pool_count(pool) == count)
    let tally = Tally(Int(count))
    let rounds = 300
    for round in 1...rounds {
      engram_pool_run(
        pool,
        { context, worker in
          let counts = context!.assumingMemoryBound(to: Int.self)
          counts[Int(worker) * 16] += 1
        }, tally.counts)
      let uneven = (0..<tally.workers).contains { tally.counts[$0 * 16] != round }
      #expect(!uneven, "round \(round)")
      if uneven { break }
    }
  }

  @Test("COD-13: a worker that is held up keeps nobody from the other shares")
  func heldUp() throws {
    let pool = try #require(engram_pool_create(2))
    defer { engram_pool_destroy(pool) }
    // Far more calls than a sleeping or descheduled worker could serve in this time, each with a share too short to wait for.
    let tally = Tally(2)
    for round in 0..<2000 {
      if round % 500 == 0 { usleep(2000) }  // The worker parks.
      engram_pool_run(
        pool,
        { context, worker in
          let counts = context!.assumingMemoryBound(to: Int.self)
          counts[Int(worker) * 16] += 1
        }, tally.counts)
    }
    #expect(tally.counts[0] == 2000 && tally.counts[16] == 2000)
  }

  @Test("COD-13: pools can be made and destroyed many times, used or not")
  func lifetimes() throws {
    for round in 0..<50 {
      let pool = try #require(engram_pool_create(3))
      if round % 2 == 0 { engram_pool_run(pool, { _, _ in }, nil) }
      engram_pool_destroy(pool)
    }
    engram_pool_destroy(nil)
    let single = try #require(engram_pool_create(0))
    #expect(engram_pool_count(single) == 1)
    engram_pool_destroy(single)
  }
}
