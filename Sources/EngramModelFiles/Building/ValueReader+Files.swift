internal import EngramExpressions
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import EngramUnits

/// Values that stand in other files (MDL-21).
extension ValueReader {
  /// The mappings that name a file, with their keys.
  private static let fileTables: [(kind: String, table: KeyTable)] = [
    ("hdf5", ModelLanguage.hdf5),
    ("npy", ModelLanguage.npy),
    ("csv", ModelLanguage.csv),
  ]

  /// Whether a mapping wants numbers from a file.
  static func namesFile(_ node: ModelNode) -> Bool { fileTables.contains { node[$0.kind] != nil } }

  func fileValue(_ node: ModelNode, _ key: String, atMost count: Int?) -> FileValue? {
    guard let table = Self.fileTables.first(where: { node[$0.kind] != nil })?.table else { return nil }
    let before = problems.problems.count
    let fields = FileReader(problems: problems).fields(node, table: table, of: "'\(key)'")
    guard problems.problems.count == before, let request = fileRequest(node) else {
      if problems.problems.count == before { problems.report("what names a file and a part of it are texts", at: node) }
      return nil
    }
    var given: Quantity?
    if let unitNode = fields.first(where: { $0.key == "unit" })?.value {
      given = unit(unitNode)
      if given == nil { return nil }
    }
    guard let array = arrays(request, at: node, key, atMost: count)?.first,
      let values = quantities(array, in: given, request, at: node, key)
    else { return nil }
    return array.columns.map { .matrix(values, columns: $0) } ?? .array(values)
  }

  /// `{sonata: file, population: name}`: elements and times of spikes.
  func spikes(_ node: ModelNode, _ key: String) -> (indices: [Int], times: QuantityArray)? {
    let before = problems.problems.count
    _ = FileReader(problems: problems).fields(node, table: ModelLanguage.sonata, of: "'\(key)'")
    guard problems.problems.count == before, let request = fileRequest(node) else {
      if problems.problems.count == before { problems.report("'sonata' and 'population' are texts", at: node) }
      return nil
    }
    guard let arrays = arrays(request, at: node, key, atMost: nil), arrays.count == 2,
      let times = quantities(arrays[1], in: nil, request, at: node, key)
    else { return nil }
    var indices: [Int] = []
    indices.reserveCapacity(arrays[0].values.count)
    for value in arrays[0].values {
      guard let index = Int(exactly: value) else {
        problems.report("\(request): element numbers are integers, found \(value)", at: node)
        return nil
      }
      indices.append(index)
    }
    return (indices, times)
  }

  /// What a mapping wants from a file; nil: it is another mapping, or what is wrong with it was reported.
  func fileRequest(_ node: ModelNode) -> FileRequest? {
    if let path = text("hdf5", of: node), let dataset = text("dataset", of: node) {
      let (name, brackets) = Self.divided(dataset)
      guard let part = part(of: node, brackets, at: node["dataset"]) else { return nil }
      return FileRequest(path, part.selectors.isEmpty ? .dataset(name) : .part(name, part))
    }
    if let path = text("npy", of: node) { return part(of: node, nil, at: nil).map { FileRequest(path, .numpy($0)) } }
    if let path = text("csv", of: node) {
      let column = text("column", of: node)
      return part(of: node, nil, at: nil).map { FileRequest(path, .table(column: column, $0)) }
    }
    guard let path = text("sonata", of: node) else { return nil }
    return FileRequest(path, .sonataSpikes(population: text("population", of: node)))
  }

  /// `/m[1, :]` as the name of the dataset and what stands in brackets.
  private static func divided(_ dataset: String) -> (name: String, brackets: String?) {
    guard dataset.hasSuffix("]"), let open = dataset.firstIndex(of: "[") else { return (dataset, nil) }
    return (String(dataset[..<open]), String(dataset[dataset.index(after: open)...].dropLast()))
  }

  private func part(of node: ModelNode, _ brackets: String?, at place: ModelNode?) -> FilePart? {
    let selected = node["select"]
    guard let text = brackets ?? selected?.scalar?.text else { return FilePart() }
    let place = brackets == nil ? selected : place
    if brackets != nil, let selected {
      problems.report("'select' is given beside brackets behind the dataset", at: selected)
      return nil
    }
    do throws(Reference.SyntaxProblem) {
      if let part = FilePart(try Reference("x[\(text)]", evaluate: placeOfSelection)) { return part }
      problems.report("a part of a file is chosen by positions and ranges", at: place ?? node, hint: "forms: 3, 0:10, n:2*n, [k, :]")
    } catch { problems.report("not a part of an array: \(error.message)", at: place ?? node, hint: "forms: 3, 0:10, n:2*n, [k, :]") }
    return nil
  }

  /// A text of a mapping, with numbers of rounds and integer constants in place of `{k}`.
  private func text(_ key: String, of node: ModelNode) -> String? {
    guard let child = node[key], let text = child.scalar?.text else { return nil }
    let (filled, unknown) = RoundNames(rounds: rounds).fill(text)
    if unknown.isEmpty { return filled }
    var result = filled
    for word in unknown {
      guard case .integer(let number)? = constants[word] else {
        problems.report(
          "'{\(word)}' is the number of a round or a constant integer, and there is none of that name", at: child.place, length: text.count,
          hint: ProblemCollector.suggestion(word, constants.names))
        return nil
      }
      result = result.replacing("{\(word)}", with: "\(number)")
    }
    return result
  }

  /// The integer, or the list of them, that constants make of a calculation in a selection.
  func placeOfSelection(_ text: String, at offset: Int) throws(Reference.SyntaxProblem) -> Reference.Place {
    func not(_ what: String) -> Reference.SyntaxProblem {
      Reference.SyntaxProblem(message: "'\(text)' is \(what), not an integer or a list of them", offset: offset)
    }
    do {
      let source = SourceText(text)
      if let array = try arrayExpression(source, "selection", ValueScope()) {
        let value = try array.value()
        guard value.dimension.isDimensionless else { throw not("a quantity") }
        let integers = value.values.compactMap(Int.init(exactly:))
        guard integers.count == value.values.count, !integers.isEmpty else { throw not(integers.isEmpty ? "an empty list" : "a number with a fraction") }
        return value.isScalar ? .one(integers[0]) : .several(integers)
      }
      switch try ConstantExpression(source, constants: constants).value {
      case .integer(let integer): return .one(integer)
      case .quantity(let quantity):
        if quantity.isDimensionless, let integer = Int(exactly: quantity.si) { return .one(integer) }
        throw not(quantity.inWords)
      case .boolean, .array, .function: throw not("no number")
      }
    } catch let problem as Reference.SyntaxProblem { throw problem } catch let error as Problems {
      let first = error.problems.first
      throw Reference.SyntaxProblem(message: first.map(String.init(describing:)) ?? "expected an integer", offset: offset + (first?.span.lower ?? 0))
    } catch {
      throw Reference.SyntaxProblem(message: "'\(text)': \(error)", offset: offset)
    }
  }

  /// Reads everything that a tree wants from files, without using it yet.
  ///
  /// - Parameter limit: as many numbers as the target of that name can take; nil: unknown.
  func readAhead(_ node: ModelNode, _ key: String = "value", limit: (_ target: String) -> Int?) {
    if !Interrupt.endsSetUp {
      if Self.namesFile(node) { _ = fileValue(node, key, atMost: limit(key)) }
      if node["sonata"] != nil { _ = spikes(node, key) }
      if let file = node["swc"] { _ = points(ofSWC: file) }
    }
    for entry in node.entries ?? [] { readAhead(entry.value, entry.key, limit: limit) }
    for item in node.items ?? [] { readAhead(item, key, limit: limit) }
  }

  /// Numbers that memory can hold well, some of them twice on their way.
  private static var affordableCount: Int { availableMemory() / 8 / MemoryLayout<Double>.size }

  private func arrays(_ request: FileRequest, at node: ModelNode, _ key: String, atMost count: Int?) -> [FileArray]? {
    do { return try files.read(request, atMost: count ?? Self.affordableCount) } catch {
      problems.report("'\(key)' could not be read from \(request): \(error)", at: node)
      return nil
    }
  }

  private func quantities(_ array: FileArray, in unit: Quantity?, _ request: FileRequest, at node: ModelNode, _ key: String) -> QuantityArray? {
    do { return try array.quantities(in: unit) } catch {
      problems.report("'\(key)', read from \(request): \(error)", at: node)
      return nil
    }
  }

  func unit(_ node: ModelNode) -> Quantity? {
    guard let text = node.scalar?.text else {
      problems.report("a unit is a text such as mV, found \(node.kindName)", at: node)
      return nil
    }
    do { return try parseUnit(text) } catch {
      problems.report("\(error)", at: node)
      return nil
    }
  }
}
