package import EngramSimulation
internal import EngramUnits

/// Makes functions of values again from what a checkpoint holds (CKP-21).
package enum StoredFunction {
  package static func make(_ description: ObjectDescription) throws -> Function {
    switch description.kind {
    case "TimedArray":
      let values = description["values"]
      guard case .numbers(let numbers)? = values?["numbers"], case .quantity(let unit)? = values?["unit"],
        case .quantity(let dt)? = description["dt"]
      else { throw damaged(description) }
      let columns = values?["columns"]?.asInteger.flatMap { Int(exactly: $0) }
      guard columns.map({ $0 > 0 && numbers.count % $0 == 0 }) ?? true else { throw damaged(description) }
      return try TimedArray(
        values: numbers, columns: columns ?? 1, isTwoDimensional: columns != nil, dimension: unit.dimension, dt: Time(si: dt.si),
        name: description.name
      ).function
    case "BinomialFunction":
      guard let n = description["n"]?.asInteger, let p = description["p"]?.asReal else { throw damaged(description) }
      return try BinomialFunction(
        n: Int(n), p: p, approximate: description["approximate"]?.asBoolean ?? true, name: description.name
      ).function
    case let kind: throw CheckpointError.unsupported("functions of kind '\(kind)', such as '\(description.name)', are not known to this release")
    }
  }

  private static func damaged(_ description: ObjectDescription) -> CheckpointError {
    .damaged("the values of the function '\(description.name)' are incomplete")
  }
}
