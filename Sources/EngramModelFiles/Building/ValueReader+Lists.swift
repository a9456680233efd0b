internal import EngramUnits

/// Lists, rows and ramps (modelfile.md §3).
extension ValueReader {
  func arrayValue(_ items: [ModelNode], at node: ModelNode, _ key: String) -> FileValue? {
    if let first = items.first, first.items != nil { return matrixValue(items, at: node, key) }
    if !items.isEmpty, items.allSatisfy({ $0.isBoolean }) { return .booleans(items.map { $0.scalar?.text.lowercased() == "true" }) }
    var values: [Double] = []
    values.reserveCapacity(items.count)
    var dimension: Dimension?
    for item in items {
      if item.isBoolean {
        problems.report("'\(key)' mixes numbers with true and false", at: item)
        return nil
      }
      guard let quantity = quantity(item, key) else { return nil }
      if let dimension, dimension != quantity.dimension, !(quantity.si == 0 && quantity.dimension == .dimensionless) {
        problems.report("'\(key)' mixes values in '\(dimension)' and in '\(quantity.dimension)'", at: item)
        return nil
      }
      if dimension == nil || dimension == .dimensionless && values.allSatisfy({ $0 == 0 }) { dimension = quantity.dimension }
      values.append(quantity.si)
    }
    return .array(QuantityArray(si: values, dimension: dimension ?? .dimensionless))
  }

  private func matrixValue(_ rows: [ModelNode], at node: ModelNode, _ key: String) -> FileValue? {
    var all: [Double] = []
    var columns: Int?
    var dimension = Dimension.dimensionless
    for row in rows {
      guard let items = row.items, case .array(let values)? = arrayValue(items, at: row, key) else {
        if row.items == nil { problems.report("'\(key)' is a list of rows, found \(row.kindName) among them", at: row) }
        return nil
      }
      if let columns, columns != values.si.count {
        problems.report("the rows of '\(key)' have different lengths, \(columns) and \(values.si.count)", at: row)
        return nil
      }
      columns = values.si.count
      dimension = values.dimension
      all += values.si
    }
    return .matrix(QuantityArray(si: all, dimension: dimension), columns: columns ?? 0)
  }

  func mappingValue(_ node: ModelNode, _ key: String, atMost count: Int?) -> FileValue? {
    if Self.namesFile(node) { return fileValue(node, key, atMost: count) }
    let tables = [
      ("values", ModelLanguage.valuesWithUnit),
      ("start", ModelLanguage.ramp),
    ]
    guard let (kind, table) = tables.first(where: { node[$0.0] != nil }) else {
      problems.report(
        "'\(key)' is a value, found a mapping", at: node,
        hint:
          "forms: {values: [1, 2], unit: mV}, {start: 0 Hz, stop: 50 Hz, count: 11}, {hdf5: data.h5, dataset: /x, unit: Hz}, {npy: data.npy}, {csv: data.csv, column: x}"
      )
      return nil
    }
    let reader = FileReader(problems: problems)
    let before = problems.problems.count
    let fields = reader.fields(node, table: table, of: "'\(key)'")
    guard problems.problems.count == before else { return nil }
    func field(_ name: String) -> ModelNode? { fields.first { $0.key == name }?.value }
    return kind == "values" ? scaled(field("values"), unit: field("unit"), key) : ramp(field, node, key)
  }

  private func scaled(_ values: ModelNode?, unit node: ModelNode?, _ key: String) -> FileValue? {
    guard let values, let value = value(values, key) else { return nil }
    guard let node else { return value }
    guard let unit = unit(node) else { return nil }
    func scale(_ array: QuantityArray, at place: ModelNode) -> QuantityArray? {
      guard array.dimension == .dimensionless else {
        problems.report("'\(key)' has values with units beside its 'unit'", at: place)
        return nil
      }
      return QuantityArray(si: array.si.map { $0 * unit.si }, dimension: unit.dimension)
    }
    switch value {
    case .array(let array): return scale(array, at: values).map(FileValue.array)
    case .matrix(let array, let columns): return scale(array, at: values).map { .matrix($0, columns: columns) }
    case .quantity, .boolean, .booleans, .expression:
      problems.report("'values' is a list, found \(values.kindName)", at: values)
      return nil
    }
  }

  private func ramp(_ field: (String) -> ModelNode?, _ node: ModelNode, _ key: String) -> FileValue? {
    guard let startNode = field("start"), let stopNode = field("stop"), let start = quantity(startNode, "start"),
      let stop = quantity(stopNode, "stop")
    else { return nil }
    guard start.dimension == stop.dimension || start.si == 0 || stop.si == 0 else {
      problems.report("'start' is in '\(start.dimension)', 'stop' in '\(stop.dimension)'", at: stopNode)
      return nil
    }
    let dimension = stop.si == 0 ? start.dimension : stop.dimension
    if let countNode = field("count") {
      guard let count = integer(countNode, "count") else { return nil }
      guard (1...100_000_000).contains(count) else {
        problems.report("'count' is from 1 to 100000000, found \(count)", at: countNode)
        return nil
      }
      // Both ends are exact; the points between are computed from both.
      let values = (0..<count).map { index -> Double in
        if count == 1 { return start.si }
        if index == count - 1 { return stop.si }
        return start.si + (stop.si - start.si) * (Double(index) / Double(count - 1))
      }
      return .array(QuantityArray(si: values, dimension: dimension))
    }
    guard let stepNode = field("step") else {
      problems.report("a ramp needs 'count' or 'step'", at: node)
      return nil
    }
    guard let step = quantity(stepNode, "step", dimension) else { return nil }
    let count = ((stop.si - start.si) / step.si).rounded(.up)
    guard step.si != 0, count.isFinite, count >= 0, count <= 1e8 else {
      problems.report("the step of the ramp does not lead from 'start' to 'stop' in 0 to 100000000 values", at: stepNode)
      return nil
    }
    return .array(QuantityArray(si: (0..<Int(count)).map { start.si + Double($0) * step.si }, dimension: dimension))
  }
}

extension ModelNode {
  /// The words that are booleans (MDL-2).
  var isBoolean: Bool {
    guard let scalar else { return false }
    return ["true", "True", "false", "False"].contains(scalar.text)
  }
}
