import EngramModelFiles
import EngramTestSupport
import Testing

extension SplitMix {
  fileprivate mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &self) }
  fileprivate mutating func pick<T>(_ choices: [T]) -> T { choices[roll(choices.count)] }
}

private func tree(_ text: String) throws -> ModelNode { try ModelText.parse(Array(text.utf8), fileName: "m.yaml") }

/// The character of a file at a place, as an editor counts.
private func character(_ text: String, at place: FilePlace) -> Character? {
  let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
  guard place.line <= lines.count, place.column <= lines[place.line - 1].count else { return nil }
  return lines[place.line - 1].dropFirst(place.column - 1).first
}

/// Checks that every letter of a text is found where it stands.
private func check(_ scalar: ScalarText, in file: String, _ note: String = "") {
  var offset = 0
  for letter in scalar.text {
    let place = scalar.place(ofOffset: offset)
    let found = place.flatMap { character(file, at: $0) }
    if letter.isLetter, letter.isASCII {
      // A letter that is written as an escape stands where its escape begins.
      #expect(found == letter || found == "\\", "'\(letter)' at \(offset) of \(scalar.text.debugDescription) in \(file.debugDescription) \(note)")
    }
    offset += String(letter).utf8.count
  }
}

@Suite("Places in model files") struct PlaceTests {
  /// The place of the letter `Q` in the value of `k`.
  @Test(
    "MDL-4: a character of a text is found in every style of YAML",
    arguments: [
      ("k: vQ", 1, 5), ("k: 'it''s Q'", 1, 11), ("k: \"a\\n\\tQ\"", 1, 10), ("k: \"\\u00e9\\x41 Q\"", 1, 16),
      ("k: \"a\n  b\n\n   Q\"", 4, 4), ("k: \"a \\\n  \\  Q\"", 2, 6), ("k: 'a\n  b\n\n  Q'", 4, 3), ("k: a\n  b\n  Q", 3, 3),
      ("k: |\n  a\n\n  b Q", 4, 5), ("k: |2-\n    a\n  Q", 3, 3), ("k: >\n  a\n  b\n\n  Q", 5, 3), ("k: >\n  a\n    b\n  Q", 4, 3),
      ("k: >-\n\n\n  a\n   Q", 5, 4), ("k: | # why\n\n   a\n   Q", 4, 4), ("a: 1\r\nk: |\r\n  b\r\n  Q\r\n", 4, 3), ("a: 1\rk: \"x\r y\\nQ\"", 3, 5),
      ("{a: é, k: Q}", 1, 11), ("{a: e\u{301}, k: Q}", 1, 11), ("k: 'é e\u{301} Q'", 1, 9), ("a: x\u{2028}k: Q", 1, 9),
    ] as [(String, Int, Int)])
  func styles(text: String, line: Int, column: Int) throws {
    let scalar = try #require(try tree(text)["k"]?.scalar)
    let offset = scalar.text.utf8.distance(from: scalar.text.startIndex, to: try #require(scalar.text.firstIndex(of: "Q")))
    #expect(scalar.place(ofOffset: offset) == FilePlace(line: line, column: column), "\(text.debugDescription) gives \(scalar.text.debugDescription)")
    check(scalar, in: text)
  }

  @Test("MDL-4: letters of random texts in random styles are found where they stand") func random() throws {
    var dice = SplitMix(state: 11)
    let words = ["v", "dx", " ", "  ", "\n", "\n\n", "\n ", ":", "é", "e\u{301}", "''", "\\n", "\\t", "\\\"", "\\\n", "\\u00e9", "#", "=", "abc", "\t"]
    var read = 0
    for round in 0..<4000 {
      let body = (0..<dice.roll(9) + 1).map { _ in dice.pick(words) }.joined()
      let text: String
      let indented = body.replacing("\n", with: "\n   ")
      switch dice.roll(6) {
      case 0: text = "a: 1\nk: \"\(dice.roll(2) == 0 ? body : indented)\"\nz: 2\n"
      case 1: text = "a: 1\nk: '\(indented)'\nz: 2\n"
      case 2: text = "a: 1\nk: \(indented)\nz: 2\n"
      case 3: text = "{a: 1, k: \"\(indented)\", z: 2}\n"
      case 4: text = "a: 1\nk: \(dice.pick(["|", "|-", "|+", "|2", "|1-", "|+3"]))\n   \(indented)\nz: 2\n"
      default: text = "a: 1\nk: \(dice.pick([">", ">-", ">+", ">2", ">1-", ">+3"]))\n   \(indented)\nz: 2\n"
      }
      let file = dice.roll(4) == 0 ? text.replacing("\n", with: "\r\n") : text
      guard let scalar = try? tree(file)["k"]?.scalar else { continue }
      read += 1
      check(scalar, in: file, "round \(round)")
    }
    #expect(read > 2000)
  }

  @Test(
    "MDL-4: a problem is drawn under its word in texts with escapes, folds and composed characters",
    arguments: [
      "model: \"v : 1\\nu : volt\\ndw/dt = -w/qq : 1\"", "model: 'v : 1\n\n      x = qq : 1'", "model: >\n      dv/dt = (1 +\n      qq)/second : 1",
      "{name: G, model: \"dv/dt = k/second : volt\", namespace: {k: qq*mV}, reset: 'e\u{301}', threshold: qq > 1}",
      "model: |2-\n       v : 1\n      x = qq : 1", "model: \"v : 1\\\n      \\nx = \\u0071q : 1\"",
    ])
  func drawn(field: String) throws {
    let text = "name: x\nobjects:\n  - kind: NeuronGroup\n    N: 2\n    \(field.hasPrefix("{") ? "events: " + field : field)\nrun: 1 ms\n"
    let folder = try TemporaryFolder()
    let error = #expect(throws: ModelFileError.self) {
      try execute(
        field.hasPrefix("{") ? text.replacing("- kind: NeuronGroup\n    N: 2\n    events: {", with: "- {kind: NeuronGroup, N: 2, ") : text,
        in: folder.path("a.engram"))
    }
    let lines = "\(error.map { "\($0)" } ?? "")".split(separator: "\n").map(String.init)
    let caret = try #require(lines.firstIndex { $0.contains("^^") }, "\(lines)")
    let start = lines[caret].prefix { $0 == " " }.count
    let shown = lines[caret - 1].dropFirst(start)
    #expect(shown.hasPrefix("qq") || shown.hasPrefix("\\u0071q"), "\(lines)")
    #expect(lines[caret].drop { $0 == " " }.count == (shown.hasPrefix("qq") ? 2 : 7), "\(lines)")
  }
}
