import EngramSimulation

/// What a checkpoint holds beside columns and recordings: time, clocks, schedule, randomness, and the run in progress.
struct NetworkRecord {
  struct ClockRecord {
    var name: String
    var kind: String
    /// dt in force when the clock was last positioned; `nil`: never, or an event clock.
    var positionedStep: Double?
  }

  struct ObjectRecord {
    var name: String
    var kind: String
    var clock: String
    var when: Slot
    var order: Int
    var isActive: Bool
    /// The object that this one is a part of; `nil`: it stands in the network itself.
    var owner: String?
  }

  /// A run that has not reached its end (CKP-47).
  struct RunRecord {
    var start: CompensatedTime
    var end: CompensatedTime
    var activeNames: [String]
    var namespace: DescriptionValue
  }

  static let version: Int64 = 1

  var name: String
  var time: CompensatedTime
  var clocks: [ClockRecord]
  var objects: [ObjectRecord]
  var random: RandomState.Snapshot
  /// Set on the network; `nil`: that of the preferences.
  var schedule: [Slot]?
  var run: RunRecord?
  /// The namespace of the last run (CKP-23).
  var lastNamespace: DescriptionValue?
  /// What was done since the last checkpoint that stays (CKP-18).
  var commands: [DescriptionValue]
  /// Number of the first of them; nil: stored by a release that kept less.
  var firstCommand: Int64?
  /// The checkpoint at which they begin.
  var commandsSince: String?
  /// Preferences of the core that are not at their default.
  var preferences: [DescriptionField] = []
}

extension NetworkRecord {
  var value: DescriptionValue {
    var fields = [
      DescriptionField("version", .integer(NetworkRecord.version)),
      DescriptionField("name", .text(name)),
      DescriptionField("time", time.value),
      DescriptionField("random", random.value),
      DescriptionField(
        "clocks",
        .list(
          clocks.map { clock in
            .mapping(
              [DescriptionField("name", .text(clock.name)), DescriptionField("kind", .text(clock.kind))]
                + (clock.positionedStep.map { [DescriptionField("positionedStep", .real($0))] } ?? []))
          })),
      DescriptionField(
        "objects",
        .list(
          objects.map { object in
            .mapping(
              [
                DescriptionField("name", .text(object.name)), DescriptionField("kind", .text(object.kind)),
                DescriptionField("clock", .text(object.clock)), DescriptionField("when", .text(object.when.rawValue)),
                DescriptionField("order", .integer(Int64(object.order))), DescriptionField("active", .boolean(object.isActive)),
              ] + (object.owner.map { [DescriptionField("owner", .text($0))] } ?? []))
          })),
      DescriptionField("commands", .list(commands)),
    ]
    if let firstCommand { fields.append(DescriptionField("firstCommand", .integer(firstCommand))) }
    if let commandsSince { fields.append(DescriptionField("commandsSince", .text(commandsSince))) }
    if let schedule { fields.append(DescriptionField("schedule", .list(schedule.map { .text($0.rawValue) }))) }
    if !preferences.isEmpty { fields.append(DescriptionField("preferences", .mapping(preferences))) }
    if let lastNamespace { fields.append(DescriptionField("namespace", lastNamespace)) }
    if let run {
      fields.append(
        DescriptionField(
          "run",
          .mapping([
            DescriptionField("start", run.start.value), DescriptionField("end", run.end.value),
            DescriptionField("active", .list(run.activeNames.map { .text($0) })), DescriptionField("namespace", run.namespace),
          ])))
    }
    return .mapping(fields)
  }

  init(_ value: DescriptionValue) throws(CheckpointError) {
    let version = try value.required("version", \.asInteger)
    guard version <= NetworkRecord.version else {
      throw .unsupported("the checkpoint was written by a newer release (network record version \(version), known up to \(NetworkRecord.version))")
    }
    name = try value.required("name", \.asText)
    time = try CompensatedTime(value["time"])
    guard let random = value["random"] else { throw .damaged("the random state is missing") }
    self.random = try RandomState.Snapshot(random)
    clocks = []
    for clock in try value.required("clocks", \.asList) {
      clocks.append(
        ClockRecord(
          name: try clock.required("name", \.asText), kind: try clock.required("kind", \.asText),
          positionedStep: clock["positionedStep"]?.asReal))
    }
    objects = []
    for object in try value.required("objects", \.asList) {
      objects.append(
        ObjectRecord(
          name: try object.required("name", \.asText), kind: try object.required("kind", \.asText),
          clock: try object.required("clock", \.asText), when: Slot(try object.required("when", \.asText)),
          order: Int(try object.required("order", \.asInteger)), isActive: try object.required("active", \.asBoolean),
          owner: object["owner"]?.asText))
    }
    commands = value["commands"]?.asList ?? []
    firstCommand = value["firstCommand"]?.asInteger
    commandsSince = value["commandsSince"]?.asText
    schedule = value["schedule"]?.asList.map { $0.compactMap(\.asText).map { Slot($0) } }
    lastNamespace = value["namespace"]
    preferences = value["preferences"]?.asFields ?? []
    if let run = value["run"] {
      self.run = RunRecord(
        start: try CompensatedTime(run["start"]), end: try CompensatedTime(run["end"]),
        activeNames: try run.required("active", \.asList).compactMap(\.asText), namespace: run["namespace"] ?? .mapping([]))
    }
    try checkNumbers()
  }

  /// What is counted on from here, or decides how long a run lasts. Counts leave room for all that can ever be added to them.
  private func checkNumbers() throws(CheckpointError) {
    let counts = [
      ("operations outside of steps", random.operationsOutsideSteps), ("restores", random.continuedRestores),
      ("commands before the first that is kept", firstCommand ?? 0),
    ]
    for (what, count) in counts where !(0...1 << 62).contains(count) { throw .damaged("the number of \(what) is \(count)") }
    for clock in clocks {
      guard let step = clock.positionedStep, !(step > 0 && step.isFinite) else { continue }
      throw .damaged("clock '\(clock.name)' has counted in steps of \(step) s; steps are positive and finite")
    }
    if let run, !(run.start.seconds <= run.end.seconds) {
      throw .damaged("a run from \(run.start.seconds) s to \(run.end.seconds) s is to be continued, which ends before it begins")
    }
    if let schedule {
      do { _ = try Schedule(schedule) } catch { throw .damaged("the schedule is none: \(error)") }
    }
  }
}

extension RandomState.Snapshot {
  var value: DescriptionValue {
    .mapping([
      DescriptionField("seed", .integer(Int64(bitPattern: seed))),
      DescriptionField("isUserSeed", .boolean(isUserSeed)),
      DescriptionField("operationsOutsideSteps", .integer(operationsOutsideSteps)),
      DescriptionField("continuedRestores", .integer(continuedRestores)),
    ])
  }

  init(_ value: DescriptionValue) throws(CheckpointError) {
    self.init(
      seed: UInt64(bitPattern: try value.required("seed", \.asInteger)), isUserSeed: try value.required("isUserSeed", \.asBoolean),
      operationsOutsideSteps: try value.required("operationsOutsideSteps", \.asInteger),
      continuedRestores: try value.required("continuedRestores", \.asInteger))
  }
}

extension CompensatedTime {
  var value: DescriptionValue { .numbers([sum, compensation]) }

  init(_ value: DescriptionValue?) throws(CheckpointError) {
    guard case .numbers(let numbers)? = value, numbers.count == 2 else { throw .damaged("a time is missing") }
    let seconds = numbers[0] + numbers[1]
    guard seconds.isFinite, seconds >= 0 else { throw .damaged("\(seconds) s is stored as a time of the network; such times are finite and at least 0") }
    self.init(sum: numbers[0], compensation: numbers[1])
  }
}
