extension Variables.Entry {
  /// A name that one piece of code alone knows.
  package init(_ variable: Variable, access: VariableAccess = .element) {
    self.init(variable: variable, access: access, context: nil)
  }

  /// The same variable found from elements that an index leads to `group` with.
  package func reached(through ends: ArrayVariable, offset: Int, from group: any VariableOwner) -> Variables.Entry {
    Variables.Entry(
      variable: variable, access: access.behind(.through([.init(ends, offset: offset)])),
      context: variable.isFormula ? context ?? group : nil)
  }

  /// The stored variable of a group's only element, as a value that all elements of another group share.
  package var asOneValue: Variables.Entry { Variables.Entry(variable: variable, access: .scalar, context: nil) }

  /// The same variable as another group refers to it: formulas keep the meaning of their names.
  package func inContext(of group: any VariableOwner) -> Variables.Entry {
    Variables.Entry(variable: variable, access: access, context: variable.isFormula ? context ?? group : nil)
  }
}

extension Variables {
  /// Gives `name` the meaning of an entry (links).
  package func replace(_ name: String, with entry: Entry) {
    replace(name, with: entry.variable, access: entry.access, context: entry.context)
  }
}
