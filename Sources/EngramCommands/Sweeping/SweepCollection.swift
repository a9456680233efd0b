internal import EngramCheckpoints
internal import EngramExport
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// The results of one run in numbers: what its monitors say of the time since it began, final values, and what was asked for.
struct SweepCollection {
  /// Heads of columns and their numbers, in order.
  private(set) var values: [(title: String, value: Double)] = []
  private let open: OpenCheckpoint
  private let startSeconds: Double
  private let endSeconds: Double

  /// - Parameter path: the run directory; its newest checkpoint is what is looked at.
  init(of path: String, collecting expressions: [CollectedExpression]) throws {
    let directory = try RunDirectory.opened(path, .read)
    let all = try directory.list()
    open = try CheckpointReference(directory: path, name: nil).look()
    // What came before the branch is the same for all conditions.
    let line = open.loaded.info.line
    startSeconds = all.last { $0.kind == .branch && $0.line == line }?.networkSeconds ?? 0
    endSeconds = open.network.timeSeconds
    values.append(("t [s]", endSeconds))
    for object in open.network.objects where object.owner == nil { try collect(object) }
    for expression in expressions { try collect(expression) }
  }

  private mutating func collect(_ object: StoredNetwork.Object) throws {
    guard let description = object.description else { return }
    switch description.kind {
    case .eventMonitor: try events(object.name)
    case .rateMonitor: try rate(object.name)
    case .stateMonitor:
      for key in open.arrays.keys where key.owner == object.name && key.variable != "t" && open.arrays.shape(key)?.isRecording == true {
        try finalValue(object.name, key.variable)
      }
    case .neuronGroup, .spatialNeuron, .synapses, .poissonGroup, .poissonInput, .spikeGenerator, .subgroup, .pathway, .networkOperation, .other: break
    }
  }

  /// Where in recorded times the run began.
  private func firstRow(_ times: StoredValues) throws -> Int {
    var row = 0
    try times.forEach(rows: 0..<times.shape.rows) { if $0.asDouble < startSeconds { row += 1 } }
    return row
  }

  private mutating func events(_ name: String) throws {
    guard let counts = StoredValues(StoredKey(name, "count"), in: open.arrays) else { return }
    var count = 0.0
    if let times = StoredValues(StoredKey(name, "t"), in: open.arrays) {
      count = Double(times.shape.rows - (try firstRow(times)))
    } else {
      guard startSeconds == 0 else { return }
      try counts.forEach(rows: 0..<counts.shape.rows) { count += $0.asDouble }
    }
    values.append(("\(name).count", count))
    let seconds = endSeconds - startSeconds
    if seconds > 0, counts.shape.rows > 0 { values.append(("\(name).rate [Hz]", count / seconds / Double(counts.shape.rows))) }
  }

  private mutating func rate(_ name: String) throws {
    guard let rates = StoredValues(StoredKey(name, "rate"), in: open.arrays), let times = StoredValues(StoredKey(name, "t"), in: open.arrays) else { return }
    let first = min(try firstRow(times), rates.shape.rows)
    guard first < rates.shape.rows else { return }
    values.append(("\(name).rate [Hz]", try rates.statistics([first..<rates.shape.rows]).mean))
  }

  private mutating func finalValue(_ name: String, _ variable: String) throws {
    guard let recorded = StoredValues(StoredKey(name, variable), in: open.arrays), recorded.shape.rows > 0 else { return }
    let last = recorded.shape.rows - 1
    let statistics = try recorded.statistics([last..<last + 1])
    guard !statistics.isEmpty else { return }
    values.append((Self.title("\(name).\(variable) at end", recorded.dimension), statistics.mean))
  }

  private mutating func collect(_ expression: CollectedExpression) throws {
    let quantity = try expression.value(of: expression.parts.map(value))
    values.append((Self.title(expression.name, quantity.dimension), quantity.si))
  }

  private func value(_ part: CollectedExpression.Part) throws -> Quantity {
    guard case .variable(let values, let rows, let columns) = try Wanted(part.text, in: open) else {
      throw CommandError("'\(part.text)' is an object; a number is collected of one of its variables")
    }
    var statistics = Statistics()
    var (sum, first, last) = (0.0, Double.nan, Double.nan)
    let wanted = columns.map(Set.init)
    for part in rows {
      var place = 0
      try values.forEach(rows: part) { number in
        defer { place += 1 }
        guard wanted?.contains(place % max(1, values.shape.rowLength)) ?? true else { return }
        if statistics.count == 0 { first = number.asDouble }
        statistics.add(number.asDouble)
        (sum, last) = (sum + number.asDouble, number.asDouble)
      }
    }
    let isEmpty = statistics.isEmpty
    let number: Double
    switch part.reduction {
    case .count: return Quantity(Double(statistics.count), .dimensionless)
    case .mean: number = isEmpty ? .nan : statistics.mean
    case .std: number = isEmpty ? .nan : statistics.deviation
    case .min: number = isEmpty ? .nan : statistics.minimum
    case .max: number = isEmpty ? .nan : statistics.maximum
    case .sum: number = sum
    case .first: number = first
    case .last: number = last
    case .value:
      guard statistics.count == 1 else {
        throw CommandError("'\(part.text)' has \(statistics.count) values; choose one, as in '\(values.key)[0]', or say mean(\(part.text)), sum(…), last(…)")
      }
      number = first
    }
    return Quantity(number, values.dimension)
  }

  private static func title(_ name: String, _ dimension: Dimension) -> String {
    dimension.isDimensionless ? name : "\(name) [\(dimension.unitSymbol)]"
  }
}
