internal import EngramCheckpoints
internal import EngramHDF5
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// Recordings: times first, events one after the other (HDF-5).
extension NetworkExporter {
  func writeMonitor(_ object: ExportedNetwork.Object, _ keys: [StoredKey], to group: HDF5Group) throws {
    try describe(object, on: group)
    if let source = object.source {
      try group.set("source", text: source.name)
      try group.set("source_offset", integer: Int64(source.offset))
    }
    let recorded = keys.filter { arrays.shape($0)?.isRecording == true }
    let rows = try timeRows(recorded)
    switch object.role {
    case .stateMonitor(let elements, let perSynapse): try writeTraces(recorded, rows, elements, perSynapse, of: object, to: group)
    case .eventMonitor: try writeEvents(recorded, rows, of: object, to: group)
    case .rateMonitor: try writeRates(recorded, rows, to: group)
    case .group, .synapses, .pathway, .other: break
    }
    try writeRest(keys.filter { arrays.shape($0)?.isRecording == false }, to: group)
  }

  /// What a monitor has beside its recordings, such as counts per neuron.
  private func writeRest(_ keys: [StoredKey], to group: HDF5Group) throws {
    let count = keys.filter { !isScalar($0) }.compactMap { arrays.shape($0)?.rows }.max()
    var scales = ElementScales(longest: options.longestNumberedDimension)
    // The numbers of what is recorded may have that name already.
    let isNumbered = try !group.contains("neuron")
    for key in keys where key.variable != "neuron" {
      guard let shape = arrays.shape(key) else { continue }
      let places = try places(of: key, count: shape.rows, isPerElement: shape.rows == count)
      let dataset = try writeArray(key, .rows(places, of: shape.rows), to: group, isMatrix: shape.rowLength > 1)
      guard isNumbered, !isScalar(key), shape.rows == count else { continue }
      let scale = try scales.scale("neuron", places, count: places?.count ?? shape.rows, of: key.owner, beside: key.variable, in: group, self)
      try dataset?.attachScale(scale, dimension: 0)
    }
  }

  private func writeTraces(
    _ recorded: [StoredKey], _ rows: Range<Int>, _ elements: [Int]?, _ perSynapse: Bool, of object: ExportedNetwork.Object, to group: HDF5Group
  ) throws {
    var time: HDF5Dataset?
    for key in recorded where key.variable == "t" { time = try writeScale(key, .rows(rows), to: group) }
    let scaleName = perSynapse ? "synapse" : "neuron"
    let traces = recorded.filter { $0.variable != "t" && $0.variable != scaleName }
    var scales: [[Int]: HDF5Dataset] = [:]
    for key in traces {
      guard let width = arrays.shape(key)?.rowLength else { continue }
      var numbers = elements ?? Array(0..<width)
      // The description says less than the recording knows.
      let isNumbered = numbers.count == width
      var part = ArrayPart.rows(rows)
      if isNumbered, let item = selection.item(key), let places = try item.elements.places(numbers: numbers, of: item) {
        part.columns = places
        numbers = places.map { numbers[$0] }
      }
      let dataset = try writeArray(key, part, to: group, isMatrix: true)
      if let time { try dataset?.attachScale(time, dimension: 0) }
      guard isNumbered else { continue }
      if scales[numbers] == nil {
        let name = scales.isEmpty ? scaleName : "\(scaleName)_\(key.variable)"
        let saysNoMore = numbers.count > options.longestNumberedDimension && numbers == Array(0..<numbers.count)
        let scale =
          saysNoMore
          ? try writeDimension(name, numbers.count, to: group)
          : try writeNumbers(name, numbers.map(Int64.init), to: group, longName: "number of the \(scaleName) in the source")
        scales[numbers] = scale
        // A part counts from 0, the whole group does not: both are there.
        if !perSynapse, let source = object.source, source.offset > 0 {
          let whole = try group.createDataset("\(name)_whole", .int64, shape: [numbers.count])
          try whole.write(numbers.map { Int64($0 + source.offset) })
          try whole.set("units", text: "1")
          try whole.set("long_name", text: "number of the neuron in '\(source.name)'")
          try whole.attachScale(scale, dimension: 0)
        }
      }
      if let scale = scales[numbers] { try dataset?.attachScale(scale, dimension: 1) }
    }
  }

  private func writeEvents(_ recorded: [StoredKey], _ rows: Range<Int>, of object: ExportedNetwork.Object, to group: HDF5Group) throws {
    var parts: [ExportItem?: (part: ArrayPart, scale: HDF5Dataset)] = [:]
    for key in recorded {
      let item = selection.item(key)
      if parts[item] == nil {
        let part = try item.map { try events($0, among: rows, of: object.name) } ?? .rows(rows)
        let name = parts.isEmpty ? "spike" : "spike_\(key.variable)"
        let scale =
          part.rows.count > options.longestNumberedDimension
          ? try writeDimension(name, part.rows.count, to: group)
          : try writeNumbers(name, Array(0..<Int64(part.rows.count)), to: group, longName: "number of the event")
        parts[item] = (part, scale)
      }
      guard let (part, scale) = parts[item] else { continue }
      let dataset = try writeArray(key, part, to: group)
      try dataset?.attachScale(scale, dimension: 0)
      if key.variable == "i", let source = object.source, source.offset > 0, !arrays.isView {
        let whole = try writeWholeIndices(key, part, source, to: group)
        try whole?.attachScale(scale, dimension: 0)
      }
    }
  }

  /// The indices of events counted in the whole group, where the source of a monitor is a part of one.
  private func writeWholeIndices(_ key: StoredKey, _ part: ArrayPart, _ source: (name: String, offset: Int), to group: HDF5Group) throws -> HDF5Dataset? {
    guard let offset = Int32(exactly: source.offset) else { return nil }
    let whole = try group.createDataset("i_whole", .int32, shape: [part.rows.count])
    try whole.set("units", text: "1")
    try whole.set("long_name", text: "index in '\(source.name)'")
    var row = 0
    try arrays.forEachPiece(key, part) { bytes in
      let moved = bytes.withMemoryRebound(to: Int32.self) { $0.map { $0 &+ offset } }
      try moved.withUnsafeBytes { try whole.write(rows: row..<row + moved.count, .int32, from: $0) }
      row += moved.count
    }
    return whole
  }

  /// The events of the wanted elements of the source.
  private func events(_ item: ExportItem, among rows: Range<Int>, of monitor: String) throws -> ArrayPart {
    let key = StoredKey(monitor, "i")
    guard arrays.shape(key)?.scalarType == .int32 else { throw ExportSelectionError.noElements(of: "\(item)") }
    let isWanted = try item.elements.isWanted(item)
    var wanted: [Int] = []
    var row = rows.lowerBound
    try arrays.forEachPiece(key, rows: rows) { bytes in
      bytes.withMemoryRebound(to: Int32.self) { indices in
        for index in indices {
          if isWanted(Int(index)) { wanted.append(row) }
          row += 1
        }
      }
    }
    return .rows(wanted, of: wanted.count)
  }

  private func writeRates(_ recorded: [StoredKey], _ rows: Range<Int>, to group: HDF5Group) throws {
    if let item = recorded.lazy.compactMap({ selection.item($0) }).first { throw ExportSelectionError.noElements(of: "\(item)") }
    var time: HDF5Dataset?
    for key in recorded where key.variable == "t" { time = try writeScale(key, .rows(rows), to: group) }
    for key in recorded where key.variable != "t" {
      let dataset = try writeArray(key, .rows(rows), to: group)
      if let time { try dataset?.attachScale(time, dimension: 0) }
    }
  }

  /// The rows of recordings that fall into the wanted times.
  private func timeRows(_ recorded: [StoredKey]) throws -> Range<Int> {
    let count = recorded.compactMap { arrays.shape($0)?.rows }.max() ?? 0
    guard let wanted = options.timeRange, let key = recorded.first(where: { $0.variable == "t" }) else { return 0..<count }
    var lower = 0
    var upper = 0
    var row = 0
    try arrays.forEachPiece(key, rows: 0..<count) { bytes in
      bytes.withMemoryRebound(to: Double.self) { times in
        for time in times {
          if time < wanted.lowerBound { lower = row + 1 }
          if time <= wanted.upperBound { upper = row + 1 }
          row += 1
        }
      }
    }
    return lower..<max(lower, upper)
  }
}
