import EngramModelFiles
import Foundation
import Testing

/// The problems of a text, as `line:column message`.
private func problems(_ text: String) -> [String] {
  do {
    _ = try FileReader.read(Array(text.utf8), fileName: "m.yaml")
    return []
  } catch {
    return error.problems.map { "\($0.place.line):\($0.place.column) \($0.message)" }
  }
}

private let group = "objects:\n  - {kind: NeuronGroup, N: 3, model: 'v : 1'}\n"

@Suite("Text of model files") struct ModelTextTests {
  @Test(
    "MDL-1: what YAML allows and model files do not is refused with line and column",
    arguments: [
      ("a: &x 1", "1:4 YAML anchors are not allowed in model files"),
      ("a: *x", "1:4 YAML aliases are not allowed in model files"),
      ("a: 1\nb: !!str 2", "2:4 YAML tags are not allowed in model files"),
      ("<<: {a: 1}", "1:1 YAML merge keys are not allowed in model files"),
      ("a: 1\n---\nb: 2", "2:1 a second document begins here"),
      ("a:\n\tb: 1", "2:1 a tab is used as indentation"),
      ("a: [&y 1]", "1:5 YAML anchors are not allowed in model files"),
      ("a: 1\na: 2", "2:1 the key 'a' stands twice in one mapping"),
      ("- 1", "1:1 a model file is a mapping of keys to values, found a list"),
      ("", "1:1 the file is empty"),
    ])
  func forbidden(text: String, expected: String) {
    #expect(problems(text).contains { $0.hasPrefix(expected) }, "\(problems(text))")
  }

  @Test("MDL-4: lines that end in CR LF have the places that they have with LF alone, and hide nothing")
  func lineEnds() {
    let text = "# a comment\nobjects:\n  - kind: NeuronGroup\n    N: 3\n    model: |\n      v : 1\n      w : nothing\nx: &y 1\n"
    let ended = problems(text)
    #expect(ended.first?.hasPrefix("8:4 YAML anchors") == true)
    #expect(problems(text.replacingOccurrences(of: "\n", with: "\r\n")) == ended)
    let equations = text.replacingOccurrences(of: "x: &y 1\n", with: "run: 1 xyz\n")
    #expect(problems(equations) == problems(equations.replacingOccurrences(of: "\n", with: "\r\n")))
  }

  @Test("MDL-4: words that may have been meant are looked for only as often as somebody could read them")
  func hints() {
    let collector = ProblemCollector()
    var looks = 0
    func hint() -> String? {
      looks += 1
      return "did you mean 'x'?"
    }
    for number in 1...5000 { collector.report("no \(number)", at: FilePlace(line: number, column: 1), hint: hint()) }
    #expect(collector.problems.count == 5000 && looks >= ModelFileError.printedLimit && looks <= 4 * ModelFileError.printedLimit)
  }

  @Test("MDL-1: signs that are forbidden as tokens are harmless inside block and quoted texts") func harmless() {
    let text = """
      description: |
        &not an anchor, *not an alias
        --- not a document
        !not a tag
      citation: "*quoted*"
      source: 'it''s &fine'
      \(group)
      """
    #expect(problems(text) == [])
  }

  @Test("MDL-1: text that is not UTF-8 is refused at the line of the first bad byte") func invalidUTF8() {
    let error = #expect(throws: ModelFileError.self) {
      try FileReader.read(Array("a: 1\nb: ".utf8) + [0xFF, 0xFE], fileName: "m.yaml")
    }
    #expect(error?.problems.first?.place.line == 2)
    #expect(problems("a: \0").first == "1:4 the file contains a NUL character")
  }

  @Test("MDL-2: plain words that YAML 1.1 turns into booleans or times stay words") func plainWords() throws {
    let file = try FileReader.read(Array("constants: {n: 1, y: no, on: 1:30}\n\(group)".utf8), fileName: "m.yaml")
    #expect(file.constants.map(\.key) == ["n", "y", "on"])
    #expect(file.constants.map { $0.value.scalar?.text } == ["1", "no", "1:30"])
  }

  @Test("MDL-3: nesting deeper than 64 is refused before anything is built from it") func depth() {
    let deep = "a: " + String(repeating: "[", count: 80) + String(repeating: "]", count: 80)
    #expect(problems(deep).first?.contains("nested more than 64 deep") == true)
    let endless = "a: " + String(repeating: "[", count: 200_000)
    #expect(problems(endless).count >= 1)
  }

  @Test("MDL-3: a text longer than 1 MiB is refused with both sizes") func longText() {
    let text = "description: '" + String(repeating: "x", count: ModelText.textLimit + 1) + "'\n\(group)"
    #expect(problems(text).first?.hasPrefix("1:14 a text may have 1048576 bytes, this one has 1048577") == true)
  }

  @Test("MDL-4: all problems come at once, sorted by place, with source line and caret") func allAtOnce() {
    let text = """
      engram: 1
      nmae: x
      objects:
        - {kind: NeuronGruop, N: 3}
        - {kind: NeuronGroup, N: 3, model: 'v : 1', treshold: v > 1}
      run:
        - rum: 1 s
      """
    let error = #expect(throws: ModelFileError.self) { try FileReader.read(Array(text.utf8), fileName: "m.yaml") }
    #expect(error?.problems.count == 4)
    let drawn = error.map(String.init(describing:)) ?? ""
    #expect(drawn.contains("m.yaml:2:1: a model file has no key 'nmae'\n  nmae: x\n  ^^^^\n  did you mean 'name'?"))
    #expect(drawn.contains("did you mean 'NeuronGroup'?"))
    #expect(drawn.contains("did you mean 'threshold'?"))
    #expect(drawn.contains("'rum' is not a verb of a step"))
  }

  @Test("MDL-4: problems stand in the order of their places, whatever they say and in whichever order they were found, each once") func order() {
    func problem(_ line: Int, _ column: Int, _ message: String) -> ModelFileProblem { ModelFileProblem(message, at: FilePlace(line: line, column: column)) }
    let found = [problem(3, 1, "a"), problem(1, 9, "b"), problem(2, 1, "d"), problem(1, 2, "c"), problem(2, 1, "c"), problem(1, 2, "c")]
    let error = ModelFileError(fileName: "m.yaml", problems: found, text: "")
    #expect(error.problems.map { "\($0.place.line):\($0.place.column) \($0.message)" } == ["1:2 c", "1:9 b", "2:1 c", "2:1 d", "3:1 a"])
    #expect(error.description == "m.yaml:1:2: c\nm.yaml:1:9: b\nm.yaml:2:1: c\nm.yaml:2:1: d\nm.yaml:3:1: a")
  }

  @Test("MDL-4: after fifty problems the rest is counted") func fifty() {
    let text = (0..<60).map { "bad\($0): 1" }.joined(separator: "\n") + "\n" + group
    let error = #expect(throws: ModelFileError.self) { try FileReader.read(Array(text.utf8), fileName: "m.yaml") }
    #expect(error?.problems.count == 60)
    #expect(error.map(String.init(describing:))?.hasSuffix("… and 10 more problems") == true)
  }

  @Test("MDL-4: an offset in a block text maps to its character in the file") func blockPlaces() throws {
    let text = "objects:\n  - kind: NeuronGroup\n    N: 1\n    model: |\n\n      dv/dt = -w : 1\n      u : 1\n"
    let file = try FileReader.read(Array(text.utf8), fileName: "m.yaml")
    let model = try #require(file.objects.first?["model"]?.scalar)
    let offset = model.text.utf8.distance(from: model.text.startIndex, to: try #require(model.text.firstIndex(of: "w")))
    #expect(model.place(ofOffset: offset) == FilePlace(line: 6, column: 16))
  }

  @Test("MDL-5: a value that begins with a sign of YAML gets the hint to quote it") func quoteHint() {
    let error = #expect(throws: ModelFileError.self) { try FileReader.read(Array("a: @x".utf8), fileName: "m.yaml") }
    #expect(error?.problems.first?.hint?.contains("quotes") == true)
  }

  @Test("MDL-6: the camel-case spelling of a key means the same, both at once are an error") func spellings() throws {
    let text = "objects:\n  - {kind: Synapses, source: P, onPre: v += 1, multisynapticIndex: k}\n"
    let file = try FileReader.read(Array(text.utf8), fileName: "m.yaml")
    #expect(file.objects[0]["on_pre"]?.scalar?.text == "v += 1")
    #expect(file.objects[0]["multisynaptic_index"]?.scalar?.text == "k")
    #expect(problems("objects:\n  - {kind: Synapses, source: P, onPre: a, on_pre: b}").first?.contains("'on_pre' is given twice") == true)
  }

  @Test("MDL-10: a version above the supported one is an error naming both") func version() {
    #expect(
      problems("engram: 7\n\(group)").first
        == "1:9 the file is written in version 7 of the model language; this release reads up to version 1")
  }

  @Test("MDL-35: kinds that need closures point to the Swift API") func swiftOnly() {
    #expect(problems("objects:\n  - {kind: NetworkOperation}").first?.contains("needs Swift code") == true)
  }

  @Test("MDL-40: steps are read with their verbs, nested repetitions included") func steps() throws {
    let text = """
      \(group)run:
        - run: 100 s
        - store: {name: trained, comment: after learning}
        - repeat:
            over: [5 Hz, 15 Hz]
            as: rate
            steps:
              - restore: trained
              - set: {G.v: rate}
              - run: {until: 10 s}
      """
    let steps = try FileReader.read(Array(text.utf8), fileName: "m.yaml").steps
    #expect(steps.count == 3)
    guard case .repetition(let loop) = steps[2].verb else { Issue.record("no repetition"); return }
    #expect(loop.rounds.count == 2 && loop.variable == "rate" && loop.steps.count == 3)
  }
}

@Suite("References in model files") struct ReferenceTests {
  @Test(
    "MDL-30: references name objects, parts and selections",
    arguments: [
      ("P", Reference(names: ["P"])),
      ("P[3]", Reference(names: ["P"], selection: [.index(3)])),
      ("P[0:3200]", Reference(names: ["P"], selection: [.slice(0, 3200)])),
      ("P[3200:]", Reference(names: ["P"], selection: [.slice(3200, nil)])),
      ("P[[3, 4, 5]]", Reference(names: ["P"], selection: [.list([3, 4, 5])])),
      ("S['i == j']", Reference(names: ["S"], selection: [.condition("i == j")])),
      ("S.pre.delay", Reference(names: ["S", "pre", "delay"])),
      ("S.w[1, :]", Reference(names: ["S", "w"], selection: [.index(1), .slice(nil, nil)])),
      ("v[-1]", Reference(names: ["v"], selection: [.index(-1)])),
    ])
  func forms(text: String, expected: Reference) throws {
    #expect(try Reference(text) == expected)
    #expect(try Reference(expected.description) == expected)
  }

  @Test(
    "MDL-30: a malformed reference is refused with the place of the problem",
    arguments: [
      ("", 0), ("P[", 2), ("P[0:9:2]", 6), ("P[x]", 2), ("P]", 1), ("3P", 0), ("P['i", 4), ("P[99999999999999999999]", 2),
    ])
  func malformed(text: String, offset: Int) {
    let problem = #expect(throws: Reference.SyntaxProblem.self) { try Reference(text) }
    #expect(problem?.offset == offset)
  }
}
