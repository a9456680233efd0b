import CEngramMath
import EngramScalars

/// A program on the register machine, or on compiled code that does the same (see `NativeKernels`).
///
/// All memory is laid out at compilation: code, slots, columns, one frame and scratch area per worker. A call sets the
/// step, computes what is uniform and hands the range to C.
final class InterpreterKernel: Kernel {
  let program: KernelProgram
  private let layout: SlotLayout
  private let runCode: LoadedCode
  private let callCode: LoadedCode
  private let bodyCode: LoadedCode
  private let functions: FunctionTable
  private let columns: UnsafeMutableBufferPointer<engram_column>
  private let slots: UnsafeMutableBufferPointer<UInt64>
  private let workers: Workers
  /// 1: strictly one element after the other.
  private let block: Int32
  private var isBound = false
  /// Compiled code that may take over; `nil`: it has, or there is none.
  private var candidate: NativeCandidate?
  /// Whether compiled code has taken over.
  private(set) var isNative = false
  /// A shorter copy of the indices that compiled code reads, where there is one or may come to be one.
  private var brief: (column: Int, indices: BriefIndices, readCount: Int)?
  /// Whether compiled code reads it.
  var readsBriefIndices: Bool { brief.map { columns[$0.column].brief != nil } ?? false }
  private let native: NativeKernels?
  var numbers: ElementNumbers? {
    didSet {
      guard program.callSiteCount > 0 else { return }
      workers.use(numbers)
      // Compiled code takes a place for a number.
      if numbers != nil { candidate = nil }
    }
  }

  init(_ program: KernelProgram, pool: WorkerPool?, native: NativeKernels?) {
    self.program = program
    layout = SlotLayout(program)
    runCode = LoadedCode(MachineCode(uniform: program.runPart, isCallPart: false, layout: layout))
    callCode = LoadedCode(MachineCode(uniform: program.callPart, isCallPart: true, layout: layout))
    bodyCode = LoadedCode(MachineCode(body: program, layout: layout))
    functions = FunctionTable(program.functions)
    columns = .allocate(capacity: max(1, program.columns.count))
    columns.initialize(repeating: engram_column())
    slots = .allocate(capacity: max(1, layout.count))
    slots.initialize(repeating: 0)
    for (slot, constant) in program.constants.enumerated() { slots[slot] = constant.bits }
    block = program.isSequential ? 1 : ENGRAM_BLOCK

    var frame = engram_frame()
    frame.columns = UnsafePointer(columns.baseAddress)
    frame.scalars = slots.baseAddress
    frame.callback = FunctionTable.callback
    frame.context = Unmanaged.passUnretained(functions).toOpaque()
    let scratchBytes = [runCode, callCode, bodyCode].map(\.scratchBytes).max() ?? 0
    let nanosecondsPerElement = program.body.reduce(0) { $0 + $1.opcode.nanosecondsPerElement }
    workers = Workers(
      program: bodyCode.program, frame: frame, scratchBytes: scratchBytes, tableBytes: bodyCode.tableBytes, pool: pool,
      ownerColumn: program.ownerColumn, nanosecondsPerElement: nanosecondsPerElement)
    self.native = native
    candidate = native.flatMap { NativeCandidate(program, layout: layout, kernels: $0, nanosecondsPerElement: nanosecondsPerElement) }
  }

  deinit {
    runEnded()
    columns.deallocate()
    slots.deallocate()
  }

  // MARK: Memory

  func bind(columns buffers: [Int: ColumnBuffer], randomKey: (Int) -> UInt64) throws(KernelError) {
    for (number, reference) in program.columns.enumerated() {
      guard let buffer = buffers[reference.id] else { throw .notBound(column: reference.name) }
      guard buffer.type == reference.type else {
        throw .wrongColumnType(column: reference.name, expected: reference.type, found: buffer.type)
      }
      columns[number] = engram_column(base: buffer.base, count: Int64(buffer.count), type: buffer.type.machineType, limit: 0, brief: nil)
    }
    for site in 0..<program.callSiteCount { slots[layout.keys + site] = randomKey(site) }
    isBound = true
    runEnded()
    if let native, let number = program.briefColumn {
      brief = BriefIndices(columns[number], leastCount: native.leastBriefCount).map { (number, $0, 0) }
    }
    prepareRun()
  }

  func prepareRun() {
    // Calls of functions are never here: their values may change from call to call.
    if !runCode.isEmpty { _ = engram_run_uniform(runCode.program, workers.frames, Int32(layout.run)) }
  }

  // MARK: Calls

  /// What is uniform over the elements. A fault: there is nothing to run with.
  private func begin(_ step: Int64, givesResult: Bool = false, elements: Int = 0) -> KernelFault? {
    precondition(isBound, "a kernel ran before bind")
    precondition(!givesResult || program.result != nil, "a program without value or condition was asked for one")
    workers.setStep(step)
    defer { if candidate != nil { considerCandidate(elements) } }
    if callCode.isEmpty || engram_run_uniform(callCode.program, workers.frames, Int32(layout.call)) { return nil }
    return functions.takeFailure().map(KernelFault.function) ?? .index(IndexFault(column: "?", index: 0, count: 0, element: 0))
  }

  /// Between two calls: takes compiled code that has come, once it has shown that it does what the machine does.
  private func considerCandidate(_ elements: Int) {
    guard let candidate else { return }
    switch candidate.state(after: elements) {
    case .waits: break
    case .hasFailed: self.candidate = nil
    case .isThere(let code):
      let trial = NativeTrial(program, code: bodyCode, frame: workers.frames[0])
      guard let agrees = trial.agrees(code) else { break }
      self.candidate = nil
      if agrees {
        workers.use(code)
        isNative = true
      } else {
        candidate.tellDifference()
      }
    }
  }

  func run(range: Range<Int>, step: Int64) -> KernelFault? {
    if let fault = begin(step, elements: range.count) { return fault }
    guard !bodyCode.isEmpty else { return nil }
    return fault(workers.perform(.run(block: block), range))
  }

  func run(indices: UnsafeBufferPointer<Int32>, step: Int64) -> KernelFault? {
    if let fault = begin(step, elements: indices.count) { return fault }
    guard !bodyCode.isEmpty, !indices.isEmpty else { return nil }
    return fault(workers.perform(.run(block: block), indices))
  }

  func run(pieces: UnsafeBufferPointer<Int32>, of table: PieceTable, step: Int64) -> KernelFault? {
    guard program.isCallPartRepeatable else { return runSeparately(pieces, of: table, step: step) }
    // Elements far apart, as the synapses that end at a neuron: the machine has more reads of memory under way, and is faster.
    if table.elements != nil, candidate?.isEager == false { candidate = nil }
    let elements = candidate == nil ? 0 : pieces.reduce(0) { $0 + table.places(of: Int($1)).count }
    if let fault = begin(step, elements: elements) { return fault }
    guard !bodyCode.isEmpty, !pieces.isEmpty else { return nil }
    if isNative, brief != nil, table.elements == nil { considerBriefIndices(pieces, table) }
    return fault(workers.perform(pieces, of: table, block: block))
  }

  /// Between two calls: has compiled code read indices from a shorter copy, once there is one.
  private func considerBriefIndices(_ pieces: UnsafeBufferPointer<Int32>, _ table: PieceTable) {
    guard let (number, indices, readCount) = brief, columns[number].brief == nil else { return }
    let enough = BriefIndices.leastReads * Int(columns[number].count)
    guard readCount >= enough else {
      let read = readCount + pieces.reduce(0) { $0 + table.places(of: Int($1)).count }
      brief?.readCount = read
      if read >= enough { native?.libraries.inBackground { indices.make() } }
      return
    }
    switch indices.state {
    case .isBeingMade: break
    case .isImpossible: brief = nil
    case .isThere(let copy, let limit): (columns[number].brief, columns[number].limit) = (copy, limit)
    }
  }

  func runEnded() {
    guard let (number, indices, _) = brief else { return }
    indices.stop()
    columns[number].brief = nil
    brief = nil
  }

  private func runSeparately(_ pieces: UnsafeBufferPointer<Int32>, of table: PieceTable, step: Int64) -> KernelFault? {
    for piece in pieces {
      let places = table.places(of: Int(piece))
      guard !places.isEmpty else { continue }
      let fault =
        if let elements = table.elements {
          run(indices: UnsafeBufferPointer(start: elements + places.lowerBound, count: places.count), step: step)
        } else {
          run(range: places, step: step)
        }
      if let fault { return fault }
    }
    return nil
  }

  func select(range: Range<Int>, step: Int64, into out: UnsafeMutablePointer<Int32>) -> (count: Int, fault: KernelFault?) {
    if let fault = begin(step, givesResult: true, elements: range.count) { return (0, fault) }
    guard program.isSequential else {
      let outcome = workers.perform(.select(mask: bodyCode.result, out), range)
      return (Int(outcome.found), fault(outcome))
    }
    var count = 0
    for element in range {
      let outcome = workers.perform(.select(mask: bodyCode.result, out + count), element..<element + 1)
      count += Int(outcome.found)
      if let fault = fault(outcome) { return (count, fault) }
    }
    return (count, nil)
  }

  func evaluate(range: Range<Int>, step: Int64, into out: UnsafeMutableRawPointer) -> KernelFault? {
    if let fault = begin(step, givesResult: true) { return fault }
    guard program.isSequential else { return fault(workers.perform(.evaluate(bodyCode.result, out), range)) }
    for element in range {
      let place = out + 8 * (element - range.lowerBound)
      if let fault = fault(workers.perform(.evaluate(bodyCode.result, place), element..<element + 1)) { return fault }
    }
    return nil
  }

  func evaluate(indices: UnsafeBufferPointer<Int32>, step: Int64, into out: UnsafeMutableRawPointer) -> KernelFault? {
    if let fault = begin(step, givesResult: true) { return fault }
    let length = program.isSequential ? 1 : max(1, indices.count)
    for start in stride(from: 0, to: indices.count, by: length) {
      let part = UnsafeBufferPointer(rebasing: indices[start..<start + length])
      if let fault = fault(workers.perform(.evaluate(bodyCode.result, out + 8 * start), part)) { return fault }
    }
    return nil
  }

  private func fault(_ outcome: Workers.Outcome) -> KernelFault? {
    guard !outcome.succeeded else { return nil }
    if let failure = functions.takeFailure() { return .function(failure) }
    let number = Int(outcome.fault.column)
    let isKnown = program.columns.indices.contains(number)
    return .index(
      IndexFault(
        column: isKnown ? program.columns[number].name : "?", index: outcome.fault.index,
        count: isKnown ? columns[number].count : 0, element: outcome.fault.element))
  }
}

extension ScalarType {
  var machineType: Int32 {
    let type: engram_type =
      switch self {
      case .float64: ENGRAM_FLOAT64
      case .float32: ENGRAM_FLOAT32
      case .int32: ENGRAM_INT32
      case .int64: ENGRAM_INT64
      case .bool: ENGRAM_BOOL
      }
    return Int32(bitPattern: type.rawValue)
  }
}
