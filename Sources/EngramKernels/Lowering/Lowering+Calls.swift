import EngramExpressions
import EngramScalars

extension Lowering {
  mutating func call(
    _ name: String, _ arguments: [Expression], at span: SourceSpan, depth: Int
  ) throws(KernelError) -> TypedValue {
    let function: KernelFunction
    switch symbols[name] {
    case .function(let given): function = given
    case nil:
      guard let builtin = BuiltinFunction(rawValue: name) else {
        let functions = BuiltinFunction.allCases.map(\.rawValue)
        throw .unknownName(name, at: span, nearest: nearest(name, in: functions + Array(symbols.keys)))
      }
      function = .builtin(builtin)
    default: throw .notAFunction(name, at: span)
    }
    let expected =
      switch function {
      case .builtin(let builtin): builtin.argumentCount
      case .binomial, .normal: 0
      case .closure(let block): block.argumentTypes.count
      }
    guard arguments.count == expected else {
      throw .argumentCount(function: name, expected: expected, found: arguments.count, at: span)
    }
    var values: [TypedValue] = []
    for argument in arguments { values.append(try value(of: argument, depth: depth + 1)) }
    switch function {
    case .builtin(let builtin): return self.builtin(builtin, values)
    case .binomial(let trials, let probability):
      return draw(.randomBinomial, [builder.constant(.integer(trials)), builder.constant(.float(probability))])
    case .normal(let mean, let deviation):
      let standard = draw(.randomNormal, [])
      let scaled = builder.operation(.multiply, standard.id, builder.constant(.float(deviation)), type: .float)
      return TypedValue(id: builder.operation(.add, scaled, builder.constant(.float(mean)), type: .float), type: .float)
    case .closure(let block): return closure(block, named: name, values)
    }
  }

  private mutating func builtin(_ function: BuiltinFunction, _ arguments: [TypedValue]) -> TypedValue {
    switch function {
    case .sin: elementary(.sin, arguments)
    case .cos: elementary(.cos, arguments)
    case .tan: elementary(.tan, arguments)
    case .sinh: elementary(.sinh, arguments)
    case .cosh: elementary(.cosh, arguments)
    case .tanh: elementary(.tanh, arguments)
    case .exp: elementary(.exp, arguments)
    case .log: elementary(.log, arguments)
    case .log10: elementary(.log10, arguments)
    case .expm1: elementary(.expm1, arguments)
    case .log1p: elementary(.log1p, arguments)
    case .exprel: elementary(.exprel, arguments)
    case .arccos: elementary(.acos, arguments)
    case .arcsin: elementary(.asin, arguments)
    case .arctan: elementary(.atan, arguments)
    case .sqrt: elementary(.sqrt, arguments)
    case .ceil: elementary(.ceil, arguments)
    case .floor: elementary(.floor, arguments)
    case .abs: keepingType(.absolute, .integerAbsolute, arguments[0])
    case .sign: keepingType(.sign, .integerSign, arguments[0])
    case .clip: clip(arguments)
    case .rand: draw(.randomUniform, [])
    case .randn: draw(.randomNormal, [])
    case .poisson: draw(.randomPoisson, [toFloat(arguments[0])])
    case .int: TypedValue(id: toInteger(arguments[0]), type: .integer)
    case .timestep:
      TypedValue(
        id: builder.operation(.timestep, toFloat(arguments[0]), toFloat(arguments[1]), type: .integer), type: .integer)
    }
  }

  private mutating func elementary(_ opcode: Opcode, _ arguments: [TypedValue]) -> TypedValue {
    TypedValue(id: builder.operation(opcode, toFloat(arguments[0]), type: .float), type: .float)
  }

  /// Booleans are their own absolute value and sign.
  private mutating func keepingType(_ float: Opcode, _ integer: Opcode, _ argument: TypedValue) -> TypedValue {
    switch argument.type {
    case .boolean: argument
    case .integer: TypedValue(id: builder.operation(integer, argument.id, type: .integer), type: .integer)
    case .float: TypedValue(id: builder.operation(float, argument.id, type: .float), type: .float)
    }
  }

  private mutating func clip(_ arguments: [TypedValue]) -> TypedValue {
    let type = arguments.map(\.type).max() ?? .float
    let values = arguments.map { type == .float ? toFloat($0) : $0.id }
    let opcode: Opcode = type == .float ? .clip : .integerClip
    return TypedValue(id: builder.operation(opcode, values[0], values[1], values[2], type: type), type: type)
  }

  private mutating func draw(_ opcode: Opcode, _ operands: [ValueID]) -> TypedValue {
    let id = builder.random(opcode, operands, site: callSite(), stage: isSharedStatement ? .call : .element)
    return TypedValue(id: id, type: builder[id].type)
  }

  /// A number per textual call; text of a subexpression counts once, however often it is put in place.
  private mutating func callSite() -> Int {
    guard let place = currentSubexpression else { return builder.newCallSite() }
    currentSubexpression?.ordinal += 1
    if let known = subexpressionSites[place] { return known }
    let site = builder.newCallSite()
    subexpressionSites[place] = site
    return site
  }

  private mutating func closure(_ function: BlockFunction, named name: String, _ arguments: [TypedValue]) -> TypedValue {
    var operands: [ValueID] = []
    for (argument, type) in zip(arguments, function.argumentTypes) {
      operands.append(converted(argument, to: type ?? .float))
    }
    switch function.resultType {
    case .lane(let type):
      return TypedValue(id: builder.call(function, named: name, operands, type: type, shared: isSharedStatement), type: type)
    case .highestOfArguments:
      let raw = builder.call(function, named: name, operands, type: .float, shared: isSharedStatement)
      let type = arguments.map(\.type).max() ?? .float
      return TypedValue(id: converted(TypedValue(id: raw, type: .float), to: type), type: type)
    }
  }
}
