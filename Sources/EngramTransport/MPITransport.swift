internal import CEngramMPI
internal import EngramScalars
internal import EngramSystem

/// The processes that MPI has started together. One for a process, from its beginning to its end, in one thread.
///
/// Unchecked: that one thread.
package final class MPITransport: Transport, @unchecked Sendable {
  package let rank: Int
  package let size: Int

  /// Whether this program was built with MPI (`swift build --traits MPI`).
  package static var isBuilt: Bool { engram_mpi_is_built() }

  /// How long a process that has failed waits for the others, which may have failed as well, or wait for it where they cannot be reached.
  private static let patienceSeconds = 5.0

  /// Joins the others.
  package init() throws(TransportError) {
    var (rank, size): (Int32, Int32) = (0, 0)
    guard engram_mpi_begin(&rank, &size) else { throw .noMPI(isBuilt: Self.isBuilt) }
    (self.rank, self.size) = (Int(rank), Int(size))
  }

  package func gather(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer) {
    precondition(all.count >= own.count * size, "there is room for the bytes of all processes")
    engram_mpi_gather(own.baseAddress, Int64(own.count), all.baseAddress)
  }

  package func gather(inPlace all: UnsafeMutableRawPointer, byteCounts: [Int]) {
    precondition(byteCounts.count == size, "each process has a part")
    engram_mpi_gather_in_place(all, byteCounts.map(Int64.init))
  }

  package func collect(_ own: UnsafeRawBufferPointer, byteCounts: [Int], into all: UnsafeMutableRawPointer?) {
    precondition(byteCounts.count == size && byteCounts[rank] == own.count, "each process has a part")
    engram_mpi_collect(own.baseAddress, byteCounts.map(Int64.init), all)
  }

  package func passOn(_ own: UnsafeRawBufferPointer, received: UnsafeMutableRawBufferPointer) {
    precondition(own.count < 1 << 31 && received.count < 1 << 31, "little is passed on at a time")
    engram_mpi_pass_on(own.baseAddress, Int64(own.count), received.baseAddress, Int64(received.count))
  }

  /// The end of the program: what all processes found comes together, and they leave.
  ///
  /// A process that is alone with its end, since it has failed where the others go on, ends all of them.
  ///
  /// - Parameters:
  ///   - status: of this process.
  ///   - isShared: whether all processes come to this end.
  ///   - told: whether somebody has been told what went wrong here.
  ///   - tell: tells it.
  /// - Returns: the status to exit with: that of the first process, or of the first one that failed where the first did not.
  package func leave(_ status: Int32, isShared: Bool, told: Bool, _ tell: () -> Void) -> Int32 {
    var statuses = [Int32](repeating: 0, count: size)
    guard engram_mpi_farewell(status, isShared ? .infinity : Self.patienceSeconds, &statuses) else {
      if !told { tell() }
      engram_mpi_abort(status == 0 ? 1 : status)
    }
    // What failed in all of them was told by the first.
    if !told, status != 0, statuses[0] != status { tell() }
    engram_mpi_end()
    return statuses[0] != 0 ? statuses[0] : statuses.first { $0 != 0 } ?? 0
  }
}

/// Why processes cannot work together.
package enum TransportError: ExplainedError, Hashable, Sendable {
  case noMPI(isBuilt: Bool)

  package var description: String {
    switch self {
    case .noMPI(isBuilt: true): "MPI could not be begun in this process"
    case .noMPI(isBuilt: false): "this program was built without MPI; swift build -c release --traits MPI builds one with it"
    }
  }
}
