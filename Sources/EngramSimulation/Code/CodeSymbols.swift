import EngramExpressions
import EngramKernels
import EngramScalars
import EngramStorage
import EngramUnits

/// The meaning of every name of one piece of code, for the checker and for the machine.
struct CodeSymbols {
  private(set) var kernelSymbols: [String: KernelSymbol] = [:]
  private(set) var symbols: [String: Symbol] = [:]
  private(set) var columns = ColumnTable()
  var temporaries: Set<String> = []

  func contains(_ name: String) -> Bool { symbols[name] != nil }

  mutating func add(constant: Constant.Value, _ dimension: Dimension, as name: String) {
    let type: ValueType
    let value: ConstantValue
    switch constant {
    case .float(let number): (type, value) = (.float, .float(number))
    case .integer(let number): (type, value) = (.integer, .integer(number))
    case .boolean(let truth): (type, value) = (.boolean, .boolean(truth))
    }
    symbols[name] = .constant(ConstantSymbol(constant.asDouble, dimension, type: type))
    kernelSymbols[name] = .constant(value)
  }

  /// Default functions are known to the machine by name.
  ///
  /// - Parameter kernel: in place of what the machine knows.
  mutating func add(defaultFunction signature: FunctionSignature, kernel: KernelFunction?) {
    symbols[signature.name] = .function(signature)
    if let kernel { kernelSymbols[signature.name] = .function(kernel) }
  }

  /// A name that only the machine knows.
  mutating func add(kernel: KernelFunction, as name: String) { kernelSymbols[name] = .function(kernel) }

  /// What is put in place of names, in the order of the names.
  var formulas: [(name: String, formula: Expression, type: ScalarType?)] {
    kernelSymbols.sorted { $0.key < $1.key }.compactMap { name, symbol in
      if case .subexpression(let formula, let type) = symbol { (name, formula, type) } else { nil }
    }
  }

  mutating func replace(formula name: String, by formula: Expression, as type: ScalarType?) {
    kernelSymbols[name] = .subexpression(formula, as: type)
  }

  mutating func add(function: Function, as name: String, kernel: KernelFunction) {
    symbols[name] = .function(function.signature)
    kernelSymbols[name] = .function(kernel)
  }

  mutating func add(formula: Expression, info: TypedInfo, as name: String) {
    symbols[name] = .variable(
      VariableSymbol(info.dimension, type: info.type, isScalar: info.isScalar, isReadOnly: true, subexpression: formula))
    kernelSymbols[name] = .subexpression(formula)
  }

  mutating func add(subexpression: Subexpression, expression: Expression, access: VariableAccess, as name: String) {
    var isOneValue = subexpression.isScalar
    if case .scalar = access { isOneValue = true }
    symbols[name] = .variable(
      VariableSymbol(
        subexpression.dimension, type: ValueType(subexpression.scalarType), isScalar: isOneValue, isReadOnly: true,
        subexpression: expression))
    kernelSymbols[name] = .subexpression(expression, as: subexpression.scalarType)
  }

  mutating func add(
    _ variable: ArrayVariable, access: VariableAccess, as name: String, isWritable: Bool, respectsConditionalWrite: Bool
  ) {
    let isOneValue: Bool
    var sharedIndex: String?
    switch access {
    case .scalar: isOneValue = true
    case .element: isOneValue = false
    case .through(let steps):
      isOneValue = false
      if let last = steps.last?.variable, !last.flags.contains(.unique) { sharedIndex = last.name }
    }
    symbols[name] = .variable(
      VariableSymbol(
        variable.dimension, type: ValueType(variable.scalarType), isScalar: isOneValue,
        isReadOnly: variable.isReadOnly && !isWritable || variable.isConstant && !isWritable, isConstantOverStep: variable.isConstant,
        knownValue: isOneValue && variable.isConstant ? variable.value(at: 0) : nil, sharedIndex: sharedIndex))
    if case .scalar = access, let known = variable.fixedValue {
      kernelSymbols[name] = .constant(known)
      return
    }
    let condition = respectsConditionalWrite ? variable.conditionalWrite.map { columns.reference($0) } : nil
    kernelSymbols[name] = .column(columns.reference(variable), access: kernelAccess(access), conditionalWrite: condition)
  }

  /// The number of an element: of the one that is computed, or of the one that an index leads to.
  mutating func add(elementIndex variable: ElementIndexVariable, offset: Int, access: VariableAccess, as name: String) {
    symbols[name] = .variable(VariableSymbol(type: .integer, isReadOnly: true, isConstantOverStep: true))
    switch access {
    case .element, .scalar: kernelSymbols[name] = .elementIndex(offset: Int64(offset))
    case .through(let steps):
      guard let last = steps.last else { return kernelSymbols[name] = .elementIndex(offset: Int64(offset)) }
      let before = Array(steps.dropLast())
      let column = columns.reference(last.variable)
      let symbol = KernelSymbol.column(column, access: before.isEmpty ? .element : kernelAccess(.through(before)))
      let total = Int64(last.offset + offset)
      if total == 0 { return kernelSymbols[name] = symbol }
      let inner = "\(name).place"
      kernelSymbols[inner] = symbol
      kernelSymbols[name] = .subexpression(Expression(.binary(.add, Expression(.name(inner)), Expression(.integer(total)))))
    }
  }

  private mutating func kernelAccess(_ access: VariableAccess) -> Access {
    switch access {
    case .element: .element
    case .scalar: .scalar
    case .through(let steps):
      .gather(steps.map { IndexStep(column: columns.reference($0.variable), offset: Int64($0.offset)) })
    }
  }
}

extension ArrayVariable {
  /// The dt of a clock: locked while the clock runs, hence a number like any other to code that is prepared for a run.
  fileprivate var fixedValue: ConstantValue? {
    owner is Clock && name == "dt" && scalarType == .float64 ? .float(value(at: 0)) : nil
  }
}

/// Numbers for the columns of one piece of code, in the order in which they were met.
struct ColumnTable {
  private var ids: [ObjectIdentifier: Int] = [:]
  private var variables: [ArrayVariable] = []
  /// Memory that is no variable's, by numbers below 0.
  var unnamed: [Int: ColumnBuffer] = [:]

  mutating func reference(_ variable: ArrayVariable) -> ColumnReference {
    let id: Int
    if let known = ids[ObjectIdentifier(variable)] {
      id = known
    } else {
      id = variables.count
      ids[ObjectIdentifier(variable)] = id
      variables.append(variable)
    }
    return ColumnReference(id: id, type: variable.scalarType, name: variable.path)
  }

  func bindings(for program: KernelProgram) -> [Int: ColumnBuffer] {
    var buffers: [Int: ColumnBuffer] = [:]
    for column in program.columns {
      if let memory = unnamed[column.id] {
        buffers[column.id] = memory
        continue
      }
      let variable = variables[column.id]
      buffers[column.id] = ColumnBuffer(base: variable.column.base, count: variable.count, type: variable.scalarType)
    }
    return buffers
  }

  func variable(_ id: Int) -> ArrayVariable { variables[id] }
  func columns(in ids: Set<Int>) -> [ArrayVariable] { ids.sorted().filter { $0 >= 0 }.map { variables[$0] } }
}
