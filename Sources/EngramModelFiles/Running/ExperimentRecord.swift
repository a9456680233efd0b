internal import EngramCheckpoints
public import EngramScalars
internal import EngramSimulation

/// What every checkpoint of an experiment holds beside the network: the file, what was given on the command line, and the
/// place in the steps (MDL-61, 63).
struct ExperimentRecord {
  static let section = "experiment"
  private static let version: Int64 = 1

  var fileName: String
  /// The text of the model file: `resume` needs no other.
  var text: String
  /// Constants replaced on the command line, as texts.
  var replacedConstants: [(name: String, text: String)]
  var seed: UInt64
  var path: [Int64]
  /// Whether the state is inside the run step at `path`.
  var isInsideRun: Bool
  /// Values of the constants now, after steps that changed them.
  var constants: DescriptionValue
  /// Network time at which this line of checkpoints began: 0, or that of the branch point (MDL-64).
  var lineStartSeconds: Double
  /// Whether texts of constants only are values in what lasts (`rates: 10*Hz`), as the network was made with.
  var calculatesWhatLasts: Bool
  /// Constants that branches have changed on the way here: like those that steps change, they are no fixed values in what lasts.
  var changedConstants: Set<String> = []
  /// The seed that the run began with, where a branch has set another.
  var firstSeed: UInt64?

  var encoded: [UInt8] {
    DescriptionValue.mapping(
      [
        DescriptionField("version", .integer(Self.version)), DescriptionField("file", .text(fileName)), DescriptionField("text", .text(text)),
        DescriptionField("replaced", .mapping(replacedConstants.map { DescriptionField($0.name, .text($0.text)) })),
        DescriptionField("seed", .integer(Int64(bitPattern: seed))), DescriptionField("path", .list(path.map(DescriptionValue.integer))),
        DescriptionField("inside", .boolean(isInsideRun)), DescriptionField("constants", constants),
        DescriptionField("line_start", .real(lineStartSeconds)), DescriptionField("calculated", .boolean(calculatesWhatLasts)),
      ] + (changedConstants.isEmpty ? [] : [DescriptionField("changed", .list(changedConstants.sorted().map(DescriptionValue.text)))])
        + (firstSeed.map { [DescriptionField("first_seed", .integer(Int64(bitPattern: $0)))] } ?? [])
    ).encoded
  }

  init(
    fileName: String, text: String, replacedConstants: [(name: String, text: String)], seed: UInt64, path: [Int64], isInsideRun: Bool,
    constants: DescriptionValue, lineStartSeconds: Double, calculatesWhatLasts: Bool, changedConstants: Set<String>, firstSeed: UInt64?
  ) {
    self.fileName = fileName
    self.text = text
    self.replacedConstants = replacedConstants
    self.seed = seed
    self.path = path
    self.isInsideRun = isInsideRun
    self.constants = constants
    self.lineStartSeconds = lineStartSeconds
    self.calculatesWhatLasts = calculatesWhatLasts
    self.changedConstants = changedConstants
    self.firstSeed = firstSeed
  }

  init(decoding bytes: [UInt8]) throws {
    let value = try DescriptionValue(decoding: bytes)
    guard let fields = value.asFields else { throw ExperimentError.damagedRecord("it is not a mapping") }
    func field(_ key: String) throws -> DescriptionValue {
      guard let found = fields.first(where: { $0.key == key }) else { throw ExperimentError.damagedRecord("'\(key)' is missing") }
      return found.value
    }
    guard try field("version").asInteger == Self.version else { throw ExperimentError.damagedRecord("its version is not \(Self.version)") }
    guard let fileName = try field("file").asText, let text = try field("text").asText, let seed = try field("seed").asInteger,
      let path = try field("path").asList, let replaced = try field("replaced").asFields
    else { throw ExperimentError.damagedRecord("a value has the wrong kind") }
    self.fileName = fileName
    self.text = text
    self.seed = UInt64(bitPattern: seed)
    self.path = path.compactMap(\.asInteger)
    guard self.path.count == path.count else { throw ExperimentError.damagedRecord("the place in the steps is not made of numbers") }
    replacedConstants = replaced.compactMap { field in field.value.asText.map { (field.key, $0) } }
    isInsideRun = try field("inside") == .boolean(true)
    constants = try field("constants")
    lineStartSeconds = (try? field("line_start"))?.asReal ?? 0
    calculatesWhatLasts = (try? field("calculated")) == .boolean(true)
    changedConstants = Set((try? field("changed"))?.asList?.compactMap(\.asText) ?? [])
    firstSeed = (try? field("first_seed"))?.asInteger.map { UInt64(bitPattern: $0) }
    guard lineStartSeconds.isFinite, lineStartSeconds >= 0 else {
      throw ExperimentError.damagedRecord("its line of checkpoints begins at \(lineStartSeconds) s, which is no time")
    }
  }
}

/// Why an experiment cannot start or continue.
public enum ExperimentError: AddressedError {
  case damagedRecord(String)
  /// The directory holds a run without a model file: one made through the Swift API.
  case noModelFile(directory: String)
  case differentModel(directory: String, lines: [String], remedy: String?)
  case positionDoesNotFit(directory: String)
  case nothingToRun
  case unknownConstant(String, nearest: String?)
  case failedStep(text: String, place: String, underlying: any Error)
  /// A time to stop at that no run can reach.
  case notATime(String, seconds: Double)
  /// A number of checkpoints to keep that leaves none.
  case notACount(Int)
  case notARunToContinue(directory: String)
  /// Changes belong to a branch; a run from the start has its values from the file.
  case changesWithoutBranch
  /// The newest checkpoint cannot be read; going on from an older one is for the user to decide.
  case damagedNewest(directory: String, id: String, problem: String, intact: String?)
  /// The model takes more memory [bytes] than there is.
  case tooLittleMemory(_ needs: String, available: Int)

  /// As the author of a program reads it.
  public var description: String { text(for: .program) }

  /// The sentence for the author of a program, or of a model file.
  public func text(for audience: Audience) -> String {
    switch self {
    case .damagedRecord(let reason): "the checkpoint's record of the experiment cannot be used: \(reason)"
    case .noModelFile(let directory):
      "'\(directory)' was made by a program, not from a model file; continue it from that program, or read it with `engram export`"
    case .differentModel(let directory, let lines, let remedy):
      "'\(directory)' holds a run of another model:\n" + lines.map { "  \($0.visibleLine)" }.joined(separator: "\n")
        + (remedy.map { "\n\($0)" } ?? "")
        + "\nstart anew with --fresh (the old run is moved aside), choose another directory with --in, or give a branch other values: "
        + "engram branch \(shellQuoted("\(directory)@latest")) NAME with --constant, --set, --dt or --seed"
    case .positionDoesNotFit(let directory):
      "the place in the steps that '\(directory)' holds does not exist in this file; start anew with --fresh or use the stored steps"
    case .nothingToRun:
      "the file has no 'run' step; add one (run: 1 s), or say how long: --for 1s, or --until 1s"
    case .unknownConstant(let name, let nearest):
      "--constant \(name): the file defines no constant of that name" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .failedStep(let text, let place, let underlying): "\(place): \(text) failed: \(underlying.addressed(to: .modelFile))"
    case .notATime(let what, let seconds): "'\(what)' takes a time from 0 s on, found \(seconds) s"
    case .notACount(let count): "at least one automatic checkpoint is kept, found \(count)"
    case .notARunToContinue(let directory): "'\(directory)' holds no checkpoint to continue from"
    case .changesWithoutBranch:
      "changes are made where a branch begins; a model file that starts has its values in the file, and its constants and seed in the options"
    case .damagedNewest(let directory, let id, let problem, let intact):
      "the newest checkpoint \(id) of '\(directory)' cannot be used: \(problem)"
        + (intact.map { "; to go on from the intact \($0) instead: engram resume \(directory)@\($0)" } ?? "; no other checkpoint is intact")
    case .tooLittleMemory(let needs, let available):
      "\(needs), and \(byteText(available)) are free here: the system would end it half-way. Make it smaller, end other programs, or take a larger "
        + "machine; "
        + (audience == .program ? "with options.checksMemory = false it begins all the same" : "--no-memory-check begins it all the same")
    }
  }
}
