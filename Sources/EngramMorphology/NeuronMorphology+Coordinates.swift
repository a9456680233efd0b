internal import CEngramMath

extension NeuronMorphology {
  /// The same shape with a place for every section (MOR-8), Brian 2's `generate_coordinates`: for pictures; it changes nothing electrical.
  ///
  /// Without randomness sections lie in a plane. What grows from the first one is spread around it, and branches fan out from the direction of their parent.
  /// With randomness a section goes on in the direction of its parent but for an angle at random, to any side, and so does each compartment in its section.
  /// The angles follow exponential distributions.
  ///
  /// ```swift
  /// var shape = try NeuronMorphology.soma(diameter: 30 * um)
  /// shape["axon"] = try .cylinder(diameter: 1 * um, length: 300 * um, n: 20)
  /// let drawn = try shape.withCoordinates(sectionRandomness: 20, compartmentRandomness: 5, seed: 3)
  /// ```
  ///
  /// - Parameters:
  ///   - sectionRandomness: mean of the angle between a section and its parent [degrees]; 0: none is drawn.
  ///   - compartmentRandomness: mean of the angle between a compartment and its section [degrees]; 0: sections are straight.
  ///   - seed: the same seed draws the same shape; a section keeps its numbers when others are added behind it.
  ///   - overwriting: whether sections that have a place get another one.
  /// - Throws: ``MorphologyError`` for a mean that is negative or no number.
  /// - Complexity: O(n) for n compartments.
  public func withCoordinates(
    sectionRandomness: Double = 0, compartmentRandomness: Double = 0, seed: UInt64 = 0, overwriting: Bool = false
  ) throws(MorphologyError) -> NeuronMorphology {
    for (name, mean) in [("section", sectionRandomness), ("compartment", compartmentRandomness)] where !(mean >= 0 && mean.isFinite) {
      throw .randomness("\(name)", mean)
    }
    let turns = RandomTurns(seed: seed, section: sectionRandomness * .pi / 180, compartment: compartmentRandomness * .pi / 180)
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
          parent: node.parent < 0 ? nil : nodes[node.parent].section, number: place, turns)
      }
      let points = result.nodes[place].section.relativePoints ?? []
      ways.append(points.count > 1 ? points[points.count - 1] - points[0] : .zero)
    }
    return result
  }

  fileprivate static func normalized(_ way: SIMD3<Double>) -> SIMD3<Double> {
    let length = (way * way).sum().squareRoot()
    return length == 0 ? .zero : way / length
  }

  private static func placed(
    _ section: MorphologySection, along parentDirection: SIMD3<Double>, rank: Int, of siblings: Int, parent: MorphologySection?, number: Int,
    _ turns: RandomTurns
  ) throws(MorphologyError) -> MorphologySection {
    if case .soma(let diameter, _) = section.shape { return try MorphologySection(.soma(diameter: diameter, centre: parentDirection), type: section.type) }
    var direction: SIMD3<Double>
    if parentDirection == .zero {
      direction = turned(SIMD3(1, 0, 0), around: SIMD3(0, 0, 1), by: .pi / 2 + (siblings == 0 ? 0 : 2 * .pi / Double(siblings) * Double(rank)))
    } else if turns.section > 0 {
      direction = parentDirection
    } else {
      let axis = parentDirection.z == 0 ? SIMD3<Double>(0, 0, 1) : SIMD3(-parentDirection.y, parentDirection.z, 0)
      direction = turned(parentDirection, around: axis, by: -.pi / 2 + .pi / Double(siblings + 1) * Double(rank + 1))
    }
    direction = turns.turned(normalized(direction), meanAngle: turns.section, section: number, 0)
    // What grows from a sphere begins at its surface.
    var origin = SIMD3<Double>.zero
    if case .soma(let diameter, _)? = parent?.shape { origin = diameter / 2 * direction }
    var points = [origin]
    for (place, length) in section.lengths.enumerated() {
      points.append(points[points.count - 1] + length * turns.turned(direction, meanAngle: turns.compartment, section: number, 1 + place))
    }
    switch section.shape {
    case .cylinder(let diameter, let count, _) where turns.compartment > 0:
      let diameters = [Double](repeating: diameter, count: count + 1)
      return try MorphologySection(.cones(diameters: diameters, .points(points)), type: section.type)
    case .cylinder(let diameter, let count, _):
      return try MorphologySection(.cylinder(diameter: diameter, count: count, .line(from: points[0], to: points[points.count - 1])), type: section.type)
    case .cones(let diameters, _): return try MorphologySection(.cones(diameters: diameters, .points(points)), type: section.type)
    case .soma: return section
    }
  }

  /// Rodrigues' formula.
  fileprivate static func turned(_ vector: SIMD3<Double>, around axis: SIMD3<Double>, by angle: Double) -> SIMD3<Double> {
    let (cosine, sine) = (engram_cos(angle), engram_sin(angle))
    let cross = SIMD3(
      axis.y * vector.z - axis.z * vector.y, axis.z * vector.x - axis.x * vector.z, axis.x * vector.y - axis.y * vector.x)
    return vector * cosine - cross * sine + axis * (axis * vector).sum() * (1 - cosine)
  }
}

/// Directions at random, each a function of the seed and of what it is for.
private struct RandomTurns {
  private let key: UInt64
  /// Mean angles [rad].
  let section: Double
  let compartment: Double

  init(seed: UInt64, section: Double, compartment: Double) {
    let purpose = Array("coordinates".utf8)
    key = engram_random_key(seed, purpose, UInt64(purpose.count))
    (self.section, self.compartment) = (section, compartment)
  }

  /// A direction at an exponentially distributed angle from another one of length 1, to any side.
  func turned(_ direction: SIMD3<Double>, meanAngle: Double, section: Int, _ place: Int) -> SIMD3<Double> {
    guard meanAngle > 0 else { return direction }
    let element = UInt64(section) << 32 | UInt64(place)
    let (side, angle) = (2 * .pi * engram_random_uniform(key, element, 0), -meanAngle * engram_log1p(-engram_random_uniform(key, element, 1)))
    // Any direction that is not this one has a part at right angles to it.
    let other: SIMD3<Double> = abs(direction.x) < 0.7 ? SIMD3(1, 0, 0) : SIMD3(0, 1, 0)
    let right = NeuronMorphology.normalized(other - direction * (direction * other).sum())
    let axis = NeuronMorphology.turned(right, around: direction, by: side)
    return NeuronMorphology.normalized(NeuronMorphology.turned(direction, around: axis, by: angle))
  }
}
