public import EngramStorage

extension Group {
  /// Says where one array is in runs with a run directory (STO-1); nil: where those of the object are. Results do not depend on it.
  ///
  /// - Throws: where the object has no variable of that name, or one without stored values.
  public func setStorage(_ storage: ArrayStorage?, of name: String) throws {
    _ = try variable(name)
    guard let array = variables[name]?.array else { throw VariableError.noValue(name: "\(self.name).\(name)") }
    array.storage = storage
  }
}
