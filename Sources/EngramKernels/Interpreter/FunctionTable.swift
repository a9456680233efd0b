import CEngramMath
import Synchronization

/// The Swift functions a program calls, reachable from C.
final class FunctionTable: Sendable {
  private let bodies: [@Sendable (borrowing FunctionBlock) throws(FunctionFault) -> Void]
  /// Of the lowest element, whichever thread came first.
  private let failure = Mutex<FunctionFault?>(nil)

  init(_ functions: [BlockFunction]) { bodies = functions.map(\.body) }

  /// Why the last call had no value; forgotten once it was told.
  func takeFailure() -> FunctionFault? {
    failure.withLock { failure in
      defer { failure = nil }
      return failure
    }
  }

  private func note(_ fault: FunctionFault) {
    failure.withLock { failure in
      if let known = failure, known.element <= fault.element { return }
      failure = fault
    }
  }

  static let callback: engram_callback = { context, function, arguments, argumentCount, elements, count, result in
    guard let context, let result else { return false }
    let table = Unmanaged<FunctionTable>.fromOpaque(context).takeUnretainedValue()
    var zero: Int64 = 0
    var nothing: UnsafeRawPointer?
    return withUnsafePointer(to: &zero) { zero in
      withUnsafePointer(to: &nothing) { nothing in
        do throws(FunctionFault) {
          try table.bodies[Int(function)](
            FunctionBlock(
              count: Int(count), elements: elements ?? zero, arguments: arguments ?? nothing, result: result))
          return true
        } catch {
          table.note(error)
          return false
        }
      }
    }
  }
}
