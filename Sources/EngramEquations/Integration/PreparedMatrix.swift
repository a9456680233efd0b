public import EngramExpressions
public import EngramUnits

/// A linear system without a closed-form solution whose coefficients are constant over a run but differ between elements:
/// its matrix exponential is computed in numbers when a run is prepared, once for each set of coefficients.
///
/// The numbers follow from the coefficients alone, so they are no state: nobody stores them, and each run makes them anew.
public struct PreparedMatrix: Sendable, Hashable {
  /// One element of `e^{M·dt}`, or of its integral over the step, under the name by which statements read it.
  public struct Column: Sendable, Hashable {
    /// The name by which statements read it.
    public let name: String
    /// The dimension of its values.
    public let dimension: Dimension
    let row, column: Int
    let isIntegral: Bool
  }

  /// The variables of the system, one for each row and column of the matrix.
  public let variables: [String]
  /// `dx_row/dt = Σ coefficient · x_column + …`, row by row; literal zeros where a variable has no influence.
  public let coefficients: [Expression]
  /// What has to be computed: those elements of the exponential and of its integral that are not always 0.
  public let columns: [Column]
  /// Whether all elements have the same coefficients.
  public let isUniform: Bool
  let stepSeconds: Double

  /// - Parameter number: tells the columns of one update apart.
  init(_ system: LinearSystem, number: Int, equations: Equations, isUniform: Bool, stepSeconds: Double) {
    variables = system.variables
    coefficients = Array(system.matrix.joined())
    self.isUniform = isUniform
    self.stepSeconds = stepSeconds
    let influence = system.influence
    let dimensions = system.variables.map { equations[$0]?.dimension ?? .dimensionless }
    var columns: [Column] = []
    for row in dimensions.indices {
      for column in dimensions.indices where influence[row][column] {
        let ratio = dimensions[row] / dimensions[column]
        columns.append(Column(name: "_step\(number)_\(row)_\(column)", dimension: ratio, row: row, column: column, isIntegral: false))
        if system.constants[column].isZero { continue }
        columns.append(Column(name: "_drive\(number)_\(row)_\(column)", dimension: ratio * .time, row: row, column: column, isIntegral: true))
      }
    }
    self.columns = columns
  }

  /// The values of the columns, in their order; nil unless they are finite and pass the check of ``LinearStep``.
  ///
  /// - Parameter values: of the coefficients, in their order.
  package func solution(for values: [Double]) -> [Double]? {
    let count = variables.count
    let matrix = (0..<count).map { row in Array(values[row * count..<(row + 1) * count]) }
    guard let step = LinearStep(matrix: matrix, step: stepSeconds) else { return nil }
    return columns.map { ($0.isIntegral ? step.response : step.transition)[$0.row][$0.column] }
  }

  /// The new values of the variables as formulas of the columns.
  func newValues(of system: LinearSystem) -> [Expression] {
    variables.indices.map { row in
      .sum(
        columns.filter { $0.row == row }.map { column in
          (column.isIntegral ? system.constants[column.column] : .name(variables[column.column])) * .name(column.name)
        })
    }
  }
}
