internal import EngramCheckpoints
internal import EngramKernels
public import EngramModels
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// A model file as it was understood, down to the kernels (MDL-7): nothing is executed.
public struct Explanation {
  /// One kernel: a piece of code of an object, lowered.
  public struct Code: Sendable, Hashable {
    /// The name of the object whose code it is.
    public let object: String
    /// What the code is for: "stateupdate", "threshold", ….
    public let purpose: String
    /// The kernel's operations.
    public let program: String
  }

  /// The name of the network.
  public let name: String
  /// Groups and other owners of code.
  public let models: NetworkExplanation
  /// What a step executes, in order.
  public let schedule: SchedulingSummary
  /// All code that a step runs, lowered, in the order of the network.
  public let kernels: [Code]
  /// What monitors of states and rates add in a second of network time.
  public let recordedPerSecond: RecordingSize
  /// What the arrays of each object take, the greatest first [bytes]; synapses that steps connect are not among them.
  public let arrayBytes: [(object: String, byteCount: Int)]
  /// The file with defaults filled in; loads as the same network.
  public let fileText: String
  /// The same with everything else as comments.
  public let annotatedText: String
  package let descriptions: [ObjectDescription]

  /// Makes the network of the file in the current scope and prepares it as a run would.
  ///
  /// - Parameter checksMemory: whether a model that takes more memory than there is, is refused.
  package init(
    _ file: ModelFile, constants: [(name: String, text: String)] = [], files: any ArrayFileReader, checksMemory: Bool = true
  ) throws {
    let file = Experiment.replacing(try Experiment.checkedConstants(constants, in: file), in: file)
    let inputs = InputArrays(files)
    let stepsAct = Rehearsal.needsOwnNetwork(file.steps)
    let needs = try (stepsAct ? Experiment.rehearse(file, files: inputs, runsOn: false) : Rehearsal.findings(of: file, files: inputs)).memory
    if checksMemory, let needs { try MemoryCheck.check(needs, Experiment.Options()) }
    let (_, network, builder) = try Experiment.make(file, seed: Experiment.seed(of: file, files: inputs), inputs: inputs)
    // Steps connect and link what the objects leave open; the rehearsal has shown that they do.
    if stepsAct { for case let synapses as Synapses in network.objects { synapses.assumeConnected() } }
    var kernels: [Code] = []
    let (models, problems) = network.explanation(namespace: RunNamespaces(file.steps, builder).distinct.first ?? builder.namespace) { prepared, code in
      kernels.append(Code(object: code.object, purpose: prepared.program.purpose, program: prepared.program.description))
    }
    builder.report(problems.filter { !stepsAct || !Explanation.isUnlinked($0) })
    try builder.throwProblems(text: file.text)
    self.models = models
    self.kernels = kernels
    name = network.name
    schedule = network.schedulingSummary
    descriptions = network.descriptions(of: network.allObjects)
    let names = Dictionary(builder.items.map { ($1.place, $0) }) { min($0, $1) }
    func text(_ remarks: @escaping (String) -> [String]) -> String {
      var writer = ModelFileWriter(
        file, constants: builder.namespace, schedule: network.schedule, stepSeconds: (try? Environment.checkedCurrent().defaultClock)?.stepSeconds,
        nameAt: { names[$0] }, remarks: remarks)
      return writer.text()
    }
    fileText = text { _ in [] }
    recordedPerSecond = network.recordingSize(for: 1 * second)
    arrayBytes = Explanation.arrayBytes(network)
    annotatedText = text { models[$0]?.lines ?? [] } + Explanation.remarks(schedule, recordedPerSecond, arrayBytes, kernels)
  }

  private static func isUnlinked(_ error: any Error) -> Bool {
    switch error {
    case VariableError.notLinked, MonitorError.notRecordable: true
    case let error as BrianObjectError: isUnlinked(error.underlying)
    default: false
    }
  }

  private static func arrayBytes(_ network: Network) -> [(object: String, byteCount: Int)] {
    var seen: Set<UInt64> = []
    let all = network.allObjects.compactMap { object -> (object: String, byteCount: Int)? in
      guard let owner = object as? any VariableOwner else { return nil }
      let columns = owner.variables.owned(by: owner).compactMap { $0.1.array?.column }.filter { seen.insert($0.identity).inserted }
      return (object.name, columns.reduce(0) { $0 + $1.byteCount })
    }
    return all.filter { $0.byteCount > 0 }.sorted { ($1.byteCount, $0.object) < ($0.byteCount, $1.object) }
  }

  private static func remarks(
    _ schedule: SchedulingSummary, _ size: RecordingSize, _ arrays: [(object: String, byteCount: Int)], _ kernels: [Code]
  ) -> String {
    var lines = ["", "schedule of each step:"] + schedule.description.split(separator: "\n").map { "  \($0)" }
    if !size.items.isEmpty { lines += ["", "recorded in a second of network time, beside spikes and events: \(size)"] }
    let parts = arrays.prefix(8).map { "\($0.object) \(byteText($0.byteCount))" }.joined(separator: ", ")
    if !arrays.isEmpty { lines += ["", "memory for arrays: \(byteText(arrays.reduce(0) { $0 + $1.byteCount })) (\(parts)\(arrays.count > 8 ? ", …" : ""))"] }
    lines += ["", "kernels:"]
    for kernel in kernels { lines += ["  \(kernel.object)"] + kernel.program.split(separator: "\n").map { "    \($0)" } }
    return lines.map { $0.isEmpty ? "#" : "# \($0)" }.joined(separator: "\n") + "\n"
  }
}
