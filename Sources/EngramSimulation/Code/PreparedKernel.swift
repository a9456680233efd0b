package import EngramKernels
import EngramScalars
package import EngramStorage
import EngramSystem

/// How many threads kernels of a network may use; never changes results.
enum KernelThreads {
  /// - Parameter elements: of the largest group. Small networks do not pay for sharing their work.
  static func count(elements: Int, wanted: Int) -> Int {
    guard elements >= 4096 else { return 1 }
    return wanted > 0 ? wanted : ProcessFacts.processorCount
  }
}

/// Code that is ready to run over columns. The random step is the tick count of the clock.
package final class PreparedKernel {
  package let kernel: any Kernel
  package let program: KernelProgram
  /// What the code writes, declared by the program.
  package let written: [ArrayVariable]
  /// Whether the result depends on the order of elements (COD-12).
  package let dependsOnOrder: Bool
  private let clock: BaseClock?
  private let columns: ColumnTable
  /// What random numbers of its elements depend on, where that is not their place.
  private let numbers: ElementNumbers?
  private let randomKey: (_ callSite: Int) -> UInt64
  /// What the user wrote, for messages.
  private let codeText: String?
  /// The random step where there is no clock.
  package var outsideStep: Int64 = 0
  /// What it has done since `startCounting`.
  private(set) var work: KernelWork?
  private lazy var bytesPerElement = program.bytesPerElement
  /// Changes of its columns that are carried out before it runs.
  package var pending: (any PendingChanges)?
  /// Whose elements it computes, and what that is called in messages.
  private(set) weak var owner: (any VariableOwner)?
  let label: String
  /// Whether it runs as often as the elements of a process need, so that processes cannot wait for each other in it.
  package var isRepeatedLocally = false
  /// What this process computes of them; nil: all.
  var share: KernelShare?

  /// Compiles and binds.
  ///
  /// - Parameter numbers: what random numbers of elements depend on; nil: their places.
  init(
    _ program: KernelProgram, columns: ColumnTable, owner: (any VariableOwner)?, label: String, clock: BaseClock?, dependsOnOrder: Bool,
    codeText: String?, numbers: ElementNumbers?, compiler: InterpreterCompiler, randomKey: @escaping (_ callSite: Int) -> UInt64
  ) throws {
    self.program = program
    self.numbers = numbers
    (self.owner, self.label) = (owner, label)
    self.columns = columns
    self.clock = clock
    self.dependsOnOrder = dependsOnOrder
    self.randomKey = randomKey
    self.codeText = codeText
    pending = columns.columns(in: program.reads.union(program.writes)).lazy.compactMap(\.column.pending).first
    written = columns.columns(in: program.writes)
    kernel = try compiler.compile(program)
    kernel.numbers = numbers
    try kernel.bind(columns: columns.bindings(for: program), randomKey: randomKey)
    kernel.prepareRun()
  }

  /// Those of consecutive elements of a group that this process computes; all where it runs alone.
  package func ownPart(of elements: Range<Int>) -> Range<Int> { share?.own(in: elements) ?? elements }

  /// What the code reads or writes.
  package var touched: [ArrayVariable] { columns.columns(in: program.reads.union(program.writes)) }

  /// A column of the program.
  func column(_ id: Int) -> ArrayVariable { columns.variable(id) }

  /// The same code for elements that have a time each; `nil` where it depends on more than themselves and the time.
  ///
  /// - Parameters:
  ///   - time: the variable that the code reads as the time of all elements, if it reads one.
  ///   - times: the time of each element.
  func withTimes(
    _ times: UnsafeMutableBufferPointer<Double>, inPlaceOf time: ArrayVariable?, compiler: InterpreterCompiler
  ) throws -> PreparedKernel? {
    var columns = columns
    let reference = ColumnReference(id: -1, type: .float64, name: "times of events")
    guard let base = times.baseAddress, let timed = program.withTimes(reference, inPlaceOf: time.map { columns.reference($0).id }) else { return nil }
    columns.unnamed[reference.id] = ColumnBuffer(base: base, count: times.count, type: .float64)
    return try PreparedKernel(
      timed, columns: columns, owner: owner, label: label, clock: clock, dependsOnOrder: false, codeText: codeText, numbers: numbers,
      compiler: compiler, randomKey: randomKey)
  }

  /// One kernel that runs this code and then selects by `condition`; `nil` where that could differ from running both.
  func selecting(where condition: PreparedKernel, compiler: InterpreterCompiler) throws -> PreparedKernel? {
    guard clock === condition.clock else { return nil }
    var columns = columns
    let joined = program.selecting(where: condition.program) { id in
      columns.reference(condition.columns.variable(id)).id
    }
    return try joined.map {
      try PreparedKernel(
        $0, columns: columns, owner: owner, label: label, clock: clock, dependsOnOrder: dependsOnOrder, codeText: codeText, numbers: numbers,
        compiler: compiler,
        randomKey: randomKey)
    }
  }

  @inline(__always) private func check(_ fault: KernelFault?) throws {
    if let fault { throw failure(fault) }
  }

  private func failure(_ fault: KernelFault) -> any Error {
    switch fault {
    case .index(let fault): fault
    case .function(let fault): FunctionBodyError(fault, code: codeText)
    }
  }

  /// From now on `work` says what the kernel does, at a cost per call.
  func startCounting() { work = KernelWork() }

  /// - Parameter listed: whether the elements came as a list of numbers, which is read as well.
  private func count(_ elements: Int, listed: Bool = false) {
    work?.callCount += 1
    work?.elementCount += elements
    work?.byteCount += elements * (bytesPerElement + (listed ? MemoryLayout<Int32>.size : 0))
  }

  @inline(__always) private func carryOutPending() { if let pending { pending.carryOut() } }
  @inline(__always) private var step: Int64 { clock?.tickCount ?? outsideStep }

  /// Runs the statements for a range of elements, in the numbering of the columns.
  package func run(_ elements: Range<Int>) throws {
    if work != nil { count(elements.count) }
    carryOutPending()
    if let share {
      share.begins()
      return try check(share.run(elements, kernel, step: step))
    }
    try check(kernel.run(range: elements, step: step))
  }

  /// Runs the statements for the listed elements, in this order.
  package func run(indices: UnsafeBufferPointer<Int32>) throws {
    if work != nil { count(indices.count, listed: true) }
    carryOutPending()
    if let share {
      share.begins()
      return try check(share.run(indices: indices, kernel, step: step))
    }
    try check(kernel.run(indices: indices, step: step))
  }

  /// Runs the statements for pieces of a table, one piece after the other.
  package func run(pieces: UnsafeBufferPointer<Int32>, of table: PieceTable) throws {
    if work != nil {
      count(pieces.reduce(0) { $0 + table.places(of: Int($1)).count }, listed: table.elements != nil)
    }
    carryOutPending()
    if let share {
      share.begins()
      return try check(share.run(pieces: pieces, of: table, kernel, step: step))
    }
    try check(kernel.run(pieces: pieces, of: table, step: step))
  }

  /// Writes the elements where the condition holds to `into` (room for all of them), ascending; returns their number. Of several processes,
  /// each finds its own.
  package func select(_ elements: Range<Int>, into: UnsafeMutablePointer<Int32>) throws -> Int {
    if work != nil { count(elements.count) }
    carryOutPending()
    share?.begins()
    let (found, fault) = share?.select(elements, into: into, kernel, step: step) ?? kernel.select(range: elements, step: step, into: into)
    try check(fault)
    return found
  }

  /// Writes a value per element: doubles, or Int64 for integers and booleans (`program.resultType`). Of several processes, each computes all.
  package func evaluate(_ elements: Range<Int>, into: UnsafeMutableRawPointer) throws {
    if work != nil { count(elements.count) }
    carryOutPending()
    share?.beginsTogether()
    try check(kernel.evaluate(range: elements, step: step, into: into))
  }

  package func evaluate(indices: UnsafeBufferPointer<Int32>, into: UnsafeMutableRawPointer) throws {
    if work != nil { count(indices.count, listed: true) }
    carryOutPending()
    share?.beginsTogether(indices)
    try check(kernel.evaluate(indices: indices, step: step, into: into))
  }

  /// Afterwards the columns may move or go.
  func runEnded() { kernel.runEnded() }

  /// Announces the writes to the columns: at the start of a run, and again after a checkpoint inside it.
  func touchWritten() { for variable in written { variable.column.touch() } }
}
