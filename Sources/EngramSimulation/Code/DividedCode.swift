import EngramKernels
import EngramStorage

/// Which code of a run several processes share out, and which each of them executes for all elements: found out from what it reads and writes.
///
/// Code is shared out where an element of it writes nothing but itself, or what is at the end of its own synapse. Other elements that it reads come
/// together before (``needs(_:)``). All other code is executed by every process for all elements, with the same result in each: code of synapses
/// that writes what is at their source or what all synapses share, for example. Nothing about processes decides this, so that it can be known before
/// there are any synapses.
struct DividedCode {
  /// Arrays of which each process has only its own part after a step, by the identity of the column.
  private(set) var columns: [UInt64: (variable: ArrayVariable, division: Division, isWrittenWithoutKernel: Bool)] = [:]
  /// Why every process executes code for all elements, by what is executed together.
  private var reasons: [ObjectIdentifier: String] = [:]

  /// The divided arrays that code reads.
  struct Needs {
    /// At its own elements.
    var own: [ArrayVariable] = []
    /// At the ends of its own synapses.
    var ends: [ArrayVariable] = []
    /// At elements that other processes may have.
    var elsewhere: [ArrayVariable] = []
  }

  init(_ kernels: [PreparedKernel], ownWrites: [Distribution.OwnWrite]) {
    // What is executed for all elements changes what other code finds divided.
    while !divide(kernels, ownWrites) {}
  }

  /// - Returns: false where another piece of code was found that cannot be shared out.
  private mutating func divide(_ kernels: [PreparedKernel], _ ownWrites: [Distribution.OwnWrite]) -> Bool {
    columns = [:]
    for write in ownWrites { columns[write.variable.column.identity] = (write.variable, write.division, true) }
    let count = reasons.count
    for kernel in kernels where reason(kernel) == nil { note(noteWrites(of: kernel), kernel) }
    if reasons.count > count { return false }
    for kernel in kernels where reason(kernel) == nil { note(conflict(in: kernel), kernel) }
    return reasons.count == count
  }

  private mutating func note(_ reason: String?, _ kernel: PreparedKernel) {
    if let reason { reasons[Self.unit(of: kernel)] = "\(kernel.label) \(reason)" }
  }

  /// Code that is shared out together or not at all: that of the same synapses, since their values would come together over and over; that which
  /// processes run as often as their elements need, and so as often as each other or without each other.
  private static func unit(of kernel: PreparedKernel) -> ObjectIdentifier {
    if case .synapses(let targets, _, _, _)? = kernel.division { return ObjectIdentifier(targets) }
    return if kernel.isRepeatedLocally, let owner = kernel.owner { ObjectIdentifier(owner) } else { ObjectIdentifier(kernel) }
  }

  /// Why every process executes a kernel for all elements, in a sentence; nil: it is shared out.
  func reason(_ kernel: PreparedKernel) -> String? { reasons[Self.unit(of: kernel)] }

  // MARK: Writing

  /// Which arrays become different in each process.
  ///
  /// - Returns: why the kernel cannot be shared out.
  private mutating func noteWrites(of kernel: PreparedKernel) -> String? {
    guard let division = kernel.division else { return "belongs to synapses that end at other synapses" }
    if case .elements = division, kernel.program.isSequential { return "handles one element after the other" }
    for (id, use) in kernel.program.columnUses {
      let variable = kernel.column(id)
      switch use {
      case .reads, .readsScalar, .readsThrough: continue
      case .writes: if let why = note(variable, division) { return why }
      case .writesScalar:
        // Once for all elements of a group, from what all have: each process does it, with the same result.
        if case .synapses = division { return "writes '\(variable.path)', which all synapses share" }
      case .writesThrough(let index):
        guard let ends = Self.ends(index, of: division, in: kernel) else {
          if case .synapses = division { return "writes '\(variable.path)' of other elements than those that the synapses end at" }
          return "writes '\(variable.path)' of other elements"
        }
        if let why = note(variable, ends) { return why }
      }
    }
    return nil
  }

  private mutating func note(_ variable: ArrayVariable, _ division: Division) -> String? {
    // Arrays of nobody may have room behind the elements.
    guard variable.count == division.count || variable.owner == nil && variable.count > division.count else {
      return "writes '\(variable.path)', which has \(variable.count) values, for each of \(division.count) elements"
    }
    guard let known = columns[variable.column.identity] else {
      columns[variable.column.identity] = (variable, division, false)
      return nil
    }
    return known.division.agrees(with: division) ? nil : "writes '\(variable.path)' by other elements than other code does"
  }

  /// The elements at the ends of synapses, where an index leads to the end of the own one.
  private static func ends(_ index: KernelProgram.Index?, of division: Division, in kernel: PreparedKernel) -> Division? {
    guard case .synapses(let targets, let offset, let count, _) = division, let index, Int(index.offset) == offset,
      kernel.column(index.column) === targets
    else { return nil }
    return .elements(count: count)
  }

  // MARK: Reading

  /// Why a kernel whose writes can be shared out is none the less executed for all elements.
  private func conflict(in kernel: PreparedKernel) -> String? {
    let elsewhere = needs(kernel).elsewhere.first { array in kernel.isRepeatedLocally || kernel.written.contains { $0.column === array.column } }
    guard let variable = elsewhere else { return nil }
    return kernel.isRepeatedLocally
      ? "reads '\(variable.path)' of other elements as often as its own steps need" : "reads '\(variable.path)' of other elements while it changes it"
  }

  /// The divided arrays that a kernel reads.
  func needs(_ kernel: PreparedKernel) -> Needs {
    var needs = Needs()
    func add(_ variable: ArrayVariable, to list: inout [ArrayVariable]) {
      if !list.contains(where: { $0.column === variable.column }) { list.append(variable) }
    }
    for (id, use) in kernel.program.columnUses {
      guard let column = columns[kernel.column(id).column.identity] else { continue }
      func agrees(_ places: Division?) -> Bool { places.map(column.division.agrees) ?? false }
      func ends(_ index: KernelProgram.Index?) -> Division? { kernel.division.flatMap { Self.ends(index, of: $0, in: kernel) } }
      switch use {
      case .writes, .writesScalar, .writesThrough: continue
      case .reads where agrees(kernel.division): add(column.variable, to: &needs.own)
      case .readsThrough(let index) where agrees(ends(index)): add(column.variable, to: &needs.ends)
      case .reads, .readsScalar, .readsThrough: add(column.variable, to: &needs.elsewhere)
      }
    }
    return needs
  }
}

extension PreparedKernel {
  /// How its elements are shared out; nil: they are not.
  var division: Division? { (owner as? any DividedOwner)?.division }
}

extension Division {
  /// How many elements there are, of synapses those of this process.
  var count: Int {
    switch self {
    case .elements(let count): count
    case .synapses(let targets, _, _, let own): own?.count ?? targets.count
    }
  }

  func agrees(with other: Division) -> Bool {
    switch (self, other) {
    case (.elements(let a), .elements(let b)): a == b
    case (.synapses(let a, _, _, _), .synapses(let b, _, _, _)): a === b
    default: false
    }
  }
}
