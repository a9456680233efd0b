/// Finds what model files do not allow of YAML before a YAML reader sees the text (MDL-1): anchors, aliases, tags, merge
/// keys, further documents, directives, tabs as indentation, NUL.
///
/// Works line by line and knows block texts, quoted texts and comments. It only has to recognise the places where a
/// token can begin; the YAML reader does the rest.
struct ForbiddenYAML {
  private var problems: [ModelFileProblem] = []
  private var blockIndent: Int?
  private var quote: Character?
  private var flowDepth = 0
  private var documentMarks = 0
  private var sawContent = false

  static func problems(in text: String) -> [ModelFileProblem] {
    var scan = ForbiddenYAML()
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      scan.scan(Array(line), number: number + 1)
      if scan.problems.count > 200 { break }
    }
    return scan.problems
  }

  private mutating func report(_ message: String, _ number: Int, _ column: Int, hint: String? = nil) {
    problems.append(ModelFileProblem(message, at: FilePlace(line: number, column: column + 1), hint: hint))
  }

  private mutating func scan(_ line: [Character], number: Int) {
    let indent = line.prefix { $0 == " " }.count
    let isBlank = line.allSatisfy { $0 == " " || $0 == "\r" || $0 == "\t" }
    if let block = blockIndent {
      if isBlank || indent > block { return }
      blockIndent = nil
    }
    if isBlank { return }
    if quote == nil {
      if indent < line.count, line[indent] == "\t" {
        report("a tab is used as indentation", number, indent, hint: "YAML indents with spaces only")
        return
      }
      if line.starts(with: "---") && (line.count == 3 || line[3] == " " || line[3] == "\r") {
        documentMarks += 1
        if documentMarks > 1 || sawContent {
          report("a second document begins here", number, 0, hint: "a model file is one YAML document")
        }
        return
      }
      if line.starts(with: "%") { report("YAML directives are not allowed", number, 0) }
    }
    tokens(line, from: indent, number: number, parentIndent: indent)
  }

  private mutating func tokens(_ line: [Character], from start: Int, number: Int, parentIndent: Int) {
    var position = start
    var atTokenStart = quote == nil
    while position < line.count {
      let character = line[position]
      if let open = quote {
        if character == "\\", open == "\"" { position += 2; continue }
        if character == open {
          if open == "'", position + 1 < line.count, line[position + 1] == "'" { position += 2; continue }
          quote = nil
          atTokenStart = false
        }
        position += 1
        continue
      }
      if character == " " || character == "\t" { position += 1; continue }
      if character == "#", position == 0 || line[position - 1] == " " || line[position - 1] == "\t" { return }
      sawContent = true
      if atTokenStart {
        switch character {
        case "&": report("YAML anchors are not allowed in model files", number, position, hint: quoteHint)
        case "*": report("YAML aliases are not allowed in model files", number, position, hint: quoteHint)
        case "!": report("YAML tags are not allowed in model files", number, position, hint: quoteHint)
        case "%", "@", "`":
          report("a value cannot begin with '\(character)'", number, position, hint: quoteHint)
        case "<" where line[position...].starts(with: "<<:"):
          report("YAML merge keys are not allowed in model files", number, position)
        case "|", ">":
          if flowDepth == 0 {
            blockIndent = line.prefix { $0 == " " }.count
            return
          }
        case "\"", "'":
          quote = character
          position += 1
          continue
        case "-", "?":
          if position + 1 >= line.count || line[position + 1] == " " { position += 1; continue }
        default: break
        }
      }
      switch character {
      case _ where (character == "[" || character == "{") && (atTokenStart || flowDepth > 0):
        flowDepth += 1
        atTokenStart = true
      case "]", "}":
        flowDepth = max(0, flowDepth - 1)
        atTokenStart = false
      case "," where flowDepth > 0: atTokenStart = true
      case ":" where position + 1 >= line.count || line[position + 1] == " ": atTokenStart = true
      default: atTokenStart = false
      }
      position += 1
    }
  }

  private var quoteHint: String { "put the value in quotes, or in a block that begins with '|'" }
}
