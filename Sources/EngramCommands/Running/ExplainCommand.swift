internal import ArgumentParser
internal import EngramImport
internal import EngramMagic
internal import EngramModelFiles
internal import EngramModels
internal import EngramScalars
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
      Prints the file with defaults filled in and values in SI. Its comments show each equation as a tree with the unit of every part, \
      with subexpressions inserted, the chosen integrators and why, what a step executes, the schedule and the kernels. The output is \
      a model file of the same network. Nothing is run.
      """)

  @Argument(help: "The model file.", completion: .file(extensions: ["yaml", "yml"])) var model: String
  @Option(help: "Only one part: file, equations, schedule or kernels.") var only: Part?
  @Option(help: ArgumentHelp("Only the equations and the code of one object.", valueName: "name")) var object: String?
  @Option(help: ArgumentHelp("Replace a constant of the file; may be repeated.", valueName: "name=value")) var constant: [String] = []
  @OptionGroup var memory: MemoryOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    if object != nil, only != nil, only != .equations {
      throw ValidationError("--object shows equations and code: it does not go with --only \(only?.rawValue ?? "")")
    }
  }

  func run() throws {
    let onDisk = try ModelFileOnDisk(path: model)
    let (file, files) = (try onDisk.read(), onDisk.files)
    let constants = try constant.map(ExtentOptions.assignment)
    try withScope {
      let explanation = try Explanation(file, constants: constants, files: files, checksMemory: !memory.isOff)
      let owners = try object.map { [try explanation.owner($0)] } ?? explanation.models.owners
      if json.isOn {
        try tell(object == nil ? explanation.fields : [("models", .list(owners.map(\.json)))])
      } else {
        let models = owners.isEmpty ? "no object has equations or code\n" : owners.map { $0.description + "\n" }.joined(separator: "\n")
        try Output.standard.write((object == nil ? text(explanation, models: models) : models).visibleText)
      }
    }
  }

  private func text(_ explanation: Explanation, models: String) -> String {
    switch only {
    case nil: explanation.annotatedText
    case .file: explanation.fileText
    case .equations: models
    case .schedule: "\(explanation.schedule)\n"
    case .kernels: explanation.kernels.map { "\($0.object)\n\($0.program)" }.joined()
    }
  }
}

extension Explanation {
  fileprivate func owner(_ name: String) throws -> OwnerExplanation {
    if let found = models[name] { return found }
    let known = models.owners.map(\.name)
    throw CommandError(
      "'\(name)' is no object with equations or code; there are: \(known.joined(separator: ", "))"
        + (nearest(name, in: known).map { "; did you mean '\($0)'?" } ?? ""))
  }
}
