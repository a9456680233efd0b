public import EngramScalars

/// Why C text of a function cannot be used.
public enum NativeCodeError: ExplainedError, Hashable, Sendable {
  /// There is no compiler; `tried` are the names looked for.
  case noCompiler(tried: [String])
  /// The compiler refused the text; `words` are its own.
  case refused(function: String, compiler: String, words: String)
  case tookTooLong(function: String, compiler: String, seconds: Int)
  /// Compiled libraries cannot be kept there.
  case noCache(path: String, reason: String)
  case notLoaded(function: String, reason: String)
  case notAName(String, function: String)
  /// Two constants or functions of one name.
  case twoMeanings(name: String, function: String)
  case tooDeep(function: String)

  /// Whether the machine is at fault rather than the text: then another implementation may do.
  public var isAboutMachine: Bool {
    switch self {
    case .noCompiler, .noCache: true
    case .refused, .tookTooLong, .notLoaded, .notAName, .twoMeanings, .tooDeep: false
    }
  }

  public var description: String {
    switch self {
    case .noCompiler(let tried):
      "there is no C compiler: none of \(tried.map { "'\($0)'" }.joined(separator: ", ")) is a program on the path; install one, or say "
        + "which with CC in the environment or, for functions, with the preference codegen.c.compiler"
    case .refused(let function, let compiler, let words): "'\(compiler)' cannot compile the C text of function '\(function)':\n\(words)"
    case .tookTooLong(let function, let compiler, let seconds):
      "'\(compiler)' had not compiled the C text of function '\(function)' after \(seconds) s and was ended"
    case .noCache(let path, let reason):
      "compiled functions cannot be kept in '\(path)': \(reason); name another folder with XDG_CACHE_HOME in the environment "
        + "or, for functions, with the preference codegen.c.cache"
    case .notLoaded(let function, let reason): "the compiled function '\(function)' cannot be loaded: \(reason)"
    case .notAName(let name, let function): "'\(name)' cannot be a name in the C text of function '\(function)': letters, digits and '_' only"
    case .twoMeanings(let name, let function): "'\(name)' has two meanings in the C text of function '\(function)' and what it depends on"
    case .tooDeep(let function): "function '\(function)' depends on functions that depend on functions, more than 100 deep"
    }
  }
}
