internal import CEngramMath
internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// Divides the steps of a group's clock into smaller ones, for each element as it needs (``AdaptiveStep``).
///
/// Each step of the clock begins anew with its whole length, so that nothing has to be remembered, and what one element does depends on
/// no other: neither checkpoints nor threads change a bit.
final class AdaptiveSteps {
  private let plan: AdaptiveStep
  private let trial: PreparedKernel
  private let acceptance: PreparedKernel
  private let columns: [String: ArrayVariable]
  private let elements: Range<Int>
  private let owner: String
  private var active: [Int32] = []
  private var accepted: [Int32] = []
  private var lengths: [Double]
  private var counts: [Int32]

  /// The columns of the trials, by name.
  static func columns(for plan: AdaptiveStep, of group: Group) throws -> [String: Variables.Entry] {
    var entries: [String: Variables.Entry] = [:]
    func add(_ name: String, _ dimension: Dimension) throws {
      let column = try Column(.float64, rows: group.elementOffset + group.elementCount)
      entries[name] = Variables.Entry(try ArrayVariable(name, column: column, dimension: dimension, flags: .scratch, owner: nil), access: .element)
    }
    try add(AdaptiveStep.trial, .time)
    try add(AdaptiveStep.elapsed, .time)
    for variable in plan.variables {
      let dimension = group.variables[variable]?.dimension ?? .dimensionless
      try add(AdaptiveStep.newValue(variable), dimension)
      try add(AdaptiveStep.error(variable), dimension)
    }
    return entries
  }

  init(
    _ plan: AdaptiveStep, trial: PreparedKernel, acceptance: PreparedKernel, columns: [String: Variables.Entry], elements: Range<Int>, owner: String
  ) {
    (self.plan, self.trial, self.acceptance, self.elements, self.owner) = (plan, trial, acceptance, elements, owner)
    self.columns = columns.compactMapValues(\.variable.array)
    lengths = [Double](repeating: 0, count: elements.count)
    counts = [Int32](repeating: 0, count: elements.count)
  }

  private func values(_ name: String) -> UnsafeMutablePointer<Double> {
    guard let array = columns[name] else { preconditionFailure("there is a column for each name of a trial") }
    return array.column.base.assumingMemoryBound(to: Double.self)
  }

  /// One step of the clock, for all elements that this process computes.
  func run(stepSeconds: Double) throws {
    let (trials, elapsed) = (values(AdaptiveStep.trial), values(AdaptiveStep.elapsed))
    let results = plan.variables.map { (values(AdaptiveStep.newValue($0)), values(AdaptiveStep.error($0))) }
    active = trial.ownPart(of: elements).map { Int32(truncatingIfNeeded: $0) }
    for element in active { elapsed[Int(element)] = 0 }
    for place in lengths.indices { (lengths[place], counts[place]) = (stepSeconds, 0) }
    while !active.isEmpty {
      for element in active {
        let (element, place) = (Int(element), Int(element) - elements.lowerBound)
        trials[element] = min(lengths[place], stepSeconds - elapsed[element])
      }
      try active.withUnsafeBufferPointer { try trial.run(indices: $0) }
      accepted.removeAll(keepingCapacity: true)
      for index in active {
        let (element, place) = (Int(index), Int(index) - elements.lowerBound)
        counts[place] += 1
        var ratio = 0.0
        for (new, error) in results {
          let one = abs(error[element]) / (plan.absoluteError + plan.relativeError * abs(new[element]))
          // What is no number is no solution.
          ratio = one.isNaN || !new[element].isFinite ? .infinity : max(ratio, one)
        }
        let tried = trials[element]
        if ratio <= 1 { accepted.append(index) }
        guard Int(counts[place]) < plan.maximumTrials, ratio <= 1 || tried > stepSeconds * 1e-12 else {
          throw AdaptiveStepError(owner: owner, element: element - elements.lowerBound, trials: Int(counts[place]), stepSeconds: stepSeconds)
        }
        lengths[place] = tried * Self.factor(ratio, order: plan.order)
      }
      if !accepted.isEmpty {
        try accepted.withUnsafeBufferPointer { try acceptance.run(indices: $0) }
        for index in accepted {
          let element = Int(index)
          // The last piece ends where the step of the clock does.
          elapsed[element] = trials[element] >= stepSeconds - elapsed[element] ? stepSeconds : elapsed[element] + trials[element]
        }
      }
      active.removeAll { elapsed[Int($0)] >= stepSeconds }
    }
  }

  /// How much longer or shorter the next trial is.
  ///
  /// - SeeAlso: Hairer, Nørsett & Wanner (1993), Solving Ordinary Differential Equations I, section II.4.
  private static func factor(_ ratio: Double, order: Int) -> Double {
    if ratio == 0 { return 5 }
    if ratio == .infinity { return 0.1 }
    return min(5, max(0.1, 0.9 * engram_pow(ratio, -1 / Double(order + 1))))
  }
}

/// An adaptive method did not get through a step of the clock.
struct AdaptiveStepError: ExplainedError, Hashable {
  let owner: String
  /// Number of the element, counted from 0.
  let element: Int
  let trials: Int
  let stepSeconds: Double

  var description: String {
    "the equations of '\(owner)' could not be integrated over a step of \(stepSeconds) s for element \(element): after \(trials) trials the error "
      + "is still too large or a value is not finite; allow a larger error (method_options: {relative_error: …, max_steps: …}), or use rosenbrock for "
      + "stiff equations"
  }
}
