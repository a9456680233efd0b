internal import EngramModels
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits
internal import Foundation

/// The steps between runs (MDL-40…42).
extension Experiment {
  func duration(_ extent: Step.RunStep.Extent) throws -> Double {
    let seconds: Double
    switch extent {
    case .duration(let node):
      guard let time = builder.reader.time(node, "run") else { throw collected() }
      seconds = time.si
    case .until(let node):
      guard let time = builder.reader.time(node, "until") else { throw collected() }
      seconds = time.si - network.timeSeconds
    }
    guard seconds >= 0 else { throw StepError.past(seconds: network.timeSeconds + seconds, now: network.timeSeconds) }
    return seconds
  }

  /// One step that is not a run; leaves the cursor behind it.
  func execute(_ step: Step) throws {
    switch step.verb {
    case .run: preconditionFailure("runs are executed by the experiment itself")
    case .repetition(let repetition):
      cursor.enter(repetition)
      applyLoopConstants()
      return
    case .store(let store):
      // The position lies behind the step before its checkpoint is made (MDL-61).
      let name = named(store.name)
      cursor.advance()
      applyLoopConstants()
      if let file = store.file {
        storePosition()
        try network.store(name, to: neighbour(file), options: StoreOptions(comment: store.comment, tags: store.tags))
        noteChange()
      } else {
        try commit(.named, name: name, comment: store.comment, tags: store.tags)
      }
      onNote?("stored '\(name)' at \(Time(si: network.timeSeconds))")
      return
    case .restore(let restore): try self.restore(restore)
    case .set(let entries):
      for entry in entries { builder.assign(entry) }
      try builder.throwProblems(text: file.text)
    case .constants(let entries):
      for entry in entries { if let value = builder.constantValue(entry.value, entry.key) { builder.setConstant(entry.key, value) } }
      try builder.throwProblems(text: file.text)
    case .dt(let node): try setSteps(node)
    case .active(let entries):
      for entry in entries {
        guard let reference = try? Reference(entry.key), let object = builder.object(reference, at: entry.value),
          let flag = builder.reader.boolean(entry.value, entry.key)
        else { continue }
        object.isActive = flag
      }
      try builder.throwProblems(text: file.text)
    case .add(let items):
      let known = builder.objects.count
      builder.add(items)
      try builder.throwProblems(text: file.text)
      try network.add(contentsOf: builder.objects[known...])
    case .remove(let names):
      for node in names {
        guard let name = node.scalar?.text else { continue }
        try network.remove(named: name)
        builder.forget(name)
      }
    case .connect(let entries):
      for entry in entries { try builder.connect(try synapses(entry.key), entry.value) }
      try builder.throwProblems(text: file.text)
    case .link(let entries):
      for entry in entries { try builder.link(try network.object(entry.key, as: Group.self), entry.value) }
      try builder.throwProblems(text: file.text)
    case .setSpikes(let entries):
      for entry in entries { try builder.setSpikes(entry) }
      try builder.throwProblems(text: file.text)
    case .schedule(let node): try network.setSchedule(builder.slots(node))
    case .seed(let choice):
      switch choice {
      case .number(let number): network.random.setSeed(number)
      case .entropy: network.random.reseed()
      }
    case .record(let nodes):
      for node in nodes {
        guard let name = node.scalar?.text else { continue }
        try network.object(name, as: StateMonitor.self).recordSingleTimestep(in: network.pausedContext(namespace: builder.namespace))
      }
    }
    cursor.advance()
    applyLoopConstants()
    noteChange()
  }

  private func synapses(_ name: String) throws -> Synapses { try network.object(name, as: Synapses.self) }

  /// `{k}` is the number of the round (MDL, `repeat`).
  private func named(_ pattern: String) -> String {
    cursor.frames.reduce(pattern) { text, frame in
      guard let name = frame.repetition?.variable else { return text }
      return text.replacingOccurrences(of: "{\(name)}", with: "\(frame.round)")
    }
  }

  /// A file beside the run directory, below its parent (MDL-41).
  private func neighbour(_ file: String) throws -> URL {
    let parent = URL(fileURLWithPath: directory.path).deletingLastPathComponent().standardizedFileURL
    let url = parent.appendingPathComponent(file).standardizedFileURL
    guard !file.hasPrefix("/"), url.path.hasPrefix(parent.path + "/") else { throw StepError.outside(file: file) }
    return url
  }

  private func restore(_ step: Step.RestoreStep) throws {
    let random: RandomStateRestoration =
      switch step.random {
      case .restore: .restore
      case .keepCurrent: .keepCurrent
      case .reseed(let seed): .reseed(seed)
      }
    var allowing: Set<Difference> = []
    for word in step.allow {
      guard let difference = Difference(rawValue: word) else { throw StepError.unknownDifference(word) }
      allowing.insert(difference)
    }
    let only: CheckpointSelection = step.only.isEmpty ? .all : .objects(Set(step.only))
    try network.restore(
      named(step.name), from: step.file.map(neighbour), allowing: allowing, only: only, renaming: step.rename, randomState: random)
    onNote?("restored '\(named(step.name))', t = \(Time(si: network.timeSeconds))")
  }

  /// `dt`: a value for the default clock, or clock or object → value (CLK-4).
  private func setSteps(_ node: ModelNode) throws {
    if let entries = node.entries {
      for entry in entries {
        guard let dt = builder.reader.time(entry.value, entry.key) else { throw collected() }
        var clock = (builder.clocks[entry.key] ?? network[entry.key]?.clock) as? Clock
        if entry.key == "defaultclock" { clock = try defaultClock }
        guard let clock else { throw StepError.noClock(entry.key) }
        try clock.setDt(dt)
      }
    } else {
      guard let dt = builder.reader.time(node, "dt") else { throw collected() }
      try defaultClock.setDt(dt)
    }
  }

  private var defaultClock: Clock { get throws { try MagicScope.current.device.defaultClock } }

  /// The problems that reading a value has reported.
  private func collected() -> any Error {
    do {
      try builder.throwProblems(text: file.text)
      return StepError.unreadable
    } catch { return error }
  }
}

/// Why a step cannot be carried out.
enum StepError: Error, CustomStringConvertible {
  case past(seconds: Double, now: Double)
  case outside(file: String)
  case unknownDifference(String)
  case noClock(String)
  case unreadable

  var description: String {
    switch self {
    case .past(let seconds, let now): "the run would end at \(seconds) s, but the network is at \(now) s already"
    case .outside(let file): "'\(file)' must lie below the folder of the run directory"
    case .unknownDifference(let word):
      "'allow' has no kind '\(word)'; kinds: \(Difference.allCases.map(\.rawValue).joined(separator: ", "))"
    case .noClock(let name): "there is no clock or object with a clock named '\(name)'"
    case .unreadable: "a value of the step cannot be read"
    }
  }
}
