package import EngramKernels
import EngramScalars
package import EngramStorage
import EngramTransport

/// The elements that a process has of an owner of which every process has its own alone, as synapses are.
///
/// The arrays of such an owner have a place for each own element, in the order of their numbers in the whole. Places mean nothing to other
/// processes; numbers do: users name elements by them, random numbers depend on them, checkpoints are in their order.
package final class OwnElements {
  package let distribution: Distribution
  /// The array that has a value for each element, and that all others of the owner have their size from.
  package unowned let anchor: ArrayVariable
  /// Elements of all processes.
  package private(set) var wholeCount = 0
  /// Elements of this one.
  package private(set) var count = 0
  /// Changes in all processes whenever elements come or go in one.
  package private(set) var changeCount: UInt64 = 0
  /// Own elements whose numbers are consecutive.
  package private(set) var runs: [ElementNumbers.Run] = []
  private var madeNumbers: ElementNumbers?
  /// An array of all elements, as checkpoints hold it.
  private struct Whole {
    unowned let array: ArrayVariable
    /// Nil on processes that do not store.
    let column: Column?
    /// Of the own part when it was made.
    let version: UInt64
  }
  /// By the path of their own part.
  private var wholes: [String: Whole] = [:]

  package init(_ distribution: Distribution, anchor: ArrayVariable) {
    (self.distribution, self.anchor) = (distribution, anchor)
  }

  /// What kernels draw random numbers by.
  package var numbers: ElementNumbers {
    let made = madeNumbers ?? ElementNumbers(runs)
    madeNumbers = made
    return made
  }

  /// Whether an array has a value for each element.
  package func holds(_ array: ArrayVariable) -> Bool { array === anchor || array.sizedAs === anchor }

  // MARK: Numbers

  /// What is about to become the own elements.
  package struct Making {
    package fileprivate(set) var runs: [ElementNumbers.Run]
    package fileprivate(set) var count: Int
    /// Elements of all processes so far.
    package var wholeCount: Int

    /// The next elements of all are own ones, so many.
    @inline(__always) package mutating func append(_ more: Int) {
      append(more, from: wholeCount)
      wholeCount += more
    }

    /// So many elements with consecutive numbers are own ones, behind all that are known.
    package mutating func append(_ more: Int, from number: Int) {
      guard more > 0 else { return }
      if let last = runs.last, Int(last.number) + count - Int(last.place) == number {
        count += more
        return
      }
      runs.append(.init(place: Int32(count), number: Int32(number)))
      count += more
    }
  }

  package var making: Making { Making(runs: runs, count: count, wholeCount: wholeCount) }
  /// Nothing that was there stays.
  package var newMaking: Making { Making(runs: [], count: 0, wholeCount: 0) }

  /// Takes over what was made. Every process does it at the same time.
  package func take(_ made: Making) {
    (runs, count, wholeCount) = (made.runs, made.count, made.wholeCount)
    madeNumbers = nil
    changeCount += 1
  }

  /// Own places of elements with consecutive numbers.
  package func places(of numbers: Range<Int>) -> Range<Int> {
    let (low, high) = (firstPlace(from: numbers.lowerBound), firstPlace(from: numbers.upperBound))
    return low..<max(low, high)
  }

  /// The place of the first own element whose number is at least that; ``count`` where there is none.
  private func firstPlace(from number: Int) -> Int {
    let behind = runs.firstPlace { Int($0.number) > number }
    guard behind > 0 else { return 0 }
    let run = runs[behind - 1]
    let end = behind < runs.count ? Int(runs[behind].place) : count
    return min(Int(run.place) + number - Int(run.number), end)
  }

  /// Goes through own places with consecutive numbers.
  package func forEachRun(in places: Range<Int>, _ body: (_ number: Int, _ places: Range<Int>) throws -> Void) rethrows {
    guard !places.isEmpty else { return }
    var run = runs.firstPlace { Int($0.place) > places.lowerBound } - 1
    var place = places.lowerBound
    while place < places.upperBound {
      let end = min(places.upperBound, run + 1 < runs.count ? Int(runs[run + 1].place) : count)
      try body(Int(runs[run].number) + place - Int(runs[run].place), place..<end)
      (place, run) = (end, run + 1)
    }
  }

  // MARK: Whole arrays

  /// How many elements of a whole array are under way at a time.
  private static let slabLength = 1 << 16

  /// An array of all elements, made of the parts of all processes; nil on those that do not store. Every process asks for the same arrays
  /// in the same order.
  ///
  /// What nobody has changed since it was made last is the same column, so that checkpoints know it. A column that was made does not change:
  /// who stores it while steps go on needs no copy.
  package func whole(_ array: ArrayVariable) throws -> Column? {
    let known = wholes[array.path]
    guard try distribution.anyWants(known?.version != array.column.version) else { return known?.column }
    // What was stored last may be shown from a file, and is left alone.
    wholes[array.path] = nil
    // There may be no room for it: then none of them waits for the values of the others.
    let column = try distribution.together { try distribution.isFirst ? wholeColumn(array) : nil }
    column?.storage = .mapped
    wholes[array.path] = Whole(array: array, column: column, version: array.column.version)
    if let repeated = try commonElement(of: array.column) {
      column?.noteZeros()
      try column?.assign(repeated, rows: wholeCount)
      return column
    }
    let slab = ValueSlab(byteCount: min(wholeCount, Self.slabLength) * array.column.rowLength * array.scalarType.byteCount, distribution)
    for start in stride(from: 0, to: wholeCount, by: Self.slabLength) {
      try collect(array.column, start..<min(start + Self.slabLength, wholeCount), slab, into: column)
      column?.letGo()
    }
    return column
  }

  /// Room for an array of all elements: in a file where it is large, since one process need not have memory for it.
  private func wholeColumn(_ array: ArrayVariable) throws -> Column {
    let rowLength = array.column.rowLength
    let isLarge = wholeCount * rowLength * array.scalarType.byteCount >= Self.leastInFile
    let placement = isLarge ? distribution.scratch.map { ColumnPlacement.file($0) } : nil
    return try Column(array.scalarType, rowLength: rowLength, rows: wholeCount, placement: placement ?? .memory)
  }

  /// Bytes from which on an array of all elements is in a file.
  private static let leastInFile = 1 << 20

  /// What all elements of all processes are; nil where they differ.
  private func commonElement(of column: Column) throws -> RepeatedElement? {
    let own = column.repeated
    // Nothing, what the own elements are, or that they differ.
    let all = try distribution.gather([count == 0 ? 0 : own == nil ? 1 : 2, Int64(bitPattern: own?.bits ?? 0)])
    var bits: Int64?
    for process in stride(from: 0, to: all.count, by: 2) where all[process] != 0 {
      if all[process] == 1 || bits ?? all[process + 1] != all[process + 1] { return nil }
      bits = all[process + 1]
    }
    guard let bits, column.rowLength == 1 else { return nil }
    return RepeatedElement(bits: UInt64(bitPattern: bits), scalarType: column.scalarType, count: wholeCount)
  }

  /// Gives the first process the values of some elements of all.
  private func collect(_ own: Column, _ numbers: Range<Int>, _ slab: ValueSlab, into whole: Column?) throws {
    let size = own.rowLength * own.scalarType.byteCount
    let places = places(of: numbers)
    var ownRuns: [Int64] = []
    forEachRun(in: places) { number, places in
      ownRuns.append(Int64(number))
      ownRuns.append(Int64(places.count))
    }
    let all = try distribution.collect(ownRuns)
    let values = UnsafeRawBufferPointer(start: own.base + places.lowerBound * size, count: places.count * size)
    try distribution.collect(values, into: slab.parts)
    guard let whole, let all, var value = UnsafeRawPointer(slab.parts.baseAddress), let ordered = slab.ordered.baseAddress else { return }
    for run in stride(from: 0, to: all.count, by: 2) {
      let byteCount = Int(all[run + 1]) * size
      (ordered + (Int(all[run]) - numbers.lowerBound) * size).copyMemory(from: value, byteCount: byteCount)
      value += byteCount
    }
    whole.write(UnsafeRawBufferPointer(rebasing: slab.ordered[..<(numbers.count * size)]), fromRow: numbers.lowerBound)
  }

  /// The array of all elements that a checkpoint holds, as it was read: the next checkpoint finds it unchanged.
  package func keep(_ whole: Column?, of array: ArrayVariable) {
    whole?.storage = .mapped
    wholes[array.path] = Whole(array: array, column: whole, version: array.column.version)
  }

  /// The arrays of all elements that there are in this process, each with that of the own ones.
  package var wholeColumns: [(array: ArrayVariable, column: Column)] { wholes.values.compactMap { whole in whole.column.map { (whole.array, $0) } } }

  /// Of an array with a value for each element, the sum of what all processes have.
  package func sum(_ counts: UnsafeMutableBufferPointer<Int32>) {
    // Not of all elements at once: there may be many of them, and many processes.
    for start in stride(from: 0, to: counts.count, by: Self.slabLength) {
      let slab = start..<min(start + Self.slabLength, counts.count)
      let all = distribution.gather(counts: Array(counts[slab]))
      for place in slab {
        counts[place] = 0
        for process in 0..<distribution.size { counts[place] &+= all[process * slab.count + place - start] }
      }
    }
  }
}

/// On the first process, values of some elements on their way into an array of all: memory that is used time and again.
private final class ValueSlab {
  /// As they come, process by process.
  let parts: UnsafeMutableRawBufferPointer
  /// By the numbers of their elements.
  let ordered: UnsafeMutableRawBufferPointer

  init(byteCount: Int, _ distribution: Distribution) {
    let byteCount = distribution.isFirst ? byteCount : 0
    parts = .allocate(byteCount: byteCount, alignment: 64)
    ordered = .allocate(byteCount: byteCount, alignment: 64)
  }

  deinit {
    parts.deallocate()
    ordered.deallocate()
  }
}

extension ArrayVariable {
  /// Of an array that has values of own elements alone: which.
  package var ownElements: OwnElements? {
    guard let owner = (sizedAs ?? self).owner as? any DividedOwner, let own = owner.ownElements, own.holds(self) else { return nil }
    return own
  }
}
