import CEngramMath

/// One frame and scratch area per worker, and the splitting of ranges between them.
///
/// Ranges are cut in whole blocks, at places that depend on nothing but range and worker count; each element's result
/// depends on nothing but the element. Where elements change elements of others, as synapses those of their targets, each worker owns
/// a part of the targets and does what leads there, in the order of one worker. So results do not depend on the number of workers.
final class Workers {
  enum Task {
    case run(block: Int32)
    /// Places of a list of elements instead of elements.
    case list(UnsafePointer<Int32>, block: Int32)
    case select(mask: Int32, UnsafeMutablePointer<Int32>)
    case evaluate(Int32, UnsafeMutableRawPointer)
    /// Places of a list of pieces instead of elements: where pieces begin and end, and the elements there.
    case pieces(UnsafePointer<Int32>, starts: UnsafePointer<Int32>, ends: UnsafePointer<Int32>, elements: UnsafePointer<Int32>?, block: Int32)
  }

  struct Outcome {
    var succeeded = true
    /// Elements selected.
    var found: Int64 = 0
    var fault = engram_fault()
  }

  /// Below this estimate of work, waking others costs more than it saves.
  private static let worthSharingNanoseconds = 8_000.0

  let frames: UnsafeMutablePointer<engram_frame>
  private let count: Int
  private let pool: WorkerPool?
  private var sharesWork: Bool { count > 1 && pool?.isResting == false }
  private let program: UnsafePointer<engram_program>
  private let scratch: UnsafeMutableRawPointer
  private let shares: UnsafeMutablePointer<Share>
  private let shortestShared: Int
  /// Its values say which elements belong to which worker; `nil`: elements change nothing of others.
  private let ownerColumn: Int?
  /// The pieces of the last table cut by owners; inside: `nil` where they cannot be.
  private var owned: (table: Int, pieces: OwnedPieces?)?

  /// What one worker has to do.
  private struct Share {
    var program: UnsafePointer<engram_program>
    var frame: UnsafeMutablePointer<engram_frame>
    var task: Task
    var first = 0
    var count = 0
    var outcome = Outcome()

    mutating func perform() {
      guard count > 0 else {
        outcome = Outcome()
        return
      }
      outcome.found = 0
      let (first, count) = (Int64(first), Int64(count))
      outcome.succeeded =
        switch task {
        case .run(let block): engram_run_range(program, frame, first, count, block, &outcome.fault)
        case .list(let list, let block): engram_run_indices(program, frame, list + self.first, count, block, &outcome.fault)
        case .select(let mask, let out):
          engram_select_range(program, frame, first, count, mask, out, &outcome.found, &outcome.fault)
        case .evaluate(let value, let out): engram_evaluate_range(program, frame, first, count, value, out, &outcome.fault)
        case .pieces(let list, let starts, let ends, let elements, let block):
          engram_run_pieces(program, frame, list + self.first, count, starts, ends, elements, block, &outcome.fault)
        }
    }
  }

  init(
    program: UnsafePointer<engram_program>, frame: engram_frame, scratchBytes: Int, tableBytes: Int, pool: WorkerPool?,
    ownerColumn: Int?, nanosecondsPerElement: Double
  ) {
    self.ownerColumn = ownerColumn
    self.program = program
    self.pool = pool
    count = pool?.count ?? 1
    shortestShared = max(
      2 * Int(ENGRAM_BLOCK), Int(Self.worthSharingNanoseconds / max(0.1, nanosecondsPerElement)))
    // Tables of distributions lie behind the scratch area, which every part of the program lays out anew.
    let tables = (scratchBytes + 63) & ~63
    let stride = (tables + tableBytes + 127) & ~127
    scratch = .allocate(byteCount: max(64, stride * count), alignment: 64)
    scratch.initializeMemory(as: UInt8.self, repeating: 0, count: max(64, stride * count))
    frames = .allocate(capacity: count)
    shares = .allocate(capacity: count)
    for worker in 0..<count {
      var own = frame
      own.scratch = scratch + worker * stride
      // Code of uniform values runs with the first frame, and never draws from tables.
      own.tables = tableBytes > 0 ? scratch + worker * stride + tables : nil
      (frames + worker).initialize(to: own)
      (shares + worker).initialize(to: Share(program: program, frame: frames + worker, task: .run(block: ENGRAM_BLOCK)))
    }
  }

  deinit {
    scratch.deallocate()
    frames.deallocate()
    shares.deallocate()
  }

  func setStep(_ step: Int64) {
    for worker in 0..<count { frames[worker].step = step }
  }

  /// Has compiled code do the program's blocks.
  func use(_ native: engram_native) {
    for worker in 0..<count { frames[worker].native = native }
  }

  /// What random numbers of elements depend on; whoever gives it keeps it.
  func use(_ numbers: ElementNumbers?) {
    for worker in 0..<count { frames[worker].numbers = numbers.map { UnsafePointer($0.table) } }
  }

  func perform(_ task: Task, _ range: Range<Int>) -> Outcome {
    if sharesWork, ownerColumn == nil, range.count >= shortestShared, let outcome = share(task, range) { return outcome }
    shares[0].task = task
    shares[0].first = range.lowerBound
    shares[0].count = range.count
    shares[0].perform()
    return shares[0].outcome
  }

  func perform(_ task: Task, _ indices: UnsafeBufferPointer<Int32>) -> Outcome {
    var outcome = Outcome()
    guard let list = indices.baseAddress, !indices.isEmpty else { return outcome }
    if case .run(let block) = task, sharesWork, ownerColumn == nil, indices.count >= shortestShared,
      let outcome = share(.list(list, block: block), 0..<indices.count)
    {
      return outcome
    }
    let count = Int64(indices.count)
    outcome.succeeded =
      switch task {
      case .run(let block): engram_run_indices(program, frames, list, count, block, &outcome.fault)
      case .select(let mask, let out):
        engram_select_indices(program, frames, list, count, mask, out, &outcome.found, &outcome.fault)
      case .evaluate(let value, let out): engram_evaluate_indices(program, frames, list, count, value, out, &outcome.fault)
      case .list, .pieces: preconditionFailure("a list of places is not a list of elements")
      }
    return outcome
  }

  /// The pieces of a table: elements of different pieces are different elements.
  func perform(_ pieces: UnsafeBufferPointer<Int32>, of table: PieceTable, block: Int32) -> Outcome {
    guard let list = pieces.baseAddress else { return Outcome() }
    let task = Task.pieces(list, starts: table.bounds, ends: table.ends, elements: table.elements, block: block)
    if sharesWork {
      let outcome = ownerColumn.map { shareByOwners(pieces, table, $0, block) } ?? share(task, pieces, table)
      if let outcome { return outcome }
    }
    shares[0].task = task
    shares[0].first = 0
    shares[0].count = pieces.count
    shares[0].perform()
    return shares[0].outcome
  }

  /// Runs of pieces with about the same number of elements; nil when that is not worth it, or the pool is busy.
  private func share(_ task: Task, _ pieces: UnsafeBufferPointer<Int32>, _ table: PieceTable) -> Outcome? {
    func length(_ piece: Int32) -> Int { table.places(of: Int(piece)).count }
    let total = pieces.reduce(0) { $0 + length($1) }
    guard total >= shortestShared else { return nil }
    var (place, passed) = (0, 0)
    for worker in 0..<count {
      shares[worker].task = task
      shares[worker].first = place
      while place < pieces.count, passed < total * (worker + 1) / count {
        passed += length(pieces[place])
        place += 1
      }
      if worker == count - 1 { place = pieces.count }
      shares[worker].count = place - shares[worker].first
    }
    return runShares(task)
  }

  /// Each worker goes through all pieces, and does the elements that it owns; nil when that is not worth it or cannot be.
  private func shareByOwners(_ pieces: UnsafeBufferPointer<Int32>, _ table: PieceTable, _ column: Int, _ block: Int32) -> Outcome? {
    let total = pieces.reduce(0) { $0 + table.places(of: Int($1)).count }
    guard total >= shortestShared, let list = pieces.baseAddress else { return nil }
    if owned?.table != table.identity {
      owned = (table.identity, OwnedPieces(table, by: frames[0].columns[column], workers: count))
    }
    guard let parts = owned?.pieces else { return nil }
    for worker in 0..<count {
      shares[worker].task = .pieces(
        list, starts: parts.places(of: worker, in: table), ends: parts.places(of: worker + 1, in: table), elements: table.elements, block: block)
      shares[worker].first = 0
      shares[worker].count = pieces.count
    }
    guard var outcome = runShares(shares[0].task) else { return nil }
    // Every worker may have met one: that of the lowest element counts.
    for worker in 0..<count where !shares[worker].outcome.succeeded && shares[worker].outcome.fault.element < outcome.fault.element {
      outcome.fault = shares[worker].outcome.fault
    }
    return outcome
  }

  /// nil when the pool is busy with another kernel.
  private func share(_ task: Task, _ range: Range<Int>) -> Outcome? {
    let blockLength = Int(ENGRAM_BLOCK)
    let blocks = (range.count + blockLength - 1) / blockLength
    for worker in 0..<count {
      let start = min(range.count, worker * blocks / count * blockLength)
      let end = min(range.count, (worker + 1) * blocks / count * blockLength)
      shares[worker].first = range.lowerBound + start
      shares[worker].count = end - start
      shares[worker].task =
        switch task {
        case .run, .list, .pieces: task
        case .select(let mask, let out): .select(mask: mask, out + start)
        case .evaluate(let value, let out): .evaluate(value, out + 8 * start)
        }
    }
    return runShares(task)
  }

  private func runShares(_ task: Task) -> Outcome? {
    guard let pool else { return nil }
    let body: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Void = { context, worker in
      context?.assumingMemoryBound(to: Share.self)[Int(worker)].perform()
    }
    guard pool.run(body, UnsafeMutableRawPointer(shares)) else { return nil }
    return merged(task)
  }

  /// The lists of the workers one after the other; the fault of the lowest element.
  private func merged(_ task: Task) -> Outcome {
    var outcome = Outcome()
    for worker in 0..<count {
      let part = shares[worker].outcome
      if case .select(_, let from) = shares[worker].task, case .select(_, let out) = task, shares[worker].count > 0 {
        let place = out + Int(outcome.found)
        if place != from { place.update(from: from, count: Int(part.found)) }
      }
      outcome.found += part.found
      guard part.succeeded else {
        outcome.succeeded = false
        outcome.fault = part.fault
        break
      }
    }
    return outcome
  }
}

extension Opcode {
  /// A rough figure, to decide whether threads pay.
  var nanosecondsPerElement: Double {
    switch self {
    case .exp, .expm1, .exprel, .log, .log10, .log1p, .randomUniform: 1.5
    case .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .tanh, .randomNormal: 3
    case .power, .floorModulo, .floorDivide, .integerFloorDivide, .integerFloorModulo: 8
    case .randomPoisson, .randomBinomial, .call, .integerPower: 20
    case .gather, .scatter, .scatterAdd, .scatterSubtract, .scatterMultiply, .scatterDivide: 1
    default: 0.15
    }
  }
}
