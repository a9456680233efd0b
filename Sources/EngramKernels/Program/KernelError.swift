package import EngramExpressions
package import EngramScalars

/// Why model code could not be turned into a program.
///
/// The checks of EngramExpressions come first and say more; these are what remains possible when they were skipped.
package enum KernelError: ExplainedError, Equatable, Sendable {
  case unknownName(String, at: SourceSpan, nearest: String?)
  case notAValue(String, at: SourceSpan)
  case notAFunction(String, at: SourceSpan)
  case argumentCount(function: String, expected: Int, found: Int, at: SourceSpan)
  /// The target of a statement is a constant, subexpression, index or function.
  case notWritable(String, at: SourceSpan)
  /// A shared variable was given a value that differs between elements.
  case sharedFromElements(String, at: SourceSpan)
  /// A statement for a shared variable came after one for elements (COD-8).
  case sharedAfterElements(String, at: SourceSpan)
  case tooDeep(limit: Int, at: SourceSpan)
  /// A number known before the run cannot be held by the variable it is assigned to.
  case doesNotFit(String, Misfit, at: SourceSpan)
  /// A constant was expected, but the value depends on a variable or a random number.
  case notConstant(String)
  case notBound(column: String)
  case wrongColumnType(column: String, expected: ScalarType, found: ScalarType)
}

extension KernelError {
  package var description: String {
    switch self {
    case .unknownName(let name, _, let nearest?): "'\(name)' is not defined here; did you mean '\(nearest)'?"
    case .unknownName(let name, _, nil): "'\(name)' is not defined here"
    case .notAValue(let name, _): "'\(name)' is a function and cannot be used as a value"
    case .notAFunction(let name, _): "'\(name)' is not a function"
    case .argumentCount(let function, let expected, let found, _):
      "'\(function)' takes \(expected) argument\(expected == 1 ? "" : "s"), found \(found)"
    case .notWritable(let name, _): "'\(name)' cannot be assigned to"
    case .sharedFromElements(let name, _): "the shared variable '\(name)' cannot take a value that differs between elements"
    case .sharedAfterElements(let name, _): "the statement for the shared variable '\(name)' must come before statements for elements"
    case .doesNotFit(let name, let misfit, _): "'\(name)' \(misfit)"
    case .tooDeep(let limit, _): "the expression is nested more than \(limit) levels deep; split it into several statements"
    case .notConstant(let text): "'\(text)' is not constant"
    case .notBound(let column): "no memory was given for '\(column)'"
    case .wrongColumnType(let column, let expected, let found): "'\(column)' holds \(found) where \(expected) was expected"
    }
  }
}

/// Why a program stopped in the middle.
package enum KernelFault: ExplainedError, Sendable {
  case index(IndexFault)
  case function(FunctionFault)
}

/// A program asked for an element that does not exist.
package struct IndexFault: ExplainedError, Equatable, Sendable {
  package let column: String
  /// The index asked for; outside `0 ..< count`.
  package let index: Int64
  /// Elements the column has.
  package let count: Int64
  /// The element for which the program ran.
  package let element: Int64

  package init(column: String, index: Int64, count: Int64, element: Int64) {
    self.column = column
    self.index = index
    self.count = count
    self.element = element
  }
}

/// A user's function has no value for an element.
package struct FunctionFault: ExplainedError, Sendable {
  package let function: String
  package let element: Int64
  package let cause: any Error

  package init(function: String, element: Int64, cause: any Error) {
    self.function = function
    self.element = element
    self.cause = cause
  }
}

extension KernelFault {
  package var description: String {
    switch self {
    case .index(let fault): fault.description
    case .function(let fault): fault.description
    }
  }
}

extension IndexFault {
  package var description: String {
    "index \(index) is out of range for '\(column)', which has \(count) elements (while computing element \(element))"
  }
}

extension FunctionFault {
  package var description: String { "function '\(function)' failed for element \(element): \(cause)" }
}
