import Foundation
import Testing

@testable import EngramNative

/// A folder of its own for compiled functions.
private struct Cache {
  let path: String
  var cache: LibraryCache { LibraryCache(path: path) }

  init() {
    path = FileManager.default.temporaryDirectory.appending(path: "engram-native-\(UUID().uuidString)").path
  }

  var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [] }
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("Functions as C text") struct NativeCodeTests {
  private func compiler() throws -> CCompiler { try CCompiler(named: "", flags: []) }

  private func function(
    _ text: String, name: String = "f", arguments: [CType] = [.double], result: CType = .double, takesElement: Bool = false,
    constants: [(name: String, value: CConstant)] = [], dependencies: [CFunction] = [], flags: [String] = []
  ) -> CFunction {
    CFunction(
      modelName: name, name: name, text: text, arguments: arguments, result: result, takesElement: takesElement, constants: constants,
      dependencies: dependencies, flags: flags)
  }

  /// The values for some numbers, of a function of one double; with a folder for compiled functions of its own unless there is one.
  private func values(_ function: CFunction, _ numbers: [Double], in shared: Cache? = nil) throws -> [Double] {
    let cache = shared ?? Cache()
    defer { if shared == nil { cache.remove() } }
    let entry = try cache.cache.entry(of: function, compiler: try compiler())
    var result = [Double](repeating: 0, count: numbers.count)
    numbers.withUnsafeBytes { argument in
      let elements = numbers.indices.map(Int64.init)
      entry(Int64(numbers.count), elements, [argument.baseAddress], &result)
    }
    return result
  }

  @Test("FUN-8: C text computes blocks of elements; one compilation serves the next call, in this process and in others") func computing() throws {
    let cache = Cache()
    defer { cache.remove() }
    let square = function("double f(double x) { return x*x; }")
    #expect(try values(square, [1, -2, 0.5]) == [1, 4, 0.25])
    _ = try cache.cache.entry(of: square, compiler: try compiler())
    let made = cache.files
    #expect(made.count == 2 && made.contains { $0.hasSuffix(".so") } && made.contains { $0.hasSuffix(".c") })
    _ = try cache.cache.entry(of: square, compiler: try compiler())
    #expect(cache.files == made)
  }

  @Test("FUN-8: constants, arrays and dependencies come before the text, bit for bit") func constants() throws {
    let tiny = Double.leastNonzeroMagnitude
    let third = 1.0 / 3
    let twice = function("double twice(double x) { return 2*x; }", name: "twice")
    let all = function(
      "double f(double x) { return n < 0 && flag ? twice(table[(int)x]) + third : tiny; }",
      constants: [
        ("third", .double(third)), ("tiny", .double(tiny)), ("n", .integer(.min)), ("flag", .boolean(true)),
        ("table", .doubles([0.1, -.infinity, tiny])), ("none", .doubles([])), ("counts", .integers([1, -2])),
      ], dependencies: [twice, twice])
    #expect(try values(all, [0, 1, 2]) == [0.2 + third, -.infinity, 2 * tiny + third])
  }

  @Test("FUN-8: what is no number is none in C text either, neither as an argument nor as a constant") func notANumber() throws {
    let all = function("double f(double x) { return isnan(x) ? 1 : isnan(nothing) ? 2 : 3; }", constants: [("nothing", .double(.nan))])
    #expect(try values(all, [.nan, 0]) == [1, 2])
  }

  @Test("FUN-5, FUN-8: the C function may get the number of the element first") func elements() throws {
    let place = function("double f(int64_t i, double x) { return 10*i + x; }", takesElement: true)
    #expect(try values(place, [0.5, 0.5, 0.5]) == [0.5, 10.5, 20.5])
  }

  @Test(
    "FUN-8, FUN-10: text that does not compile, of other types than declared, or that calls what does not exist is an error with the compiler's words",
    arguments: [
      ("double f(double x) { return x +; }", "expected"), ("double f(float x) { return x; }", "conflicting types"),
      ("int64_t f(double x) { return 1; }", "conflicting types"), ("double g(double x) { return x; }", "f"),
      ("double f(double x) { return nosuch(x); }", "nosuch"), ("double other(double); double f(double x) { return other(x); }", "other"),
    ])
  func refused(text: String, word: String) throws {
    let error = #expect(throws: NativeCodeError.self) { try values(function(text), [1]) }
    guard case .refused("f", _, let words)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(words.contains(word), "\(words)")
    #expect(!words.contains("making-"))
  }

  @Test("FUN-8: a name that C does not know, and one name with two meanings, are errors") func names() throws {
    #expect(throws: NativeCodeError.notAName("a b", function: "f")) {
      try CSource(function("double f(double x) { return x; }", constants: [("a b", .double(1))]))
    }
    let one = function("double g(double x) { return k*x; }", name: "g", constants: [("k", .double(1))])
    #expect(throws: NativeCodeError.twoMeanings(name: "k", function: "f")) {
      try CSource(function("double f(double x) { return g(x)*k; }", constants: [("k", .double(2))], dependencies: [one]))
    }
    let other = function("double g(double x) { return x; }", name: "g")
    #expect(throws: NativeCodeError.twoMeanings(name: "g", function: "g")) {
      try CSource(function("double f(double x) { return x; }", dependencies: [one, other]))
    }
  }

  @Test("FUN-8: without a compiler, or without a safe place for libraries, the error says so and blames the machine") func machine() throws {
    let error = #expect(throws: NativeCodeError.self) { try CCompiler(named: "no-such-compiler", flags: []) }
    #expect(error == .noCompiler(tried: ["no-such-compiler"]) && error?.isAboutMachine == true)
    let cache = Cache()
    defer { cache.remove() }
    try FileManager.default.createDirectory(atPath: cache.path, withIntermediateDirectories: true)
    #expect(chmod(cache.path, 0o777) == 0)
    let unsafe = #expect(throws: NativeCodeError.self) {
      try cache.cache.entry(of: function("double f(double x) { return x; }"), compiler: try compiler())
    }
    #expect(unsafe == .noCache(path: cache.path, reason: "others can write to it") && unsafe?.isAboutMachine == true)
    #expect(cache.files.isEmpty)
  }

  @Test("FUN-8: a library that a power cut left empty is made again") func emptyLibrary() throws {
    let cache = Cache()
    defer { cache.remove() }
    let cube = function("double f(double x) { return x*x*x; }")
    let key = try #require(try nameOfLibrary(of: cube))
    try FileManager.default.createDirectory(atPath: cache.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    _ = FileManager.default.createFile(atPath: "\(cache.path)/\(key)", contents: Data())
    let entry = try cache.cache.entry(of: cube, compiler: try compiler())
    var result = 0.0
    var argument = 3.0
    withUnsafeBytes(of: &argument) { entry(1, [0], [$0.baseAddress], &result) }
    #expect(result == 27)
  }

  private func nameOfLibrary(of function: CFunction) throws -> String? {
    let cache = Cache()
    defer { cache.remove() }
    _ = try cache.cache.entry(of: function, compiler: try compiler())
    return cache.files.first { $0.hasSuffix(".so") }
  }

  @Test("FUN-8: several that make the same library at once do not disturb each other") func together() async throws {
    let cache = Cache()
    defer { cache.remove() }
    let sum = function("double f(double x) { return x + 1; }")
    let path = cache.path
    try await withThrowingTaskGroup(of: Double.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let entry = try LibraryCache(path: path).entry(of: sum, compiler: try CCompiler(named: "", flags: []))
          var result = 0.0
          var argument = 3.0
          withUnsafeBytes(of: &argument) { entry(1, [0], [$0.baseAddress], &result) }
          return result
        }
      }
      for try await value in group { #expect(value == 4) }
    }
    #expect(cache.files.count == 2)
  }

  // --------------------------------------------------------------------------------------------------------------- kernels

  private func kernel(_ text: String) -> LibrarySource { LibrarySource(kernel: text, entry: "answer", instructionSet: "baseline") }

  private func answer(_ address: UInt?) throws -> Int32 {
    let bits = try #require(address)
    let code = try #require(UnsafeRawPointer(bitPattern: bits))
    return unsafeBitCast(code, to: (@convention(c) () -> Int32).self)()
  }

  @Test("COD-13: a kernel is compiled once, and only where that is wanted") func kernels() throws {
    let cache = Cache()
    defer { cache.remove() }
    let (kernels, compiler) = (LibraryCache(ofKernelsIn: cache.path), try CCompiler(forKernels: ""))
    let source = kernel("int answer(void) { return 42; }")
    #expect(try kernels.address(of: source, compiler: compiler, compiles: false) == nil)
    #expect(try answer(kernels.address(of: source, compiler: compiler)) == 42)
    #expect(try answer(kernels.address(of: source, compiler: compiler, compiles: false)) == 42)
  }

  @Test("COD-13: a library that others can write to, or a link, is not loaded but made anew") func foreignLibraries() throws {
    let cache = Cache()
    defer { cache.remove() }
    let (kernels, compiler) = (LibraryCache(ofKernelsIn: cache.path), try CCompiler(forKernels: ""))
    func made(_ text: String) throws -> String {
      let before = Set((try? FileManager.default.contentsOfDirectory(atPath: kernels.path)) ?? [])
      _ = try kernels.address(of: kernel(text), compiler: compiler)
      let new = try FileManager.default.contentsOfDirectory(atPath: kernels.path).filter { !before.contains($0) && $0.hasSuffix(".so") }
      return kernels.path + "/" + (try #require(new.first))
    }
    // The file of one text under the name of another that was never loaded here.
    let other = try made("int answer(void) { return 1; }")
    for isLink in [false, true] {
      let text = "int answer(void) { return \(isLink ? 7 : 8); }"
      let probe = Cache()
      defer { probe.remove() }
      let elsewhere = LibraryCache(ofKernelsIn: probe.path)
      _ = try elsewhere.address(of: kernel(text), compiler: compiler)
      let name = try #require(FileManager.default.contentsOfDirectory(atPath: elsewhere.path).first { $0.hasSuffix(".so") })
      let planted = kernels.path + "/" + name
      if isLink {
        try FileManager.default.createSymbolicLink(atPath: planted, withDestinationPath: other)
      } else {
        try FileManager.default.copyItem(atPath: other, toPath: planted)
        try FileManager.default.setAttributes([.posixPermissions: 0o722], ofItemAtPath: planted)
      }
      #expect(try kernels.address(of: kernel(text), compiler: compiler, compiles: false) == nil)
      #expect(try answer(kernels.address(of: kernel(text), compiler: compiler)) == (isLink ? 7 : 8))
    }
  }

  @Test("COD-13: the libraries used least recently go when there are too many") func pruning() throws {
    let cache = Cache()
    defer { cache.remove() }
    let (kernels, compiler) = (LibraryCache(ofKernelsIn: cache.path), try CCompiler(forKernels: ""))
    _ = try kernels.address(of: kernel("int answer(void) { return 3; }"), compiler: compiler)
    for number in 0..<600 {
      let path = "\(kernels.path)/old\(number).so"
      try Data().write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_000_000 + Double(number))], ofItemAtPath: path)
    }
    try FileManager.default.createDirectory(atPath: kernels.path + "/making-ABCDEF", withIntermediateDirectories: false)
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1e6)], ofItemAtPath: kernels.path + "/making-ABCDEF")
    _ = try kernels.address(of: kernel("int answer(void) { return 4; }"), compiler: compiler)
    let left = try FileManager.default.contentsOfDirectory(atPath: kernels.path).filter { !$0.hasSuffix(".c") }
    #expect(left.count == 512)
    #expect(left.contains("old599.so") && !left.contains("old0.so") && !left.contains("making-ABCDEF"))
  }

  @Test("COD-13: kernels compute in IEEE arithmetic, whatever the command of the compiler asks for") func kernelArithmetic() throws {
    let cache = Cache()
    defer { cache.remove() }
    let compiler = try CCompiler(forKernels: "cc -ffast-math -O0")
    let text = "#ifdef __FAST_MATH__\n#error fast\n#endif\nint answer(void) { volatile double x = 1e300, y = 1; return (x + y) - x == 0 && x*x > x; }"
    #expect(try answer(LibraryCache(ofKernelsIn: cache.path).address(of: kernel(text), compiler: compiler)) == 1)
    let tiny = Double.leastNormalMagnitude
    #expect(tiny / 2 > 0 && (tiny / 2) * 2 == tiny)
  }

  @Test("FUN-8: flags are part of the key, and those of a user do not reach the arithmetic of the process") func flags() throws {
    let cache = Cache()
    defer { cache.remove() }
    let fast = function("double f(double x) { return x - SHIFT; }", flags: ["-DSHIFT=3", "-ffast-math"])
    #expect(try values(fast, [5], in: cache) == [2])
    #expect(try values(function("double f(double x) { return x - SHIFT; }", flags: ["-DSHIFT=4"]), [5], in: cache) == [1])
    // Where the linker sees that flag, loading the library has tiny numbers become 0 from then on.
    let tiny = Double.leastNormalMagnitude
    #expect(tiny / 2 > 0 && (tiny / 2) * 2 == tiny)
  }
}
