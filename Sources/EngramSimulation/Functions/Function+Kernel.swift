import EngramExpressions
import EngramKernels
import EngramNative
import EngramScalars
import EngramUnits

extension Function {
  /// The function as the machine calls it, for code of `owner`.
  ///
  /// - Parameter dimensions: what the arguments measure, where the call is known; a body that computes with quantities gets them so.
  func kernelFunction(for owner: FunctionOwner, on target: ExecutionTarget?, dimensions: [Dimension]? = nil) throws -> KernelFunction {
    switch try chosenBody(on: target, for: owner) {
    case .swift(.kernel(let function)): return function
    case .swift(.elementwise(let body)): return .closure(block(dependsOnlyOnArguments: false, body))
    case .swift(.plain(let body)): return .closure(block(dependsOnlyOnArguments: isStateless) { _, arguments in try body(arguments) })
    case .swift(.quantities(let body)):
      let dimensions = dimensions ?? declaredDimensions
      return .closure(
        block(dependsOnlyOnArguments: isStateless) { [signature] _, arguments in
          let given = zip(arguments, dimensions).map { Quantity(si: $0, dimension: $1) }
          return try signature.checked(try body(given), for: dimensions).si
        })
    case .native(let entry, let takesElement):
      return .closure(
        BlockFunction(
          name: name, argumentTypes: laneTypes, resultType: resultType, dependsOnlyOnArguments: isStateless && !takesElement
        ) { block throws(FunctionFault) in block.compute(entry) })
    case .swift(.computed): throw FunctionCallError.notCallable(function: name)
    }
  }

  /// Whether the body wants to know what arguments measure that are declared without a unit of their own.
  func wantsUnits(on target: ExecutionTarget?, for owner: FunctionOwner) throws -> Bool {
    let isFree = signature.arguments.contains { argument in
      switch argument.unit {
      case .any, .sameAs: true
      case .dimensionless, .boolean, .unit: false
      }
    }
    guard isFree, case .swift(.quantities) = try chosenBody(on: target, for: owner) else { return false }
    return true
  }

  private var declaredDimensions: [Dimension] {
    signature.arguments.map { argument in
      if case .unit(let dimension) = argument.unit { return dimension }
      return .dimensionless
    }
  }

  private var laneTypes: [LaneType?] {
    signature.arguments.map { argument in
      switch argument.type {
      case .boolean: .boolean
      case .integer: .integer
      case .float, .any: nil
      }
    }
  }

  private var resultType: BlockFunction.ResultType {
    switch signature.returnType {
    case .boolean: .lane(.boolean)
    case .integer: .lane(.integer)
    case .float: .lane(.float)
    case .highest: .highestOfArguments
    }
  }

  private func block(
    dependsOnlyOnArguments: Bool, _ body: @escaping @Sendable (Int, ArraySlice<Double>) throws -> Double
  ) -> BlockFunction {
    let types = laneTypes
    let resultType = resultType
    return BlockFunction(
      name: name, argumentTypes: types, resultType: resultType, dependsOnlyOnArguments: dependsOnlyOnArguments
    ) { [name] block throws(FunctionFault) in
      var arguments = [Double](repeating: 0, count: types.count)
      for lane in 0..<block.count {
        for (place, type) in types.enumerated() {
          arguments[place] = type == nil || type == .float ? block.floats(place)[lane] : Double(block.integers(place)[lane])
        }
        let value: Double
        do { value = try body(Int(block.elements[lane]), arguments[...]) } catch {
          throw FunctionFault(function: name, element: block.elements[lane], cause: error)
        }
        // The conversions of model code (COD-9); what is of the highest type among the arguments is converted by the caller.
        switch resultType {
        case .lane(.float), .highestOfArguments: block.floatResult[lane] = value
        case .lane(.integer): block.integerResult[lane] = Int64(saturating: value)
        case .lane(.boolean): block.integerResult[lane] = value != 0 ? 1 : 0
        }
      }
    }
  }

  /// The value of C text for one element, outside of models.
  func call(_ entry: CEntry, _ values: [Double]) -> Double {
    // Eight bytes each, as lanes hold them.
    var lanes = zip(values, signature.arguments).map { value, argument -> UInt64 in
      switch argument.type {
      case .boolean: value != 0 ? 1 : 0
      case .integer: UInt64(bitPattern: Int64(saturating: value))
      case .float, .any: value.bitPattern
      }
    }
    var element: Int64 = 0
    var result: UInt64 = 0
    lanes.withUnsafeMutableBytes { lanes in
      let pointers = values.indices.map { UnsafeRawPointer(lanes.baseAddress?.advanced(by: 8 * $0)) }
      withUnsafeMutableBytes(of: &result) { entry(1, &element, pointers, $0.baseAddress) }
    }
    switch signature.returnType {
    case .float, .highest: return Double(bitPattern: result)
    case .integer, .boolean: return Double(Int64(bitPattern: result))
    }
  }
}
