/// What the sections of a morphology are cut into, in the order in which a neuron numbers them. SI units throughout.
public struct Compartments: Hashable, Sendable {
  /// A section among compartments.
  public struct Section: Hashable, Sendable {
    /// Its compartments.
    public let range: Range<Int>
    /// The section that it grows from; -1 for the first.
    public let parent: Int
    /// Behind the last compartment of the branch that begins with it.
    public internal(set) var branchEnd: Int
    /// How many sections it is away from the first.
    public let depth: Int
    /// Whether it is a sphere.
    public let isSoma: Bool
    /// How far its end is from the beginning of the first section [m].
    public let endDistance: Double
  }

  /// The sections, in the order of ``NeuronMorphology/nodes``.
  public private(set) var sections: [Section] = []
  /// The length of each compartment [m].
  public private(set) var lengths: [Double] = []
  /// How far the middle of each is from the beginning of the first section, along the branches [m].
  public private(set) var distances: [Double] = []
  /// The area of each one's membrane [m²].
  public private(set) var areas: [Double] = []
  /// The volume of each [m³].
  public private(set) var volumes: [Double] = []
  /// The diameter in the middle of each [m].
  public private(set) var diameters: [Double] = []
  /// The diameter at the start of each [m].
  public private(set) var startDiameters: [Double] = []
  /// The diameter at the end of each [m].
  public private(set) var endDiameters: [Double] = []
  /// The conductance from the start of each to its middle, times the resistivity [m]; Brian 2's `r_length_1`.
  public private(set) var startConductances: [Double] = []
  /// The conductance from the middle of each to its end, times the resistivity [m]; Brian 2's `r_length_2`.
  public private(set) var endConductances: [Double] = []
  /// Where each begins [m]; NaN where a section has no place. Nil: none has one.
  public private(set) var starts: [SIMD3<Double>]?
  /// Where the middle of each is.
  public private(set) var centres: [SIMD3<Double>]?
  /// Where each ends.
  public private(set) var ends: [SIMD3<Double>]?

  /// Number of compartments.
  public var count: Int { lengths.count }

  /// The compartment behind whose end each one begins; -1 for the first.
  public var parents: [Int] {
    var parents = (0..<count).map { $0 - 1 }
    for section in sections { parents[section.range.lowerBound] = section.parent < 0 ? -1 : sections[section.parent].range.upperBound - 1 }
    return parents
  }

  init(of morphology: NeuronMorphology) {
    let count = morphology.compartmentCount
    sections.reserveCapacity(morphology.nodes.count)
    lengths.reserveCapacity(count)
    let nowhere = SIMD3<Double>(repeating: .nan)
    var (allStarts, allCentres, allEnds): ([SIMD3<Double>], [SIMD3<Double>], [SIMD3<Double>]) = ([], [], [])
    // Where each section ends; nil: it has no place.
    var endPoints: [SIMD3<Double>?] = []
    for node in morphology.nodes {
      let (section, parent) = (node.section, node.parent)
      let start = self.count
      let own = section.lengths
      let before = parent < 0 ? 0 : sections[parent].endDistance
      let lastDistance = parent < 0 ? 0 : distances[sections[parent].range.upperBound - 1]
      var endDistance = before
      lengths += own
      if section.isSoma {
        distances.append(lastDistance)
      } else {
        var way = 0.0
        for length in own {
          way += length
          distances.append(before + way - 0.5 * length)
        }
        endDistance = distances[distances.count - 1] + 0.5 * own[own.count - 1]
      }
      addMeasures(of: section, own)
      let origin = section.isSoma ? nil : parent < 0 ? nil : endPoints[parent]
      if let points = section.relativePoints {
        let placed = origin.map { origin in points.map { origin + $0 } } ?? points
        let (own, others) = section.isSoma ? (placed, placed) : (Array(placed.dropLast()), Array(placed.dropFirst()))
        allStarts += own
        allEnds += others
        allCentres += zip(own, others).map { $0 + 0.5 * ($1 - $0) }
        endPoints.append(others[others.count - 1])
      } else {
        let none = [SIMD3<Double>](repeating: nowhere, count: section.count)
        allStarts += none
        allCentres += none
        allEnds += none
        endPoints.append(nil)
      }
      sections.append(
        Section(
          range: start..<self.count, parent: parent, branchEnd: self.count, depth: parent < 0 ? 0 : sections[parent].depth + 1, isSoma: section.isSoma,
          endDistance: endDistance))
    }
    for place in sections.indices.reversed() where sections[place].parent >= 0 {
      let parent = sections[place].parent
      sections[parent].branchEnd = max(sections[parent].branchEnd, sections[place].branchEnd)
    }
    if endPoints.contains(where: { $0 != nil }) { (starts, centres, ends) = (allStarts, allCentres, allEnds) }
  }

  /// - SeeAlso: the formulas of Brian 2's documentation, "Creating a neuron morphology".
  private mutating func addMeasures(of section: MorphologySection, _ lengths: [Double]) {
    let boundaries = section.boundaryDiameters
    startDiameters += boundaries.dropLast()
    endDiameters += boundaries.dropFirst()
    switch section.shape {
    case .soma(let d, _):
      areas.append(.pi * (d * d))
      volumes.append(.pi * (d * d * d) / 6)
      diameters.append(d)
      // A sphere is one place: next to no resistance towards what grows from it.
      startConductances.append(1)
      endConductances.append(1)
    case .cylinder(let d, _, _):
      for length in lengths {
        areas.append(.pi * d * length)
        volumes.append(.pi * (d / 2 * (d / 2)) * length)
        diameters.append(d)
        startConductances.append(.pi / 2 * (d * d) / length)
        endConductances.append(.pi / 2 * (d * d) / length)
      }
    case .cones:
      for (place, length) in lengths.enumerated() {
        let (first, last) = (boundaries[place], boundaries[place + 1])
        let middle = 0.5 * (first + last)
        areas.append(.pi / 2 * (first + last) * ((first - last) * (first - last) / 4 + length * length).squareRoot())
        volumes.append(.pi * length * (first * first + first * last + last * last) / 12)
        diameters.append(middle)
        startConductances.append(.pi / 2 * (first * middle) / length)
        endConductances.append(.pi / 2 * (middle * last) / length)
      }
    }
  }
}

extension NeuronMorphology {
  /// What the sections are cut into.
  ///
  /// - Complexity: O(n) for n compartments; nothing of it is kept.
  public var compartments: Compartments { Compartments(of: self) }
}
