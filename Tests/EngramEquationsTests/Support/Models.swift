@testable import EngramEquations
import EngramExpressions
import EngramUnits
import Foundation
import Testing

/// Equations from text that may be wrong. `Equations("…")` would be a literal, whose mistakes are reported later.
func read(_ text: String, replacing replacements: [String: Replacement] = [:]) throws(EquationError) -> Equations {
  try Equations(text, replacing: replacements)
}

/// A context in which every name that is not listed is a parameter of unknown value.
func context(
  constants: [String: Double] = [:], step: Double? = 1e-4, refractory: Bool = false, functions: [String: FunctionFacts] = [:]
) -> IntegrationContext {
  IntegrationContext(
    ownerName: "neurongroup", stepSeconds: step, hasRefractoriness: refractory,
    identifiers: { name in constants[name].map { IdentifierFacts(dimension: .dimensionless, value: $0, isScalar: true) } },
    functions: { functions[$0] })
}

func update(_ text: String, _ method: Method, _ context: IntegrationContext = context()) throws -> StateUpdate {
  try MethodChoice.named(method).update(for: Equations(text), context: context)
}

/// What the automatic choice takes, or the refusal.
func chosen(_ text: String, _ context: IntegrationContext = context()) throws -> String {
  try MethodChoice.automatic.update(for: Equations(text), context: context).methodName
}

/// The values of all variables after some steps.
func integrate(
  _ update: StateUpdate, from initial: [String: Double], step: Double, steps: Int, functions: [String: ([Double]) -> Double] = [:],
  normals: @escaping () -> Double = { 0 }
) throws -> [String: Double] {
  var evaluator = Evaluator(values: initial, normals: normals, functions: functions)
  evaluator.values["dt"] = step
  for number in 0..<steps {
    evaluator.values["t"] = Double(number) * step
    try evaluator.run(update.statements)
  }
  return evaluator.values
}

/// The root of the repository's fixtures.
let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "fixtures")
