public import EngramScalars

/// What is wrong with the shape of a neuron.
public enum MorphologyError: ExplainedError, Hashable, Sendable {
  /// Fewer than one compartment.
  case noCompartments(found: Int)
  /// More compartments than can be numbered.
  case tooMany(Int)
  /// A size that is zero, negative or no number; in metres.
  case notPositive(String, Double)
  /// A number that is infinite or none.
  case notFinite(String)
  /// Another number of values than the others make necessary.
  case count(String, expected: Int, found: Int)
  /// A mean angle that is negative or no number; in degrees.
  case randomness(String, Double)
  /// Neither a length nor coordinates.
  case noExtent
  /// Something that is not measured in metres.
  case noLength(String, found: String)
  /// A name that another branch has.
  case nameTaken(String)
  /// Sections that are no tree.
  case noTree
  /// A branch that there is not.
  case noBranch(String, of: String, known: [String])
  /// A text that is no path to compartments.
  case path(String, why: String)
  /// A place that a section does not have.
  case outside(String, what: String, allowed: String)
  /// A line of a file, or a point, with what is wrong there.
  case point(line: Int, why: String)
  /// A file with something that is wrong in it as a whole.
  case file(String)

  public var description: String {
    switch self {
    case .noCompartments(let found): "a section has at least 1 compartment, found \(found)"
    case .tooMany(let count): "\(count) compartments are more than can be numbered (\(Int32.max))"
    case .notPositive(let name, let value): "a \(name) is a positive length, found \(value) m"
    case .randomness(let name, let mean): "the randomness of the direction of a \(name) is a mean angle in degrees, 0 or more, found \(mean)"
    case .notFinite(let name): "a \(name) is a finite number"
    case .count(let name, let expected, let found): "'\(name)' has \(expected) values here, found \(found)"
    case .noExtent: "a section has a length, or at least one of the coordinates x, y and z"
    case .noLength(let name, let found): "'\(name)' is in metre, found \(found)"
    case .nameTaken(let name): "two branches of a section are called '\(name)'"
    case .noTree: "the sections are no tree: each stands behind its parent, with nothing but its relatives in between"
    case .noBranch(let name, let owner, let known):
      "'\(owner)' has no branch '\(name)'"
        + (nearest(name, in: known).map { "; did you mean '\($0)'?" } ?? (known.isEmpty ? "; it has none" : "; it has \(known.joined(separator: ", "))"))
    case .path(let text, let why): "'\(text)' is no part of a neuron: \(why)"
    case .outside(let text, let what, let allowed): "'\(text)': \(what) lies outside of the section, which goes \(allowed)"
    case .point(let line, let why): "line \(line): \(why)"
    case .file(let why): why
    }
  }
}
