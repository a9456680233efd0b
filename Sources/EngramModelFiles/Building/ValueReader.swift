internal import EngramExpressions
internal import EngramKernels
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// A value of a model file (modelfile.md §3), read but not yet given to anything.
enum FileValue {
  case boolean(Bool)
  /// A number or quantity as written.
  case quantity(Quantity)
  /// Model language, evaluated where it is used.
  case expression(SourceText)
  case array(QuantityArray)
  /// Rows of equal length, row after row.
  case matrix(QuantityArray, columns: Int)
}

/// Reads values with the constants in force. Problems go to the collector; a result of nil means one was reported.
struct ValueReader {
  let fileName: String
  let problems: ProblemCollector
  let files: any ArrayFileReader
  var constants = Namespace()

  // ---------------------------------------------------------------------------------------------------------------- texts

  /// The text of a node with its place in the file.
  func source(_ scalar: ScalarText) -> SourceText {
    let lines = scalar.linePlaces.map {
      SourceText.LinePlace(line: $0.line, columnOffset: scalar.style == .folded ? nil : $0.column - 1)
    }
    return SourceText(scalar.text, origin: .file(name: fileName, lines: lines))
  }

  func text(_ node: ModelNode, _ key: String) -> SourceText? {
    guard let scalar = node.scalar else {
      problems.report("'\(key)' is a text, found \(node.kindName)", at: node, hint: "a text that begins with [ or { goes into quotes")
      return nil
    }
    return source(scalar)
  }

  func word(_ node: ModelNode, _ key: String) -> String? { text(node, key)?.text }

  // --------------------------------------------------------------------------------------------------------------- values

  /// - Parameter count: as many numbers as can be meant, so that no file is read that has more; nil: as many as memory can hold well.
  func value(_ node: ModelNode, _ key: String, atMost count: Int? = nil) -> FileValue? {
    switch node.content {
    case .scalar(let scalar): scalarValue(scalar, at: node)
    case .list(let items): arrayValue(items, at: node, key)
    case .numbers(let array): .array(array)
    case .quantity(let quantity): .quantity(quantity)
    case .mapping: mappingValue(node, key, atMost: count)
    }
  }

  private func scalarValue(_ scalar: ScalarText, at node: ModelNode) -> FileValue? {
    if scalar.style == .stored { return .expression(source(scalar)) }
    let text = scalar.text.trimmingWhitespace()
    if text == "true" || text == "True" { return .boolean(true) }
    if text == "false" || text == "False" { return .boolean(false) }
    if text.isEmpty {
      problems.report("a value is missing", at: node)
      return nil
    }
    if !Self.multipliesNumber(text), let quantity = try? Quantity.parse(text) {
      guard quantity.si.isFinite else {
        problems.report("'\(text)' is not a finite number", at: node)
        return nil
      }
      return .quantity(quantity)
    }
    return .expression(source(scalar))
  }

  /// `2*N`, `1/N`: calculations in which a name need not be a unit; `2 N` is a force.
  private static func multipliesNumber(_ text: some StringProtocol) -> Bool {
    let rest = text.drop { $0.isNumber || $0 == "." || $0 == "-" || $0 == "+" || $0 == " " }
    let afterExponent = rest.first == "e" || rest.first == "E" ? rest.dropFirst().drop { $0.isNumber || $0 == "-" || $0 == "+" || $0 == " " } : rest
    return ["*", "/"].contains(afterExponent.first)
  }

  private func arrayValue(_ items: [ModelNode], at node: ModelNode, _ key: String) -> FileValue? {
    if let first = items.first, first.items != nil { return matrixValue(items, at: node, key) }
    var values: [Double] = []
    var dimension: Dimension?
    for item in items {
      guard let quantity = quantity(item, key) else { return nil }
      if let dimension, dimension != quantity.dimension, !(quantity.si == 0 && quantity.dimension == .dimensionless) {
        problems.report("'\(key)' mixes values in \(dimension) and in \(quantity.dimension)", at: item)
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

  private func mappingValue(_ node: ModelNode, _ key: String, atMost count: Int?) -> FileValue? {
    if node["hdf5"] != nil { return fileValue(node, key, atMost: count) }
    let tables = [
      ("values", KeyTable(required: ["values"], optional: ["unit"])),
      ("start", KeyTable(required: ["start", "stop"], optional: ["count", "step"])),
    ]
    guard let (kind, table) = tables.first(where: { node[$0.0] != nil }) else {
      problems.report(
        "'\(key)' is a value, found a mapping", at: node,
        hint: "forms: {values: [1, 2], unit: mV}, {start: 0 Hz, stop: 50 Hz, count: 11}, {hdf5: data.h5, dataset: /x, unit: Hz}")
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
    case .quantity, .boolean, .expression:
      problems.report("'values' is a list, found \(values.kindName)", at: values)
      return nil
    }
  }

  private func ramp(_ field: (String) -> ModelNode?, _ node: ModelNode, _ key: String) -> FileValue? {
    guard let startNode = field("start"), let stopNode = field("stop"), let start = quantity(startNode, "start"),
      let stop = quantity(stopNode, "stop")
    else { return nil }
    guard start.dimension == stop.dimension || start.si == 0 || stop.si == 0 else {
      problems.report("'start' is in \(start.dimension), 'stop' in \(stop.dimension)", at: stopNode)
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

  private func fileValue(_ node: ModelNode, _ key: String, atMost count: Int?) -> FileValue? {
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
    guard let array = arrays(request, at: node, key, atMost: count)?.first, let values = quantities(array, in: given, request, at: node, key) else { return nil }
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
    guard let arrays = arrays(request, at: node, key, atMost: nil), arrays.count == 2, let times = quantities(arrays[1], in: nil, request, at: node, key) else {
      return nil
    }
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
    if let request = Self.fileRequest(node) {
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

  private func unit(_ node: ModelNode) -> Quantity? {
    guard let text = node.scalar?.text else {
      problems.report("a unit is a text such as mV, found \(node.kindName)", at: node)
      return nil
    }
    do { return try parseUnit(text) } catch {
      problems.report("\(error)", at: node)
      return nil
    }
  }

  // ------------------------------------------------------------------------------------------------------------ constants

  /// A scalar known now: a quantity, or an expression of constants. `dimension` nil: any.
  func quantity(_ node: ModelNode, _ key: String, _ dimension: Dimension? = nil) -> Quantity? {
    guard let value = value(node, key, atMost: 1) else { return nil }
    var found: Quantity
    switch value {
    case .quantity(let quantity): found = quantity
    case .boolean(let boolean):
      problems.report("'\(key)' is a number, found \(boolean)", at: node)
      return nil
    case .array, .matrix:
      problems.report("'\(key)' is one value, found a list", at: node)
      return nil
    case .expression(let source):
      guard let result = constant(source, at: node, key) else { return nil }
      guard case .quantity(let quantity) = result else {
        if case .integer(let integer) = result {
          found = Quantity(Double(integer), .dimensionless)
          break
        }
        problems.report("'\(key)' is a number, found a boolean", at: node)
        return nil
      }
      found = quantity
    }
    if let dimension, found.dimension != dimension {
      // A bare 0 passes for any unit (MDL-20).
      guard found.si == 0, found.dimension == .dimensionless else {
        problems.report(
          "'\(key)' must be in \(readable(dimension)), found \(found) which is in \(readable(found.dimension))", at: node,
          hint: example(dimension, key))
        return nil
      }
      found = Quantity(0, dimension)
    }
    return found
  }

  func time(_ node: ModelNode, _ key: String) -> Time? {
    quantity(node, key, .time).map { Time(si: $0.si) }
  }

  func integer(_ node: ModelNode, _ key: String) -> Int? {
    guard let quantity = quantity(node, key) else { return nil }
    guard quantity.dimension == .dimensionless, let value = Int(exactly: quantity.si) else {
      problems.report("'\(key)' is an integer, found \(node.kindName)", at: node)
      return nil
    }
    return value
  }

  func boolean(_ node: ModelNode, _ key: String) -> Bool? {
    if case .boolean(let value)? = value(node, key, atMost: 1) { return value }
    problems.report("'\(key)' is true or false, found \(node.kindName)", at: node)
    return nil
  }

  func array(_ node: ModelNode, _ key: String, _ dimension: Dimension? = nil) -> QuantityArray? {
    guard let value = value(node, key) else { return nil }
    switch value {
    case .array(var array):
      if let dimension, array.dimension != dimension {
        guard array.dimension == .dimensionless, array.si.allSatisfy({ $0 == 0 }) else {
          problems.report(
            "'\(key)' must be in \(readable(dimension)), found values in \(readable(array.dimension))", at: node, hint: example(dimension, key))
          return nil
        }
        array = QuantityArray(si: array.si, dimension: dimension)
      }
      return array
    case .quantity, .expression:
      return quantity(node, key, dimension).map { QuantityArray(si: [$0.si], dimension: $0.dimension) }
    case .boolean, .matrix:
      problems.report("'\(key)' is a list of numbers, found \(node.kindName)", at: node)
      return nil
    }
  }

  func integers(_ node: ModelNode, _ key: String) -> [Int]? {
    guard let array = array(node, key, .dimensionless) else { return nil }
    var result: [Int] = []
    result.reserveCapacity(array.si.count)
    for value in array.si {
      guard let integer = Int(exactly: value) else {
        problems.report("'\(key)' has integers, found \(value)", at: node)
        return nil
      }
      result.append(integer)
    }
    return result
  }

  /// The value of an expression of constants, units and functions without random numbers (MDL-11).
  func constant(_ source: SourceText, at node: ModelNode, _ key: String) -> Namespace.Entry? {
    do {
      return try ConstantExpression(source, constants: constants).value
    } catch let error as Problems {
      report(error)
    } catch {
      problems.report("'\(key)': \(error)", at: node)
    }
    return nil
  }

  /// Problems of a model text, at their places in the file.
  func report(_ found: Problems) {
    for problem in found.problems where problem.severity == .error {
      let place = found.source.place(of: problem.span.lower)
      var message = problem.message
      if !problem.expected.isEmpty { message += "; expected " + problem.expected.joined(separator: " or ") }
      if let what = problem.found { message += "; found " + what }
      let length = found.source[problem.span].split(separator: "\n").first?.count ?? 1
      problems.report(
        message, at: FilePlace(line: place.line, column: place.column ?? 1), length: max(1, length), hint: problem.hint)
    }
  }

  private func readable(_ dimension: Dimension) -> String { dimension == .dimensionless ? "a plain number" : "\(dimension)" }

  private func example(_ dimension: Dimension, _ key: String) -> String? {
    switch dimension {
    case .time: "write for example '\(key): 0.1 ms'"
    case .frequency: "write for example '\(key): 10 Hz'"
    default: nil
    }
  }
}
