import EngramExpressions
import EngramModel
package import EngramSimulation
import EngramUnits

/// Doing again what was done between two checkpoints (CKP-28 b).
extension Network {
  /// The network holds the state of an earlier checkpoint; afterwards it should hold that of `later`.
  ///
  /// Functions are those that the network knows.
  ///
  /// - Parameters:
  ///   - number: of the first command to repeat: the end of the earlier checkpoint's list.
  ///   - seconds: where to stop on the way [s]: what was done at that time between two runs is done, and no further step; nil: at the end.
  /// - Throws: ``CheckpointError/notRepeatable(_:)`` when something was done that the checkpoint does not hold.
  package func repeatCommands(of later: any StateSource, from number: Int64, until seconds: Double? = nil) throws {
    guard let bytes = later.sections["network"] else { throw CheckpointError.damaged("the description of the network is missing") }
    let record = try NetworkRecord(DescriptionValue(decoding: bytes))
    let log = CommandLog(record)
    guard record.firstCommand != nil, number >= log.first, number <= log.end else {
      throw CheckpointError.notRepeatable("what was done in between is not recorded")
    }
    // Every run brings its own names.
    inheritedNamespace = [:]
    func isThere() -> Bool { seconds.map { time.seconds >= $0 * (1 - 1e-12) } ?? false }
    for command in log.commands.dropFirst(Int(number - log.first)) {
      guard case .run(let run) = command else {
        try repeatCommand(command)
        continue
      }
      if isThere() { return }
      try repeatRun(run, until: seconds)
      // What came behind it was done later.
      if time.seconds < (run.stopped ?? run.end).seconds * (1 - 1e-12) { return }
    }
    if let run = record.run, time.seconds != record.time.seconds, !isThere() {
      try repeatRun(
        RunCommand(
          start: run.start, end: run.end, stopped: record.time, activeNames: run.activeNames, namespace: run.namespace, schedule: record.schedule,
          random: record.random), until: seconds)
    }
    if isThere() { return }
    random.snapshot = record.random
    ownSchedule = try record.schedule.map { try Schedule($0) }
  }

  func repeatCommand(_ command: NetworkCommand) throws {
    switch command {
    case .run(let run): try repeatRun(run, until: nil)
    case .object(.assign(let assignment)): try repeatAssignment(assignment)
    case .object(.call(let object, let verb, let arguments)):
      guard let object = self[object] else { throw CheckpointError.notRepeatable("there is no object '\(object)' now, to which '\(command.text)' was done") }
      do {
        try object.repeatCall(verb, arguments, in: self)
      } catch let error as NetworkError {
        guard case .notRepeatable = error else { throw error }
        throw CheckpointError.notRepeatable("\(error)")
      } catch let error as MissingFunctionsError {
        throw CheckpointError.missingFunctions(error.names)
      } catch let error as DescriptionError {
        throw CheckpointError(error)
      }
    case .branch: break
    case .object(.unrecorded(let what)): throw CheckpointError.notRepeatable(what)
    }
  }

  private func repeatRun(_ run: RunCommand, until seconds: Double?) throws {
    random.snapshot = run.random
    ownSchedule = try run.schedule.map { try Schedule($0) }
    // That runs differ in their names is no news here.
    if kept.storedNamespace != nil { kept.storedNamespace = run.namespace }
    var request = RunRequest(
      durationSeconds: Swift.max(run.end.seconds - time.seconds, 0), namespace: try Namespace(stored: run.namespace, functions: knownFunctions))
    request.end = run.end
    request.activeNames = Set(run.activeNames)
    if let pending = kept.pendingRun, pending.start == run.start, pending.end == run.end { request.start = run.start }
    request.stopSeconds = [run.stopped?.seconds, seconds].compactMap(\.self).min()
    _ = try simulate(request)
  }

  private func repeatAssignment(_ command: AssignmentCommand) throws {
    if let clock = distinctClocks(of: allObjects).first(where: { $0.name == command.object }) as? Clock {
      guard command.variable == "dt", case .quantity(let step) = command.value else {
        throw CheckpointError.notRepeatable("'\(command.target)' is not something that can be set")
      }
      return try clock.setDt(seconds: step.si)
    }
    guard let owner = self[command.object] as? any VariableOwner else {
      throw CheckpointError.notRepeatable("there is no object '\(command.object)' now, whose '\(command.variable)' was set")
    }
    let indices: VariableSelection.Indices =
      switch command.elements {
      case .all: .all
      case .range(let lower, let upper): .range(lower, upper)
      case .list(let list): .list(list)
      case .condition(let text): .condition(ModelExpression(text))
      }
    let value: VariableAssignment =
      switch command.value {
      case .quantity(let quantity): .quantity(quantity)
      case .numbers(let numbers): .quantities(numbers)
      case .expression(let text): .expression(ModelExpression(text))
      }
    if let drawn = command.random { random.snapshot = drawn }
    try VariableSelection(view: VariableView(command.variable, of: owner), indices: indices)
      .assign(value, namespace: Namespace(stored: command.namespace, functions: knownFunctions))
  }
}
