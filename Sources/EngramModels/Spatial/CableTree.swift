internal import CEngramMath
internal import EngramMorphology

/// In which order the cable equation is solved over the compartments of a neuron (SPA-4).
///
/// A row of the system is a compartment, or a point where several sections begin at the end of one; the points come behind the compartments. Each row is
/// joined to the next one on the way to one of them, the root, which lies where the neuron can be cut in two halves: the halves are
/// independent, and a neuron without branches has two ends to begin at. Rows that follow each other are a run.
struct CableTree {
  /// Number of compartments.
  let compartmentCount: Int
  /// Number of rows.
  let rowCount: Int
  /// The row that the others are joined to in the end.
  let root: Int
  /// Each behind those that end at it.
  let runs: [engram_cable_run]
  /// How many runs are done together: they do not depend on each other.
  let batches: [Int32]
  /// The row in front of each in the tree that begins at the first compartment; -1 for the first.
  private let parents: [Int32]
  /// The row to which each is joined; -1 for the root.
  private let nexts: [Int32]

  /// As many runs are done together.
  private static let lanes = 4

  init(_ sections: [Compartments.Section], compartmentCount: Int) {
    var parents = [Int32](repeating: -1, count: compartmentCount)
    var childCounts = [Int](repeating: 0, count: sections.count)
    for section in sections where section.parent >= 0 { childCounts[section.parent] += 1 }
    // Where several sections begin, the row of the point.
    var points = [Int](repeating: -1, count: sections.count)
    // Rows behind their parents.
    var order: [Int32] = []
    for (place, section) in sections.enumerated() {
      let first = section.range.lowerBound
      for row in section.range.dropFirst() { parents[row] = Int32(row - 1) }
      if section.parent >= 0 {
        parents[first] = Int32(points[section.parent] >= 0 ? points[section.parent] : sections[section.parent].range.upperBound - 1)
      }
      order += section.range.map { Int32($0) }
      if childCounts[place] > 1 {
        points[place] = parents.count
        order.append(Int32(parents.count))
        parents.append(Int32(section.range.upperBound - 1))
      }
    }
    let root = Self.middle(parents, order)
    var nexts = parents
    var row = root
    var following = -1
    while row >= 0 {
      let before = Int(parents[row])
      nexts[row] = Int32(following)
      (following, row) = (row, before)
    }
    self.compartmentCount = compartmentCount
    rowCount = parents.count
    self.root = root
    self.parents = parents
    self.nexts = nexts
    (runs, batches) = Self.runs(nexts, root: root)
  }

  /// The row farthest from the first one behind which lies half of all rows.
  private static func middle(_ parents: [Int32], _ order: [Int32]) -> Int {
    var sizes = [Int32](repeating: 1, count: parents.count)
    for row in order.reversed() where parents[Int(row)] >= 0 { sizes[Int(parents[Int(row)])] += sizes[Int(row)] }
    return Int(order.last { Int(sizes[Int($0)]) * 2 >= parents.count } ?? 0)
  }

  private static func runs(_ nexts: [Int32], root: Int) -> ([engram_cable_run], [Int32]) {
    // Rows by how many others end at them, and those without any first.
    var waiting = [Int32](repeating: 0, count: nexts.count)
    for next in nexts where next >= 0 { waiting[Int(next)] += 1 }
    let counts = waiting
    var ready = nexts.indices.filter { counts[$0] == 0 }.map { Int32($0) }
    var runs: [(run: engram_cable_run, height: Int32)] = []
    // How far the highest run goes that ends at a row, and which one came last.
    var heights = [Int32](repeating: 0, count: nexts.count)
    var place = 0
    while place < ready.count {
      var row = Int(ready[place])
      place += 1
      if row == root { continue }
      let height = heights[row] + 1
      var run = engram_cable_run(first: Int32(row), stride: 1, count: 1, target: nexts[row])
      // On along the way as long as the rows follow each other and nothing else ends there.
      while Int(run.target) != root, counts[Int(run.target)] == 1, abs(Int(run.target) - row) == 1,
        run.count == 1 || Int(run.target) - row == Int(run.stride)
      {
        run.stride = run.target - Int32(row)
        row = Int(run.target)
        run.count += 1
        run.target = nexts[row]
      }
      runs.append((run, height))
      let target = Int(run.target)
      heights[target] = max(heights[target], height)
      waiting[target] -= 1
      if waiting[target] == 0 { ready.append(run.target) }
    }
    runs.sort { ($0.height, -$0.run.count, $0.run.first) < ($1.height, -$1.run.count, $1.run.first) }
    var batches: [Int32] = []
    var start = 0
    while start < runs.count {
      var end = start + 1
      while end < runs.count, end - start < lanes, runs[end].height == runs[start].height { end += 1 }
      batches.append(Int32(end - start))
      start = end
    }
    return (runs.map(\.run), batches)
  }

  /// The conductance from each row to the one that it is joined to [S]; 0 for the root.
  ///
  /// - Parameters:
  ///   - starts: conductances from the start of each compartment to its middle, times the resistivity [m].
  ///   - ends: the same from the middle to the end.
  ///   - resistivity: of the inside of each compartment [Ω m].
  func conductances(starts: UnsafePointer<Double>, ends: UnsafePointer<Double>, resistivity: (Int) -> Double) -> [Double] {
    // From the row in front of it to each: the halves of two compartments one after the other, or one half where a point is.
    let toParent = (0..<rowCount).map { row -> Double in
      let parent = Int(parents[row])
      if parent < 0 { return 0 }
      if row >= compartmentCount { return ends[parent] / resistivity(parent) }
      let own = resistivity(row) / starts[row]
      return 1 / (parent >= compartmentCount ? own : resistivity(parent) / ends[parent] + own)
    }
    return (0..<rowCount).map { row in
      let next = Int(nexts[row])
      return next < 0 ? 0 : Int(parents[row]) == next ? toParent[row] : toParent[next]
    }
  }
}
