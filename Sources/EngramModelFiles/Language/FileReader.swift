internal import EngramScalars
internal import EngramStorage

/// Reads the tree of a model file into a ``ModelFile``: which keys there are and what kind of value each has (MDL-6, 10,
/// 31, 35). What the values mean is found out when objects are built.
package struct FileReader {
  let problems: ProblemCollector

  package static func read(_ bytes: [UInt8], fileName: String) throws(ModelFileError) -> ModelFile {
    let (file, problems) = try survey(bytes, fileName: fileName)
    if !problems.isEmpty { throw ModelFileError(fileName: fileName, problems: problems, text: file.text) }
    return file
  }

  /// The file as far as it can be read, and what is wrong with the rest. Throws only where it is not YAML.
  static func survey(_ bytes: [UInt8], fileName: String) throws(ModelFileError) -> (ModelFile, [ModelFileProblem]) {
    let tree = try ModelText.parse(bytes, fileName: fileName)
    let reader = FileReader(problems: ProblemCollector())
    let file = reader.file(tree, fileName: fileName, text: String(decoding: bytes, as: UTF8.self))
    return (file, reader.problems.problems)
  }

  func file(_ tree: ModelNode, fileName: String, text: String) -> ModelFile {
    var file = ModelFile(fileName: fileName, text: text, name: Self.name(ofFile: fileName))
    for entry in fields(tree, table: ModelLanguage.top, of: "a model file") {
      let value = entry.value
      switch entry.key {
      case "engram": version(value)
      case "name": if let name = identifier(value, what: "a network name") { file.name = name }
      case "description", "citation", "source":
        if let text = self.text(value, entry.key) { file.metadata.append((entry.key, text)) }
      case "dt": file.dt = value
      case "seed": file.seed = seed(value) ?? .entropy
      case "constants": file.constants = entries(value, "constants")
      case "functions": file.functions = entries(value, "functions")
      case "schedule": file.schedule = value
      case "dtype": file.dtype = value
      case "preferences": file.preferences = entries(value, "preferences")
      case "checkpoints": file.checkpoints = interval(value)
      case "storage": file.storage = storage(value)
      case "sweep": file.sweep = sweep(value)
      case "watch": file.watch = watch(value)
      case "objects":
        for item in items(value) {
          let before = problems.problems.count
          let read = object(item)
          if let read, problems.problems.count == before {
            file.objects.append(read)
          } else if let name = item.entries?.first(where: { $0.key == "name" }) {
            file.leftOut.insert(name.value.scalar?.text ?? "")
          }
        }
      case "run": file.steps = StepReader(file: self).steps(of: value)
      default: break
      }
    }
    file.remarks = problems.remarks
    return file
  }

  /// The name of the network of a file that gives none: that of the file, made a name where it is none, as `my_model` for
  /// `my-model.yaml`.
  static func name(ofFile fileName: String) -> String {
    let base = fileName.split(separator: "/").last.map(String.init) ?? fileName
    let plain = base.split(separator: ".").first.map(String.init) ?? base
    var name = ""
    for character in plain {
      if character.asciiValue?.isNamePart == true { name.append(character) } else if name.last != "_", !name.isEmpty { name.append("_") }
    }
    while name.last == "_", plain.last != "_" { name.removeLast() }
    if name.isEmpty { return "model" }
    return String((name.first?.isNumber == true ? "model_" + name : name).prefix(ModelText.nameLimit))
  }

  private func version(_ node: ModelNode) {
    guard let number = integer(node, "engram") else { return }
    if number > ModelLanguage.version {
      problems.report(
        "the file is written in version \(number) of the model language; this release reads up to version \(ModelLanguage.version)",
        at: node, hint: "use a newer release of Engram")
    } else if number < 1 {
      problems.report("versions of the model language count from 1, found \(number)", at: node)
    }
  }

  func seed(_ node: ModelNode) -> ModelFile.SeedChoice? {
    guard let text = node.scalar?.text else {
      problems.report("'seed' is an integer or 'entropy', found \(node.kindName)", at: node)
      return nil
    }
    if text == "entropy" { return .entropy }
    if let number = UInt64(text) { return .number(number) }
    // What is no number at all may be calculated from constants.
    guard Double(text) == nil, text.contains(where: \.isLetter) else {
      problems.report("'seed' is an integer from 0 to 2^64 − 1, or 'entropy', found '\(text)'", at: node)
      return nil
    }
    return .value(node)
  }

  /// One of the words for where arrays are.
  func storage(_ node: ModelNode) -> ArrayStorage? {
    if let text = node.scalar?.text, let storage = ArrayStorage(rawValue: text.trimmingWhitespace()) { return storage }
    let words = ArrayStorage.allCases.map(\.rawValue)
    problems.report(
      "'storage' is mapped, private or memory, found \(node.scalar.map { "'\($0.text)'" } ?? node.kindName)", at: node,
      hint: node.scalar.flatMap { ProblemCollector.suggestion($0.text, words) })
    return nil
  }

  private func interval(_ node: ModelNode) -> ModelFile.CheckpointInterval {
    var interval = ModelFile.CheckpointInterval()
    for entry in fields(node, table: ModelLanguage.checkpoints, of: "checkpoints") {
      if entry.key == "keep" {
        retention(entry.value, &interval)
      } else if entry.value.entries != nil {
        for part in fields(entry.value, table: ModelLanguage.every, of: "every") {
          if part.key == "wall" { interval.wall = part.value } else { interval.simulated = part.value }
        }
      } else {
        interval.simulated = entry.value
      }
    }
    return interval
  }

  /// `keep`: a number, or `{last, simulated, wall}`: the newest ones, and one of each period.
  private func retention(_ node: ModelNode, _ interval: inout ModelFile.CheckpointInterval) {
    func last(_ node: ModelNode, _ key: String) {
      guard let keep = integer(node, key) else { return }
      if keep < 1 { problems.report("'\(key)' is at least 1, found \(keep)", at: node) }
      interval.keep = max(1, Int(clamping: keep))
    }
    guard node.entries != nil else { return last(node, "keep") }
    for part in fields(node, table: ModelLanguage.keep, of: "keep") {
      switch part.key {
      case "last": last(part.value, "last")
      case "wall": interval.keepPerWall = part.value
      default: interval.keepPerSimulated = part.value
      }
    }
  }

  func objects(_ node: ModelNode) -> [ObjectItem] { items(node).compactMap(object) }

  private func items(_ node: ModelNode) -> [ModelNode] {
    guard let items = node.items else {
      problems.report("'objects' is a list of objects, found \(node.kindName)", at: node, hint: "begin each object with '- kind: …'")
      return []
    }
    if items.count > 100_000 { problems.report("a file may have 100000 objects, this one has \(items.count)", at: node) }
    return Array(items.prefix(100_000))
  }

  private func object(_ node: ModelNode) -> ObjectItem? {
    guard let entries = node.entries else {
      problems.report("an object is a mapping with a 'kind', found \(node.kindName)", at: node)
      return nil
    }
    guard let kindEntry = entries.first(where: { $0.key == "kind" }) else {
      problems.report("the object has no 'kind'", at: node, hint: "kinds: \(ModelLanguage.kinds.keys.sorted().joined(separator: ", "))")
      return nil
    }
    guard let kind = text(kindEntry.value, "kind") else { return nil }
    guard let table = ModelLanguage.kinds[kind] else {
      if ModelLanguage.swiftOnly.contains(kind) {
        problems.report(
          "a \(kind) needs Swift code and cannot stand in a model file", at: kindEntry.value,
          hint: "use the Swift API for this part of the model")
      } else {
        problems.report(
          "'\(kind)' is not a kind of object", at: kindEntry.value,
          hint: ProblemCollector.suggestion(kind, Array(ModelLanguage.kinds.keys))
            ?? "kinds: \(ModelLanguage.kinds.keys.sorted().joined(separator: ", "))")
      }
      return nil
    }
    let fields = fields(node, table: table, of: "a \(kind)", aliases: ModelLanguage.aliases[kind] ?? [:])
    return ObjectItem(kind: kind, place: node.place, fields: fields.filter { $0.key != "kind" })
  }

  // ------------------------------------------------------------------------------------------------------------- mappings

  /// The entries of a mapping with canonical keys; unknown, doubled and missing keys are reported.
  func fields(_ node: ModelNode, table: KeyTable, of what: String, aliases: [String: String] = [:]) -> [ModelNode.Entry] {
    guard let entries = node.entries else {
      problems.report("\(what) is a mapping of keys to values, found \(node.kindName)", at: node)
      return []
    }
    var result: [ModelNode.Entry] = []
    for entry in entries {
      guard let key = table.canonical(entry.key) ?? aliases[entry.key] else {
        problems.report(
          "\(what) has no key '\(entry.key)'", at: entry.keyPlace, length: entry.key.count,
          hint: ProblemCollector.suggestion(entry.key, table.all) ?? "keys: \(table.all.sorted().joined(separator: ", "))")
        continue
      }
      if result.contains(where: { $0.key == key }) {
        problems.report("'\(key)' is given twice (once as '\(entry.key)')", at: entry.keyPlace, length: entry.key.count)
        continue
      }
      if let reason = table.key(key)?.reasonOfNoEffect {
        problems.remark("'\(key)' has no effect here: \(reason). Leave it out.", at: entry.keyPlace)
      }
      result.append(.init(key: key, keyPlace: entry.keyPlace, value: entry.value, keyText: entry.keyText))
    }
    for key in table.required where !result.contains(where: { $0.key == key }) {
      problems.report("\(what) needs the key '\(key)'", at: node.place)
    }
    return result
  }

  func entries(_ node: ModelNode, _ what: String) -> [ModelNode.Entry] {
    guard let entries = node.entries else {
      problems.report("'\(what)' is a mapping of names to values, found \(node.kindName)", at: node)
      return []
    }
    return entries
  }

  // -------------------------------------------------------------------------------------------------------------- scalars

  func text(_ node: ModelNode, _ key: String) -> String? {
    guard let text = node.scalar?.text else {
      problems.report(
        "'\(key)' is a text, found \(node.kindName)", at: node,
        hint: "a text that begins with [ or { goes into quotes")
      return nil
    }
    return text
  }

  func integer(_ node: ModelNode, _ key: String) -> Int64? {
    guard let text = node.scalar?.text, let value = Double(text), let exact = Int64(exactly: value) else {
      problems.report("'\(key)' is an integer, found \(node.kindName)", at: node)
      return nil
    }
    return Int64(text) ?? exact
  }

  func identifier(_ node: ModelNode, what: String) -> String? {
    guard let text = text(node, what) else { return nil }
    guard text.isName, text.utf8.count <= ModelText.nameLimit else {
      problems.report("\(what) has letters, digits and '_' and does not begin with a digit, found '\(text)'", at: node)
      return nil
    }
    return text
  }
}
