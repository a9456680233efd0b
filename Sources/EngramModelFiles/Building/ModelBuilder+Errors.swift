internal import EngramCheckpoints
internal import EngramEquations
internal import EngramExpressions
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// Errors of the calls that make objects, as problems of the file: at the key or the character that they are about.
extension ModelBuilder {
  package func report(_ error: any Error, in item: ObjectItem) {
    if stored != nil, storedProblem == nil, let error = error as? CheckpointError { storedProblem = error }
    report(error, at: item.place(of: Self.key(of: error, in: item)), what: item.name.map { "\(item.kind) '\($0)'" } ?? item.kind)
  }

  package func report(_ error: any Error, at place: FilePlace, what: String) {
    if let found = Self.textProblems(in: error) {
      for problems in found { reader.report(problems) }
    } else if let wrapped = error as? BrianObjectError {
      let item = self.item(ofObject: wrapped.objectName)
      let named = (wrapped.underlying as? UnresolvedIdentifierError).flatMap { error in
        item.flatMap { Self.place(of: error.identifier, in: $0.fields) }
      }
      let own = item.map { $0.place(of: Self.key(of: wrapped.underlying, in: $0)) }
      report(wrapped.underlying, at: named ?? own ?? place, what: wrapped.objectName)
    } else {
      let text = "\(error.addressed(to: .modelFile))"
      problems.report(Self.names(what, in: text) ? text : "\(what): \(text)", at: place)
    }
  }

  /// Whether a text names already what it is about: `NeuronGroup 'G'`, `'G.v'`, `'v' of 'G'`.
  private static func names(_ what: String, in text: String) -> Bool {
    let name = what.split(separator: "'").last ?? ""
    return text.contains("'\(name)'") || text.contains("'\(name).")
  }

  /// Whether an error is about texts or objects of the file, which ``report(_:at:what:)`` knows the places of.
  static func isAboutFile(_ error: any Error) -> Bool { textProblems(in: error) != nil || error is BrianObjectError }

  /// What the file says of an object, or of the object that a part belongs to.
  private func item(ofObject name: String) -> ObjectItem? {
    if let item = items[name] { return item }
    return ownersOfParts[name].flatMap { items[$0] }
  }

  /// Where a name stands in the texts of an object.
  private static func place(of identifier: String, in entries: [ModelNode.Entry]) -> FilePlace? {
    let wanted = Array(identifier.utf8)
    for entry in entries {
      if let scalar = entry.value.scalar {
        let bytes = Array(scalar.text.utf8)
        for start in bytes.indices where bytes[start...].starts(with: wanted) {
          let end = start + wanted.count
          if (start == 0 || !bytes[start - 1].isNamePart) && (end == bytes.count || !bytes[end].isNamePart) {
            return scalar.place(ofOffset: start) ?? entry.value.place
          }
        }
      } else if let inner = entry.value.entries, let found = place(of: identifier, in: inner) {
        return found
      }
    }
    return nil
  }

  /// The problems of model texts inside an error, if it is about texts that know their places.
  static func textProblems(in error: any Error) -> [Problems]? {
    switch error {
    case let error as Problems: [error]
    case let error as EquationError: [error.problems]
    case let error as UnresolvedIdentifierError: error.problems.map { [$0] }
    case let error as BrianObjectError: textProblems(in: error.underlying)
    default: nil
    }
  }

  // ----------------------------------------------------------------------------------------------------------------- keys

  /// The key of an object that an error is about; nil: the object as a whole.
  private static func key(of error: any Error, in item: ObjectItem) -> String? {
    func first(_ keys: String...) -> String? { keys.first { item[$0] != nil } }
    switch error {
    case let error as GroupError: return key(of: error, first)
    case let error as SynapseError: return key(of: error, first)
    case let error as InputError: return key(of: error, first)
    case let error as SpatialNeuronError:
      switch error {
      case .notPositive(_, let variable, _, _): return first(variable, "initial")
      case .unit(_, let variable, _, _): return first(variable)
      case .severalPlaces, .noPlace, .noThreshold: return first("threshold_location")
      case .noStep: return first("dt", "clock")
      }
    case let error as MonitorError:
      switch error {
      case .unknownVariable, .notRecordable, .recordedTwice: return "variables"
      case .indexOutOfRange, .noTimesRecorded, .notRecordedIndex: return "record"
      case .unknownEvent: return first("event", "source")
      case .notRecordedVariable, .beforeFirstRun, .duringRun, .unknownWindow, .windowNeedsWidth, .windowWidth, .windowTooWide, .evenWindow,
        .binNotMultipleOfStep, .tooManyBins, .tooFewValues:
        return nil
      }
    case let error as ClockError:
      switch error {
      case .bothDtAndClock, .invalidStep, .incompatibleTimeStep, .changedDuringRun: return "dt"
      case .duplicateEventTimes, .invalidEventTime: return first("times", "run_at")
      case .advancedPastEnd, .tooManySteps: return nil
      }
    case let error as UnsupportedEquationsError:
      if case .unknownOption = error.reason { return first("method_options", "method", "model") }
      if case .wrongOption = error.reason { return first("method_options", "method", "model") }
      return first("method", "model")
    case NetworkError.unknownSlot: return first("when", "event_schedule", "pathways", "run_regularly", "run_at", "run_on_event")
    default: return nil
    }
  }

  private static func key(of error: GroupError, _ first: (String...) -> String?) -> String? {
    switch error {
    case .notPositive, .tooLarge: "N"
    case .resetWithoutThreshold: "reset"
    case .thresholdNotBoolean(_, let event, _): event == "spike" ? first("threshold", "events") : "events"
    case .spikeEventTwice: "threshold"
    case .eventName, .secondEvent: "events"
    case .unknownEvent, .secondCode: first("run_on_event", "event_schedule")
    case .wrongType, .unknownTypedVariable: "dtype"
    case .refractory, .negativeRefractory: "refractory"
    case .noTimes: "run_at"
    case .linkUnflagged, .linkUnknown, .linkUnit, .linkType, .linkNeedsIndex, .linkIndexCount, .linkIndexRange, .linkIndexVariable, .linkDynamic,
      .linkCycle:
      "link"
    case .emptyRange, .notContiguous: first("of", "source")
    case .manyToOneWrite, .unknownVariable, .duringRun, .damagedEvents, .wholeGone: nil
    }
  }

  private static func key(of error: SynapseError, _ first: (String...) -> String?) -> String? {
    switch error {
    case .generator, .generatorAsCondition, .unevenArrays, .indexOutOfRange, .generatedIndexOutOfRange, .notInteger, .emptyRangeStep, .sampleSize,
      .negativeCount, .probability, .countsInConnect, .tooMany, .neverConnected:
      "connect"
    case .noSynapsesYet, .staleSelection: "initial"
    case .linkedElementByElement: "link"
    case .nameClash, .summedName, .summedTarget, .summedTwice, .summedUnit: "model"
    case .pathwayNameTaken, .duplicatePathway: first("on_pre", "on_post")
    case .unknownPathway: first("delay", "on_event", "pathways")
    case .unknownEvent: first("on_event", "on_pre", "on_post")
    case .negativeDelay, .delayTooLong: first("delay", "initial")
    case .noMultisynapticIndex: first("multisynaptic_index", "initial")
    case .notSpiking: first("on_pre", "source")
    case .duringRun, .damagedQueue, .partOfConnectivity, .eventDrivenTogether, .impossibleEnd, .delayCount: nil
    }
  }

  private static func key(of error: InputError, _ first: (String...) -> String?) -> String? {
    switch error {
    case .notPositive: "N"
    case .lengthMismatch, .negativeTime, .notFinite, .twoSpikesInOneStep: first("times", "spikes")
    case .indexOutOfRange: first("indices", "spikes")
    case .negativePeriod, .periodTooShort, .periodNotMultipleOfStep, .periodShorterThanStep: "period"
    case .rateIsNotFrequency, .negativeRate, .wrongRateCount: first("rates", "rate")
    case .unknownTarget: "target_var"
    case .weightUnit: "weight"
    case .emptyTimedArray, .raggedTimedArray, .mixedTimedArray: "values"
    case .wrongTimedArrayCall, .columnOutOfRange: nil
    case .probabilityOutOfRange: "p"
    case .negativeTrials: "n"
    }
  }
}
