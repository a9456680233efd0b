internal import EngramScalars
internal import EngramSystem

/// Commands that others add: `engram NAME` is the program `engram-NAME`, as git has it.
///
/// They are looked for beside this program and then in the folders of the PATH, in order. Only folders with an absolute path count: what
/// happens to lie where somebody stands is not run. A command that this program has itself is never replaced.
struct ProgramsBeside {
  /// Where to look, the first first.
  let folders: [String]

  private static let prefix = "engram-"

  /// Those of this process.
  static var found: ProgramsBeside {
    var folders: [String] = []
    if let own = ProcessFacts.program, let slash = own.lastIndex(of: "/") { folders.append(String(own[..<slash])) }
    if let path = getenv("PATH") { folders += String(cString: path).split(separator: ":").map(String.init) }
    return ProgramsBeside(folders: folders)
  }

  /// The file that a name stands for; nil where there is none, and where the name is no plain word.
  func program(_ name: String) -> String? {
    guard Self.isPlain(name) else { return nil }
    return folders.lazy.filter { $0.hasPrefix("/") }.map { "\($0)/\(Self.prefix)\(name)" }.first(where: Self.isProgram)
  }

  /// Every name that can be run, sorted; without those of this program's own commands.
  func names(besides own: Set<String>) -> [String] {
    var found: Set<String> = []
    for folder in folders where folder.hasPrefix("/") {
      for file in Self.files(folder) where file.hasPrefix(Self.prefix) {
        let name = String(file.dropFirst(Self.prefix.count))
        if Self.isPlain(name), !found.contains(name), Self.isProgram("\(folder)/\(file)") { found.insert(name) }
      }
    }
    return found.subtracting(own).sorted()
  }

  /// Letters, digits, `-` and `_`, not beginning with `-`: never a path, and nothing that a terminal obeys.
  private static func isPlain(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "-") else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "-"), UInt8(ascii: "_"): true
      default: false
      }
    }
  }

  private static func isProgram(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  /// What a folder holds; nothing where it cannot be read, since the PATH often names some that are not there.
  private static func files(_ folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
      found.append(withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } })
    }
    return found
  }

  /// Becomes the program: its status, its output and the signals it gets are its own. It finds this program in `ENGRAM`, unless that says
  /// something already.
  ///
  /// - Returns: only where that failed, with the system's number for the reason.
  func become(_ program: String, _ arguments: [String]) -> Int32 {
    if let own = ProcessFacts.program { setenv("ENGRAM", own, 0) }
    let before = signal(SIGPIPE, SIG_DFL)
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    execv(program, &words)
    let reason = errno
    signal(SIGPIPE, before)
    for word in words { free(word) }
    return reason
  }
}
