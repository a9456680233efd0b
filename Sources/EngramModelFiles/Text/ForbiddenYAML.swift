/// Finds what model files do not allow of YAML before a YAML reader sees the text (MDL-1): anchors, aliases, tags, merge
/// keys, further documents, directives, tabs as indentation, NUL.
///
/// Works line by line and knows block texts, quoted texts and comments. It only has to recognise the places where a
/// token can begin; the YAML reader does the rest. Every sign that matters is ASCII, so it looks at bytes, each once; characters are
/// counted only where a problem is found.
struct ForbiddenYAML {
  private var problems: [ModelFileProblem] = []
  private var blockIndent: Int?
  private var quote: UInt8?
  private var flowDepth = 0
  private var documentMarks = 0
  private var sawContent = false

  private typealias Line = ArraySlice<UInt8>

  static func problems(in text: String) -> [ModelFileProblem] {
    var scan = ForbiddenYAML()
    for (number, line) in TextLines(text).enumerated() {
      scan.scan(line, number: number + 1)
      if scan.problems.count > 200 { break }
    }
    return scan.problems
  }

  private mutating func report(_ message: String, _ number: Int, _ line: Line, at position: Int, hint: String? = nil) {
    let column = String(decoding: line[line.startIndex..<position], as: UTF8.self).count + 1
    problems.append(ModelFileProblem(message, at: FilePlace(line: number, column: column), hint: hint))
  }

  private mutating func scan(_ line: Line, number: Int) {
    let start = line.startIndex
    let content = line.firstIndex { $0 != .space } ?? line.endIndex
    let indent = content - start
    let isBlank = line[content...].allSatisfy { $0 == .space || $0 == .carriageReturn || $0 == .tab }
    if let block = blockIndent {
      if isBlank || indent > block { return }
      blockIndent = nil
    }
    if isBlank { return }
    if quote == nil {
      if line[content] == .tab {
        report("a tab is used as indentation", number, line, at: content, hint: "YAML indents with spaces only")
        return
      }
      if line.starts(with: "---".utf8), line.count == 3 || line[start + 3] == .space || line[start + 3] == .carriageReturn {
        documentMarks += 1
        if documentMarks > 1 || sawContent {
          report("a second document begins here", number, line, at: start, hint: "a model file is one YAML document")
        }
        return
      }
      if line.first == UInt8(ascii: "%") { report("YAML directives are not allowed", number, line, at: start) }
    }
    tokens(line, from: content, number: number, indent: indent)
  }

  private mutating func tokens(_ line: Line, from start: Int, number: Int, indent: Int) {
    var position = start
    var atTokenStart = quote == nil
    /// Whether a blank, or nothing, follows.
    func endsToken(_ position: Int) -> Bool { position >= line.endIndex || line[position] == .space }
    while position < line.endIndex {
      let byte = line[position]
      if let open = quote {
        if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") {
          position += 2
          continue
        }
        if byte == open {
          if open == UInt8(ascii: "'"), position + 1 < line.endIndex, line[position + 1] == open {
            position += 2
            continue
          }
          quote = nil
          atTokenStart = false
        }
        position += 1
        continue
      }
      if byte == .space || byte == .tab {
        position += 1
        continue
      }
      if byte == UInt8(ascii: "#"), position == line.startIndex || line[position - 1] == .space || line[position - 1] == .tab { return }
      sawContent = true
      if atTokenStart {
        switch byte {
        case UInt8(ascii: "&"): report("YAML anchors are not allowed in model files", number, line, at: position, hint: quoteHint)
        case UInt8(ascii: "*"): report("YAML aliases are not allowed in model files", number, line, at: position, hint: quoteHint)
        case UInt8(ascii: "!"): report("YAML tags are not allowed in model files", number, line, at: position, hint: quoteHint)
        case UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
          report("a value cannot begin with '\(Character(Unicode.Scalar(byte)))'", number, line, at: position, hint: quoteHint)
        case UInt8(ascii: "<") where line[position...].starts(with: "<<:".utf8):
          report("YAML merge keys are not allowed in model files", number, line, at: position)
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
          if flowDepth == 0 {
            blockIndent = indent
            return
          }
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
          quote = byte
          position += 1
          continue
        case UInt8(ascii: "-"), UInt8(ascii: "?"):
          if endsToken(position + 1) {
            position += 1
            continue
          }
        default: break
        }
      }
      switch byte {
      case _ where (byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")) && (atTokenStart || flowDepth > 0):
        flowDepth += 1
        atTokenStart = true
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        flowDepth = max(0, flowDepth - 1)
        atTokenStart = false
      case UInt8(ascii: ",") where flowDepth > 0: atTokenStart = true
      case UInt8(ascii: ":") where endsToken(position + 1): atTokenStart = true
      default: atTokenStart = false
      }
      position += 1
    }
  }

  private var quoteHint: String { "put the value in quotes, or in a block that begins with '|'" }
}
