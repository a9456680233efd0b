internal import EngramSystem

/// The C compiler of this machine, with what it is called with.
package struct CCompiler: Sendable {
  /// The program, and arguments that belong to it (`CC="gcc -m64"`).
  package let command: [String]
  /// For every text, behind the usual flags and before those of a function.
  package let flags: [String]
  /// What tells this compiler from another one at the same place: size and time of the program.
  private let stamp: String

  /// IEEE arithmetic as written, no contraction, and names that are not declared are errors.
  private static let usualFlags = [
    "-std=gnu11", "-O2", "-fPIC", "-ffp-contract=off", "-Werror=implicit-function-declaration", "-Werror=incompatible-pointer-types",
  ]
  /// Longer than any text of a person takes.
  private static let patienceSeconds = 120

  /// - Parameter name: a program on the path or the path of one; empty: `CC` of the environment, then `cc`, `gcc`, `clang`.
  package init(named name: String, flags: [String]) throws(NativeCodeError) {
    try self.init(anyOf: name.isEmpty ? Self.environment + ["cc", "gcc", "clang"] : [name], flags: flags)
  }

  /// The one for kernels, which gain from a compiler that makes good vector code.
  ///
  /// - Parameter name: as above; empty: `CC` of the environment, then the `clang` beside `swift`, `clang`, `gcc`, `cc`.
  package init(forKernels name: String) throws(NativeCodeError) {
    try self.init(anyOf: name.isEmpty ? Self.environment + Self.besideSwift + ["clang", "gcc", "cc"] : [name], flags: [])
  }

  private static var environment: [String] { getenv("CC").map { [String(cString: $0)] }?.filter { !$0.isEmpty } ?? [] }

  /// The `clang` of the toolchain that is on the path.
  private static var besideSwift: [String] {
    guard let swift = program("swift"), let real = realpath(swift, nil) else { return [] }
    defer { free(real) }
    let path = String(cString: real)
    return [path[..<(path.lastIndex(of: "/") ?? path.startIndex)] + "/clang"]
  }

  private init(anyOf candidates: [String], flags: [String]) throws(NativeCodeError) {
    for candidate in candidates {
      let words = candidate.split(separator: " ").map(String.init)
      guard let program = words.first, let path = Self.program(program), let stamp = Self.stamp(of: path) else { continue }
      command = [path] + words.dropFirst()
      self.flags = flags
      self.stamp = stamp
      return
    }
    throw .noCompiler(tried: candidates)
  }

  private static func program(_ name: String) -> String? {
    if name.contains("/") { return isProgram(name) ? name : nil }
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").map { "\($0)/\(name)" }.first(where: isProgram)
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func stamp(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return "\(status.st_size) \(status.modifiedNanoseconds)"
  }

  /// All that a library depends on beside its source.
  package func identity(_ functionFlags: [String]) -> String {
    var machine = utsname()
    uname(&machine)
    let kind = withUnsafeBytes(of: machine.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let all = command + compileFlags(functionFlags)
    // What `-march=native` depends on, where a home directory is shared by unequal machines.
    let features = all.contains { $0.contains("native") } ? [processorFeatures()] : []
    return ([stamp, kind] + features + all).joined(separator: "\n")
  }

  private func compileFlags(_ functionFlags: [String]) -> [String] { Self.usualFlags + flags + functionFlags }

  /// Compiles `folder/source.c`, moves the library and its text to `place` with `.so` and `.c` behind it, and removes the folder.
  ///
  /// Two calls of the compiler: what a user wants for his text must not reach the linker, which would have `-ffast-math` change the
  /// arithmetic of every thread of the process that loads the library. The shell does the rest as well, so that a library that was begun is
  /// there for the next process although this one ends before.
  ///
  /// - Parameter isModest: whether others that want a processor come first.
  func compile(_ source: LibrarySource, in folder: String, to place: String, isModest: Bool) throws(NativeCodeError) {
    let own = compileFlags(source.flags)
    let compiling = own.filter { !Self.isForLinker($0) } + ["-c", "-o", "\(folder)/object.o", "\(folder)/source.c"]
    let libraries = own.filter { Self.isForLinker($0) || ["-pthread", "-fopenmp", "-nostartfiles"].contains($0) }
    let linking = ["-shared", "-Wl,-z,defs", "-o", "\(folder)/library.so", "\(folder)/object.o"] + libraries + ["-lm"]
    try call([command + compiling, command + linking], source, folder, place, isModest: isModest)
  }

  /// Whether it turns a text without words into a library, which takes part of a second.
  package func makesLibraries() -> Bool {
    let folder = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var name = Array("\(folder)/engram-compiler-XXXXXX".utf8CString)
    let output = engram_memory_file("engram-compiler")
    guard output >= 0, mkdtemp(&name) != nil else { return false }
    let place = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      close(output)
      unlink("\(place)/library.so")
      rmdir(place)
    }
    let words = command + ["-shared", "-fPIC", "-o", "\(place)/library.so", "-x", "c", "/dev/null"]
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var status: Int32 = 0
    return engram_run_program(command[0], &pointers, output, 1, 60_000, &status) == 0 && status == 0 && access("\(place)/library.so", R_OK) == 0
  }

  private static func isForLinker(_ flag: String) -> Bool { ["-l", "-L", "-Wl,"].contains { flag.hasPrefix($0) } }

  private func call(
    _ calls: [[String]], _ source: LibrarySource, _ folder: String, _ place: String, isModest: Bool
  ) throws(NativeCodeError) {
    let output = engram_memory_file("engram-compiler")
    guard output >= 0 else { throw .noCache(path: folder, reason: String(cString: strerror(-output))) }
    defer { close(output) }
    // What the shell runs comes as words, never as text.
    var words = [folder, place]
    let lines = calls.map { call in
      call.map { word in
        words.append(word)
        return "\"${\(words.count)}\""
      }.joined(separator: " ")
    }
    let script = """
      exec 2>&1
      export LC_ALL=C
      trap 'rm -f "$1/source.c" "$1/object.o" "$1/library.so"; rmdir "$1"' EXIT
      trap '' HUP
      \(isModest ? "renice -n 19 -p $$ >/dev/null 2>&1" : "")
      \(lines.joined(separator: " && ")) && chmod 700 "$1/library.so" && mv -f "$1/source.c" "$2.c" && mv -f "$1/library.so" "$2.so"
      """
    var pointers: [UnsafeMutablePointer<CChar>?] = (["sh", "-c", script, "sh"] + words).map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var status: Int32 = 0
    let code = engram_run_program("/bin/sh", &pointers, output, 1, Int32(Self.patienceSeconds * 1000), &status)
    if code == ETIMEDOUT { throw .tookTooLong(function: source.name, compiler: command[0], seconds: Self.patienceSeconds) }
    guard code == 0 else { throw .noCompiler(tried: [command[0]]) }
    guard status != 0 else { return }
    throw .refused(function: source.name, compiler: command[0], words: said(in: output).replacing(folder + "/", with: ""))
  }

  /// The beginning of what a compiler said, which is where the cause stands.
  private func said(in descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 4000)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return text.isEmpty ? "it said nothing" : text
  }
}
