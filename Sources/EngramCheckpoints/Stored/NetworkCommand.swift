import EngramExpressions
import EngramSimulation
import EngramUnits

/// Something that a program did to a network between steps, as the next checkpoint holds it: enough to do it again (CKP-18, 28).
enum NetworkCommand {
  case run(RunCommand)
  case object(ObjectCommand)
  case branch(from: String, seed: DescriptionValue)

  static func unrecorded(_ what: String) -> NetworkCommand { .object(.unrecorded(what)) }

  /// Numbers that the command keeps.
  var numberCount: Int {
    switch self {
    case .object(let command): command.numberCount
    case .run, .branch: 0
    }
  }

  /// One line for people.
  var text: String {
    switch self {
    case .run(let run):
      let stopped = run.stopped.map { ", stopped at \(Time(si: $0.seconds))" } ?? ""
      return "run \(Time(si: run.end.seconds - run.start.seconds)) until \(Time(si: run.end.seconds))\(stopped)"
    case .object(let command): return command.text
    case .branch(let source, let seed): return "branch from \(source), seed \(seed.readable)"
    }
  }
}

/// One stretch of simulation: a whole run, or the part of it that was done at once.
struct RunCommand {
  /// Of the whole run, also where a part is repeated.
  var start: CompensatedTime
  var end: CompensatedTime
  /// Where it ended early.
  var stopped: CompensatedTime?
  var activeNames: [String]
  var namespace: DescriptionValue
  var schedule: [Slot]?
  /// Before the run: seeds may have been set since the last one.
  var random: RandomState.Snapshot

  /// Whether the other one goes on where this one was stopped, with nothing else in between.
  func isContinued(by next: RunCommand) -> Bool {
    stopped != nil && start == next.start && end == next.end && activeNames == next.activeNames && namespace == next.namespace
      && schedule == next.schedule
  }
}

// ------------------------------------------------------------------------------------------------------------- stored form

extension NetworkCommand {
  var value: DescriptionValue {
    switch self {
    case .run(let run): run.value
    case .object(let command): command.stored
    case .branch(let source, let seed): .mapping([DescriptionField("branch", .text(source)), DescriptionField("seed", seed)])
    }
  }

  /// Never fails for what an earlier release stored with less detail: that is told as what cannot be repeated.
  init(_ value: DescriptionValue) {
    let old = NetworkCommand.unrecorded("'\(value.readable)', stored by a release that did not keep all of it")
    if value["run"] != nil {
      self = (try? RunCommand(value)).map(NetworkCommand.run) ?? old
    } else if let source = value["branch"]?.asText, let seed = value["seed"] {
      self = .branch(from: source, seed: seed)
    } else {
      self = ObjectCommand(value).map(NetworkCommand.object) ?? old
    }
  }
}

extension ObjectCommand {
  fileprivate var stored: DescriptionValue {
    switch self {
    case .assign(let command): command.stored
    case .call(let object, let verb, let arguments):
      .mapping([DescriptionField("call", .text(verb)), DescriptionField("object", .text(object)), DescriptionField("with", arguments)])
    case .unrecorded(let what): .mapping([DescriptionField("unrecorded", .text(what))])
    }
  }

  fileprivate init?(_ value: DescriptionValue) {
    if value["set"] != nil {
      guard let command = AssignmentCommand(value) else { return nil }
      self = .assign(command)
    } else if let verb = value["call"]?.asText, let object = value["object"]?.asText, let arguments = value["with"] {
      self = .call(object: object, verb: verb, arguments: arguments)
    } else if let what = value["unrecorded"]?.asText {
      self = .unrecorded(what)
    } else {
      return nil
    }
  }
}

extension RunCommand {
  var value: DescriptionValue {
    var fields = [
      DescriptionField("run", .quantity(Quantity(end.seconds - start.seconds, .time))), DescriptionField("until", end.value),
      DescriptionField("start", start.value), DescriptionField("active", .list(activeNames.map { .text($0) })),
      DescriptionField("namespace", namespace), DescriptionField("random", random.value),
    ]
    if let stopped { fields.append(DescriptionField("stopped", stopped.value)) }
    if let schedule { fields.append(DescriptionField("schedule", .list(schedule.map { .text($0.rawValue) }))) }
    return .mapping(fields)
  }

  init(_ value: DescriptionValue) throws(CheckpointError) {
    start = try CompensatedTime(value["start"])
    end = try CompensatedTime(value["until"])
    stopped = try value["stopped"].map { value throws(CheckpointError) in try CompensatedTime(value) }
    activeNames = try value.required("active", \.asList).compactMap(\.asText)
    namespace = try value.required("namespace") { $0 }
    schedule = value["schedule"]?.asList.map { $0.compactMap(\.asText).map { Slot($0) } }
    random = try RandomState.Snapshot(value.required("random") { $0 })
  }
}

extension AssignmentCommand {
  fileprivate var stored: DescriptionValue {
    var fields = [
      DescriptionField("set", .text(target)), DescriptionField("object", .text(object)), DescriptionField("variable", .text(variable)),
    ]
    switch elements {
    case .all: break
    case .range(let lower, let upper): fields.append(DescriptionField("range", .list([.integer(Int64(lower)), .integer(Int64(upper))])))
    case .list(let list): fields.append(DescriptionField("elements", .numbers(list.map(Double.init))))
    case .condition(let text): fields.append(DescriptionField("where", .text(text)))
    }
    switch value {
    case .quantity(let quantity): fields.append(DescriptionField("to", .quantity(quantity)))
    case .expression(let text): fields.append(DescriptionField("to", .text(text)))
    case .numbers(let numbers):
      fields.append(DescriptionField("to", .numbers(numbers.si)))
      fields.append(DescriptionField("unit", .quantity(Quantity(si: 1, dimension: numbers.dimension))))
    }
    if case .mapping(let names) = namespace, !names.isEmpty { fields.append(DescriptionField("namespace", namespace)) }
    if let random { fields.append(DescriptionField("random", random.value)) }
    return .mapping(fields)
  }

  fileprivate init?(_ stored: DescriptionValue) {
    guard let target = stored["set"]?.asText, let object = stored["object"]?.asText, let variable = stored["variable"]?.asText,
      let value = stored["to"]
    else { return nil }
    let assigned: Value
    switch value {
    case .quantity(let quantity): assigned = .quantity(quantity)
    case .text(let text): assigned = .expression(text)
    case .numbers(let numbers):
      guard case .quantity(let unit)? = stored["unit"] else { return nil }
      assigned = .numbers(QuantityArray(si: numbers, dimension: unit.dimension))
    case .integer, .real, .boolean, .list, .mapping, .reference: return nil
    }
    self.init(target: target, object: object, variable: variable, value: assigned)
    if let range = stored["range"]?.asList?.compactMap(\.asInteger), range.count == 2 {
      elements = .range(Int(range[0]), Int(range[1]))
    } else if case .numbers(let list)? = stored["elements"] {
      elements = .list(list.compactMap { Int(exactly: $0) })
    } else if let text = stored["where"]?.asText {
      elements = .condition(text)
    }
    namespace = stored["namespace"] ?? .mapping([])
    random = try? stored["random"].map(RandomState.Snapshot.init)
  }
}
