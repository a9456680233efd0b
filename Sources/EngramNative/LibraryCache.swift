internal import EngramStorage
internal import EngramSystem
internal import Synchronization

/// A folder of compiled libraries, each under the hash of its source, compiler and flags.
///
/// Processes share it: a library is made aside and renamed when it is complete. Entries are never changed; deleting the folder is safe
/// at any time.
package struct LibraryCache: Sendable {
  package let path: String

  /// - Parameter path: empty: `engram/functions` in `XDG_CACHE_HOME`, or in `.cache` of the home directory.
  package init(path: String) {
    if !path.isEmpty {
      self.path = path
    } else if let cache = getenv("XDG_CACHE_HOME").map({ String(cString: $0) }), cache.hasPrefix("/") {
      self.path = cache + "/engram/functions"
    } else if let home = getenv("HOME").map({ String(cString: $0) }), home.hasPrefix("/") {
      self.path = home + "/.cache/engram/functions"
    } else {
      self.path = "/tmp/engram-functions-\(geteuid())"
    }
  }

  /// Loaded libraries stay: kernels keep the address of their entry.
  private static let loaded = Mutex<[String: CEntryAddress]>([:])

  private struct CEntryAddress: @unchecked Sendable {
    // Code of a library that is never unloaded; nobody writes there.
    let entry: CEntry
  }

  /// The entry of a function, compiled now unless it has been before.
  ///
  /// - Throws: what the compiler said of the text; that there is no compiler or no place for libraries (``NativeCodeError/isAboutMachine``).
  /// - Complexity: a compilation the first time, in a process or ever; then a look-up.
  package func entry(of function: CFunction, compiler: CCompiler) throws(NativeCodeError) -> CEntry {
    let source = try CSource(function)
    let key = "\(ContentHash(of: Array((compiler.identity(function.allFlags) + "\n" + source.text).utf8)))"
    let library = "\(path)/\(key).so"
    if let known = Self.loaded.withLock({ $0[library] }) { return known.entry }
    try prepareFolder()
    if access(library, R_OK) != 0 { try make(key, source, function, compiler) }
    var found = Self.load(library)
    if found == nil {
      // A power cut may have left an empty file under the name.
      unlink(library)
      try make(key, source, function, compiler)
      found = Self.load(library)
    }
    guard let found else { throw .notLoaded(function: function.modelName, reason: dlerror().map { String(cString: $0) } ?? "no reason is known") }
    Self.loaded.withLock { $0[library] = CEntryAddress(entry: found) }
    return found
  }

  private static func load(_ library: String) -> CEntry? {
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, CSource.entry) else { return nil }
    return unsafeBitCast(symbol, to: CEntry.self)
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

  private func make(_ key: String, _ source: CSource, _ function: CFunction, _ compiler: CCompiler) throws(NativeCodeError) {
    var template = Array("\(path)/making-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .noCache(path: path, reason: String(cString: strerror(errno))) }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for file in ["source.c", "object.o", "library.so"] { unlink("\(folder)/\(file)") }
      rmdir(folder)
    }
    guard let file = fopen("\(folder)/source.c", "w") else { throw .noCache(path: path, reason: String(cString: strerror(errno))) }
    let bytes = Array(source.text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw .noCache(path: path, reason: String(cString: strerror(errno))) }
    try compiler.compile(function, in: folder)
    // The text beside it is for people.
    rename("\(folder)/source.c", "\(path)/\(key).c")
    guard rename("\(folder)/library.so", "\(path)/\(key).so") == 0 else { throw .noCache(path: path, reason: String(cString: strerror(errno))) }
  }
}
