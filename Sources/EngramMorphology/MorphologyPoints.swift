/// A point of a traced neuron, as the lines of SWC files have them (MOR-4). Lengths are in micrometres.
public struct MorphologyPoint: Hashable, Sendable {
  /// Its number in the file.
  public var index: Int
  /// What kind of section it belongs to: `soma`, `axon`, `dend`, `apic`; nil: another.
  public var type: String?
  /// Where it is [µm].
  public var x: Double, y: Double, z: Double
  /// The diameter there [µm].
  public var diameter: Double
  /// The number of the point that it follows; -1 for the first.
  public var parent: Int
  /// The line that it stands in, for messages; nil: its place among the points, from 1 on.
  public var line: Int?

  public init(_ index: Int, _ type: String?, _ x: Double, _ y: Double, _ z: Double, diameter: Double, parent: Int, line: Int? = nil) {
    (self.index, self.type, self.x, self.y, self.z, self.diameter, self.parent, self.line) = (index, type, x, y, z, diameter, parent, line)
  }
}

extension NeuronMorphology {
  /// Sections from points: those of one type without a branch between them are a section, in which each point ends a compartment (MOR-4),
  /// Brian 2's `Morphology.from_points`.
  ///
  /// Sections are called after their type, with a number where several branches of a section have it (`dend`, `dend2`); each is also called `L`, `R`,
  /// or by a number where more than two grow from one. A soma of one point is a sphere, and so is one of three points in the way of NeuroMorpho.Org.
  ///
  /// - Parameters:
  ///   - points: each behind its parent.
  ///   - sphericalSoma: whether a soma becomes a sphere.
  /// - Throws: ``MorphologyError`` with the line of the point that is wrong.
  public init(points: [MorphologyPoint], sphericalSoma: Bool = true) throws(MorphologyError) {
    var tree = try PointTree(points)
    if sphericalSoma { try tree.joinSomaOfThreePoints() }
    try self.init(nodes: tree.sections(sphericalSoma: sphericalSoma))
  }
}

/// Points that are a tree.
private struct PointTree {
  private var points: [MorphologyPoint]
  private var parents: [Int]
  private var children: [[Int]]

  private static func line(_ point: MorphologyPoint, _ place: Int) -> Int { point.line ?? place + 1 }
  private func line(_ place: Int) -> Int { Self.line(points[place], place) }

  init(_ points: [MorphologyPoint]) throws(MorphologyError) {
    self.points = points
    parents = []
    children = [[Int]](repeating: [], count: points.count)
    guard !points.isEmpty else { throw .file("there is no point") }
    var places: [Int: Int] = [:]
    for (place, point) in points.enumerated() {
      let line = Self.line(point, place)
      guard point.x.isFinite, point.y.isFinite, point.z.isFinite else { throw .point(line: line, why: "the coordinates are finite numbers") }
      guard point.diameter > 0, point.diameter.isFinite else {
        throw .point(line: line, why: "the radius is a positive number, found \(point.diameter / 2)")
      }
      if let first = places[point.index] {
        throw .point(line: line, why: "there is a point \(point.index) already, in line \(Self.line(points[first], first))")
      }
      if point.parent == point.index { throw .point(line: line, why: "point \(point.index) is its own parent") }
      if place == 0, point.parent == -1 {
        parents.append(-1)
      } else if point.parent == -1 {
        throw .point(line: line, why: "point \(point.index) has no parent (-1), as the first one has; a neuron is one tree")
      } else if let parent = places[point.parent] {
        parents.append(parent)
        children[parent].append(place)
      } else {
        let comesLater = points[place...].contains { $0.index == point.parent }
        throw .point(
          line: line,
          why: comesLater
            ? "the parent \(point.parent) of point \(point.index) comes later; parents stand in front of their children, and nothing goes round in a circle"
            : "the parent \(point.parent) of point \(point.index) does not exist")
      }
      places[point.index] = place
    }
  }

  /// Three points of a soma, two of them one radius away from the first, stand for a sphere around it.
  ///
  /// - SeeAlso: http://neuromorpho.org/SomaFormat.html.
  mutating func joinSomaOfThreePoints() throws(MorphologyError) {
    let others = children[0].filter { points[$0].type == "soma" }
    guard points[0].type == "soma", others.count == 2, others.allSatisfy({ children[$0].isEmpty }) else { return }
    for other in others {
      guard abs(points[other].diameter - points[0].diameter) < 1e-15 else {
        throw .point(
          line: line(other), why: "the three points of the soma have the same radius, found \(points[other].diameter / 2) and \(points[0].diameter / 2)")
      }
      let way = SIMD3(points[other].x - points[0].x, points[other].y - points[0].y, points[other].z - points[0].z)
      let distance = (way * way).sum().squareRoot()
      guard abs(distance - points[0].diameter / 2) <= 0.1 else {
        throw .point(
          line: line(other),
          why: "the second and third points of a soma of three points lie one radius (\(points[0].diameter / 2) µm) away from the first, found \(distance) µm")
      }
    }
    children[0].removeAll { others.contains($0) }
  }

  /// Sections in the order of a walk, each with the names of its siblings looked at.
  func sections(sphericalSoma: Bool) throws(MorphologyError) -> [NeuronMorphology.Node] {
    var nodes: [NeuronMorphology.Node] = []
    var names: [Int: Set<String>] = [:]
    var counts: [Int: Int] = [:]
    // Where sections begin, the next one last: the first point, and the section that ends in front of it.
    var waiting = [(point: 0, parent: -1)]
    while let (first, parent) = waiting.popLast() {
      var run = [first]
      while let last = run.last, children[last].count == 1, points[children[last][0]].type == points[first].type { run.append(children[last][0]) }
      let place = nodes.count
      let section = try section(run, sphericalSoma: sphericalSoma)
      var node = NeuronMorphology.Node(section: section, parent: parent, number: 1)
      if parent >= 0 {
        counts[parent, default: 0] += 1
        node.number = counts[parent] ?? 1
        node.name = points[first].type.map { Self.free($0, in: names[parent] ?? []) }
        if let name = node.name { names[parent, default: []].insert(name) }
      }
      nodes.append(node)
      for child in children[run[run.count - 1]].reversed() { waiting.append((child, place)) }
    }
    for place in nodes.indices.dropFirst() {
      let siblings = counts[nodes[place].parent] ?? 1
      nodes[place].alias = siblings > 2 ? "\(nodes[place].number)" : nodes[place].number == 1 ? "L" : "R"
    }
    return nodes
  }

  private static func free(_ name: String, in taken: Set<String>) -> String {
    guard taken.contains(name) else { return name }
    var number = 2
    while taken.contains("\(name)\(number)") { number += 1 }
    return "\(name)\(number)"
  }

  private func section(_ run: [Int], sphericalSoma: Bool) throws(MorphologyError) -> MorphologySection {
    func position(_ place: Int) -> SIMD3<Double> { SIMD3(points[place].x, points[place].y, points[place].z) }
    let (first, micrometre) = (run[0], 1e-6)
    let parent = parents[first]
    if sphericalSoma, run.count == 1, points[first].type == "soma" {
      return try MorphologySection(.soma(diameter: points[first].diameter * micrometre, centre: position(first) * micrometre), type: "soma")
    }
    var diameters = run.map { points[$0].diameter }
    var places: [SIMD3<Double>]
    if parent >= 0 {
      // What grows from a soma begins with its own diameter.
      diameters.insert(points[parent].type?.lowercased() == "soma" ? diameters[0] : points[parent].diameter, at: 0)
      places = [.zero] + run.map { position($0) - position(parent) }
    } else {
      places = run.map(position)
      guard run.count > 1 else { throw .point(line: line(first), why: "a section has two points, and this one is alone; a soma of one point is a sphere") }
    }
    for (number, (start, end)) in zip(places, places.dropFirst()).enumerated() where start == end {
      let point = run[parent >= 0 ? number : number + 1]
      throw .point(line: line(point), why: "point \(points[point].index) lies at the place of its parent, so the compartment between them has no length")
    }
    return try MorphologySection(.cones(diameters: diameters.map { $0 * micrometre }, .points(places.map { $0 * micrometre })), type: points[first].type)
  }
}
