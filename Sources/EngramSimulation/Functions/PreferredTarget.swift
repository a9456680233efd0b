extension ExecutionTarget {
  /// The target that the preference `codegen.target` asks for; `nil` for `auto`: a body in Swift where a function has one, else its
  /// C text. So nothing depends on whether a machine has a compiler.
  public static var preferred: ExecutionTarget? {
    switch Environment.current.preferences[.codegenTarget] {
    case "interpreted": .interpreted
    case "compiled": .compiled
    default: nil
    }
  }
}
