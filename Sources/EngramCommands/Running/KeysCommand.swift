internal import ArgumentParser
internal import EngramModelFiles
internal import EngramScalars

/// `engram keys [PART]`: the language of model files, from the tables that read them.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Show the keys of model files.",
    discussion: "They come from the tables that model files are read with.")

  @Argument(help: "A kind of object, a verb of a step, or another mapping of the list.", completion: Completions.languagePart) var part: String?
  @Flag(help: "Print a whole model file for each key.") var example = false
  @OptionGroup var json: JSONOption

  func run() throws {
    let all = ModelLanguage.reference
    guard let part else {
      if json.isOn { return try tell([("parts", .list(all.map(\.json)))]) }
      var table = Table(["", ""])
      for chapter in LanguagePart.Chapter.allCases {
        for part in all where part.chapter == chapter { table.add([part.name, part.meaning.isEmpty ? chapter.rawValue : part.meaning]) }
      }
      return try Output.standard.text(table.text)
    }
    let chosen = all.filter { $0.name.lowercased() == part.lowercased() }
    guard !chosen.isEmpty else {
      throw CommandError("there is no part '\(part)'\(nearest(part, in: all.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""); `engram keys` lists them")
    }
    if json.isOn { return try tell([("parts", .list(chosen.map(\.json)))]) }
    for part in chosen {
      if example {
        for key in part.table.keys where !key.example.isEmpty { try Output.standard.text("# \(part.name): \(key.name)\n\(part.example(of: key))\n") }
      } else {
        try show(part)
      }
    }
  }

  private func show(_ part: LanguagePart) throws {
    try Output.standard.line(part.name + (part.meaning.isEmpty ? "" : ": " + part.meaning))
    for key in part.table.keys {
      let unit = key.form.unit.map { ", unit \($0)" } ?? ""
      let usual = key.isRequired ? " Required." : key.usual.map { " Default: \($0)." } ?? ""
      try Output.standard.paragraph("  \(key.name): \(key.form.text)\(unit). \(key.meaning)\(usual)" + (key.example.isEmpty ? "" : " Example: \(key.example)"))
    }
  }
}

extension LanguagePart {
  fileprivate var json: JSONText {
    .object([
      ("chapter", .string(chapter.rawValue)), ("name", .string(name)), ("meaning", .string(meaning)),
      (
        "keys",
        .list(
          table.keys.map { key in
            .object([
              ("name", .string(key.name)), ("type", .string(key.form.text)), ("unit", key.form.unit.map(JSONText.string) ?? .null),
              ("default", key.usual.map(JSONText.string) ?? .null), ("required", .boolean(key.isRequired)), ("meaning", .string(key.meaning)),
              ("example", .string(key.example)), ("file", .string(key.example.isEmpty ? "" : example(of: key))),
            ])
          })
      ),
    ])
  }
}
