internal import EngramEquations
internal import EngramExpressions
internal import EngramKernels
internal import EngramModels
package import EngramSimulation
internal import EngramUnits
internal import Foundation

/// A model file as it was understood, down to the kernels (MDL-7): nothing is executed.
package struct Explanation {
  package struct Integration {
    package let object: String
    /// The equations in canonical form.
    package let equations: String
    package let method: String
    /// Why this method; empty when the file names it.
    package let reason: String
    /// What advances the equations by one step.
    package let statements: [String]
  }

  package struct Code {
    package let object: String
    package let purpose: String
    /// The kernel's operations.
    package let program: String
  }

  package let name: String
  package let integrations: [Integration]
  package let schedule: SchedulingSummary
  package let kernels: [Code]
  /// The file with defaults filled in; loads as the same network.
  package let fileText: String
  /// The same with everything else as comments.
  package let annotatedText: String
  package let descriptions: [ObjectDescription]

  /// Makes the network of the file in the current scope and prepares it as a run would.
  package init(_ file: ModelFile, constants: [(name: String, text: String)] = [], files: any ArrayFileReader) throws {
    let file = Experiment.replacing(try Experiment.checkedConstants(constants, in: file), in: file)
    let (network, builder) = try Experiment.make(file, seed: file.chosenSeed, files: files)
    var kernels: [Code] = []
    let problems = network.problemsOfPreparation(namespace: builder.namespace) { object, prepared in
      kernels.append(Code(object: object, purpose: prepared.program.purpose, program: prepared.program.description))
    }
    for error in problems { builder.report(error, at: FilePlace(line: 1, column: 1), what: "the network") }
    try builder.throwProblems(text: file.text)
    self.kernels = kernels
    name = network.name
    integrations = network.allObjects.compactMap { ($0 as? StateUpdater).flatMap(Explanation.integration) }
    schedule = network.schedulingSummary
    descriptions = network.descriptions(of: network.allObjects)
    let names = builder.items.mapValues(\.place)
    func text(_ remarks: @escaping (String) -> [String]) -> String {
      var writer = ModelFileWriter(
        file, constants: builder.namespace, schedule: network.schedule, stepSeconds: (try? MagicScope.current.device.defaultClock)?.stepSeconds,
        nameAt: { place in names.first { $0.value == place }?.key }, remarks: remarks)
      return writer.text()
    }
    fileText = text { _ in [] }
    let (integrations, schedule) = (integrations, schedule)
    annotatedText = text { name in integrations.first { $0.object == name }?.remarks ?? [] } + Explanation.remarks(schedule, kernels)
  }

  private static func integration(_ updater: StateUpdater) -> Integration? {
    let equations = updater.equations.equations
    guard let update = updater.update, !equations.all.isEmpty else { return nil }
    let suffix = "_stateupdater"
    return Integration(
      object: updater.name.hasSuffix(suffix) ? String(updater.name.dropLast(suffix.count)) : updater.name, equations: equations.all.map(readable).joined(separator: "\n"),
      method: update.methodName, reason: update.message, statements: update.statements.map(\.description))
  }

  /// The equation with the name of its unit instead of base units.
  private static func readable(_ equation: SingleEquation) -> String {
    let text = equation.description
    guard let colon = text.range(of: " : ", options: .backwards) else { return text }
    let flags = text[colon.upperBound...].firstIndex(of: "(").map { " " + text[$0...] } ?? ""
    let unit = equation.dimension.isDimensionless ? nil : equation.dimension.unitName
    return unit.map { "\(text[..<colon.lowerBound]) : \($0)\(flags)" } ?? text
  }

  private static func remarks(_ schedule: SchedulingSummary, _ kernels: [Code]) -> String {
    var lines = ["", "schedule of each step:"] + schedule.description.split(separator: "\n").map { "  \($0)" } + ["", "kernels:"]
    for kernel in kernels { lines += ["  \(kernel.object)"] + kernel.program.split(separator: "\n").map { "    \($0)" } }
    return lines.map { $0.isEmpty ? "#" : "# \($0)" }.joined(separator: "\n") + "\n"
  }
}

extension Explanation.Integration {
  /// For people, line by line.
  package var remarks: [String] {
    var lines = ["equations as understood:"] + equations.split(separator: "\n").map { "  \($0)" }
    guard !statements.isEmpty else { return lines }
    lines += ["integrated by '\(method)'" + (reason.isEmpty ? ", as the file says" : ": \(reason)"), "each step:"]
    return lines + statements.flatMap { $0.split(separator: "\n").map { "  \($0)" } }
  }
}
