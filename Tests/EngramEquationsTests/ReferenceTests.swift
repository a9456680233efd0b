@testable import EngramEquations
import EngramExpressions
import Foundation
import Testing

/// Against numbers from Brian 2 (tools/reference/integrators.py).
@Suite("Integrators against the reference") struct ReferenceTests {
  struct File: Decodable { let cases: [Case] }
  struct Case: Decodable, CustomTestStringConvertible {
    let name, method, step, equations: String
    let refractory: Bool
    let constants, initial, after1, after50: [String: String]
    var testDescription: String { "\(name), \(method)" }
  }

  static let cases: [Case] = {
    guard let data = try? Data(contentsOf: fixtures.appending(path: "reference/integrators.json")) else { return [] }
    return (try? JSONDecoder().decode(File.self, from: data).cases) ?? []
  }()

  @Test("STU-16: the reference file is there") func present() { #expect(Self.cases.count >= 20) }

  @Test("STU-5, STU-6, STU-7, STU-8, STU-9, STU-16: one step and fifty steps agree with the reference within a few ulp", arguments: cases)
  func agrees(_ reference: Case) throws {
    let constants = try reference.constants.mapValues(number)
    let step = try number(reference.step)
    let update = try update(
      reference.equations, Method(rawValue: reference.method), context(constants: constants, step: step, refractory: reference.refractory))
    var initial = constants
    for (name, value) in reference.initial { initial[name] = try number(value) }
    if reference.refractory { initial["not_refractory"] = 1 }
    let once = try integrate(update, from: initial, step: step, steps: 1)
    let often = try integrate(update, from: initial, step: step, steps: 50)
    for (name, text) in reference.after1 {
      let expected = try number(text)
      // Measured against the size of the variable: sums may cancel.
      let scale = max(expected.magnitude, initial[name]?.magnitude ?? 0)
      #expect(((once[name] ?? .nan) - expected).magnitude <= 8 * scale.ulp, "\(name) after one step: \(once[name] ?? .nan), reference \(expected)")
    }
    for (name, text) in reference.after50 {
      let expected = try number(text)
      let scale = max(expected.magnitude, initial[name]?.magnitude ?? 0)
      #expect(((often[name] ?? .nan) - expected).magnitude <= 3000 * scale.ulp, "\(name) after fifty steps: \(often[name] ?? .nan), reference \(expected)")
    }
  }

  func number(_ text: String) throws -> Double { try #require(Double(text)) }
}
