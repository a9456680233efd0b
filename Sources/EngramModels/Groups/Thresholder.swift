internal import EngramExpressions
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage

/// Finds the elements that meet the condition of an event in each step.
public final class Thresholder: BrianObject {
  /// The event that it finds.
  public let event: EventName
  private let whole: Whole<Group>
  let condition: Expression
  let list: EventList
  /// What a spike does to a group with refractoriness (REF-5).
  private let refractory: RefractoryState?
  /// The only element that is looked at; nil: all of them.
  private let onlyElement: Int?
  /// The text of the condition, for messages.
  private let source: SourceText?
  private var kernel: PreparedKernel?
  private var elements = 0..<0
  /// Where the group is divided among processes: each finds the events of its part.
  private var distribution: Distribution?

  init(
    of group: Group, event: EventName, condition: Expression, list: EventList, refractory: RefractoryState?, when: Slot, order: Int,
    name: String, onlyElement: Int? = nil, source: SourceText? = nil
  ) throws {
    self.source = source
    self.onlyElement = onlyElement
    self.event = event
    whole = Whole(group)
    self.condition = condition
    self.list = list
    self.refractory = refractory
    try super.init(clock: group.clock, when: when, order: order, name: ObjectName(validating: name))
  }

  public override func beforeRun(_ context: RunContext) throws {
    let group = try whole.required(by: self)
    if !context.isResumption { list.count = 0 }
    var request = CodeRequest(.condition(condition), owner: group, objectName: name, purpose: "threshold", clock: clock)
    request.source = source
    let kernel = try context.kernel(for: request)
    refractory?.prepare(context, group.ownDivision)
    distribution = context.distribution
    elements = onlyElement.map { $0..<$0 + 1 } ?? group.elementOffset..<group.elementOffset + group.elementCount
    self.kernel = try joinsUpdater(of: group, kernel, context) ? nil : kernel
  }

  /// Lets the state updater look for the events while it has the values at hand: where nothing runs between the two but the
  /// state updaters of other groups, and these write nothing that the condition looks at.
  private func joinsUpdater(of group: Group, _ kernel: PreparedKernel, _ context: RunContext) throws -> Bool {
    guard onlyElement == nil, let updater = (group as? NeuronGroup)?.stateUpdater, let first = updater.kernel, updater.canBeJoined, !updater.isJoined,
      let between = context.objects(between: updater, and: self), between.allSatisfy({ ($0 as? StateUpdater)?.canBeJoined == true }),
      let joined = try context.kernel(
        first, selecting: kernel, between: between.compactMap { ($0 as? StateUpdater)?.kernel })
    else { return false }
    updater.join(joined, into: list)
    return true
  }

  public override func run() throws {
    if let kernel { list.count = try kernel.select(elements, into: list.base) }
    if let distribution { list.count = try distribution.exchange(list.base, count: list.count, capacity: list.capacity) }
    refractory?.noteSpikes(list.elements, seconds: clock.timeSeconds)
  }

  public override func afterRun() { list.count = 0 }

  public override func afterPause() {}

  public override func customState() throws -> [UInt8]? { list.stored }

  public override func prepareRestore(customState: [UInt8]?) throws -> () -> Void {
    guard let events = list.decoded(customState) else { throw GroupError.damagedEvents(object: name) }
    return { [list] in list.assign(events) }
  }
}

/// The two variables of refractoriness.
final class RefractoryState {
  let notRefractory: ArrayVariable
  let lastSpike: ArrayVariable
  private var isFree: UnsafeMutablePointer<UInt8>?
  private var spikeSeconds: UnsafeMutablePointer<Double>?

  init(notRefractory: ArrayVariable, lastSpike: ArrayVariable) {
    self.notRefractory = notRefractory
    self.lastSpike = lastSpike
  }

  /// Once per run: the columns are where they stay, and will be written.
  func prepare(_ context: RunContext, _ division: Division?) {
    if let division { for variable in [notRefractory, lastSpike] { context.noteOwnWrite(of: variable, division) } }
    context.noteWrites { [notRefractory, lastSpike] in
      notRefractory.column.touch()
      lastSpike.column.touch()
    }
    isFree = notRefractory.column.base.assumingMemoryBound(to: UInt8.self)
    spikeSeconds = lastSpike.column.base.assumingMemoryBound(to: Double.self)
  }

  @inline(__always)
  func noteSpikes(_ elements: UnsafeBufferPointer<Int32>, seconds: Double) {
    guard let isFree, let spikeSeconds else { return }
    for element in elements {
      isFree[Int(element)] = 0
      spikeSeconds[Int(element)] = seconds
    }
  }
}
