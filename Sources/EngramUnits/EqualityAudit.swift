import EngramSystem
import Synchronization

/// Debug builds tell when `==` met two different dimensions, once per pair of dimensions.
///
/// A trap would be too strict: hash tables and enums that hold quantities compare unlike values as a matter of course.
enum EqualityAudit {
  /// Receives the reports instead of standard error; tests set it.
  @TaskLocal static var handler: (@Sendable (String) -> Void)?

  #if DEBUG
    private static let reported = Mutex<Set<[Dimension]>>([])

    static func noteComparison(_ lhs: Quantity, _ rhs: Quantity) {
      // 0 and infinity match every unit, so comparing with them is no mistake.
      func isWild(_ value: Quantity) -> Bool { value.isDimensionless && (value.si == 0 || value.si.isInfinite) }
      if isWild(lhs) || isWild(rhs) { return }
      guard reported.withLock({ $0.insert([lhs.dimension, rhs.dimension]).inserted }) else { return }
      let text = "note: \(lhs) == \(rhs) compares different units and is therefore false; isEqual(to:) throws instead"
      if let handler { handler(text) } else { Array((text + "\n").utf8).withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) } }
    }
  #else
    static func noteComparison(_ lhs: Quantity, _ rhs: Quantity) {}
  #endif
}
