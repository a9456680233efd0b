public import EngramUnits

extension NeuronMorphology {
  /// A sphere of one compartment (MOR-2), Brian 2's `Soma`. Sections that grow from it begin at distance 0 and have no resistance towards it.
  ///
  /// - Parameters:
  ///   - diameter: of the sphere.
  ///   - x: where its centre is; without any coordinate it has no place.
  ///   - y: as `x`.
  ///   - z: as `x`.
  ///   - type: what kind of section it is.
  /// - Throws: ``MorphologyError`` for a diameter that is not positive.
  public static func soma(
    diameter: Length, x: Length? = nil, y: Length? = nil, z: Length? = nil, type: String? = "soma"
  ) throws(MorphologyError) -> NeuronMorphology {
    let hasPlace = x != nil || y != nil || z != nil
    let centre = hasPlace ? SIMD3(x?.si ?? 0, y?.si ?? 0, z?.si ?? 0) : nil
    return NeuronMorphology(try MorphologySection(.soma(diameter: diameter.si, centre: centre), type: type))
  }

  /// A cylinder in compartments of equal length (MOR-2), Brian 2's `Cylinder`.
  ///
  /// - Parameters:
  ///   - diameter: of the cylinder.
  ///   - length: of the whole cylinder.
  ///   - n: number of compartments.
  ///   - type: what kind of section it is, such as `axon`.
  /// - Throws: ``MorphologyError`` for sizes that are not positive.
  public static func cylinder(diameter: Length, length: Length, n: Int = 1, type: String? = nil) throws(MorphologyError) -> NeuronMorphology {
    NeuronMorphology(try MorphologySection(.cylinder(diameter: diameter.si, count: n, .length(length.si)), type: type))
  }

  /// A cylinder between two points, counted from the end of its parent; a coordinate that is left out is 0.
  ///
  /// - Parameters:
  ///   - diameter: of the cylinder.
  ///   - n: number of compartments.
  ///   - x: two lengths, of its start and its end.
  ///   - y: as `x`.
  ///   - z: as `x`.
  ///   - type: what kind of section it is.
  /// - Throws: ``MorphologyError`` for sizes that are not positive, and for numbers of coordinates other than 2.
  public static func cylinder(
    diameter: Length, n: Int = 1, x: QuantityArray? = nil, y: QuantityArray? = nil, z: QuantityArray? = nil, type: String? = nil
  ) throws(MorphologyError) -> NeuronMorphology {
    let points = try points(x, y, z, count: 2)
    return NeuronMorphology(try MorphologySection(.cylinder(diameter: diameter.si, count: n, .line(from: points[0], to: points[1])), type: type))
  }

  /// Truncated cones, one for each compartment (MOR-2), Brian 2's `Section`.
  ///
  /// - Parameters:
  ///   - diameter: at the start of the first compartment, and at the end of each.
  ///   - length: of each compartment: one less.
  ///   - type: what kind of section it is.
  /// - Throws: ``MorphologyError`` for sizes that are not positive, and for numbers of values that do not fit together.
  public static func section(diameter: QuantityArray, length: QuantityArray, type: String? = nil) throws(MorphologyError) -> NeuronMorphology {
    let diameters = try lengths(diameter, "diameter")
    let lengths = try lengths(length, "length")
    guard lengths.count == diameters.count - 1 else { throw .count("length", expected: diameters.count - 1, found: lengths.count) }
    return NeuronMorphology(try MorphologySection(.cones(diameters: diameters, .lengths(lengths)), type: type))
  }

  /// The same between points, counted from the end of the parent; a coordinate that is left out is 0.
  ///
  /// - Parameters:
  ///   - diameter: at the start of the first compartment, and at the end of each.
  ///   - x: as many coordinates as there are diameters.
  ///   - y: as `x`.
  ///   - z: as `x`.
  ///   - type: what kind of section it is.
  /// - Throws: ``MorphologyError`` for sizes that are not positive, and for numbers of values that do not fit together.
  public static func section(
    diameter: QuantityArray, x: QuantityArray? = nil, y: QuantityArray? = nil, z: QuantityArray? = nil, type: String? = nil
  ) throws(MorphologyError) -> NeuronMorphology {
    let diameters = try lengths(diameter, "diameter")
    return NeuronMorphology(try MorphologySection(.cones(diameters: diameters, .points(points(x, y, z, count: diameters.count))), type: type))
  }

  private static func points(_ x: QuantityArray?, _ y: QuantityArray?, _ z: QuantityArray?, count: Int) throws(MorphologyError) -> [SIMD3<Double>] {
    guard x != nil || y != nil || z != nil else { throw .noExtent }
    var points = [SIMD3<Double>](repeating: .zero, count: max(0, count))
    for (axis, array) in [x, y, z].enumerated() {
      guard let array else { continue }
      let name = ["x", "y", "z"][axis]
      let values = try lengths(array, name)
      guard values.count == count else { throw .count(name, expected: count, found: values.count) }
      for place in points.indices { points[place][axis] = values[place] }
    }
    return points
  }

  private static func lengths(_ array: QuantityArray, _ name: String) throws(MorphologyError) -> [Double] {
    guard array.dimension == .length || array.si.allSatisfy({ $0 == 0 }) && array.dimension.isDimensionless else {
      throw .noLength(name, found: "\(array.dimension)")
    }
    return array.si
  }
}
