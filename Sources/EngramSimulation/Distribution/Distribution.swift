import EngramScalars
package import EngramStorage
package import EngramTransport

/// One network on several processes, each of which computes a part of its elements.
///
/// Every process has the whole network. It advances a contiguous part of each group, and the synapses that end there. What others have to
/// know comes together by way of a ``Transport``: events in every step (``exchange(_:count:capacity:)``), values where code reads those of
/// elements elsewhere, and all of them where a run stops or a checkpoint is made. Between two runs every process has every value, and does the
/// same as all others.
///
/// Nothing that a process finds alone, such as a signal or the time on the wall, may lead it another way than the others. It is a wish,
/// which travels with the next exchange; all act on what they have heard by the same step (``boundary()``).
package final class Distribution {
  package let transport: any Transport
  package var rank: Int { transport.rank }
  package var size: Int { transport.size }
  /// Whether this is the process that speaks, records and stores.
  package var isFirst: Bool { rank == 0 }

  /// What a process would like all of them to do.
  package struct Wishes: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    /// End the run after this step.
    package static let stop = Wishes(rawValue: 1)
    /// Make a checkpoint: because it is time to, or because somebody has asked for one.
    package static let checkpoint = Wishes(rawValue: 2)
    package static let askedCheckpoint = Wishes(rawValue: 4)
    /// End the run between two steps, because something cannot be stored.
    package static let breakOff = Wishes(rawValue: 8)
  }

  /// What this process has wished and nobody has acted on.
  private var wishes: Wishes = []
  /// What all of them have, as far as it was heard since the last boundary.
  private var heard: Wishes = []
  private var hasHeard = false
  /// What all act on between this step and the next one.
  package private(set) var agreed: Wishes = []
  /// Why this process wants to break off.
  package private(set) var fault: (any Error)?
  /// On the first process: where arrays of all elements are that a checkpoint is made of.
  package var scratch: ScratchSpace?
  /// Asks who knows of signals; set by the network.
  var ask: () -> Wishes = { [] }

  /// What is divided in the run in progress, by the identities of columns.
  var divided: [UInt64: DividedColumn] = [:]

  // A block is what every process hands over in an exchange: a head, and as many events as there is room for.
  private static let blockByteCount = 512
  private static let headByteCount = 16
  private static let eventsPerBlock = (blockByteCount - headByteCount) / MemoryLayout<Int32>.size
  private let own: UnsafeMutableRawBufferPointer
  private let all: UnsafeMutableRawBufferPointer
  private var counts: [Int]
  private var sequence: UInt64 = 0

  package init(_ transport: any Transport) {
    self.transport = transport
    own = .allocate(byteCount: Self.blockByteCount, alignment: 64)
    own.initializeMemory(as: UInt8.self, repeating: 0)
    all = .allocate(byteCount: Self.blockByteCount * transport.size, alignment: 64)
    counts = Array(repeating: 0, count: transport.size)
  }

  deinit {
    own.deallocate()
    all.deallocate()
  }

  /// The elements of a group of that size which a process computes.
  package func part(of count: Int, rank: Int) -> Range<Int> { count * rank / size..<count * (rank + 1) / size }
  /// Those which this one computes.
  package func part(of count: Int) -> Range<Int> { part(of: count, rank: rank) }

  // MARK: Exchanges

  /// What an exchange is about: processes that are at different places notice it.
  private enum Subject: UInt64 { case events = 1, wishes, outcome }

  /// Exchanges blocks: the head of the own one is written here, what follows by the caller.
  private func swap(_ subject: Subject, count: Int) throws {
    sequence &+= 1
    wishes.formUnion(ask())
    let tag = sequence << 8 | subject.rawValue
    own.storeBytes(of: tag, as: UInt64.self)
    own.storeBytes(of: wishes.rawValue, toByteOffset: 8, as: UInt32.self)
    own.storeBytes(of: Int32(count), toByteOffset: 12, as: Int32.self)
    transport.gather(UnsafeRawBufferPointer(own), into: all)
    for process in 0..<size {
      let place = process * Self.blockByteCount
      guard all.load(fromByteOffset: place, as: UInt64.self) == tag else { throw DistributionError.apart(process: process) }
      heard.formUnion(Wishes(rawValue: all.load(fromByteOffset: place + 8, as: UInt32.self)))
      counts[process] = Int(all.load(fromByteOffset: place + 12, as: Int32.self))
    }
    hasHeard = true
  }

  /// Makes one list of the events that each process has found among its elements.
  ///
  /// - Parameters:
  ///   - list: the own events, ascending; those of all afterwards, ascending, since parts ascend with ranks.
  ///   - count: how many are there.
  ///   - capacity: for how many there is room: all elements.
  /// - Returns: how many there are of all.
  package func exchange(_ list: UnsafeMutablePointer<Int32>, count: Int, capacity: Int) throws -> Int {
    if let events = own.baseAddress { (events + Self.headByteCount).copyMemory(from: list, byteCount: 4 * min(count, Self.eventsPerBlock)) }
    try swap(.events, count: count)
    let total = counts.reduce(0, +)
    guard total <= capacity, counts.allSatisfy({ $0 >= 0 }) else { throw DistributionError.tooManyEvents(total, capacity: capacity) }
    var place = 0
    if counts.allSatisfy({ $0 <= Self.eventsPerBlock }) {
      for process in 0..<size where counts[process] > 0 {
        let events = all.baseAddress.map { $0 + process * Self.blockByteCount + Self.headByteCount }
        if let events { UnsafeMutableRawPointer(list + place).copyMemory(from: events, byteCount: 4 * counts[process]) }
        place += counts[process]
      }
    } else {
      let start = counts[..<rank].reduce(0, +)
      UnsafeMutableRawPointer(list + start).copyMemory(from: list, byteCount: 4 * count)
      transport.gather(inPlace: list, byteCounts: counts.map { 4 * $0 })
    }
    return total
  }

  /// What all act on now. Costs an exchange where the step had none.
  package func boundary() throws {
    if !hasHeard { try swap(.wishes, count: 0) }
    agreed = heard
    // Acted on from here on. Those to stop and to break off stay until the run has ended.
    wishes.subtract(agreed.intersection([.checkpoint, .askedCheckpoint]))
    (heard, hasHeard) = ([], false)
  }

  /// Hears the wishes of all now, outside of runs.
  package func hearAll() throws -> Wishes {
    hasHeard = false
    try boundary()
    return agreed
  }

  /// A run begins: what was wished before is asked for anew.
  package func runBegins() {
    (wishes, heard, agreed, hasHeard, fault) = ([], [], [], false, nil)
  }

  package func wish(_ wish: Wishes) { wishes.insert(wish) }

  /// Wishes the run to break off.
  package func breakOff(because error: any Error) {
    fault = fault ?? error
    wishes.insert(.breakOff)
  }

  // MARK: Outside of steps

  /// Exchanges one number, which tells processes that are at different places.
  private func numbers(_ own: Int64) throws -> [Int64] {
    sequence &+= 1
    let sent = [Int64(bitPattern: sequence), own]
    var all = [Int64](repeating: 0, count: 2 * size)
    sent.withUnsafeBytes { sent in all.withUnsafeMutableBytes { transport.gather(sent, into: $0) } }
    return try (0..<size).map { process in
      guard all[2 * process] == sent[0] else { throw DistributionError.apart(process: process) }
      return all[2 * process + 1]
    }
  }

  /// Whether any process wants something, which all do then.
  package func anyWants(_ wants: Bool) throws -> Bool { try numbers(wants ? 1 : 0).contains(1) }

  /// What each process does with what it has alone: it counts as done where it is done in all of them.
  ///
  /// - Throws: its own error, or ``DistributionError/elsewhere(_:)`` with that of another process.
  package func together<Value>(_ body: () throws -> Value) throws -> Value {
    let outcome = Result { try body() }
    var words: [UInt8] = []
    if case .failure(let error) = outcome { words = Array("\(error)".utf8) }
    guard try anyWants(!words.isEmpty) else { return try outcome.get() }
    let told = try gather(words.map(Int64.init)).map { UInt8(truncatingIfNeeded: $0) }
    _ = try outcome.get()
    throw DistributionError.elsewhere(String(decoding: told, as: UTF8.self))
  }

  /// Gives the first process the numbers that each has, by rank; nil on the others.
  package func collect(_ own: [Int64]) throws -> [Int64]? {
    let counts = try numbers(Int64(own.count)).map { Int($0) * MemoryLayout<Int64>.size }
    var all = isFirst ? [Int64](repeating: 0, count: counts.reduce(0, +) / MemoryLayout<Int64>.size) : []
    own.withUnsafeBytes { own in all.withUnsafeMutableBytes { transport.collect(own, byteCounts: counts, into: isFirst ? $0.baseAddress : nil) } }
    return isFirst ? all : nil
  }

  /// Gives the first process the bytes that each has, by rank.
  ///
  /// - Parameter all: on the first process, room for all of them.
  package func collect(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer) throws {
    let counts = try numbers(Int64(own.count)).map { Int($0) }
    precondition(!isFirst || counts.reduce(0, +) <= all.count, "there is room for the bytes of all processes")
    transport.collect(own, byteCounts: counts, into: isFirst ? all.baseAddress : nil)
  }

  /// The numbers that each process has, everywhere, by rank.
  package func gather(_ own: [Int64]) throws -> [Int64] {
    let counts = try numbers(Int64(own.count)).map { Int($0) }
    var all = [Int64](repeating: 0, count: counts.reduce(0, +))
    let start = counts[..<rank].reduce(0, +)
    all.replaceSubrange(start..<start + own.count, with: own)
    all.withUnsafeMutableBytes { bytes in
      if let base = bytes.baseAddress { transport.gather(inPlace: base, byteCounts: counts.map { $0 * MemoryLayout<Int64>.size }) }
    }
    return all
  }

  /// Hands over lists of numbers to the next process, and gets those of the one before. The last one hands over none.
  ///
  /// - Parameters:
  ///   - counts: how long each list is; as many lists in each process.
  ///   - numbers: one list behind the other.
  ///   - receive: gets those of the process before, on all but the first one.
  package func passOn(
    counts: UnsafeBufferPointer<Int32>, _ numbers: UnsafeBufferPointer<Int32>,
    _ receive: (_ counts: UnsafeBufferPointer<Int32>, _ numbers: UnsafeBufferPointer<Int32>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: counts.count) { received in
      transport.passOn(UnsafeRawBufferPointer(counts), received: UnsafeMutableRawBufferPointer(received))
      let total = isFirst ? 0 : received.reduce(0) { $0 + Int($1) }
      let room = UnsafeMutableBufferPointer<Int32>.allocate(capacity: total)
      defer { room.deallocate() }
      transport.passOn(UnsafeRawBufferPointer(numbers), received: UnsafeMutableRawBufferPointer(room))
      if !isFirst { receive(UnsafeBufferPointer(received), UnsafeBufferPointer(room)) }
    }
  }

  /// As many numbers of each process, everywhere, by rank.
  package func gather(counts own: [Int32]) -> [Int32] {
    [Int32](unsafeUninitializedCapacity: own.count * size) { all, count in
      own.withUnsafeBytes { transport.gather($0, into: UnsafeMutableRawBufferPointer(all)) }
      count = own.count * size
    }
  }

  // MARK: What one does for all

  /// Has the first process do something, and all others wait for its outcome.
  ///
  /// - Returns: what it found, everywhere.
  /// - Throws: its error in the first process, ``DistributionError/elsewhere(_:)`` in the others.
  package func onFirst(_ body: () throws -> String?) throws -> String? {
    var problem: (any Error)?
    var text: [UInt8] = []
    var verdict: UInt8 = 0
    if isFirst {
      do {
        if let found = try body() { (text, verdict) = (Array(found.utf8), 1) }
      } catch {
        (problem, text, verdict) = (error, Array("\(error)".utf8.prefix(Self.blockByteCount - Self.headByteCount - 1)), 2)
      }
      guard text.count < Self.blockByteCount - Self.headByteCount else { preconditionFailure("what is found is a name") }
      own[Self.headByteCount] = verdict
      for (place, byte) in text.enumerated() { own[Self.headByteCount + 1 + place] = byte }
    }
    try swap(.outcome, count: text.count)
    if let problem { throw problem }
    let first = Self.headByteCount + 1
    let answer = String(decoding: all[first..<first + counts[0]], as: UTF8.self)
    if all[Self.headByteCount] == 2 { throw DistributionError.elsewhere(answer) }
    return all[Self.headByteCount] == 1 ? answer : nil
  }
}

/// Why several processes cannot work on one network, or not go on.
package enum DistributionError: ExplainedError {
  /// What the first process has told already.
  case elsewhere(String)
  case apart(process: Int)
  case tooManyEvents(Int, capacity: Int)
  /// What this network cannot be divided for, before anything runs.
  case refused([String])

  package var description: String {
    switch self {
    case .elsewhere(let words): "another process of this run has failed: \(words)"
    case .apart(let process):
      "process \(process) of this run is at another place than the others; nothing of this step is stored. Please report it, with the model"
    case .tooManyEvents(let count, let capacity):
      "processes of this run found \(count) events among \(capacity) elements; nothing of this step is stored. Please report it, with the model"
    case .refused(let reasons):
      "this network cannot run on several processes:\n" + reasons.map { "- \($0)" }.joined(separator: "\n")
        + "\nIt runs in one process: start engram without mpirun or srun."
    }
  }
}
