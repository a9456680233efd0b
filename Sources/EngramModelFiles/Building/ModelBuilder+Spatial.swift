internal import EngramEquations
internal import EngramExpressions
internal import EngramModel
internal import EngramModels
internal import EngramMorphology
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// Neurons with a shape (MDL-50).
extension ModelBuilder {
  func spatialNeuron(_ fields: Fields) throws -> SpatialNeuronDescription? {
    guard let node = fields["morphology"], let morphology = try morphology(node), let model = try fields.equations() else { return nil }
    try SpatialNeuron.checkRoom(for: morphology, neuron: fields.name)
    let variables = model.names.union(CompartmentEquations.reserved).union(CompartmentEquations.placeNames)
    guard let neurons = try neurons(fields, morphology.compartmentCount, model, variables: variables) else { return nil }
    let capacitance = quantity(fields, "Cm", SpatialNeuron.usualCapacitance)
    let resistivity = quantity(fields, "Ri", SpatialNeuron.usualResistivity)
    var location: Int?
    if let node = fields["threshold_location"] {
      guard let range = place(node, "threshold_location", in: CompartmentIndex(morphology)) else { return nil }
      guard range.count == 1 else {
        problems.report(
          "\(SpatialNeuronError.severalPlaces(neuron: fields.name, place: node.scalar?.text ?? "", count: range.count))", at: node)
        return nil
      }
      location = range.lowerBound
    }
    return SpatialNeuronDescription(
      neurons, morphology: morphology, capacitance: capacitance, resistivity: resistivity, thresholdLocation: location)
  }

  private func quantity(_ fields: Fields, _ key: String, _ usual: Quantity) -> Quantity {
    fields[key].flatMap { reader.quantity($0, key, usual.dimension) } ?? usual
  }

  /// The compartments that a number or a path means.
  private func place(_ node: ModelNode, _ key: String, in index: CompartmentIndex) -> Range<Int>? {
    guard let text = reader.word(node, key) else { return nil }
    do throws(MorphologyError) {
      // A section without a name is called by its number: `1[0]`, `1.2.main`.
      let isNumber = text.first.map { $0.isNumber || $0 == "-" } ?? false && !text.contains { ".[".contains($0) }
      return try index.range(of: CompartmentPath(isNumber ? "[\(text)]" : text, evaluate: reader.boundOfPath))
    } catch {
      problems.report("\(error)", at: node)
      return nil
    }
  }

  // -------------------------------------------------------------------------------------------------------------- the shape

  /// A list of sections, or `{swc}` or `{points}` with sections added to it.
  private func morphology(_ node: ModelNode) throws -> NeuronMorphology? {
    let before = problems.problems.count
    if let items = node.items { return try sections(items, in: nil, at: node) }
    let entries = FileReader(problems: problems).fields(node, table: ModelLanguage.morphology, of: "'morphology'")
    guard problems.problems.count == before else { return nil }
    let fields = Fields(item: ObjectItem(kind: "morphology", place: node.place, fields: entries), builder: self)
    let isSphere = fields["spherical_soma"].flatMap { reader.boolean($0, "spherical_soma") } ?? true
    var shape: NeuronMorphology?
    switch (fields["swc"], fields["points"]) {
    case (let file?, nil):
      guard let points = reader.points(ofSWC: file) else { return nil }
      do throws(MorphologyError) { shape = try NeuronMorphology(points: points, sphericalSoma: isSphere) } catch {
        problems.report("'\(file.scalar?.text ?? "")', \(error)", at: file)
        return nil
      }
    case (nil, let list?):
      guard let points = points(list) else { return nil }
      do throws(MorphologyError) { shape = try NeuronMorphology(points: points, sphericalSoma: isSphere) } catch {
        problems.report("\(error)", at: list)
        return nil
      }
    case (_?, let list?):
      problems.report("'points' stand beside 'swc', whose file has the points", at: list)
      return nil
    case (nil, nil): break
    }
    if let node = fields["sections"] { shape = try sections(node.items ?? [node], in: shape, at: node) }
    guard problems.problems.count == before else { return nil }
    guard let shape else {
      problems.report("a morphology is a list of sections, or has 'swc', 'points' or 'sections'", at: node)
      return nil
    }
    guard let node = fields["generate_coordinates"] else { return shape }
    return try withCoordinates(shape, node)
  }

  /// `generate_coordinates: true`, or what Brian 2's function of that name takes.
  private func withCoordinates(_ shape: NeuronMorphology, _ node: ModelNode) throws -> NeuronMorphology? {
    if node.entries == nil, reader.boolean(node, "generate_coordinates") != true { return shape }
    let before = problems.problems.count
    let entries = node.entries == nil ? [] : FileReader(problems: problems).fields(node, table: ModelLanguage.coordinates, of: "'generate_coordinates'")
    func value(_ key: String) -> ModelNode? { entries.first { $0.key == key }?.value }
    func mean(_ key: String) -> Double { value(key).flatMap { reader.quantity($0, key, .dimensionless)?.si } ?? 0 }
    let (section, compartment) = (mean("section_randomness"), mean("compartment_randomness"))
    let overwriting = value("overwrite_existing").flatMap { reader.boolean($0, "overwrite_existing") } ?? false
    guard problems.problems.count == before else { return nil }
    try SpatialNeuron.checkRoom(for: shape, neuron: "a shape")
    do throws(MorphologyError) {
      return try shape.withCoordinates(
        sectionRandomness: section, compartmentRandomness: compartment, seed: reader.samples?.seed(for: "generate_coordinates") ?? 0, overwriting: overwriting)
    } catch {
      problems.report("\(error)", at: node)
      return nil
    }
  }

  /// Sections, of which the first one is the root of all others where there is no shape yet.
  private func sections(_ items: [ModelNode], in shape: NeuronMorphology?, at node: ModelNode) throws -> NeuronMorphology? {
    var assembly = shape.map { MorphologyAssembly($0) }
    let before = problems.problems.count
    for item in items {
      let entries = FileReader(problems: problems).fields(item, table: ModelLanguage.section, of: "a section")
      let fields = Fields(item: ObjectItem(kind: "section", place: item.place, fields: entries), builder: self)
      let count = problems.problems.count
      guard let section = section(fields) else {
        if problems.problems.count == count { problems.report("this is no section", at: item) }
        continue
      }
      var name: String?
      if let node = fields["name"] { name = FileReader(problems: problems).identifier(node, what: "the name of a section") }
      let parent = fields["parent"].flatMap { reader.word($0, "parent") }
      do throws(MorphologyError) {
        if assembly == nil {
          if let node = fields["parent"] { problems.report("the first section has no parent", at: node) }
          assembly = MorphologyAssembly(NeuronMorphology(section))
        } else {
          try assembly?.add(section, as: name, to: parent ?? "")
        }
      } catch { problems.report("\(error)", at: fields["parent"] ?? fields["name"] ?? item) }
    }
    guard problems.problems.count == before else { return nil }
    guard let assembly else {
      problems.report("a neuron has at least one section", at: node)
      return nil
    }
    return try assembly.morphology()
  }

  private func section(_ fields: Fields) -> MorphologySection? {
    guard let shapeNode = fields["shape"], let word = reader.word(shapeNode, "shape"), let diameterNode = fields["diameter"] else { return nil }
    let type = fields["type"].flatMap { reader.word($0, "type") }
    func list(_ key: String) -> QuantityArray? { fields[key].flatMap { reader.lengths($0, key) } }
    guard let diameters = reader.lengths(diameterNode, "diameter") else { return nil }
    let length = list("length")
    let (x, y, z) = (list("x"), list("y"), list("z"))
    func one(_ array: QuantityArray?, _ key: String) -> Length? {
      guard let array else { return nil }
      if array.count != 1 { problems.report("'\(key)' of a \(word) is one length, found a list of \(array.count)", at: fields[key] ?? diameterNode) }
      return array.si.first.map { Length(si: $0) }
    }
    if length != nil, let node = fields["x"] ?? fields["y"] ?? fields["z"] {
      problems.report("a section has a length or coordinates, and this one has both", at: node)
      return nil
    }
    if let node = fields["n"], word != "cylinder" {
      problems.report("only a cylinder has 'n'; a section has a compartment less than diameters, a soma has one", at: node)
      return nil
    }
    do throws(MorphologyError) {
      switch word {
      case "soma":
        guard let diameter = one(diameters, "diameter") else { return nil }
        if let node = fields["length"] { problems.report("a soma has a diameter and no length", at: node) }
        return try NeuronMorphology.soma(diameter: diameter, x: one(x, "x"), y: one(y, "y"), z: one(z, "z"), type: type ?? "soma").root
      case "cylinder":
        guard let diameter = one(diameters, "diameter") else { return nil }
        let count = fields["n"].flatMap { reader.integer($0, "n") } ?? 1
        if let length = one(length, "length") { return try NeuronMorphology.cylinder(diameter: diameter, length: length, n: count, type: type).root }
        return try NeuronMorphology.cylinder(diameter: diameter, n: count, x: x, y: y, z: z, type: type).root
      case "section":
        if let length { return try NeuronMorphology.section(diameter: diameters, length: length, type: type).root }
        return try NeuronMorphology.section(diameter: diameters, x: x, y: y, z: z, type: type).root
      default:
        problems.report(
          "'shape' is soma, cylinder or section, found '\(word)'", at: shapeNode, hint: ProblemCollector.suggestion(word, ["soma", "cylinder", "section"]))
        return nil
      }
    } catch {
      problems.report("\(error)", at: fields.item.place)
      return nil
    }
  }

  /// `[index, type, x, y, z, diameter, parent]` for each point, in micrometres.
  private func points(_ node: ModelNode) -> [MorphologyPoint]? {
    let before = problems.problems.count
    var points: [MorphologyPoint] = []
    for item in node.items ?? [node] {
      guard let parts = item.items, parts.count == 7 else {
        problems.report("a point is [index, type, x, y, z, diameter, parent], with lengths in micrometres", at: item)
        continue
      }
      let numbers = [2, 3, 4, 5].map { reader.quantity(parts[$0], "a coordinate", .dimensionless)?.si }
      guard let index = reader.integer(parts[0], "index"), let type = reader.word(parts[1], "type"), let parent = reader.integer(parts[6], "parent"),
        let x = numbers[0], let y = numbers[1], let z = numbers[2], let diameter = numbers[3]
      else { continue }
      points.append(
        MorphologyPoint(index, ["none", "None", ""].contains(type) ? nil : type, x, y, z, diameter: diameter, parent: parent, line: item.place.line))
    }
    return problems.problems.count == before ? points : nil
  }
}

extension ValueReader {
  /// One length or a list of lengths.
  func lengths(_ node: ModelNode, _ key: String) -> QuantityArray? {
    guard let value = value(node, key) else { return nil }
    if case .quantity(let quantity) = value, quantity.dimension == .length || quantity.si == 0 && quantity.isDimensionless {
      return QuantityArray(si: [quantity.si], dimension: .length)
    }
    return array(value, at: node, key, .length)
  }

  /// The points of an SWC file, whose name stands in the model file.
  func points(ofSWC node: ModelNode) -> [MorphologyPoint]? {
    guard let path = word(node, "swc") else { return nil }
    let request = FileRequest(path, .swc)
    do {
      guard let numbers = try files.read(request).first?.values else { return nil }
      return try SWCText.points(numbers)
    } catch {
      problems.report("'swc' could not be read from \(request): \(error)", at: node)
      return nil
    }
  }

  /// A number of a compartment or a distance, in brackets behind the name of a section.
  func boundOfPath(_ text: String) throws(MorphologyError) -> CompartmentPath.Bound {
    if let number = Int(text) { return .number(number) }
    if let quantity = try? Quantity.parse(text) { return try CompartmentPath.bound(quantity, text) }
    let value: Namespace.Entry
    do { value = try ConstantExpression(SourceText(text), constants: constants).value } catch { throw .path(text, why: "\(error)") }
    switch value {
    case .integer(let integer):
      guard let number = Int(exactly: integer) else { throw .path(text, why: "\(integer) is too large") }
      return .number(number)
    case .quantity(let quantity): return try CompartmentPath.bound(quantity, text)
    case .boolean, .array, .function: throw .path(text, why: "it is no number")
    }
  }
}
