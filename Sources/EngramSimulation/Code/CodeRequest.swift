package import EngramExpressions
package import EngramKernels
package import EngramUnits

/// Model code that an object wants to run: everything that the way from text to kernel depends on.
package struct CodeRequest {
  package enum Code {
    /// Statements for each element.
    case statements([Statement])
    /// A boolean expression, for `select`.
    case condition(Expression)
    /// A value per element, for `evaluate`.
    case value(Expression)
  }

  package enum Context {
    /// The code runs for all elements: shared variables may be written first (COD-8).
    case allElements
    /// The code runs for a subset (reset, pathways): shared variables cannot be written.
    case someElements
  }

  package var code: Code
  /// Whose names the code means.
  package var owner: any VariableOwner
  /// The object that runs the code: its name is part of the random key and of messages.
  package var objectName: String
  /// Distinguishes several codes of one object in random keys: "update", "threshold", "pre", …
  package var purpose: String
  package var context: Context
  /// Identifiers that a user wrote: only these cause warnings about conflicts (NSP-4, 5). `nil`: all.
  package var userWritten: Set<String>?
  /// Names known to this code alone, before the owner's variables.
  package var additional: [String: Variables.Entry]
  /// Variables that the code may write although they are read-only (`not_refractory`, `lastspike`).
  package var writableReadOnly: Set<String>
  /// Whether writes to `unless refractory` variables are suppressed while refractory (REF-6): all code but the reset
  /// and the state update itself.
  package var respectsConditionalWrite: Bool
  /// The clock whose ticks are the random step; `nil`: draws outside of steps.
  package var clock: BaseClock?
  /// Names that the caller replaces by formulas, before everything else.
  package var formulas: [String: Expression]
  /// Functions known to this code alone, before everything else.
  package var functions: [String: Function] = [:]
  /// The type wanted of a value; `nil`: that of the expression.
  package var resultType: LaneType?
  /// The unit that a value must have; `nil`: any.
  package var expectedDimension: Dimension?
  /// Code made by the simulator itself, whose units need no check.
  package var isGenerated = false
  /// The text from which the code was parsed, for messages.
  package var source: SourceText?
  /// Whether the elements are those of the owner; not where they are candidates for it, such as pairs that may become synapses.
  package var isOfElements = true
  /// What the user wrote where the code was made of it rather than parsed, for messages; `nil`: `source`.
  package var codeText: String?

  package init(
    _ code: Code, owner: any VariableOwner, objectName: String, purpose: String, context: Context = .allElements,
    clock: BaseClock?, userWritten: Set<String>? = nil, additional: [String: Variables.Entry] = [:],
    writableReadOnly: Set<String> = [], respectsConditionalWrite: Bool = true, formulas: [String: Expression] = [:]
  ) {
    self.code = code
    self.owner = owner
    self.objectName = objectName
    self.purpose = purpose
    self.context = context
    self.clock = clock
    self.userWritten = userWritten
    self.additional = additional
    self.writableReadOnly = writableReadOnly
    self.respectsConditionalWrite = respectsConditionalWrite
    self.formulas = formulas
  }
}
