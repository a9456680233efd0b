package import EngramExpressions

/// A straight-line program over columns: what one piece of model code does to each element.
///
/// Three parts, by how often they run. Values of an earlier part are uniform over the elements.
/// 1. ``runPart``: depends on constants only; computed once per run.
/// 2. ``callPart``: depends on shared variables too; computed once per call. Statements for shared variables are here.
/// 3. ``body``: computed for every element.
package struct KernelProgram: Sendable {
  /// A value that an operation uses.
  package enum Operand: Hashable, Sendable {
    case constant(Int)
    /// The result of the operation with this number in the run part, call part or body.
    case run(Int)
    case call(Int)
    case body(Int)
  }

  package struct Operation: Hashable, Sendable {
    package var opcode: Opcode
    /// In the order of the machine. Stores: value, then mask if there is one. Scatters: value, index, mask.
    package var operands: [Operand]
    /// The type of the result, or of the value stored.
    package var type: ValueType
    /// Number of the column in ``columns``.
    package var column: Int?
    /// Number of the call site of a random function, or of the function in ``functions``.
    package var number: Int?
  }

  /// What the code is for, in words (`stateupdate`, `reset`, …).
  package let purpose: String
  package let columns: [ColumnReference]
  package let constants: [ConstantValue]
  package let functions: [BlockFunction]
  /// Textual calls of random functions, each with a key of its own.
  package let callSiteCount: Int
  package let runPart: [Operation]
  package let callPart: [Operation]
  package let body: [Operation]
  /// The value or condition that the program gives for each element; an operation of the body.
  package let result: Int?
  package let resultType: ValueType?

  /// Column ids.
  package let reads: Set<Int>
  /// Includes ``accumulates``.
  package let writes: Set<Int>
  /// Columns to which the program only adds (or multiplies …) through an index, so that any order of elements will do.
  package let accumulates: Set<Int>
  /// Elements must be handled one after the other (COD-12).
  package let isSequential: Bool
  /// Ranges may be split between threads: elements touch nothing but their own memory.
  package let isParallel: Bool
}

extension KernelProgram {
  /// Whether anything is drawn or called that differs between executions.
  package var isStateful: Bool {
    callSiteCount > 0 || functions.contains { !$0.dependsOnlyOnArguments }
  }
  /// Whether computing the call part again, after some elements, would change nothing.
  var isCallPartRepeatable: Bool {
    callPart.allSatisfy { operation in
      !operation.opcode.changesColumn && operation.opcode != .call && operation.column.map { !writes.contains(columns[$0].id) } ?? true
    }
  }
}
