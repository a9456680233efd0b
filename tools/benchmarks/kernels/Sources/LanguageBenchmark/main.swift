// How long a model of 100 equations takes from text to checked equations, and to an integrator's code: milliseconds.
import EngramEquations
import EngramExpressions
import EngramUnits

/// 25 units of four equations each: a conductance-based membrane with a gate, a current and a parameter.
func model(units: Int) -> String {
  (0..<units).map { k in
    """
    dv\(k)/dt = (gl*(El - v\(k)) + I\(k) + g\(k)*m\(k)**3*(Ena - v\(k)))/C : volt
    dm\(k)/dt = (1/(1 + exp(-(v\(k) + 40*mV)/(9*mV))) - m\(k))/(5*ms) : 1
    I\(k) = gl*(v\(k) - El)*clip(m\(k), 0, 1)/2 : amp
    g\(k) : siemens (constant)
    """
  }.joined(separator: "\n")
}

func best(of repetitions: Int, _ body: () throws -> Void) rethrows -> Double {
  var least = Duration.seconds(1000)
  for _ in 0..<repetitions { least = min(least, try ContinuousClock().measure { try body() }) }
  return Double(least.components.seconds) * 1e3 + Double(least.components.attoseconds) * 1e-15
}

let text = model(units: 25)
var table = DictionarySymbols([
  "gl": .constant(ConstantSymbol(10 * nS)), "El": .constant(ConstantSymbol(-70 * mV)), "Ena": .constant(ConstantSymbol(50 * mV)),
  "C": .constant(ConstantSymbol(200 * pF)),
])
let equations = try Equations(source: SourceText(text))
for equation in equations.all { table.symbols[equation.name] = .variable(VariableSymbol(equation.dimension)) }

let parsing = try best(of: 20) { _ = try Equations(source: SourceText(text)) }
let checking = try best(of: 20) { try equations.checkDimensions(symbols: table) }
print("100 equations, \(text.utf8.count) bytes: parsed in \(parsing) ms, units checked in \(checking) ms")

extension ConstantSymbol {
  init(_ quantity: some QuantityConvertible) { self.init(quantity.quantity) }
}
