import EngramScalars

/// Numbers on their way into an array, one for all places or one for each. Integers that a formula gave stay exact.
enum AssignedValues {
  case reals([Double])
  case integers([Int64])

  var count: Int {
    switch self {
    case .reals(let values): values.count
    case .integers(let values): values.count
    }
  }

  /// The values as doubles, for the record of what was done.
  var doubles: [Double] {
    switch self {
    case .reals(let values): values
    case .integers(let values): values.map(Double.init)
    }
  }

  /// The first value that an array of this type cannot hold as it is.
  func firstMisfit(in type: ScalarType) -> (number: Int, Misfit)? {
    if type == .float64 { return nil }
    func first<Value>(_ values: [Value], _ misfit: (Value) -> Misfit?) -> (number: Int, Misfit)? {
      for (number, value) in values.enumerated() {
        if let found = misfit(value) { return (number, found) }
      }
      return nil
    }
    return switch self {
    case .reals(let values): first(values) { type.misfit($0) }
    case .integers(let values): first(values) { type.misfit($0) }
    }
  }

  /// The values of own elements, where there are some for those of all processes.
  func chosen(_ own: OwnElements) -> AssignedValues {
    func chosen<Value>(_ values: [Value]) -> [Value] {
      var found: [Value] = []
      found.reserveCapacity(own.count)
      own.forEachRun(in: 0..<own.count) { number, places in found += values[number..<number + places.count] }
      return found
    }
    return switch self {
    case .reals(let values): .reals(chosen(values))
    case .integers(let values): .integers(chosen(values))
    }
  }

  func store(in array: ArrayVariable, at places: ElementList) {
    switch self {
    case .reals(let values): places.forEachNumbered { number, place in array.store(values[values.count == 1 ? 0 : number], at: place) }
    case .integers(let values): places.forEachNumbered { number, place in array.store(values[values.count == 1 ? 0 : number], at: place) }
    }
  }
}
