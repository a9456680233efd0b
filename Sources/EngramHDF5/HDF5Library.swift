import CHDF5
import Synchronization

/// The one door to libhdf5.
///
/// Some builds of the library are not thread-safe, and its high-level part never is. So every call goes through
/// `perform`, one at a time. `perform` must not be nested: it is for leaves, which only call the library.
enum HDF5Library {
  private static let lock = Mutex(())

  /// Keeps the library from ending itself when the process exits: after a file that could not be closed it would crash
  /// there, behind a run that went well. Every file is closed by its owner. Takes effect only before any other call.
  private static let isPrepared: Bool = H5dont_atexit() >= 0

  private static func prepare() {
    _ = isPrepared
    engram_h5_silence_errors()
  }

  static func perform<Result>(_ operation: @autoclosure () -> String, _ body: () -> Result?) throws(HDF5Error) -> Result {
    let (result, stack) = lock.withLock { _ in
      prepare()
      remembered.withLock { $0 = [] }
      let result = Leaf(value: body())
      if result.value == nil { rememberErrors() }
      return (result, result.value == nil ? remembered.withLock { $0 } : [])
    }
    guard let value = result.value else { throw HDF5Error(operation(), stack: stack) }
    return value
  }

  /// For calls whose failure cannot be reported, such as closing in a `deinit`.
  static func performIgnoringErrors(_ body: () -> Void) {
    lock.withLock { _ in
      prepare()
      body()
      H5Eclear2(hid_t(H5E_DEFAULT))
    }
  }

  /// Carries a result that is not `Sendable` out of the lock; it never leaves the thread.
  private struct Leaf<Value>: @unchecked Sendable { let value: Value? }

  /// Errors of the `perform` that is running.
  private static let remembered = Mutex<[String]>([])

  /// To be called before anything else is: every call of the library begins with an empty error stack.
  static func rememberErrors() {
    remembered.withLock { if $0.isEmpty { $0 = takeErrors() } }
  }

  private static func takeErrors() -> [String] {
    var bytes = [CChar](repeating: 0, count: 8192)
    let count = engram_h5_take_errors(&bytes, bytes.count)
    let text = String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }
}

/// An identifier of the library that is released with its last user.
final class Handle {
  let id: hid_t
  private let release: @Sendable (hid_t) -> Void
  private var isOpen = true

  init(_ id: hid_t, release: @escaping @Sendable (hid_t) -> Void) {
    self.id = id
    self.release = release
  }

  deinit {
    guard isOpen else { return }
    HDF5Library.performIgnoringErrors { release(id) }
  }

  /// Releases now, and reports failure.
  func close(_ operation: @autoclosure () -> String, _ body: (hid_t) -> herr_t) throws(HDF5Error) {
    guard isOpen else { return }
    isOpen = false
    try HDF5Library.perform(operation()) { body(id) < 0 ? nil : () }
  }
}

/// Identifiers that live only inside one `perform`.
struct Scratch {
  private var releases: [() -> Void] = []

  /// Remembers to release the identifier; nil if the library failed to make it.
  mutating func keep(_ id: hid_t, _ release: @escaping (hid_t) -> herr_t) -> hid_t? {
    guard id >= 0 else { return nil }
    releases.append { _ = release(id) }
    return id
  }

  func releaseAll() { for release in releases.reversed() { release() } }

  /// Runs the body and releases everything it kept.
  static func with<Result>(_ body: (inout Scratch) -> Result?) -> Result? {
    var scratch = Scratch()
    let result = body(&scratch)
    if result == nil { HDF5Library.rememberErrors() }
    scratch.releaseAll()
    return result
  }
}

/// The library that files are written with.
package enum HDF5Release {
  /// Its version, as `1.14.6`.
  package static var text: String {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    HDF5Library.performIgnoringErrors { H5get_libversion(&major, &minor, &release) }
    return "\(major).\(minor).\(release)"
  }
}
