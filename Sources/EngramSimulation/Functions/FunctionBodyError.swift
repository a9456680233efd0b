import EngramKernels
public import EngramScalars

/// The body of a function failed where model code called it.
public struct FunctionBodyError: ExplainedError, Sendable {
  /// The function whose body threw.
  public let function: String
  /// The element for which it was called.
  public let element: Int
  /// The model code that called it, as far as it was written by a user.
  public let code: String?
  /// What the body threw, or what was wrong with its result.
  public let underlying: any Error

  init(_ fault: FunctionFault, code: String?) {
    function = fault.function
    element = Int(fault.element)
    self.code = code
    underlying = fault.cause
  }

  public var description: String {
    "function '\(function)' failed for element \(element): \(underlying)" + (code.map { "\nin: \($0)" } ?? "")
  }
}
