internal import EngramCheckpoints
internal import EngramExport
internal import EngramModel
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// Synapses in a checkpoint, to find some of them by their ends: `S.w[1, :]` means here what it means in a model file.
struct SynapsesOfCheckpoint {
  let name: String
  private let open: OpenCheckpoint
  private let description: SynapsesDescription

  /// - Parameter owner: the synapses, or a part of them such as a pathway.
  init?(owner: String, in open: OpenCheckpoint) {
    func synapses(_ name: String?) -> (name: String, SynapsesDescription)? {
      let object = open.network.objects.first { $0.name == name }
      guard let object, case .synapses(let description)? = object.description?.kind else { return nil }
      return (object.name, description)
    }
    let object = open.network.objects.first { $0.name == owner }
    guard let (name, description) = synapses(owner) ?? synapses(object?.owner) else { return nil }
    (self.name, self.open, self.description) = (name, open, description)
  }

  private func ends(_ variable: String) -> StoredValues? { StoredValues(StoredKey(name, variable), in: open.arrays) }

  func hasValuePerSynapse(_ values: StoredValues) -> Bool {
    !values.isScalar && !values.shape.isRecording && values.shape.rowLength == 1 && values.shape.rows == ends("i")?.shape.rows
  }

  /// The numbers of the synapses between two sets of elements, ascending; with a third selector those of them with such a number
  /// among the synapses of their pair.
  func rows(_ selection: [Reference.Selector], _ text: String) throws -> [Range<Int>] {
    var chosen: [Bool]?
    func restrict(_ variable: String, _ selector: Reference.Selector, count: Int?) throws {
      if case .slice(nil, nil) = selector { return }
      guard let values = ends(variable) else { return }
      var numbers: [Int] = []
      try values.forEach(rows: 0..<values.shape.rows) { if case .integer(let number) = $0 { numbers.append(Int(number)) } }
      let limit = count ?? (numbers.max() ?? -1) + 1
      let wanted = Set(try Wanted.places(selector, count: limit, text).flatMap { Array($0) })
      chosen = numbers.enumerated().map { (chosen?[$0] ?? true) && wanted.contains($1) }
    }
    try restrict("i", selection[0], count: elementCount(description.source))
    try restrict("j", selection[1], count: elementCount(description.target ?? description.source))
    if selection.count > 2 {
      guard selection.count == 3, let index = description.multisynapticIndex else {
        throw CommandError("'\(text)': a third number is that of a synapse among those of its pair, which needs a multisynaptic index")
      }
      try restrict(index, selection[2], count: nil)
    }
    let count = ends("i")?.shape.rows ?? 0
    guard let chosen else { return [0..<count] }
    return chosen.indices.filter { chosen[$0] }.map { $0..<$0 + 1 }
  }

  /// Elements of a group, or of a part of it (`P[2:5]`).
  private func elementCount(_ reference: GroupReference) -> Int? {
    if let part = reference.part { return part.count }
    switch open.network.objects.first(where: { $0.name == reference.object })?.description?.kind {
    case .neuronGroup(let group): return group.count
    case .spatialNeuron(let neuron): return neuron.neurons.count
    case .poissonGroup(let group): return group.count
    case .spikeGenerator(let group): return group.count
    case .subgroup(let group): return elementCount(group.part)
    case .synapses, .poissonInput, .stateMonitor, .eventMonitor, .rateMonitor, .pathway, .networkOperation, .other, nil: return nil
    }
  }
}
