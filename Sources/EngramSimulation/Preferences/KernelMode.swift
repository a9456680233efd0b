/// How kernels run: on the interpreter, or as code of the C compiler of this machine. Never changes results.
package enum KernelMode: String, CaseIterable, Sendable {
  /// The interpreter begins; compiled code takes over where the work is worth it.
  case automatic
  case interpreted
  /// Every kernel that can be compiled is, before its first step.
  case native

  /// What the preferences ask for: `codegen.kernels`, and where that leaves it open, `codegen.target`.
  init(_ preferences: Preferences) {
    self = KernelMode(rawValue: preferences[.kernels]) ?? .automatic
    guard self == .automatic else { return }
    switch preferences[.codegenTarget] {
    case "interpreted": self = .interpreted
    case "compiled": self = .native
    default: break
    }
  }
}
