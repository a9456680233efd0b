internal import ArgumentParser
internal import EngramExport
internal import EngramModelFiles
internal import EngramStorage
internal import EngramSystem
internal import Foundation

/// What shells offer while a command is typed: run directories, the names of checkpoints behind `@`, and variables of the checkpoint that
/// is on the line already. Whatever goes wrong offers nothing.
enum Completions {
  /// `DIR`, and `DIR@NAME` once there is an `@`.
  static let checkpoint = CompletionKind.custom { _, _, prefix in
    guard let at = prefix.lastIndex(of: "@") else { return directories(beginning: prefix) }
    let directory = String(prefix[..<at])
    return names(of: directory).map { "\(directory)@\($0)" }
  }

  /// Objects and `OBJECT.VARIABLE` of the checkpoint that the command is about.
  static let variable = CompletionKind.custom { words, place, _ in
    // The first argument behind the verb.
    let checkpoint = words.prefix(max(0, place)).dropFirst(2).first { !$0.hasPrefix("-") }
    guard let checkpoint, let open = try? CheckpointReference(argument: checkpoint).look() else { return [] }
    let keys = open.arrays.keys.filter { !$0.variable.hasPrefix("_") && !$0.owner.hasPrefix("_") }
    return Set(keys.map(\.owner)).sorted() + keys.map { "\($0.owner).\($0.variable)" }.sorted()
  }

  /// Kinds of objects, verbs and other mappings of model files.
  static let languagePart = CompletionKind.custom { _, _, _ in ModelLanguage.reference.map(\.name) }

  /// Run directories, and folders on the way to them.
  private static func directories(beginning prefix: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return entries.sorted().compactMap { name in
      let path = folder + name
      var status = stat()
      guard !name.hasPrefix("."), path.hasPrefix(prefix), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
      return access(path + "/FORMAT", F_OK) == 0 ? path : path + "/"
    }
  }

  private static func names(of directory: String) -> [String] {
    guard let place = try? CheckpointPlace(reading: directory), let found = try? place.list() else { return [] }
    return found.reversed().flatMap { $0.names + [$0.id] } + ["latest"]
  }

  /// What stands before the script that completes in a shell. Bash would take `DIR@NAME` for three words.
  static func scriptHead(_ arguments: [String]) -> String {
    guard arguments == ["--generate-completion-script", "bash"] else { return "" }
    return "COMP_WORDBREAKS=${COMP_WORDBREAKS//@/}\n"
  }
}
