/// Processes that were started together and exchange bytes. All of them make the same calls in the same order.
package protocol Transport: AnyObject {
  /// The number of this process, from 0.
  var rank: Int { get }
  /// How many there are.
  var size: Int { get }

  /// Hands over some bytes, as many as every process, and gets those of all.
  ///
  /// - Parameter all: room for `size` times as many bytes, which come in the order of ranks.
  func gather(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer)

  /// The same with parts of different lengths, one behind the other. The own part lies at its place already.
  ///
  /// - Parameter byteCounts: of each process; the same everywhere.
  func gather(inPlace all: UnsafeMutableRawPointer, byteCounts: [Int])

  /// Hands over some bytes to the first process alone.
  ///
  /// - Parameters:
  ///   - byteCounts: of each process; the same everywhere.
  ///   - all: on the first process, where the parts come to lie one behind the other.
  func collect(_ own: UnsafeRawBufferPointer, byteCounts: [Int], into all: UnsafeMutableRawPointer?)

  /// Hands over some bytes to the next process, and gets those of the one before. The last one hands over none, the first one gets none.
  ///
  /// - Parameter received: room for exactly what the process before hands over; on the first one it is left as it is.
  func passOn(_ own: UnsafeRawBufferPointer, received: UnsafeMutableRawBufferPointer)
}
