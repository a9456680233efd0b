/// What becomes one library.
package struct LibrarySource: Hashable, Sendable {
  /// The function that it defines, as messages call it.
  package let name: String
  package let text: String
  /// The symbol to look for.
  package let entry: String
  /// For the compiler, behind the usual ones.
  package let flags: [String]

  package init(name: String, text: String, entry: String, flags: [String]) {
    self.name = name
    self.text = text
    self.entry = entry
    self.flags = flags
  }

  /// The text of a kernel.
  ///
  /// Its arithmetic is IEEE arithmetic as written, whatever else the command of the compiler asks for: the last of several flags counts.
  /// Nothing is linked that a compiler adds by itself, for some would change the arithmetic of the process.
  ///
  /// - Parameter instructionSet: of the machine's loops; wider vectors than theirs are not used.
  package init(kernel text: String, entry: String, instructionSet: String) {
    let features: [String] =
      switch instructionSet {
      case "avx512": ["-mavx2", "-mavx512f", "-mavx512dq", "-mavx512bw", "-mavx512vl", "-mprefer-vector-width=512"]
      case "avx2": ["-mavx2"]
      default: []
      }
    let arithmetic = ["-fno-fast-math", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"]
    self.init(name: entry, text: text, entry: entry, flags: ["-O3", "-w"] + arithmetic + features + ["-nostartfiles"])
  }
}
