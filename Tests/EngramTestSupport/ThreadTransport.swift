package import EngramTransport
import Foundation
import Synchronization

/// Threads of this process in place of processes that work together: what they exchange is copied from one to the other.
///
/// A thread that fails lets the others go: they get zeros, which nobody has sent.
package final class Meeting: @unchecked Sendable {
  private let size: Int
  private let condition = NSCondition()
  private var present = 0
  private var round = 0
  private var own: [UnsafeRawPointer?]
  private var isGivenUp = false
  private var firstError: (any Error)?

  package init(_ size: Int) {
    self.size = size
    own = Array(repeating: nil, count: size)
  }

  /// Runs the body in as many threads, and waits for all of them.
  ///
  /// - Throws: the error that came first.
  package func run<Value: Sendable>(_ body: @escaping @Sendable (any Transport) throws -> Value) throws -> [Value] {
    let results = Mutex([Int: Result<Value, any Error>]())
    let box = Box(results)
    let threads = (0..<size).map { rank in
      let thread = Thread { [self] in
        let result = Result { try body(ThreadTransport(self, rank: rank, size: size)) }
        if case .failure(let error) = result { giveUp(error) }
        box.results.withLock { $0[rank] = result }
        leave()
      }
      thread.stackSize = 8 << 20
      return thread
    }
    for thread in threads { thread.start() }
    condition.lock()
    while gone < size { condition.wait() }
    condition.unlock()
    if let firstError { throw firstError }
    return try box.results.withLock { found in try (0..<size).compactMap { try found[$0]?.get() } }
  }

  private final class Box<Value: Sendable>: Sendable {
    let results: Mutex<[Int: Result<Value, any Error>]>
    init(_ results: consuming Mutex<[Int: Result<Value, any Error>]>) { self.results = results }
  }

  private var gone = 0
  private func leave() {
    condition.lock()
    gone += 1
    condition.broadcast()
    condition.unlock()
  }

  private func giveUp(_ error: any Error) {
    condition.lock()
    firstError = firstError ?? error
    isGivenUp = true
    condition.broadcast()
    condition.unlock()
  }

  /// Waits for all.
  ///
  /// - Parameter bytes: what this thread shows to the others, until the next time; nil: what it showed before.
  /// - Returns: whether all came.
  fileprivate func meet(_ rank: Int, _ bytes: UnsafeRawPointer?) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    if let bytes { own[rank] = bytes }
    let mine = round
    present += 1
    if present == size {
      (present, round) = (0, round + 1)
      condition.broadcast()
    }
    while round == mine, !isGivenUp { condition.wait() }
    return !isGivenUp
  }

  fileprivate func bytes(of rank: Int) -> UnsafeRawPointer? { own[rank] }
}

private final class ThreadTransport: Transport {
  let rank: Int
  let size: Int
  private let meeting: Meeting

  init(_ meeting: Meeting, rank: Int, size: Int) { (self.meeting, self.rank, self.size) = (meeting, rank, size) }

  func gather(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer) {
    guard meeting.meet(rank, own.baseAddress), let target = all.baseAddress else {
      all.initializeMemory(as: UInt8.self, repeating: 0)
      return
    }
    for process in 0..<size { if let bytes = meeting.bytes(of: process) { (target + process * own.count).copyMemory(from: bytes, byteCount: own.count) } }
    // Nobody goes on before all have copied.
    _ = meeting.meet(rank, nil)
  }

  func gather(inPlace all: UnsafeMutableRawPointer, byteCounts: [Int]) {
    guard meeting.meet(rank, all) else { return }
    var place = 0
    for process in 0..<size {
      if process != rank, let bytes = meeting.bytes(of: process) { (all + place).copyMemory(from: bytes + place, byteCount: byteCounts[process]) }
      place += byteCounts[process]
    }
    _ = meeting.meet(rank, nil)
  }

  func collect(_ own: UnsafeRawBufferPointer, byteCounts: [Int], into all: UnsafeMutableRawPointer?) {
    guard meeting.meet(rank, own.baseAddress) else { return }
    if var place = all {
      for process in 0..<size {
        if byteCounts[process] > 0, let bytes = meeting.bytes(of: process) { place.copyMemory(from: bytes, byteCount: byteCounts[process]) }
        place += byteCounts[process]
      }
    }
    _ = meeting.meet(rank, nil)
  }

  func passOn(_ own: UnsafeRawBufferPointer, received: UnsafeMutableRawBufferPointer) {
    guard meeting.meet(rank, own.baseAddress) else {
      received.initializeMemory(as: UInt8.self, repeating: 0)
      return
    }
    if rank > 0, received.count > 0, let bytes = meeting.bytes(of: rank - 1), let target = received.baseAddress {
      target.copyMemory(from: bytes, byteCount: received.count)
    }
    _ = meeting.meet(rank, nil)
  }
}
