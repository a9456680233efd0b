import EngramExpressions
import EngramKernels
import EngramScalars

/// What model code draws from; the raw value is the function's name there.
public enum RandomDistribution: String, Sendable, Hashable, CaseIterable {
  /// From 0 up to, and not including, 1.
  case uniform = "rand"
  /// Mean 0, standard deviation 1.
  case normal = "randn"
  /// Whole numbers with the means given.
  case poisson

}

/// Numbers that are wanted for some elements at once.
public struct RandomDraw {
  /// Which numbers are wanted.
  public let distribution: RandomDistribution
  /// The numbers of the elements; a single 0 for a shared value.
  public let elements: UnsafeBufferPointer<Int64>
  /// For each element the mean of its Poisson distribution; empty for the others.
  public let means: UnsafeBufferPointer<Double>
}

/// Writes a number for each element of a draw. Called at every step, for at most 512 elements at a time, from one thread at a time
/// for one piece of code. What it throws ends the run.
public typealias RandomFill = @Sendable (_ draw: RandomDraw, _ numbers: UnsafeMutableBufferPointer<Double>) throws -> Void

extension KernelFunction {
  /// The draws of a device in place of the machine's.
  static func drawing(_ distribution: RandomDistribution, with fill: @escaping RandomFill) -> KernelFunction {
    let isPoisson = distribution == .poisson
    let name = distribution.rawValue
    return .closure(
      BlockFunction(
        name: name, argumentTypes: isPoisson ? [.float] : [], resultType: .lane(isPoisson ? .integer : .float), dependsOnlyOnArguments: false
      ) { block throws(FunctionFault) in
        let draw = RandomDraw(
          distribution: distribution, elements: UnsafeBufferPointer(start: block.elements, count: block.count),
          means: UnsafeBufferPointer(start: isPoisson ? block.floats(0) : nil, count: isPoisson ? block.count : 0))
        do {
          guard isPoisson else { return try fill(draw, UnsafeMutableBufferPointer(start: block.floatResult, count: block.count)) }
          var numbers = [Double](repeating: 0, count: block.count)
          try numbers.withUnsafeMutableBufferPointer { try fill(draw, $0) }
          for (lane, number) in numbers.enumerated() { block.integerResult[lane] = Int64(saturating: number) }
        } catch {
          throw FunctionFault(function: name, element: block.elements[0], cause: error)
        }
      })
  }
}
