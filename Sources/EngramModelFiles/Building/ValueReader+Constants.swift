internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

/// Values that must be known when they are read.
extension ValueReader {
  /// A scalar known now: a quantity, or an expression of constants. `dimension` nil: any.
  func quantity(_ node: ModelNode, _ key: String, _ dimension: Dimension? = nil) -> Quantity? {
    guard let value = value(node, key) else { return nil }
    var found: Quantity
    switch value {
    case .quantity(let quantity): found = quantity
    case .boolean(let boolean):
      problems.report("'\(key)' is a number, found \(boolean)", at: node)
      return nil
    case .array(let array) where array.si.count == 1 && Self.namesFile(node):
      // A dataset of a single value.
      found = Quantity(array.si[0], array.dimension)
    case .array, .matrix, .booleans:
      problems.report("'\(key)' is one value, found a list", at: node)
      return nil
    case .expression(let source):
      guard let result = constant(source, at: node, key) else { return nil }
      guard case .quantity(let quantity) = result else {
        if case .integer(let integer) = result {
          found = Quantity(Double(integer), .dimensionless)
          break
        }
        problems.report("'\(key)' is a number, found a boolean", at: node)
        return nil
      }
      found = quantity
    }
    if let dimension, found.dimension != dimension {
      // A bare 0 passes for any unit (MDL-20).
      guard found.si == 0, found.dimension == .dimensionless else {
        problems.report(
          DimensionMismatchError("'\(key)'", expected: dimension, found: found).description, at: node, hint: example(dimension, key))
        return nil
      }
      found = Quantity(0, dimension)
    }
    return found
  }

  func time(_ node: ModelNode, _ key: String) -> Time? {
    quantity(node, key, .time).map { Time(si: $0.si) }
  }

  func integer(_ node: ModelNode, _ key: String) -> Int? {
    guard let quantity = quantity(node, key) else { return nil }
    guard quantity.dimension == .dimensionless, let value = Int(exactly: quantity.si) else {
      problems.report("'\(key)' is an integer, found \(node.kindName)", at: node)
      return nil
    }
    return value
  }

  func boolean(_ node: ModelNode, _ key: String) -> Bool? {
    if case .boolean(let value)? = value(node, key) { return value }
    problems.report("'\(key)' is true or false, found \(node.kindName)", at: node)
    return nil
  }

  func array(_ node: ModelNode, _ key: String, _ dimension: Dimension? = nil) -> QuantityArray? {
    value(node, key).flatMap { array($0, at: node, key, dimension) }
  }

  /// The list that a value is; one value is a list of one.
  func array(_ value: FileValue, at node: ModelNode, _ key: String, _ dimension: Dimension? = nil) -> QuantityArray? {
    switch value {
    case .array(var array):
      if let dimension, array.dimension != dimension {
        guard array.dimension == .dimensionless, array.si.allSatisfy({ $0 == 0 }) else {
          problems.report(
            "'\(key)' should have the unit '\(dimension)' but its values have the unit '\(array.dimension)'", at: node,
            hint: example(dimension, key))
          return nil
        }
        array = QuantityArray(si: array.si, dimension: dimension)
      }
      return array
    case .quantity, .expression:
      return quantity(node, key, dimension).map { QuantityArray(si: [$0.si], dimension: $0.dimension) }
    case .boolean, .booleans, .matrix:
      problems.report("'\(key)' is a list of numbers, found \(node.kindName)", at: node)
      return nil
    }
  }

  func integers(_ node: ModelNode, _ key: String) -> [Int]? { value(node, key).flatMap { integers($0, at: node, key) } }

  /// The integers that a value is a list of.
  func integers(_ value: FileValue, at node: ModelNode, _ key: String) -> [Int]? {
    guard let array = array(value, at: node, key, .dimensionless) else { return nil }
    var result: [Int] = []
    result.reserveCapacity(array.si.count)
    for value in array.si {
      guard let integer = Int(exactly: value) else {
        problems.report("'\(key)' has integers, found \(value)", at: node)
        return nil
      }
      result.append(integer)
    }
    return result
  }

  /// The value of an expression of constants, units and functions without random numbers (MDL-11).
  func constant(_ source: SourceText, at node: ModelNode, _ key: String, constants: Namespace? = nil) -> Namespace.Entry? {
    do {
      let value = try ConstantExpression(source, constants: constants ?? self.constants).value
      if case .quantity(let quantity) = value, !quantity.si.isFinite {
        problems.report(
          "'\(key)' is \(quantity.inWords), which is not a finite number", at: node,
          hint: quantity.si.isInfinite ? "model text itself may say inf, as in clip(x, 0, inf)" : nil)
        return nil
      }
      return value
    } catch let error as Problems {
      report(error)
    } catch {
      problems.report("'\(key)': \(error.addressed(to: .modelFile))", at: node)
    }
    return nil
  }

  /// A seed: an integer from 0 to 2^64 − 1, or what constants make one.
  func seed(_ node: ModelNode, _ key: String) -> UInt64? {
    if let text = node.scalar?.text, let number = UInt64(text) { return number }
    if let quantity = quantity(node, key, .dimensionless) {
      if let number = UInt64(exactly: quantity.si) { return number }
      problems.report("'\(key)' is an integer from 0 to 2^64 − 1, found \(quantity.inWords)", at: node)
    }
    return nil
  }

  /// Problems of a model text, at their places in the file.
  func report(_ found: Problems) {
    for problem in found.problems where problem.severity == .error {
      let place = found.source.place(of: problem.span.lower)
      var message = problem.message
      if !problem.expected.isEmpty { message += "; expected " + problem.expected.joined(separator: " or ") }
      if let what = problem.found { message += "; found " + what }
      problems.report(
        message, at: FilePlace(line: place.line, column: place.column), length: found.source.length(of: problem.span), hint: problem.hint)
    }
  }

  private func example(_ dimension: Dimension, _ key: String) -> String? {
    switch dimension {
    case .time: "write for example '\(key): 0.1 ms'"
    case .frequency: "write for example '\(key): 10 Hz'"
    default: nil
    }
  }
}
