import CXXHash

/// XXH3-128 of some bytes: guards against damage and finds equal content. It does not authenticate.
public struct ContentHash: Hashable, Sendable {
  /// The first 64 bits.
  public let high: UInt64
  /// The last 64 bits.
  public let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The release of the library that computes it.
  package static var libraryVersion: String {
    let number = XXH_versionNumber()
    return "\(number / 10000).\(number / 100 % 100).\(number % 100)"
  }

  package init(of bytes: UnsafeRawBufferPointer) {
    let value = XXH3_128bits(bytes.baseAddress, bytes.count)
    self.init(high: value.high64, low: value.low64)
  }

  package init(of bytes: [UInt8]) {
    self = bytes.withUnsafeBytes { ContentHash(of: $0) }
  }
}

extension ContentHash: CustomStringConvertible {
  public var description: String { hexadecimal(high) + hexadecimal(low) }
}

/// Sixteen lower-case digits.
func hexadecimal(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}

/// A hash that grows with the bytes appended; asking for its value does not end it.
package final class RunningHash {
  private let state: OpaquePointer

  package init() {
    guard let state = XXH3_createState() else { preconditionFailure("no memory for a hash state of 576 bytes") }
    self.state = state
    XXH3_128bits_reset(state)
  }

  deinit { XXH3_freeState(state) }

  /// Another one that has taken the same bytes.
  func copy() -> RunningHash {
    let other = RunningHash()
    XXH3_copyState(other.state, state)
    return other
  }

  package func append(_ bytes: UnsafeRawBufferPointer) { XXH3_128bits_update(state, bytes.baseAddress, bytes.count) }

  package var value: ContentHash {
    let value = XXH3_128bits_digest(state)
    return ContentHash(high: value.high64, low: value.low64)
  }
}
