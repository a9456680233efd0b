internal import EngramScalars
internal import Yams

/// Reads the text of a model file into a tree with places (MDL-1…5).
package enum ModelText {
  package static let byteLimit = 16 << 20
  package static let depthLimit = 64
  package static let nodeLimit = 1_000_000
  package static let textLimit = 1 << 20
  package static let nameLimit = 255

  /// - Throws: every problem of the text that can be seen without knowing what its words mean.
  package static func parse(_ bytes: [UInt8], fileName: String) throws(ModelFileError) -> ModelNode {
    func refuse(_ problems: [ModelFileProblem], _ text: String = "") -> ModelFileError {
      ModelFileError(fileName: fileName, problems: problems, text: text)
    }
    let start = FilePlace(line: 1, column: 1)
    guard bytes.count <= byteLimit else {
      throw refuse([
        .init(
          "the file has \(bytes.count) bytes; model files may have \(byteLimit)", at: start,
          hint: "keep large arrays in an HDF5 file and name it: {hdf5: data.h5, dataset: /x}")
      ])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw refuse([.init("the file is not UTF-8 text", at: placeOfInvalidByte(bytes))])
    }
    if let zero = bytes.firstIndex(of: 0) {
      throw refuse([.init("the file contains a NUL character", at: place(of: zero, in: bytes))], text)
    }
    let plain = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    let forbidden = ForbiddenYAML.problems(in: plain)
    guard forbidden.isEmpty else { throw refuse(forbidden, plain) }

    let root: Yams.Node?
    do {
      root = try Yams.Parser(yaml: plain, encoding: .utf8).singleRoot()
    } catch {
      throw refuse([problem(from: error, text: plain)], plain)
    }
    guard let root else { throw refuse([.init("the file is empty", at: start, hint: "a model file has at least 'objects:'")]) }
    var reader = TreeReader(FileText(plain))
    let tree = reader.read(root, depth: 1)
    guard reader.problems.isEmpty else { throw refuse(reader.problems, plain) }
    guard case .mapping = tree.content else {
      throw refuse([.init("a model file is a mapping of keys to values, found \(tree.kindName)", at: tree.place)], plain)
    }
    return tree
  }

  /// The YAML reader tells where a doubled key stood first; the reader of a message wants to see it again.
  private static func secondPlace(of key: String, after first: FilePlace, in text: String) -> FilePlace {
    for (number, bytes) in TextLines(text).enumerated() where number >= first.line {
      let line = String(decoding: bytes, as: UTF8.self).dropFirst(first.column - 1)
      if line.hasPrefix(key), line.dropFirst(key.count).first == ":" { return FilePlace(line: number + 1, column: first.column) }
    }
    return first
  }

  private static func place(of offset: Int, in bytes: [UInt8]) -> FilePlace {
    let before = bytes[..<offset]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return FilePlace(line: line, column: String(decoding: bytes[lineStart..<offset], as: UTF8.self).count + 1)
  }

  private static func placeOfInvalidByte(_ bytes: [UInt8]) -> FilePlace {
    var low = 0
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      guard String(validating: bytes[low..<offset], as: UTF8.self) != nil else { break }
      low = offset + 1
    }
    return place(of: low, in: bytes)
  }

  private static func problem(from error: any Error, text: String) -> ModelFileProblem {
    guard let error = error as? YamlError else { return .init("\(error)", at: .init(line: 1, column: 1)) }
    switch error {
    case .scanner(let context, let text, let mark, _), .parser(let context, let text, let mark, _),
      .composer(let context, let text, let mark, _):
      let about = context.map { " (\($0.text.trimmingWhitespace()) that began in line \($0.mark.line))" } ?? ""
      return .init(
        "not readable as YAML: \(text.trimmingWhitespace())\(about)", at: .init(line: mark.line, column: mark.column),
        hint: "a text that contains ': ' or ' #', or begins with one of * & ! % @ > [ {, goes into quotes or a block after '|'")
    case .duplicatedKeysInMapping(let keys, let context):
      let key = keys.first ?? ""
      let first = FilePlace(line: max(1, context.mark.line), column: max(1, context.mark.column))
      return .init(
        "the key '\(key)' stands twice in one mapping", at: secondPlace(of: key, after: first, in: text), length: key.count)
    case .reader(let text, _, _, _): return .init("not readable: \(text)", at: .init(line: 1, column: 1))
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return .init("not readable as YAML: \(error)", at: .init(line: 1, column: 1))
    }
  }
}

/// Turns the YAML reader's nodes into ours.
private struct TreeReader {
  private let file: FileText
  private(set) var problems: [ModelFileProblem] = []
  private var nodes = 0

  init(_ file: FileText) { self.file = file }

  private func place(_ mark: Yams.Mark?) -> FilePlace {
    mark.map { file.place(line: $0.line, column: $0.column) } ?? FilePlace(line: 1, column: 1)
  }

  mutating func read(_ node: Yams.Node, depth: Int) -> ModelNode {
    let place = place(node.mark)
    let nothing = ModelNode(.list([]), at: place)
    nodes += 1
    if nodes == ModelText.nodeLimit + 1 {
      problems.append(.init("the file has more than \(ModelText.nodeLimit) values", at: place))
    }
    if nodes > ModelText.nodeLimit { return nothing }
    if depth > ModelText.depthLimit {
      problems.append(.init("nested more than \(ModelText.depthLimit) deep", at: place))
      return nothing
    }
    switch node {
    case .scalar(let scalar): return ModelNode(.scalar(text(scalar, at: place)), at: place)
    case .sequence(let sequence):
      return ModelNode(.list(sequence.map { read($0, depth: depth + 1) }), at: place)
    case .mapping(let mapping):
      var entries: [ModelNode.Entry] = []
      for (key, value) in mapping {
        let keyPlace = key.mark.map { self.place($0) } ?? place
        guard let name = key.scalar else {
          problems.append(.init("a key must be a word, not a list or mapping", at: keyPlace))
          continue
        }
        if name.string.utf8.count > ModelText.textLimit {
          problems.append(.init("a key may have \(ModelText.textLimit) bytes", at: keyPlace))
          continue
        }
        entries.append(
          .init(key: name.string, keyPlace: keyPlace, value: read(value, depth: depth + 1), keyText: scalarText(name)))
      }
      return ModelNode(.mapping(entries), at: place)
    case .alias:
      problems.append(.init("YAML aliases are not allowed in model files", at: place))
      return nothing
    }
  }

  private mutating func text(_ scalar: Yams.Node.Scalar, at place: FilePlace) -> ScalarText {
    if scalar.string.utf8.count > ModelText.textLimit {
      problems.append(.init("a text may have \(ModelText.textLimit) bytes, this one has \(scalar.string.utf8.count)", at: place))
    }
    return scalarText(scalar)
  }

  private func scalarText(_ scalar: Yams.Node.Scalar) -> ScalarText {
    let style: ScalarText.Style =
      switch scalar.style {
      case .literal: .literal
      case .folded: .folded
      case .singleQuoted: .singleQuoted
      case .doubleQuoted: .doubleQuoted
      case .any, .plain: .plain
      }
    guard let mark = scalar.mark else { return ScalarText(scalar.string, style: style) }
    return ScalarText(scalar.string, style: style, in: file, line: mark.line, column: mark.column)
  }
}
