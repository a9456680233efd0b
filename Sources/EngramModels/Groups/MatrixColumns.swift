internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// The numbers that a state update reads: solutions of linear systems, one for each different set of coefficients, written
/// to columns with a value per element (STU-5).
///
/// They follow from the parameters of the group, so nothing of them is stored: each run makes the columns anew. Sets that
/// were solved before are looked up, which gives the same bits.
struct MatrixColumns {
  private var solved: [PreparedMatrix: [[UInt64]: [Double]]] = [:]

  /// - Parameter isRehearsal: make the columns without looking at parameters, which may not have their values yet.
  /// - Throws: when a coefficient is no number, or a solution does not pass its check.
  mutating func columns(
    for matrices: [PreparedMatrix], of group: Group, namespace: Namespace, isRehearsal: Bool
  ) throws(UnsupportedEquationsError) -> [String: Variables.Entry] {
    var entries: [String: Variables.Entry] = [:]
    solved = solved.filter { matrices.contains($0.key) }
    for matrix in matrices {
      let count = matrix.isUniform ? 1 : group.elementCount
      do {
        let columns = try matrix.columns.map { _ in try Column(.float64, rows: count) }
        // A group without elements has no coefficients either.
        if !isRehearsal, group.elementCount > 0 { try fill(columns, matrix, of: group, namespace: namespace) }
        for (place, column) in zip(matrix.columns, columns) {
          let variable = try ArrayVariable(
            place.name, column: column, dimension: place.dimension, flags: matrix.isUniform ? [.scalar, .scratch] : .scratch, owner: nil)
          entries[place.name] = Variables.Entry(variable, access: matrix.isUniform ? .scalar : .element)
        }
      } catch let refusal as UnsupportedEquationsError {
        throw refusal
      } catch {
        throw UnsupportedEquationsError(method: "exact", .invalidEquations("\(error)"))
      }
    }
    return entries
  }

  private mutating func fill(_ columns: [Column], _ matrix: PreparedMatrix, of group: Group, namespace: Namespace) throws {
    let elements = group.elementOffset..<group.elementOffset + (matrix.isUniform ? 1 : group.elementCount)
    let values = try matrix.coefficients.map { try MatrixColumns.evaluate($0, elements, of: group, namespace: namespace) }
    var known = solved[matrix] ?? [:]
    var current: [[UInt64]: [Double]] = [:]
    for element in 0..<elements.count {
      let own = values.map { $0[element] }
      let key = own.map(\.bitPattern)
      if current[key] == nil { current[key] = try known.removeValue(forKey: key) ?? solve(matrix, own, element: element) }
      guard let solution = current[key] else { continue }
      for (column, value) in zip(columns, solution) { column.base.assumingMemoryBound(to: Double.self)[element] = value }
    }
    solved[matrix] = current
  }

  private func solve(_ matrix: PreparedMatrix, _ values: [Double], element: Int) throws(UnsupportedEquationsError) -> [Double] {
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw UnsupportedEquationsError(
        method: "exact", .notFinite(variables: matrix.variables, coefficient: "\(matrix.coefficients[place])", element: element))
    }
    guard let solution = matrix.solution(for: values) else {
      throw UnsupportedEquationsError(method: "exact", .notVerified(variables: matrix.variables, element: element))
    }
    return solution
  }

  /// A coefficient for each element, with the arithmetic that runs the model.
  private static func evaluate(_ coefficient: Expression, _ elements: Range<Int>, of group: Group, namespace: Namespace) throws -> [Double] {
    var result = [Double](repeating: 0, count: elements.count)
    if coefficient.isZero { return result }
    var request = CodeRequest(.value(coefficient), owner: group, objectName: group.name, purpose: "coefficient", clock: nil, userWritten: [])
    request.resultType = .float
    request.isGenerated = true
    let kernel = try OutsideCode.kernel(for: request, namespace: namespace, operation: 0)
    try result.withUnsafeMutableBytes { bytes in
      if let base = bytes.baseAddress { try kernel.evaluate(elements, into: base) }
    }
    return result
  }
}
