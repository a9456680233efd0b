internal import ArgumentParser
internal import EngramImport
internal import EngramModelFiles
internal import EngramSimulation
internal import EngramUnits

/// `engram explain MODEL.yaml`: the model as it was understood (MDL-7).
struct ExplainCommand: ParsableCommand {
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case file, equations, schedule, kernels
  }

  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Show how a model file is understood, down to the kernels.",
    discussion: """
      Prints the file with defaults filled in and values in SI; equations, the chosen integrators and why, what a step executes, \
      the schedule and the kernels stand in its comments. The output is a model file of the same network. Nothing is run.
      """)

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"])) var model: String
  @Option(help: "Only one part: file, equations, schedule or kernels.") var only: Part?
  @Option(help: ArgumentHelp("Replace a constant of the file; may be repeated.", valueName: "name=value")) var constant: [String] = []
  @OptionGroup var json: JSONOption

  func run() throws {
    let file = try FileReader.read(ModelFileOnDisk(path: model).bytes, fileName: model)
    let constants = try constant.map(ExtentOptions.assignment)
    try withScope {
      let explanation = try Explanation(file, constants: constants, files: ImportedFiles(relativeTo: model))
      try Output.standard.write(json.isOn ? explanation.json.text + "\n" : text(explanation))
    }
  }

  private func text(_ explanation: Explanation) -> String {
    switch only {
    case nil: explanation.annotatedText
    case .file: explanation.fileText
    case .equations: explanation.integrations.map { ([$0.object] + $0.remarks.map { "  \($0)" }).joined(separator: "\n") + "\n" }.joined()
    case .schedule: "\(explanation.schedule)\n"
    case .kernels: explanation.kernels.map { "\($0.object)\n\($0.program)" }.joined()
    }
  }
}

extension Explanation {
  var json: JSONText {
    .object([
      ("network", .string(name)), ("file", .string(fileText)),
      (
        "equations",
        .list(integrations.map { item in
          .object([
            ("object", .string(item.object)), ("equations", .string(item.equations)), ("method", .string(item.method)),
            ("reason", .string(item.reason)), ("statements", .list(item.statements.map(JSONText.string))),
          ])
        })
      ),
      (
        "schedule",
        .list(schedule.entries.map { entry in
          .object([
            ("object", .string(entry.name)), ("type", .string(entry.type)), ("slot", .string(entry.slot.rawValue)), ("order", .count(entry.order)),
            ("dt", entry.dt.map { .number($0.si) } ?? .null), ("active", .boolean(entry.isActive)),
          ])
        })
      ),
      (
        "kernels",
        .list(kernels.map { .object([("object", .string($0.object)), ("purpose", .string($0.purpose)), ("program", .string($0.program))]) })
      ),
    ])
  }
}
