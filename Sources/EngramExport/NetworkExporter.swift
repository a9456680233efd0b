package import EngramCheckpoints
package import EngramHDF5
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// Writes one state of a network below a group of an HDF5 file, in the layout of HDF-2…7.
///
/// Arrays pass through in pieces: memory does not grow with their size (HDF-9).
package struct NetworkExporter {
  let network: ExportedNetwork
  let arrays: any ExportArrays
  let options: ExportOptions
  let selection: ExportSelection
  private let objectsByName: [String: ExportedNetwork.Object]

  package static let formatName = "engram"
  package static let formatVersion = "1.0"

  /// - Throws: ``ExportSelectionError`` when what was chosen is not there.
  package init(_ network: ExportedNetwork, _ arrays: any ExportArrays, options: ExportOptions = ExportOptions()) throws {
    self.network = network
    self.arrays = arrays
    self.options = options
    selection = try ExportSelection(options, of: network, arrays)
    objectsByName = Dictionary(network.objects.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package func write(to root: HDF5Group) throws {
    try root.set("format", text: Self.formatName)
    try root.set("format_version", text: Self.formatVersion)
    try root.set("network", text: network.name)
    try root.set("t", number: network.timeSeconds)
    for (name, text) in network.provenance { try root.set(name, text: text) }
    try writeModel(to: root.group("model"))

    let byOwner = Dictionary(grouping: arrays.keys.filter(selection.contains), by: \.owner)
    let clockNames = Set(network.clocks.map(\.name))
    // Every first-level group exists, so that readers need not ask.
    let (clocks, objects, recordings) = (try root.group("clocks"), try root.group("objects"), try root.group("recordings"))
    for clock in network.clocks {
      let group = try clocks.group(clock.name)
      if let step = clock.stepSeconds { try group.set("dt", number: step) }
      for key in byOwner[clock.name] ?? [] { try writeWhole(key, to: group) }
    }
    var scales = ElementScales(longest: options.longestNumberedDimension)
    for owner in byOwner.keys.sorted() where !clockNames.contains(owner) {
      let object = objectsByName[owner]
      let keys = byOwner[owner] ?? []
      if let object, object.isMonitor {
        try writeMonitor(object, keys, to: recordings.group(owner))
      } else {
        try writeObject(object, keys, to: objects.group(owner), &scales)
      }
    }
    try linkPathways(below: objects)
  }

  private func writeModel(to group: HDF5Group) throws {
    if !network.modelText.isEmpty { try group.createText("text", network.modelText) }
    let constants = try group.group("constants")
    for constant in network.constants {
      try constants.set(constant.name, text: constant.text)
      if let numbers = constant.numbers { try writeConstant(constant.name, numbers, to: constants) }
    }
    let texts = try group.group("objects")
    for object in network.objects where !object.texts.isEmpty {
      let own = try texts.group(object.name)
      for (key, text) in object.texts { try own.createText(key, text) }
    }
  }

  /// A number, or a row of numbers, with its unit.
  private func writeConstant(_ name: String, _ numbers: ExportedNetwork.Numbers, to group: HDF5Group) throws {
    let count = numbers.values.count
    let dataset = try group.createDataset(name, .float64, shape: numbers.isSingle ? [] : [count])
    try numbers.values.withUnsafeBytes { try dataset.write(rows: 0..<count, .float64, from: $0) }
    try dataset.set("units", text: Dimension(exponents: numbers.exponents)?.unitSymbol ?? "")
    try dataset.set("dimension", numbers: numbers.exponents)
    // A row has a dimension of its own: some readers of netCDF ask for one.
    if !numbers.isSingle, network.constants.allSatisfy({ $0.name != "\(name)_element" }) {
      try dataset.attachScale(writeDimension("\(name)_element", count, to: group), dimension: 0)
    }
  }

  // ------------------------------------------------------------------------------------------------------------- objects

  private func writeObject(_ object: ExportedNetwork.Object?, _ keys: [StoredKey], to group: HDF5Group, _ scales: inout ElementScales) throws {
    try describe(object, on: group)
    var scaleName: String? = "neuron"
    // The arrays of a pathway also stand in the group of the synapses (HDF-6), and netCDF looks for the scale of an array in its own
    // group and above: so both groups hold the same scale.
    var family = object?.name ?? ""
    switch object?.role {
    case .synapses(let source, let sourceOffset, let target, let targetOffset):
      scaleName = "synapse"
      try group.set("source", text: source)
      try group.set("source_offset", integer: Int64(sourceOffset))
      try group.set("target", text: target)
      try group.set("target_offset", integer: Int64(targetOffset))
    case .pathway(let synapses, _):
      scaleName = "synapse"
      family = synapses
    case .group, .stateMonitor, .eventMonitor, .rateMonitor: break
    case .other, nil: scaleName = nil
    }
    // Per-element arrays share their length; the longest decides what an element is.
    let count = keys.filter { !isScalar($0) && arrays.shape($0)?.rowLength == 1 }.compactMap { arrays.shape($0)?.rows }.max()
    for key in keys where key.variable != scaleName {
      guard let shape = arrays.shape(key) else { continue }
      let places = try places(of: key, count: shape.rows, isPerElement: shape.rows == count)
      let dataset = try writeArray(key, .rows(places, of: shape.rows), to: group, isMatrix: shape.rowLength > 1)
      guard let scaleName, !isScalar(key), shape.rows == count else { continue }
      let numbers = arrays.numbers(key).map { numbers in places.map { $0.map { numbers[$0] } } ?? numbers } ?? places
      let scale = try scales.scale(scaleName, numbers, count: places?.count ?? shape.rows, of: family, beside: key.variable, in: group, self)
      try dataset?.attachScale(scale, dimension: 0)
    }
  }

  /// The elements that go out of an array with a value per element; nil: all.
  func places(of key: StoredKey, count: Int, isPerElement: Bool) throws -> [Int]? {
    guard let item = selection.item(key) else { return nil }
    let isNamed = item.names.last == key.variable
    if isScalar(key) || !isPerElement && !isNamed {
      if isNamed { throw ExportSelectionError.noElements(of: "\(item)") }
      return nil
    }
    return try item.elements.places(count: count, of: item)
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

  func describe(_ object: ExportedNetwork.Object?, on group: HDF5Group) throws {
    guard let object else { return }
    try group.set("class", text: object.kind)
    try group.set("clock", text: object.clock)
    try group.set("when", text: object.when)
    try group.set("order", integer: Int64(object.order))
    try group.set("active", integer: object.isActive ? 1 : 0)
  }
}
