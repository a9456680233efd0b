internal import CEngramMath

extension NeuronMorphology {
  /// The same shape with a place for every section (MOR-8), Brian 2's `generate_coordinates`: for pictures; it changes nothing electrical.
  ///
  /// Sections lie in a plane. What grows from the first one is spread around it, and branches fan out from the direction of their parent.
  ///
  /// - Parameter overwriting: whether sections that have a place get another one.
  public func withCoordinates(overwriting: Bool = false) throws(MorphologyError) -> NeuronMorphology {
    var result = self
    // The way of each section from its start to its end.
    var ways: [SIMD3<Double>] = []
    var ranks = [Int](repeating: 0, count: nodes.count)
    var siblings = [Int](repeating: 0, count: nodes.count)
    for place in nodes.indices.dropFirst() {
      ranks[place] = siblings[nodes[place].parent]
      siblings[nodes[place].parent] += 1
    }
    for (place, node) in nodes.enumerated() {
      if overwriting || node.section.relativePoints == nil {
        let direction = node.parent < 0 ? .zero : Self.normalized(ways[node.parent])
        result.nodes[place].section = try Self.placed(
          node.section, along: direction, rank: ranks[place], of: node.parent < 0 ? 0 : siblings[node.parent],
          parent: node.parent < 0 ? nil : nodes[node.parent].section)
      }
      let points = result.nodes[place].section.relativePoints ?? []
      ways.append(points.count > 1 ? points[points.count - 1] - points[0] : .zero)
    }
    return result
  }

  private static func normalized(_ way: SIMD3<Double>) -> SIMD3<Double> {
    let length = (way * way).sum().squareRoot()
    return length == 0 ? .zero : way / length
  }

  private static func placed(
    _ section: MorphologySection, along parentDirection: SIMD3<Double>, rank: Int, of siblings: Int, parent: MorphologySection?
  ) throws(MorphologyError) -> MorphologySection {
    if case .soma(let diameter, _) = section.shape { return try MorphologySection(.soma(diameter: diameter, centre: parentDirection), type: section.type) }
    var direction: SIMD3<Double>
    if parentDirection == .zero {
      direction = turned(SIMD3(1, 0, 0), around: SIMD3(0, 0, 1), by: .pi / 2 + (siblings == 0 ? 0 : 2 * .pi / Double(siblings) * Double(rank)))
    } else {
      let axis = parentDirection.z == 0 ? SIMD3<Double>(0, 0, 1) : SIMD3(-parentDirection.y, parentDirection.z, 0)
      direction = turned(parentDirection, around: axis, by: -.pi / 2 + .pi / Double(siblings + 1) * Double(rank + 1))
    }
    direction = normalized(direction)
    // What grows from a sphere begins at its surface.
    var origin = SIMD3<Double>.zero
    if case .soma(let diameter, _)? = parent?.shape { origin = diameter / 2 * direction }
    var points = [origin]
    for length in section.lengths { points.append(points[points.count - 1] + length * direction) }
    switch section.shape {
    case .cylinder(let diameter, let count, _):
      return try MorphologySection(.cylinder(diameter: diameter, count: count, .line(from: points[0], to: points[points.count - 1])), type: section.type)
    case .cones(let diameters, _): return try MorphologySection(.cones(diameters: diameters, .points(points)), type: section.type)
    case .soma: return section
    }
  }

  /// Rodrigues' formula.
  private static func turned(_ vector: SIMD3<Double>, around axis: SIMD3<Double>, by angle: Double) -> SIMD3<Double> {
    let (cosine, sine) = (engram_cos(angle), engram_sin(angle))
    let cross = SIMD3(
      axis.y * vector.z - axis.z * vector.y, axis.z * vector.x - axis.x * vector.z, axis.x * vector.y - axis.y * vector.x)
    return vector * cosine - cross * sine + axis * (axis * vector).sum() * (1 - cosine)
  }
}
