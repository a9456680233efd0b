internal import EngramExpressions
internal import EngramKernels
internal import EngramUnits

/// A call of a function of lists, being evaluated.
struct ArrayCall {
  let function: ArrayFunction
  let tree: Expression
  let arguments: [Expression]
  let expression: ArrayExpression

  /// As many numbers as one list may have, and all that a text makes on the way together.
  static let limit = 1 << 28

  func value(_ evaluation: inout ArrayEvaluation) throws(Problems) -> ArrayValue {
    if function.draws { return try drawn(&evaluation) }
    var values: [ArrayValue] = []
    for argument in joinedArguments { values.append(try expression.evaluate(argument, &evaluation)) }
    guard let first = values.first else { return ArrayValue(values: []) }
    guard values.allSatisfy(\.isKnown) else { return unknown(values) }
    if function == .concatenate {
      var result = try expression.joined(values, at: tree)
      if first.columns != nil, values.allSatisfy({ $0.shape == first.shape }) { result.shape = first.shape }
      return result
    }
    switch function {
    case .linspace, .arange, .logspace, .geomspace, .zeros, .ones, .full: return try made(values)
    case .repeat, .tile, .reshape, .transpose, .outer, .sort, .flip, .roll, .cumsum, .diff, .unique: return try rearranged(values)
    case .where, .minimum, .maximum, .round: return try chosen(values)
    default: return try reduced(values)
    }
  }

  /// `concatenate([a, b])` means `concatenate(a, b)`: lists of different lengths are no rows of one list.
  private var joinedArguments: [Expression] {
    guard function == .concatenate, arguments.count == 1, case .call(ArrayForm.list, let items) = arguments[0].node else { return arguments }
    return items
  }

  // ------------------------------------------------------------------------------------------------------------ problems

  func fail(_ message: String, at place: Int? = nil, found: String? = nil) -> Problems {
    expression.problem("'\(function.rawValue)': \(message)", at: place.map { arguments[$0] } ?? tree, found: found)
  }

  /// One number without unit.
  private func number(_ value: ArrayValue, _ place: Int) throws(Problems) -> Double {
    guard value.isScalar, value.dimension.isDimensionless else { throw fail("'\(function.arguments.names[place])' is a plain number", at: place) }
    return value.values[0]
  }

  private func scalar(_ value: ArrayValue, _ place: Int) throws(Problems) -> Double {
    guard value.isScalar else { throw fail("'\(function.arguments.names[place])' is one value", at: place, found: "a list of \(value.count)") }
    return value.values[0]
  }

  private func count(_ value: ArrayValue, _ place: Int) throws(Problems) -> Int {
    guard let count = Int(exactly: try number(value, place)), (0...Self.limit).contains(count) else {
      throw fail("'\(function.arguments.names[min(place, function.arguments.names.count - 1)])' is an integer from 0 to \(Self.limit)", at: place)
    }
    return count
  }

  private func shared(_ values: ArraySlice<ArrayValue>) throws(Problems) -> Dimension {
    let leader = values.first { !$0.isBareZero } ?? values.first
    let dimension = leader?.dimension ?? .dimensionless
    if values.contains(where: { $0.dimension != dimension && !$0.isBareZero }) { throw fail("the values have different units") }
    return dimension
  }

  private func checked(_ count: Double) throws(Problems) -> Int {
    guard count >= 0, count <= Double(Self.limit) else { throw fail("the list would have \(count) values", found: "at most \(Self.limit) are possible") }
    return Int(count)
  }

  // --------------------------------------------------------------------------------------------------- lists from nothing

  private func made(_ values: [ArrayValue]) throws(Problems) -> ArrayValue {
    switch function {
    case .linspace:
      let dimension = try shared(values[0..<2])
      let (start, stop) = (try scalar(values[0], 0), try scalar(values[1], 1))
      let count = try count(values[2], 2)
      let includesEnd = values.count < 4 ? true : try scalar(values[3], 3) != 0
      let steps = Double(includesEnd ? count - 1 : count)
      let list = (0..<count).map { place -> Double in
        if count == 1 { return start }
        return includesEnd && place == count - 1 ? stop : start + (stop - start) * (Double(place) / steps)
      }
      return ArrayValue(values: list, dimension: dimension)
    case .arange:
      let dimension = try shared(values[...])
      for (place, value) in values.enumerated() { _ = try scalar(value, place) }
      let start = values.count > 1 ? values[0].values[0] : 0
      let stop = values.count > 1 ? values[1].values[0] : values[0].values[0]
      let step = values.count > 2 ? values[2].values[0] : 1
      guard step != 0 else { throw fail("'step' is not 0", at: 2) }
      if values.count < 3, !dimension.isDimensionless { throw fail("values with a unit need a 'step'") }
      let count = try checked(max(0, ((stop - start) / step).rounded(.up)))
      return ArrayValue(values: (0..<count).map { start + Double($0) * step }, dimension: dimension, type: values.map(\.type).max() ?? .integer)
    case .logspace, .geomspace:
      let dimension = function == .logspace ? .dimensionless : try shared(values[0..<2])
      var (start, stop) = (try scalar(values[0], 0), try scalar(values[1], 1))
      let count = try count(values[2], 2)
      if function == .logspace {
        (start, stop) = (try number(values[0], 0), try number(values[1], 1))
      } else if !(start > 0 && stop > 0) {
        throw fail("'start' and 'stop' are greater than 0")
      }
      let ends = (start, stop)
      if function == .geomspace { (start, stop) = (log10(start), log10(stop)) }
      let list = (0..<count).map { place -> Double in
        if function == .geomspace, place == 0 { return ends.0 }
        if function == .geomspace, place == count - 1 { return ends.1 }
        return power(count == 1 ? start : place == count - 1 ? stop : start + (stop - start) * (Double(place) / Double(count - 1)))
      }
      return ArrayValue(values: list, dimension: dimension)
    case .full:
      let count = try count(values[0], 0)
      return ArrayValue(
        values: [Double](repeating: try scalar(values[1], 1), count: count), dimension: values[1].dimension, type: values[1].type)
    default:
      let rows = try count(values[0], 0)
      let columns = values.count > 1 ? try count(values[1], 1) : nil
      let total = try checked(Double(rows) * Double(columns ?? 1))
      return ArrayValue(
        values: [Double](repeating: function == .ones ? 1 : 0, count: total), shape: columns.map { .matrix(columns: $0) } ?? .list)
    }
  }

  // ---------------------------------------------------------------------------------------------------- lists from lists

  private func rearranged(_ values: [ArrayValue]) throws(Problems) -> ArrayValue {
    var result = values[0]
    if result.isScalar { result.shape = .list }
    let list = result.values
    switch function {
    case .repeat:
      if values[1].isScalar {
        let times = try count(values[1], 1)
        _ = try checked(Double(list.count) * Double(times))
        result.values = list.flatMap { [Double](repeating: $0, count: times) }
      } else {
        guard values[1].count == list.count, values[1].values.allSatisfy({ $0 >= 0 && $0 == $0.rounded() }) else {
          throw fail("'times' is a number, or a number for each value", at: 1)
        }
        _ = try checked(values[1].values.reduce(0, +))
        result.values = zip(list, values[1].values).flatMap { [Double](repeating: $0, count: Int($1)) }
      }
      result.shape = .list
    case .tile:
      let times = try count(values[1], 1)
      _ = try checked(Double(list.count) * Double(times))
      result.values = (0..<times).flatMap { _ in list }
    case .reshape:
      let (rows, columns) = (try count(values[1], 1), try count(values[2], 2))
      guard rows * columns == list.count else { throw fail("\(list.count) values are no \(rows) rows of \(columns)") }
      result.shape = .matrix(columns: columns)
    case .transpose:
      guard let columns = result.columns else { throw fail("rows and columns are exchanged in a table, not in a list") }
      let rows = columns == 0 ? 0 : list.count / columns
      result.values = (0..<columns).flatMap { column in (0..<rows).map { list[$0 * columns + column] } }
      result.shape = .matrix(columns: rows)
    case .outer:
      _ = try checked(Double(list.count) * Double(values[1].count))
      result.values = list.flatMap { value in values[1].values.map { value * $0 } }
      result.dimension = result.dimension * values[1].dimension
      result.type = max(result.type, values[1].type, .integer)
      result.shape = .matrix(columns: values[1].count)
    case .sort: result.values = list.sorted()
    case .flip: result.values = list.reversed()
    case .roll:
      let places = try number(values[1], 1)
      guard let by = Int(exactly: places) else { throw fail("'places' is an integer", at: 1) }
      result.values = list.indices.map { list[(($0 - by % max(1, list.count)) + list.count) % list.count] }
    case .cumsum:
      var sum = 0.0
      result.values = list.map { value in
        sum += value
        return sum
      }
      result.type = max(result.type, .integer)
    case .diff: result.values = list.count < 2 ? [] : (1..<list.count).map { list[$0] - list[$0 - 1] }
    default: result.values = Set(list).sorted()
    }
    return result
  }

  // -------------------------------------------------------------------------------------------------- element by element

  private func chosen(_ values: [ArrayValue]) throws(Problems) -> ArrayValue {
    if function == .round {
      let digits = values.count > 1 ? try number(values[1], 1) : 0
      guard values[0].dimension.isDimensionless else { throw fail("values with a unit have no round number", at: 0) }
      let scale = power(digits)
      var result = values[0]
      result.values = result.values.map { ($0 * scale).rounded(.toNearestOrEven) / scale }
      return result
    }
    if function == .where, values[0].type != .boolean { throw fail("'condition' is true or false", at: 0) }
    let numbers = function == .where ? values[1...] : values[...]
    let dimension = try shared(numbers)
    let lists = values.filter { !$0.isScalar }
    if let first = lists.first, lists.contains(where: { $0.count != first.count || $0.shape != first.shape }) {
      throw fail("the lists have different lengths", found: lists.map { "\($0.count)" }.joined(separator: " and ") + " values")
    }
    let count = lists.first?.count ?? 1
    func item(_ value: ArrayValue, _ place: Int) -> Double { value.isScalar ? value.values[0] : value.values[place] }
    let list = (0..<count).map { place -> Double in
      switch function {
      case .where: item(values[0], place) != 0 ? item(values[1], place) : item(values[2], place)
      case .minimum: Swift.min(item(values[0], place), item(values[1], place))
      default: Swift.max(item(values[0], place), item(values[1], place))
      }
    }
    return ArrayValue(values: list, dimension: dimension, type: numbers.map(\.type).max() ?? .float, shape: lists.first?.shape ?? .scalar)
  }

  // --------------------------------------------------------------------------------------------- one number from a list

  private func reduced(_ values: [ArrayValue]) throws(Problems) -> ArrayValue {
    var value = values[0]
    if values.count > 1 { value = try expression.joined(values, at: tree) }
    let list = value.values
    switch function {
    case .len: return .scalar(Double(value.columns.map { $0 == 0 ? 0 : list.count / $0 } ?? list.count), .dimensionless, .integer)
    case .count: return .scalar(Double(value.type == .boolean ? list.filter { $0 != 0 }.count : list.count), .dimensionless, .integer)
    case .any: return .scalar(list.contains { $0 != 0 } ? 1 : 0, .dimensionless, .boolean)
    case .all: return .scalar(list.allSatisfy { $0 != 0 } ? 1 : 0, .dimensionless, .boolean)
    case .sum: return .scalar(list.reduce(0, +), value.dimension, max(value.type, .integer))
    default: break
    }
    guard let first = list.first, let last = list.last else { throw fail("there are no values", at: 0) }
    let mean = list.reduce(0, +) / Double(list.count)
    return switch function {
    case .mean: .scalar(mean, value.dimension)
    case .std: .scalar((list.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(list.count)).squareRoot(), value.dimension)
    case .min: .scalar(list.reduce(first) { Swift.min($0, $1) }, value.dimension, value.type)
    case .max: .scalar(list.reduce(first) { Swift.max($0, $1) }, value.dimension, value.type)
    case .argmin: .scalar(Double(list.indices.reduce(0) { list[$1] < list[$0] ? $1 : $0 }), .dimensionless, .integer)
    case .argmax: .scalar(Double(list.indices.reduce(0) { list[$1] > list[$0] ? $1 : $0 }), .dimensionless, .integer)
    case .last: .scalar(last, value.dimension, value.type)
    default: .scalar(first, value.dimension, value.type)
    }
  }

  /// What is known of a result whose values are not.
  private func unknown(_ values: [ArrayValue]) -> ArrayValue {
    let first = values[0]
    return switch function {
    case .len, .count, .argmin, .argmax: .unknown(.dimensionless, .integer)
    case .any, .all: .unknown(.dimensionless, .boolean)
    case .sum, .mean, .std, .min, .max, .first, .last: .unknown(first.dimension, function == .mean || function == .std ? .float : max(first.type, .integer))
    case .where:
      .unknown(
        values[1].isBareZero ? values[2].dimension : values[1].dimension, max(values[1].type, values[2].type),
        values.contains { !$0.isScalar } ? .list : .scalar)
    case .minimum, .maximum: .unknown(first.isBareZero ? values[1].dimension : first.dimension, first.type, first.shape)
    case .round: .unknown(.dimensionless, first.type, first.shape)
    case .full: .unknown(values[1].dimension, values[1].type, .list)
    case .outer: .unknown(first.dimension * values[1].dimension, .float, .list)
    case .logspace, .zeros, .ones: .unknown(.dimensionless, .float, .list)
    default: .unknown(first.dimension, first.type, .list)
    }
  }

  // -------------------------------------------------------------------------------------------------------------- samples

  private func drawn(_ evaluation: inout ArrayEvaluation) throws(Problems) -> ArrayValue {
    let samples = try expression.samples(&evaluation, at: tree)
    var values: [ArrayValue] = []
    for argument in arguments { values.append(try expression.evaluate(argument, &evaluation)) }
    let parameterCount = self.parameterCount
    guard values.allSatisfy(\.isKnown) else { return unknown(values) }
    if function == .choice || function == .permutation { return try rearranged(values, samples) }
    let rows = values.count > parameterCount ? try count(values[parameterCount], parameterCount) : nil
    let columns = values.count > parameterCount + 1 ? try count(values[parameterCount + 1], parameterCount + 1) : nil
    let parameters = Array(values[..<parameterCount])
    // Parameters may be lists, too: a value for each number that is drawn.
    let lists = parameters.filter { !$0.isScalar }
    var number = lists.first?.count ?? 1
    if let rows { number = try checkedProduct(rows, columns) }
    if let list = lists.first(where: { $0.count != number }) { throw fail("a parameter has \(list.count) values for \(number) numbers") }
    let dimension = try dimension(of: parameters)
    func parameter(_ index: Int, _ place: Int) -> Double { parameters[index].isScalar ? parameters[index].values[0] : parameters[index].values[place] }
    try check(parameters)
    let list = (0..<number).map { place -> Double in
      switch function {
      case .uniform: parameter(0, place) + (parameter(1, place) - parameter(0, place)) * samples.uniform(place)
      case .normal: parameter(0, place) + parameter(1, place) * samples.normal(place)
      case .exponential: parameter(0, place) * samples.exponential(place)
      case .gamma: parameter(1, place) * samples.gamma(place, shape: parameter(0, place))
      case .lognormal: exponential(parameter(0, place) + parameter(1, place) * samples.normal(place))
      case .binomial: samples.binomial(place, Int64(parameter(0, place)), parameter(1, place))
      case .integers: parameter(0, place) + samples.below(place, parameter(1, place) - parameter(0, place))
      case .poisson: samples.poisson(place, mean: parameter(0, place))
      case .rand: samples.uniform(place)
      default: samples.normal(place)
      }
    }
    let isWhole = [.binomial, .integers, .poisson].contains(function)
    let shape: ArrayValue.Shape = columns.map { .matrix(columns: $0) } ?? (rows != nil || !lists.isEmpty ? .list : .scalar)
    return ArrayValue(values: list, dimension: dimension, type: isWhole ? .integer : .float, shape: shape)
  }

  private var parameterCount: Int {
    switch function {
    case .rand, .randn: 0
    case .exponential, .poisson: 1
    default: 2
    }
  }

  private func checkedProduct(_ rows: Int, _ columns: Int?) throws(Problems) -> Int { try checked(Double(rows) * Double(columns ?? 1)) }

  private func dimension(of parameters: [ArrayValue]) throws(Problems) -> Dimension {
    switch function {
    case .uniform, .normal: return try shared(parameters[...])
    case .exponential: return parameters[0].dimension
    case .gamma:
      if !parameters[0].dimension.isDimensionless { throw fail("'shape' has no unit", at: 0) }
      return parameters[1].dimension
    default:
      if let place = parameters.firstIndex(where: { !$0.dimension.isDimensionless }) {
        throw fail("'\(function.arguments.names[place])' has no unit", at: place)
      }
      return .dimensionless
    }
  }

  private func check(_ parameters: [ArrayValue]) throws(Problems) {
    func require(_ place: Int, _ what: String, _ isFine: (Double) -> Bool) throws(Problems) {
      if let value = parameters[place].values.first(where: { !isFine($0) }) {
        throw fail("'\(function.arguments.names[place])' is \(what)", at: place, found: "\(value)")
      }
    }
    switch function {
    case .normal, .lognormal: try require(1, "not negative") { $0 >= 0 }
    case .exponential, .poisson: try require(0, "not negative") { $0 >= 0 }
    case .gamma: try require(0, "greater than 0") { $0 > 0 && $0.isFinite }
    case .binomial:
      try require(0, "an integer from 0 on") { $0 >= 0 && $0 < 1e15 && $0 == $0.rounded() }
      try require(1, "a probability") { $0 >= 0 && $0 <= 1 }
    case .integers:
      try require(0, "an integer") { $0 == $0.rounded() && abs($0) < 1e15 }
      try require(1, "an integer above 'low'") { $0 == $0.rounded() && $0 > (parameters[0].values.max() ?? 0) && abs($0) < 1e15 }
    default: break
    }
  }

  /// Values of a list in another order, or some of them.
  private func rearranged(_ values: [ArrayValue], _ samples: RandomSamples) throws(Problems) -> ArrayValue {
    var list = values[0]
    if list.isScalar {
      let count = try count(list, 0)
      list = ArrayValue(values: (0..<count).map(Double.init), type: .integer)
    }
    if function == .choice {
      guard list.count > 0 else { throw fail("there are no values", at: 0) }
      let number = values.count > 1 ? try count(values[1], 1) : nil
      let chosen = (0..<(number ?? 1)).map { list.values[Int(samples.below($0, Double(list.count)))] }
      return ArrayValue(values: chosen, dimension: list.dimension, type: list.type, shape: number == nil ? .scalar : .list)
    }
    for place in stride(from: list.count - 1, to: 0, by: -1) { list.values.swapAt(place, Int(samples.below(place, Double(place + 1)))) }
    list.shape = .list
    return list
  }

  // ----------------------------------------------------------------------------------- the elementary functions of models

  private func call(_ name: String, _ number: Double) -> Double {
    let value = try? NumericEvaluator(constants: ["x": .float(number)]).evaluate(Expression(.call(name, [Expression(.name("x"))])))
    return value?.doubleValue ?? .nan
  }

  private func exponential(_ number: Double) -> Double { call("exp", number) }
  private func log10(_ number: Double) -> Double { call("log10", number) }

  private func power(_ exponent: Double) -> Double {
    let names = (Expression(.name("x")), Expression(.name("y")))
    let value = try? NumericEvaluator(constants: ["x": .float(10), "y": .float(exponent)]).evaluate(Expression(.binary(.power, names.0, names.1)))
    return value?.doubleValue ?? .nan
  }
}
