import CEngramMath
import Synchronization

/// Threads that share the work of kernels.
///
/// Unchecked sendable: the pool pointer is set once; `busy` lets one kernel in at a time, others work alone meanwhile.
package final class WorkerPool: @unchecked Sendable {
  /// How many there are, with the one that asks.
  package let count: Int
  private let pool: OpaquePointer?
  private let busy = Atomic<Bool>(false)
  private let rests = Atomic<Bool>(false)

  /// Whether every kernel works alone for the time being.
  var isResting: Bool {
    get { rests.load(ordering: .relaxed) }
    set { rests.store(newValue, ordering: .relaxed) }
  }

  init(threads: Int) {
    pool = engram_pool_create(Int32(clamping: max(1, threads)))
    count = pool.map { Int(engram_pool_count($0)) } ?? 1
  }

  deinit { if let pool { engram_pool_destroy(pool) } }

  /// Runs `body` once for each number, on any of the threads; false when the pool rests or is in use, and nothing was done.
  package func run(
    _ body: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Void, _ context: UnsafeMutableRawPointer
  ) -> Bool {
    guard let pool, !isResting, !busy.exchange(true, ordering: .acquiring) else { return false }
    engram_pool_run(pool, body, context)
    busy.store(false, ordering: .releasing)
    return true
  }
}
