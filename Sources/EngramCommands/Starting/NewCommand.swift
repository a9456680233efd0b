internal import ArgumentParser
internal import EngramModelFiles
internal import EngramSystem

/// `engram new NAME`: a model file to begin with.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write a commented model file that runs.",
    discussion: """
      Writes NAME.yaml. An existing file is never replaced.
      cuba: a balanced network; stdp: plasticity and a named checkpoint; hh: equations with many parts; sweep: many runs with other values.
      """)

  @Argument(help: "The name of the model, or the file to write.") var name: String
  @Option(help: "What to begin with.") var template = ModelTemplate.cuba
  @OptionGroup var json: JSONOption

  func run() throws {
    let isFile = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    let stem = isFile ? name : name + ".yaml"
    guard !name.isEmpty, !name.hasSuffix("/"), ![".yaml", ".yml"].contains(stem.split(separator: "/").last) else {
      throw CommandError("'\(name)' is no name of a file; give for example: engram new first")
    }
    try write(template.text, to: stem)
    let words = [template == .sweep ? "sweep" : "run", shellQuoted(stem)]
    let next = "engram \(words.joined(separator: " "))"
    if json.isOn { return try tell([("file", .string(stem)), ("template", .string(template.rawValue)), ("next", .string(next))]) }
    try Output.standard.line("wrote \(stem); what it says: engram explain \(shellQuoted(stem)); to run it: \(next)")
  }

  /// Under its own name at once, since the name must not be there yet.
  private func write(_ text: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else {
      if errno == EEXIST { throw CommandError("'\(path)' exists and is left as it is; choose another name, or remove it") }
      throw CommandError("'\(path)' could not be written: \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    do { try Output(descriptor: file).write(text[...]) } catch {
      unlink(path)
      throw CommandError("'\(path)' could not be written: \(String(cString: strerror(error.code)))")
    }
  }
}

/// The model files that the program brings along, which lie beside this one.
enum ModelTemplate: String, CaseIterable, ExpressibleByArgument {
  case cuba, stdp, hh, sweep

  var text: [UInt8] {
    switch self {
    case .cuba: PackageResources.cuba_yaml
    case .stdp: PackageResources.stdp_yaml
    case .hh: PackageResources.hh_yaml
    case .sweep: PackageResources.sweep_yaml
    }
  }
}
