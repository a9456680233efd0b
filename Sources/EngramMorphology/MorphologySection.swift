/// A stretch of a neuron without branches, cut into compartments. Lengths are in metres.
public struct MorphologySection: Hashable, Sendable {
  /// What a section looks like.
  public enum Shape: Hashable, Sendable {
    /// A sphere that is one compartment; its centre where that is known.
    case soma(diameter: Double, centre: SIMD3<Double>?)
    /// A cylinder in compartments of equal length.
    case cylinder(diameter: Double, count: Int, CylinderExtent)
    /// Truncated cones, one for each compartment; diameters at the start of the first and at the end of each.
    case cones(diameters: [Double], ConesExtent)
  }

  /// How far a cylinder goes.
  public enum CylinderExtent: Hashable, Sendable {
    /// The length of the whole.
    case length(Double)
    /// Where it begins and ends, counted from the end of its parent.
    case line(from: SIMD3<Double>, to: SIMD3<Double>)
  }

  /// How far truncated cones go.
  public enum ConesExtent: Hashable, Sendable {
    /// The length of each.
    case lengths([Double])
    /// Where the first begins and where each ends, counted from the end of the parent.
    case points([SIMD3<Double>])
  }

  /// What it looks like.
  public let shape: Shape
  /// What kind of section it is, such as `axon`; it has no effect.
  public let type: String?

  /// Number of compartments.
  public var count: Int {
    switch shape {
    case .soma: 1
    case .cylinder(_, let count, _): count
    case .cones(let diameters, _): diameters.count - 1
    }
  }

  /// Whether it is a sphere.
  public var isSoma: Bool { if case .soma = shape { true } else { false } }

  /// The length of each compartment; that of a sphere is its diameter.
  var lengths: [Double] {
    switch shape {
    case .soma(let diameter, _): [diameter]
    case .cylinder(_, let count, .length(let length)): [Double](repeating: length / Double(count), count: count)
    case .cones(_, .lengths(let lengths)): lengths
    case .cylinder(_, _, .line), .cones(_, .points):
      zip(relativePoints ?? [], (relativePoints ?? []).dropFirst()).map { Self.length(from: $0, to: $1) }
    }
  }

  /// Where its compartments begin and end, counted from the end of the parent; nil where it has no place. A sphere has its centre only.
  var relativePoints: [SIMD3<Double>]? {
    switch shape {
    case .soma(_, let centre): centre.map { [$0] }
    case .cylinder(_, _, .length), .cones(_, .lengths): nil
    case .cones(_, .points(let points)): points
    case .cylinder(_, let count, .line(let start, let end)):
      (0...count).map { $0 == count ? end : start + (end - start) / Double(count) * Double($0) }
    }
  }

  /// Diameters at the start of the first compartment and at the end of each.
  var boundaryDiameters: [Double] {
    switch shape {
    case .soma(let diameter, _): [diameter, diameter]
    case .cylinder(let diameter, let count, _): [Double](repeating: diameter, count: count + 1)
    case .cones(let diameters, _): diameters
    }
  }

  /// - Throws: ``MorphologyError`` where a number is not finite, or a size is not positive.
  package init(_ shape: Shape, type: String?) throws(MorphologyError) {
    self.shape = shape
    self.type = type
    guard count >= 1 else { throw .noCompartments(found: count) }
    guard count <= Int(Int32.max) else { throw .tooMany(count) }
    // Of a cylinder no list is made: it may be cut into more compartments than there is memory for.
    switch shape {
    case .soma(let diameter, let centre):
      try Self.check(diameters: [diameter], lengths: [], points: centre.map { [$0] } ?? [])
    case .cylinder(let diameter, _, .length(let length)): try Self.check(diameters: [diameter], lengths: [length], points: [])
    case .cylinder(let diameter, _, .line(let start, let end)):
      try Self.check(diameters: [diameter], lengths: [Self.length(from: start, to: end)], points: [start, end])
    case .cones(let diameters, .lengths(let lengths)): try Self.check(diameters: diameters, lengths: lengths, points: [])
    case .cones(let diameters, .points(let points)): try Self.check(diameters: diameters, lengths: lengths, points: points)
    }
  }

  private static func length(from start: SIMD3<Double>, to end: SIMD3<Double>) -> Double {
    let way = (end - start) * (end - start)
    return (way.x + way.y + way.z).squareRoot()
  }

  private static func check(diameters: [Double], lengths: [Double], points: [SIMD3<Double>]) throws(MorphologyError) {
    for diameter in diameters where !(diameter > 0 && diameter.isFinite) { throw .notPositive("diameter", diameter) }
    for point in points where !(point.x.isFinite && point.y.isFinite && point.z.isFinite) { throw .notFinite("coordinate") }
    for length in lengths where !(length > 0 && length.isFinite) { throw .notPositive("length", length) }
  }
}
