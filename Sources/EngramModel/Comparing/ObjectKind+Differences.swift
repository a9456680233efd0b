extension ObjectKind {
  /// The kind of difference that another value under a key is; nil: none, since a checkpoint brings the value along.
  ///
  /// What only the class of a program says about its objects is what they were made with.
  func difference(at key: String) -> Difference? {
    switch DescriptionKey(rawValue: key)?.meaning {
    case .difference(let difference): difference
    case .state(let owner): owner.rawValue == name ? nil : .structure
    case nil: .structure
    }
  }
}
