internal import EngramScalars

/// Why a stored description is none.
package enum DescriptionError: ExplainedError, Hashable, Sendable {
  /// It says what no release writes.
  case damaged(String)
  /// It says what only a newer release can know.
  case unknown(String)

  package var description: String {
    switch self {
    case .damaged(let what), .unknown(let what): what.visibleLine
    }
  }

  /// The same, with what it was found in.
  func inside(_ place: String) -> DescriptionError {
    switch self {
    case .damaged(let what): .damaged("\(place): \(what)")
    case .unknown(let what): .unknown("\(place): \(what)")
    }
  }
}
