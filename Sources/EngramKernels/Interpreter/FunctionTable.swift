import CEngramMath

/// The Swift functions a program calls, reachable from C.
final class FunctionTable: Sendable {
  private let bodies: [@Sendable (borrowing FunctionBlock) -> Void]

  init(_ functions: [BlockFunction]) { bodies = functions.map(\.body) }

  static let callback: engram_callback = { context, function, arguments, argumentCount, elements, count, result in
    guard let context, let result else { return }
    let table = Unmanaged<FunctionTable>.fromOpaque(context).takeUnretainedValue()
    var zero: Int64 = 0
    var nothing: UnsafeRawPointer?
    withUnsafePointer(to: &zero) { zero in
      withUnsafePointer(to: &nothing) { nothing in
        table.bodies[Int(function)](FunctionBlock(
          count: Int(count), elements: elements ?? zero, arguments: arguments ?? nothing, result: result))
      }
    }
  }
}
