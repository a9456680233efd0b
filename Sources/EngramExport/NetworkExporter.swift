package import EngramHDF5
internal import EngramScalars
internal import EngramStorage
internal import EngramUnits

/// Writes one state of a network below a group of an HDF5 file, in the layout of HDF-2…7.
///
/// Arrays pass through in pieces: memory does not grow with their size (HDF-9).
package struct NetworkExporter {
  private let network: ExportedNetwork
  private let arrays: any ExportArrays
  private let options: ExportOptions
  private let objectsByName: [String: ExportedNetwork.Object]

  package static let formatName = "engram"
  package static let formatVersion = "1.0"

  package init(_ network: ExportedNetwork, _ arrays: any ExportArrays, options: ExportOptions = ExportOptions()) {
    self.network = network
    self.arrays = arrays
    self.options = options
    objectsByName = Dictionary(network.objects.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package func write(to root: HDF5Group) throws {
    try root.set("format", text: Self.formatName)
    try root.set("format_version", text: Self.formatVersion)
    try root.set("network", text: network.name)
    try root.set("t", number: network.timeSeconds)
    for (name, text) in network.provenance { try root.set(name, text: text) }
    try writeModel(to: root.group("model"))

    let byOwner = Dictionary(grouping: arrays.keys.filter(isWanted), by: \.owner)
    let clockNames = Set(network.clocks.map(\.name))
    // Every first-level group exists, so that readers need not ask.
    let (clocks, objects, recordings) = (try root.group("clocks"), try root.group("objects"), try root.group("recordings"))
    for clock in network.clocks {
      let group = try clocks.group(clock.name)
      if let step = clock.stepSeconds { try group.set("dt", number: step) }
      try write(byOwner[clock.name] ?? [], to: group, scale: nil, skipping: [])
    }
    for owner in byOwner.keys.sorted() where !clockNames.contains(owner) {
      let object = objectsByName[owner]
      let keys = byOwner[owner] ?? []
      if let object, object.isMonitor {
        try writeMonitor(object, keys, to: recordings.group(owner))
      } else {
        try writeObject(object, keys, to: objects.group(owner), below: objects)
      }
    }
    try linkPathways(below: objects)
  }

  private func isWanted(_ key: StoredKey) -> Bool {
    if !options.includesInternal, key.variable.hasPrefix("_") { return false }
    if arrays.metadata(key)?.flags.contains(.scratch) == true, !options.includesInternal { return false }
    guard !options.objects.isEmpty else { return true }
    if case .pathway(let synapses, _)? = objectsByName[key.owner]?.role, options.objects.contains(synapses) { return true }
    return options.objects.contains(key.owner) || network.clocks.contains { $0.name == key.owner }
  }

  private func writeModel(to group: HDF5Group) throws {
    if !network.modelText.isEmpty { try group.createText("text", network.modelText) }
    let constants = try group.group("constants")
    for (name, text) in network.constants { try constants.set(name, text: text) }
    let texts = try group.group("objects")
    for object in network.objects where !object.texts.isEmpty {
      let own = try texts.group(object.name)
      for (key, text) in object.texts { try own.createText(key, text) }
    }
  }

  // ------------------------------------------------------------------------------------------------------------- objects

  private func writeObject(_ object: ExportedNetwork.Object?, _ keys: [StoredKey], to group: HDF5Group, below objects: HDF5Group) throws {
    try describe(object, on: group)
    var scaleName: String? = "neuron"
    if case .synapses(let source, let sourceOffset, let target, let targetOffset)? = object?.role {
      scaleName = "synapse"
      try group.set("source", text: source)
      try group.set("source_offset", integer: Int64(sourceOffset))
      try group.set("target", text: target)
      try group.set("target_offset", integer: Int64(targetOffset))
    } else if case .pathway? = object?.role {
      scaleName = "synapse"
    } else if object == nil || object?.role == .other {
      scaleName = nil
    }
    // Per-element arrays share their length; the longest decides what an element is.
    let perElement = keys.filter { !isScalar($0) && arrays.shape($0)?.rowLength == 1 }
    let count = perElement.compactMap { arrays.shape($0)?.rows }.max()
    var scale: Scale?
    if let scaleName, let count, !perElement.isEmpty, count <= options.longestNumberedDimension {
      if let shared = try scaleOfSynapses(object, scaleName, count: count, below: objects) {
        // The arrays of a pathway also stand in the group of the synapses (HDF-6), and netCDF looks for the scale of an array in
        // its own group and above: so both groups hold the same scale.
        try group.link(scaleName, to: shared)
        scale = Scale(dataset: shared, count: count)
      } else {
        let dataset = try writeNumbers(scaleName, Array(Int64(0)..<Int64(count)), to: group, longName: "number of the \(scaleName)")
        scale = Scale(dataset: dataset, count: count)
      }
    }
    try write(keys, to: group, scale: scale, skipping: scaleName.map { [$0] } ?? [])
  }

  /// The scale of the synapses that a pathway belongs to, if it counts as many.
  private func scaleOfSynapses(_ object: ExportedNetwork.Object?, _ name: String, count: Int, below objects: HDF5Group) throws -> HDF5Dataset? {
    guard case .pathway(let synapses, _)? = object?.role, let owner = try objects.existingGroup(synapses),
      let scale = try owner.dataset(name), scale.shape == [count]
    else { return nil }
    return scale
  }

  /// `<pathway>/delay` inside the group of the synapses, and `delay` for the one of `pre` (HDF-6).
  private func linkPathways(below objects: HDF5Group) throws {
    for object in network.objects {
      guard case .pathway(let synapses, let name) = object.role, let own = try objects.existingGroup(object.name),
        let owner = try objects.existingGroup(synapses)
      else { continue }
      if try !owner.contains(name) { try owner.link(name, to: own) }
      if name == "pre", try !owner.contains("delay"), let delay = try own.dataset("delay") { try owner.link("delay", to: delay) }
    }
  }

  private func describe(_ object: ExportedNetwork.Object?, on group: HDF5Group) throws {
    guard let object else { return }
    try group.set("class", text: object.kind)
    try group.set("clock", text: object.clock)
    try group.set("when", text: object.when)
    try group.set("order", integer: Int64(object.order))
    try group.set("active", integer: object.isActive ? 1 : 0)
  }

  // ------------------------------------------------------------------------------------------------------------ monitors

  private func writeMonitor(_ object: ExportedNetwork.Object, _ keys: [StoredKey], to group: HDF5Group) throws {
    try describe(object, on: group)
    let recorded = keys.filter { arrays.shape($0)?.isRecording == true }
    let rows = try timeRows(recorded)
    switch object.role {
    case .stateMonitor(let elements, let perSynapse): try writeTraces(recorded, rows, elements, perSynapse, to: group)
    case .eventMonitor:
      let count = rows.count
      if count > options.longestNumberedDimension {
        for key in recorded { _ = try writeArray(key, rows: rows, to: group) }
      } else if !recorded.isEmpty {
        let scale = Scale(
          dataset: try writeNumbers("spike", Array(Int64(0)..<Int64(count)), to: group, longName: "number of the event"), count: count)
        for key in recorded { try attach([scale], to: writeArray(key, rows: rows, to: group)) }
      }
    case .rateMonitor:
      var time: HDF5Dataset?
      for key in recorded where key.variable == "t" { time = try writeScale(key, rows: rows, to: group) }
      for key in recorded where key.variable != "t" {
        let dataset = try writeArray(key, rows: rows, to: group)
        if let time { try dataset?.attachScale(time, dimension: 0) }
      }
    case .group, .synapses, .pathway, .other: break
    }
    // What a monitor has beside its recordings, such as counts per neuron.
    let rest = keys.filter { arrays.shape($0)?.isRecording == false }
    let counts = rest.filter { !isScalar($0) }
    if let count = counts.compactMap({ arrays.shape($0)?.rows }).max(), try !group.contains("neuron") {
      let dataset = try writeNumbers("neuron", Array(Int64(0)..<Int64(count)), to: group, longName: "number of the neuron")
      try write(rest, to: group, scale: Scale(dataset: dataset, count: count), skipping: ["neuron"])
    } else {
      try write(rest, to: group, scale: nil, skipping: ["neuron"])
    }
  }

  private func writeTraces(
    _ recorded: [StoredKey], _ rows: Range<Int>, _ elements: [Int]?, _ perSynapse: Bool, to group: HDF5Group
  ) throws {
    var time: HDF5Dataset?
    for key in recorded where key.variable == "t" { time = try writeScale(key, rows: rows, to: group) }
    let traces = recorded.filter { $0.variable != "t" }
    let width = traces.compactMap { arrays.shape($0)?.rowLength }.max() ?? 0
    let numbers = elements?.map(Int64.init) ?? Array(Int64(0)..<Int64(width))
    var elementScale: HDF5Dataset?
    let scaleName = perSynapse ? "synapse" : "neuron"
    if !traces.isEmpty, numbers.count == width {
      elementScale = try writeNumbers(scaleName, numbers, to: group, longName: "number of the \(scaleName) in the source")
    }
    for key in traces where key.variable != scaleName {
      let dataset = try writeArray(key, rows: rows, to: group, isMatrix: true)
      if let time { try dataset?.attachScale(time, dimension: 0) }
      if let elementScale { try dataset?.attachScale(elementScale, dimension: 1) }
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

  // -------------------------------------------------------------------------------------------------------------- arrays

  private struct Scale {
    let dataset: HDF5Dataset
    let count: Int
  }

  private func isScalar(_ key: StoredKey) -> Bool { arrays.metadata(key)?.flags.contains(.scalar) == true }

  private func write(_ keys: [StoredKey], to group: HDF5Group, scale: Scale?, skipping: Set<String>) throws {
    for key in keys where !skipping.contains(key.variable) {
      guard let shape = arrays.shape(key) else { continue }
      let dataset = try writeArray(key, rows: 0..<shape.rows, to: group, isMatrix: shape.rowLength > 1)
      if let scale, !isScalar(key), shape.rows == scale.count { try attach([scale], to: dataset) }
    }
  }

  private func attach(_ scales: [Scale], to dataset: HDF5Dataset?) throws {
    for (dimension, scale) in scales.enumerated() { try dataset?.attachScale(scale.dataset, dimension: dimension) }
  }

  /// The array of a key as the coordinates of a dimension of the same name.
  private func writeScale(_ key: StoredKey, rows: Range<Int>, to group: HDF5Group) throws -> HDF5Dataset? {
    let dataset = try writeArray(key, rows: rows, to: group)
    try dataset?.makeScale(key.variable)
    return dataset
  }

  private func writeNumbers(_ name: String, _ numbers: [Int64], to group: HDF5Group, longName: String) throws -> HDF5Dataset {
    let dataset = try group.createDataset(name, .int64, shape: [numbers.count], layout: layout(shape: [numbers.count]))
    try dataset.write(numbers)
    try dataset.set("units", text: "1")
    try dataset.set("long_name", text: longName)
    try dataset.makeScale(name)
    return dataset
  }

  private func writeArray(_ key: StoredKey, rows: Range<Int>, to group: HDF5Group, isMatrix: Bool = false) throws -> HDF5Dataset? {
    guard let found = arrays.shape(key) else { return nil }
    let scalar = isScalar(key) && !found.isRecording && found.rows == 1 && found.rowLength == 1
    let shape = scalar ? [] : (isMatrix ? [rows.count, found.rowLength] : [rows.count * found.rowLength])
    if rows == 0..<found.rows, !rows.isEmpty, let pieces = try arrays.pieces(key, shape: shape) {
      let view = try group.createVirtual(key.variable, found.scalarType, shape: shape, pieces: pieces)
      try annotate(view, key, found.scalarType)
      return view
    }
    let dataset = try group.createDataset(key.variable, found.scalarType, shape: shape, layout: layout(shape: shape))
    try annotate(dataset, key, found.scalarType)
    var row = 0
    let rowBytes = max(1, (isMatrix ? found.rowLength : 1) * found.scalarType.byteCount)
    try arrays.forEachPiece(key, rows: rows) { bytes in
      // The library converts nothing: bytes go out as they are (HDF-10).
      var done = 0
      while done < bytes.count {
        let part = min(bytes.count - done, max(rowBytes, Self.pieceByteCount / rowBytes * rowBytes))
        let count = part / rowBytes
        try dataset.write(rows: row..<row + count, found.scalarType, from: UnsafeRawBufferPointer(rebasing: bytes[done..<done + part]))
        row += count
        done += part
      }
    }
    return dataset
  }

  private static let pieceByteCount = 8 << 20

  private func layout(shape: [Int]) -> HDF5Layout {
    guard options.isChunked, let rows = shape.first, rows > 0, shape.allSatisfy({ $0 > 0 }) else { return .contiguous }
    // About 512 KiB a chunk: 1024 × 64 serves both one trace and one time slice.
    return .chunked(shape: shape.count == 2 ? [min(rows, 1024), min(shape[1], 64)] : [min(rows, 65536)], level: 1)
  }

  private func annotate(_ dataset: HDF5Dataset, _ key: StoredKey, _ type: ScalarType) throws {
    try dataset.set("long_name", text: "\(key.owner).\(key.variable)")
    try dataset.set("owner", text: key.owner)
    if let metadata = arrays.metadata(key) {
      let unit = Dimension(exponents: metadata.dimension).flatMap { $0.isDimensionless ? nil : $0.unitSymbol } ?? metadata.unit
      try dataset.set("units", text: unit)
      try dataset.set("dimension", numbers: metadata.dimension)
      try dataset.set("read_only", integer: metadata.flags.contains(.readOnly) ? 1 : 0)
      try dataset.set("constant", integer: metadata.flags.contains(.constant) ? 1 : 0)
    }
    if type == .bool {
      try dataset.set("flag_values", bytes: [0, 1])
      try dataset.set("flag_meanings", text: "false true")
    }
  }
}
