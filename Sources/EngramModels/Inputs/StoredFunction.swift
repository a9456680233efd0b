internal import EngramCheckpoints
package import EngramModel
package import EngramSimulation
internal import EngramUnits

/// Makes functions of values again from what a checkpoint holds (CKP-21).
package enum StoredFunction {
  package static func make(_ description: FunctionDescription) throws -> Function {
    switch description.kind {
    case .timedArray(let array):
      let (numbers, columns) = (array.values.numbers, array.values.columns)
      guard columns.map({ $0 > 0 && numbers.count % $0 == 0 }) ?? true else {
        throw CheckpointError.damaged("the values of the function '\(description.name)' are incomplete")
      }
      return try TimedArray(
        values: numbers, columns: columns ?? 1, isTwoDimensional: columns != nil, dimension: array.values.unit.dimension, dt: Time(si: array.dt.si),
        name: description.name
      ).function
    case .binomial(let binomial):
      return try BinomialFunction(n: binomial.n, p: binomial.p, approximate: binomial.isApproximate, name: description.name).function
    }
  }
}
