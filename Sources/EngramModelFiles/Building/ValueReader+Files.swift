internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import EngramUnits

/// Values that stand in other files (MDL-21).
extension ValueReader {
  func fileValue(_ node: ModelNode, _ key: String, atMost count: Int?) -> FileValue? {
    let reader = FileReader(problems: problems)
    let before = problems.problems.count
    let fields = reader.fields(node, table: KeyTable(required: ["hdf5", "dataset"], optional: ["unit"]), of: "'\(key)'")
    guard problems.problems.count == before, let request = Self.fileRequest(node) else {
      if problems.problems.count == before { problems.report("'hdf5' and 'dataset' are texts", at: node) }
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
    _ = FileReader(problems: problems).fields(node, table: KeyTable(required: ["sonata"], optional: ["population"]), of: "'\(key)'")
    guard problems.problems.count == before, let request = Self.fileRequest(node) else {
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

  /// What a mapping wants from a file; nil: it is another mapping.
  static func fileRequest(_ node: ModelNode) -> FileRequest? {
    if let path = node["hdf5"]?.scalar?.text, let dataset = node["dataset"]?.scalar?.text { return FileRequest(path, .dataset(dataset)) }
    guard let path = node["sonata"]?.scalar?.text else { return nil }
    guard let population = node["population"] else { return FileRequest(path, .sonataSpikes(population: nil)) }
    return population.scalar.map { FileRequest(path, .sonataSpikes(population: $0.text)) }
  }

  /// Reads everything that a tree wants from files, without using it yet.
  ///
  /// - Parameter limit: as many numbers as the target of that name can take; nil: unknown.
  func readAhead(_ node: ModelNode, _ key: String = "value", limit: (_ target: String) -> Int?) {
    if let request = Self.fileRequest(node), !Interrupt.endsSetUp {
      if case .dataset = request.content { _ = fileValue(node, key, atMost: limit(key)) } else { _ = spikes(node, key) }
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
