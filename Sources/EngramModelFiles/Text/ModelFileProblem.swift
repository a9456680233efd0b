public import EngramScalars

/// One thing that is wrong with a model file, and where (MDL-4).
public struct ModelFileProblem: Hashable, Sendable {
  /// Where its first character stands.
  public var place: FilePlace
  /// How many characters the caret line underlines.
  public var length: Int
  /// What is wrong, in one sentence.
  public var message: String
  /// How to mend it.
  public var hint: String?

  /// A problem at a place.
  public init(_ message: String, at place: FilePlace, length: Int = 1, hint: String? = nil) {
    self.message = message
    self.place = place
    self.length = length
    self.hint = hint
  }
}

/// All problems of a model file, sorted by place.
public struct ModelFileError: ExplainedError, Sendable {
  /// The file, as it was named.
  public let fileName: String
  /// Each problem once, sorted by place.
  public let problems: [ModelFileProblem]
  /// What has the problems, in the words of a message.
  package let subject: String
  private let lines: [Int: String]

  /// The most problems that are printed; the rest is counted.
  public static let printedLimit = 50

  /// The problems of a file, of whose text the lines are shown.
  public init(fileName: String, problems: [ModelFileProblem], text: String) {
    self.init(fileName: fileName, problems: problems, text: text, subject: "the model file")
  }

  /// - Parameter subject: what has the problems.
  package init(fileName: String, problems: [ModelFileProblem], text: String, subject: String) {
    self.fileName = fileName
    self.subject = subject
    var seen: Set<ModelFileProblem> = []
    self.problems = problems.filter { seen.insert($0).inserted }.sorted { ($0.place, $0.message) < ($1.place, $1.message) }
    var lines: [Int: String] = [:]
    if !text.isEmpty, !self.problems.isEmpty {
      let file = FileText(text)
      for problem in self.problems.prefix(Self.printedLimit) { lines[problem.place.line] = file.line(problem.place.line) }
    }
    self.lines = lines
  }

  public var description: String {
    var out = problems.prefix(Self.printedLimit).map(draw).joined(separator: "\n")
    if problems.count > Self.printedLimit { out += "\n… and \(problems.count - Self.printedLimit) more problems" }
    return out
  }

  /// Characters of a line that are shown.
  private static let width = 160

  private func draw(_ problem: ModelFileProblem) -> String {
    var out = "\(fileName.visibleLine):\(problem.place.line):\(problem.place.column): \(problem.message.visibleParagraph)"
    if let line = lines[problem.place.line] {
      let column = max(0, min(problem.place.column - 1, line.count))
      // Long lines are cut around the caret; tabs are kept so that it stands below its character.
      let first = line.count <= Self.width ? 0 : max(0, min(column - Self.width / 2, line.count - Self.width))
      let last = min(line.count, first + Self.width)
      let shown = line.dropFirst(first).prefix(last - first)
      // What a terminal would obey is shown instead, and takes the room that it takes when shown.
      let pad = String(visible(shown.prefix(column - first)).map { $0 == "\t" ? "\t" : " " })
      let marked = visible(shown.dropFirst(column - first).prefix(problem.length))
      let width = max(1, marked.count)
      let (before, after) = (first > 0 ? "…" : "", last < line.count ? "…" : "")
      out += "\n  \(before)\(visible(shown))\(after)\n  \(first > 0 ? " " : "")\(pad)\(String(repeating: "^", count: width))"
    }
    if let hint = problem.hint { out += "\n  \(hint.visibleParagraph)" }
    return out
  }

  /// Tabs keep their meaning, so that columns are where an editor has them.
  private func visible(_ part: Substring) -> String {
    part.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).visibleLine }.joined(separator: "\t")
  }
}

/// Collects problems while a file is read, so that all are reported at once.
package final class ProblemCollector {
  package private(set) var problems: [ModelFileProblem] = []
  /// What is no mistake, and not what somebody wants either.
  private(set) var remarks: [Remark] = []

  struct Remark: Sendable {
    let text: String
    let place: FilePlace
  }

  package init() {}

  /// Problems that get a hint: more than are ever shown. Looking for a word that was meant among all words of a file costs more than
  /// all the rest, and a file can hold as many problems as words.
  private static let hintLimit = 4 * ModelFileError.printedLimit

  package func report(_ message: String, at place: FilePlace, length: Int = 1, hint: @autoclosure () -> String? = nil) {
    problems.append(ModelFileProblem(message, at: place, length: length, hint: problems.count < Self.hintLimit ? hint() : nil))
  }

  package func report(_ message: String, at node: ModelNode, hint: @autoclosure () -> String? = nil) {
    report(message, at: node.place, length: node.scalar?.text.count ?? 1, hint: hint())
  }

  /// Gives another form to what has been reported since there were `count` problems.
  func change(from count: Int, _ body: (inout ModelFileProblem) -> Void) {
    for place in count..<problems.count { body(&problems[place]) }
  }

  /// Takes back what has been reported since there were `count` problems, and returns it.
  func takeBack(from count: Int) -> [ModelFileProblem] {
    let taken = Array(problems[count...])
    problems.removeSubrange(count...)
    return taken
  }

  func report(_ found: [ModelFileProblem]) { problems += found }

  func remark(_ text: String, at place: FilePlace) { remarks.append(Remark(text: text, place: place)) }

  /// "did you mean …?" for a word that is not one of `words`.
  package static func suggestion(_ word: String, _ words: [String]) -> String? {
    nearest(word, in: words).map { "did you mean '\($0)'?" }
  }
}
