internal import EngramCheckpoints
package import EngramStorage
internal import EngramUnits

/// Where `DIR` or `DIR@NAME` goes on (MDL-69).
///
/// Going on from a checkpoint that others follow begins a line of its own, once: the same words said again go on with that line, so
/// that no line is thrown away or begun twice.
package enum Continuation: Hashable, Sendable {
  /// The newest checkpoint, of the directory or of its line.
  case newest(id: String)
  /// The newest checkpoint of a line that begins at the one that was named.
  case line(String, newest: String)
  /// A line that is to begin at the checkpoint that was named.
  case newLine(String, from: String)

  /// - Parameter changes: what a line that begins changes. The same changes asked for again go on with that line; others begin another.
  package init(_ name: String?, in directory: RunDirectory, changing changes: BranchChanges = BranchChanges()) throws {
    if !changes.isEmpty {
      try self.init(changing: changes, from: name, in: directory)
      return
    }
    guard let name else {
      guard let newest = try directory.newest() else { throw ExperimentError.notARunToContinue(directory: directory.path) }
      self = .newest(id: newest.id)
      return
    }
    let info = try directory.info(name)
    let all = try directory.list()
    func newest(of line: String) -> String { all.last { $0.line == line }?.id ?? info.id }
    if newest(of: info.line) == info.id {
      self = .newest(id: info.id)
    } else if info.kind == .branch {
      self = .line(info.line, newest: newest(of: info.line))
    } else if let begun = all.last(where: {
      $0.kind == .branch && $0.parent == info.id && $0.line.hasPrefix(Self.base(name, info)) && ChangedBranch($0) == nil
    }) {
      self = .line(begun.line, newest: newest(of: begun.line))
    } else {
      self = .newLine(Self.freeLine(name, info, among: all), from: info.id)
    }
  }

  private init(changing changes: BranchChanges, from name: String?, in directory: RunDirectory) throws {
    guard let info = try name.map(directory.info) ?? directory.newest() else { throw ExperimentError.notARunToContinue(directory: directory.path) }
    let all = try directory.list()
    let asked = changes.stepText
    // Begun at this checkpoint, or the very line that it is of.
    if let begun = all.last(where: { ChangedBranch($0)?.asked == asked && ($0.line == info.line || $0.kind == .branch && $0.parent == info.id) }) {
      self = .line(begun.line, newest: all.last { $0.line == begun.line }?.id ?? begun.id)
    } else {
      self = .newLine(Self.freeLine(name ?? info.names.first ?? info.id, info, among: all), from: info.id)
    }
  }

  /// A name for a line that begins at a checkpoint.
  private static func freeLine(_ name: String, _ info: CheckpointInfo, among all: [CheckpointInfo]) -> String {
    let taken = Set(all.flatMap { $0.names + [$0.line] })
    let base = base(name, info)
    var line = base
    var number = 2
    while taken.contains(line) { (line, number) = ("\(base)-\(number)", number + 1) }
    return line
  }

  private static func base(_ name: String, _ info: CheckpointInfo) -> String {
    let base = "\(name)-resumed"
    return base.utf8.count > 200 ? "\(info.id)-resumed" : base
  }

  /// The checkpoint whose state goes on.
  package var checkpoint: String {
    switch self {
    case .newest(let id), .line(_, let id), .newLine(_, let id): id
    }
  }

  package var newLine: String? { if case .newLine(let name, _) = self { name } else { nil } }

  /// Which line goes on, where there are several and none was named; nil where there is nothing to choose.
  ///
  /// - Parameter newest: the checkpoint that goes on.
  package static func remark(_ path: String, goingOnFrom newest: CheckpointInfo, in directory: RunDirectory) throws -> String? {
    var last: [(line: String, id: String)] = []
    for info in try directory.list() {
      last.removeAll { $0.line == info.line }
      last.append((info.line, info.id))
    }
    let others = last.filter { $0.line != newest.line }
    guard !others.isEmpty else { return nil }
    let list = others.prefix(8).map { "'\($0.line)' (engram resume \(shellQuoted("\(path)@\($0.id)")))" }.joined(separator: ", ")
    let time = newest.networkSeconds.map { ", t = \(Time(si: $0))" } ?? ""
    return "going on with the line '\(newest.line)' from \(newest.id)\(time); other lines are \(list)"
      + (others.count > 8 ? " and \(others.count - 8) more" : "")
  }

  /// What happens, and what else could, for who asked for `name` of a directory.
  package func remark(_ directory: String, _ name: String) -> String? {
    switch self {
    case .newest: nil
    case .newLine(let line, let id):
      "the line '\(line)' begins at '\(name)' (\(id)); the same command, or engram resume \(shellQuoted("\(directory)@\(line)")), goes on with it"
    case .line(let line, let id):
      "going on with the line '\(line)', which begins at '\(name)', from \(id)"
        + (line == name
          ? "" : "; for another line: engram branch \(shellQuoted("\(directory)@\(name)")) NAME, then engram resume \(shellQuoted(directory))@NAME")
    }
  }
}
