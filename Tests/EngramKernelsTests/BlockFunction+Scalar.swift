import EngramExpressions
import EngramKernels

extension BlockFunction {
  /// A function of doubles, one element at a time, that depends only on its arguments.
  init(name: String, scalar: @escaping @Sendable (Double) -> Double) {
    self.init(name: name, argumentTypes: [.float], dependsOnlyOnArguments: true) { block in
      let argument = block.floats(0)
      for lane in 0..<block.count { block.floatResult[lane] = scalar(argument[lane]) }
    }
  }
}
