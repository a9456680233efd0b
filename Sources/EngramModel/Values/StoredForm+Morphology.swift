internal import EngramMorphology

// How a shape is stored: a list of its sections, each with its parent, in the order of the tree. Lengths in metres.

extension StoredForm where Value == NeuronMorphology {
  static var morphology: StoredForm {
    StoredForm(
      write: { .list($0.nodes.map(\.stored)) },
      read: { value throws(DescriptionError) in
        guard let list = value.asList else { return nil }
        var nodes: [NeuronMorphology.Node] = []
        for stored in list { nodes.append(try NeuronMorphology.Node(stored: stored)) }
        do throws(MorphologyError) { return try NeuronMorphology(nodes: nodes) } catch { throw .damaged("\(error)") }
      })
  }
}

/// The words for the shapes of sections.
private enum ShapeWord: String { case soma, cylinder, section }

extension NeuronMorphology.Node {
  fileprivate var stored: DescriptionValue {
    var fields = [SectionKey.parent.field(.integer(Int64(parent))), SectionKey.number.field(.integer(Int64(number)))]
    if let name { fields.append(SectionKey.name.field(.text(name))) }
    if let alias { fields.append(SectionKey.alias.field(.text(alias))) }
    if let type = section.type { fields.append(SectionKey.type.field(.text(type))) }
    func add(_ shape: ShapeWord, _ diameters: [Double]) {
      fields += [SectionKey.shape.field(.text(shape.rawValue)), SectionKey.diameter.field(.numbers(diameters))]
    }
    func add(lengths: [Double]) { fields.append(SectionKey.length.field(.numbers(lengths))) }
    func add(points: [SIMD3<Double>]) { fields.append(SectionKey.coordinates.field(.numbers(points.flatMap { [$0.x, $0.y, $0.z] }))) }
    switch section.shape {
    case .soma(let diameter, let centre):
      add(.soma, [diameter])
      if let centre { add(points: [centre]) }
    case .cylinder(let diameter, let count, let extent):
      add(.cylinder, [diameter])
      fields.append(SectionKey.count.field(.integer(Int64(count))))
      switch extent {
      case .length(let length): add(lengths: [length])
      case .line(let start, let end): add(points: [start, end])
      }
    case .cones(let diameters, let extent):
      add(.section, diameters)
      switch extent {
      case .lengths(let lengths): add(lengths: lengths)
      case .points(let points): add(points: points)
      }
    }
    return .mapping(fields)
  }

  fileprivate init(stored: DescriptionValue) throws(DescriptionError) {
    func integer(_ key: SectionKey) -> Int? { stored[key]?.asInteger.flatMap { Int(exactly: $0) } }
    func numbers(_ key: SectionKey) -> [Double]? { if case .numbers(let numbers)? = stored[key] { numbers } else { nil } }
    func points() throws(DescriptionError) -> [SIMD3<Double>]? {
      guard let list = numbers(.coordinates) else { return nil }
      guard list.count % 3 == 0 else { throw .damaged("a place has three coordinates") }
      return stride(from: 0, to: list.count, by: 3).map { SIMD3(list[$0], list[$0 + 1], list[$0 + 2]) }
    }
    guard let word = stored[SectionKey.shape]?.asText, let diameters = numbers(.diameter), let first = diameters.first,
      let parent = integer(.parent), let number = integer(.number)
    else { throw .damaged("a section lacks its shape, its parent, its number or its diameter") }
    let (places, lengths) = (try points(), numbers(.length))
    let shape: MorphologySection.Shape
    switch (ShapeWord(rawValue: word), lengths, places) {
    case (.soma?, nil, let places): shape = .soma(diameter: first, centre: places?.first)
    case (.cylinder?, let lengths, let places):
      guard let count = integer(.count) else { throw .damaged("a cylinder lacks its number of compartments") }
      if let length = lengths?.first, places == nil {
        shape = .cylinder(diameter: first, count: count, .length(length))
      } else if let places, places.count == 2, lengths == nil {
        shape = .cylinder(diameter: first, count: count, .line(from: places[0], to: places[1]))
      } else {
        throw .damaged("a cylinder has either a length or two places")
      }
    case (.section?, let lengths?, nil) where lengths.count == diameters.count - 1: shape = .cones(diameters: diameters, .lengths(lengths))
    case (.section?, nil, let places?) where places.count == diameters.count: shape = .cones(diameters: diameters, .points(places))
    case (.soma?, _, _), (.section?, _, _): throw .damaged("the sizes of a section do not fit together")
    case (nil, _, _): throw .unknown("'\(word)' is no shape of a section that this release knows")
    }
    do throws(MorphologyError) {
      self.init(
        section: try MorphologySection(shape, type: stored[SectionKey.type]?.asText), parent: parent, number: number, name: stored[SectionKey.name]?.asText,
        alias: stored[SectionKey.alias]?.asText)
    } catch { throw .damaged("\(error)") }
  }
}
