package import EngramKernels

/// A piece of model code that a device builds.
public struct CodeToBuild {
  /// The object that runs the code.
  public let object: String
  /// What it is for: `stateupdate`, `threshold`, `reset`, …; of assignments, what is assigned.
  public let purpose: String
  /// What the user wrote, where that is known.
  public let text: String?
  package let program: KernelProgram

  package init(object: String, purpose: String, text: String?, program: KernelProgram) {
    self.object = object
    self.purpose = purpose
    self.text = text
    self.program = program
  }

  /// The program of the register machine, one operation a line.
  public var listing: String { program.description }
}
