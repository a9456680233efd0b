internal import EngramStorage
internal import EngramSystem
internal import Synchronization

/// A folder of compiled libraries, each under the hash of its source, compiler and flags.
///
/// Processes share it: a library is made aside and renamed when it is complete, also where the process that wanted it has ended. Entries are never changed; deleting the folder is safe
/// at any time.
package struct LibraryCache: Sendable {
  package let path: String

  /// - Parameter path: empty: `engram/functions` in `XDG_CACHE_HOME`, or in `.cache` of the home directory.
  package init(path: String) { self.path = path.isEmpty ? Self.folder("functions") : path }

  /// Of kernels.
  ///
  /// - Parameter path: they are in `kernels` there; empty: in `engram/kernels`, where functions are in `engram/functions`.
  package init(ofKernelsIn path: String) { self.path = path.isEmpty ? Self.folder("kernels") : path + "/kernels" }

  private static func folder(_ kind: String) -> String {
    if let cache = getenv("XDG_CACHE_HOME").map({ String(cString: $0) }), cache.hasPrefix("/") { return cache + "/engram/" + kind }
    if let home = getenv("HOME").map({ String(cString: $0) }), home.hasPrefix("/") { return home + "/.cache/engram/" + kind }
    return "/tmp/engram-\(kind)-\(geteuid())"
  }

  /// Entries of loaded libraries, which stay: kernels keep these addresses.
  private static let loaded = Mutex<[String: UInt]>([:])

  /// The entry of a function, compiled now unless it has been before.
  ///
  /// - Throws: what the compiler said of the text; that there is no compiler or no place for libraries (``NativeCodeError/isAboutMachine``).
  /// - Complexity: a compilation the first time, in a process or ever; then a look-up.
  package func entry(of function: CFunction, compiler: CCompiler) throws(NativeCodeError) -> CEntry {
    let source = LibrarySource(name: function.modelName, text: try CSource(function).text, entry: CSource.entry, flags: function.allFlags)
    guard let address = try address(of: source, compiler: compiler), let entry = UnsafeRawPointer(bitPattern: address) else {
      throw .notLoaded(function: function.modelName, reason: "it is empty")
    }
    return unsafeBitCast(entry, to: CEntry.self)
  }

  /// The address of the entry of a library, which stays loaded.
  ///
  /// - Parameters:
  ///   - compiles: whether to compile it where nobody has; otherwise there is none then.
  ///   - isModest: whether a compiler leaves processors to others that want them.
  package func address(
    of source: LibrarySource, compiler: CCompiler, compiles: Bool = true, isModest: Bool = false
  ) throws(NativeCodeError) -> UInt? {
    let key = "\(ContentHash(of: Array((compiler.identity(source.flags) + "\n" + source.text).utf8)))"
    let library = "\(path)/\(key).so"
    if let known = Self.loaded.withLock({ $0[library] }) { return known }
    try prepareFolder()
    if !Self.isPrivateFile(library) {
      guard compiles else { return nil }
      try make(key, source, compiler, isModest: isModest)
    }
    var found = Self.load(library, source.entry)
    if found == nil {
      // A power cut may have left an empty file under the name.
      unlink(library)
      guard compiles else { return nil }
      try make(key, source, compiler, isModest: isModest)
      found = Self.load(library, source.entry)
    }
    guard let found else { throw .notLoaded(function: source.name, reason: dlerror().map { String(cString: $0) } ?? "no reason is known") }
    // When it was used last, for the choice of what goes.
    utimensat(AT_FDCWD, library, nil, 0)
    Self.loaded.withLock { $0[library] = found }
    return found
  }

  private static func load(_ library: String, _ entry: String) -> UInt? {
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, entry) else { return nil }
    return UInt(bitPattern: symbol)
  }

  /// Whether a file is there that nobody else can have written.
  private static func isPrivateFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
  }

  /// Whoever can write here runs code in this process: nobody else may.
  private func prepareFolder() throws(NativeCodeError) {
    var sofar = ""
    for part in path.split(separator: "/") {
      sofar += "/\(part)"
      if mkdir(path.hasPrefix("/") ? sofar : String(sofar.dropFirst()), 0o700) != 0, errno != EEXIST, errno != EISDIR, errno != EROFS, errno != EACCES {
        throw .noCache(path: path, reason: String(cString: strerror(errno)))
      }
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw .noCache(path: path, reason: String(cString: strerror(errno))) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .noCache(path: path, reason: "it is no folder") }
    guard status.st_uid == geteuid() else { throw .noCache(path: path, reason: "it belongs to somebody else") }
    guard status.st_mode & 0o022 == 0 else { throw .noCache(path: path, reason: "others can write to it") }
  }

  private func make(_ key: String, _ source: LibrarySource, _ compiler: CCompiler, isModest: Bool) throws(NativeCodeError) {
    var template = Array("\(path)/making-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .noCache(path: path, reason: String(cString: strerror(errno))) }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { Self.remove(making: folder) }
    guard let file = fopen("\(folder)/source.c", "w") else { throw .noCache(path: path, reason: String(cString: strerror(errno))) }
    let bytes = Array(source.text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw .noCache(path: path, reason: String(cString: strerror(errno))) }
    // The text beside the library is for people.
    try compiler.compile(source, in: folder, to: "\(path)/\(key)", isModest: isModest)
    prune()
  }

  /// Libraries that are kept.
  private static let mostLibraries = 512
  /// After so long, nobody makes a library any more: its process has ended.
  private static let abandonedSeconds = 86_400

  /// Removes the libraries used least recently, beyond those that are kept, and what ended processes left half made.
  private func prune() {
    guard let folder = opendir(path) else { return }
    defer { closedir(folder) }
    var libraries: [(name: String, used: Int64)] = []
    var abandoned: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      var status = stat()
      guard name.hasSuffix(".so") || name.hasPrefix("making-"), lstat("\(path)/\(name)", &status) == 0 else { continue }
      if name.hasSuffix(".so") {
        libraries.append((name, status.modifiedNanoseconds))
      } else if status.modifiedNanoseconds / 1_000_000_000 + Int64(Self.abandonedSeconds) < Int64(time(nil)) {
        abandoned.append(name)
      }
    }
    for name in abandoned { Self.remove(making: "\(path)/\(name)") }
    guard libraries.count > Self.mostLibraries else { return }
    libraries.sort { $0.used < $1.used }
    for library in libraries.prefix(libraries.count - Self.mostLibraries) {
      unlink("\(path)/\(library.name)")
      unlink("\(path)/\(library.name.dropLast(3)).c")
    }
  }

  private static func remove(making folder: String) {
    for file in ["source.c", "object.o", "library.so"] { unlink("\(folder)/\(file)") }
    rmdir(folder)
  }
}
