internal import EngramScalars

/// One C source file: what a function needs, its text, and the entry that computes a block.
package struct CSource: Hashable, Sendable {
  package static let entry = "engram_entry"
  package let text: String

  /// - Throws: ``NativeCodeError`` for names that C does not know, and for one name with two meanings.
  package init(_ function: CFunction) throws(NativeCodeError) {
    var writer = CSourceWriter()
    try writer.add(function, depth: 0)
    writer.addEntry(of: function)
    text = writer.text
  }
}

private struct CSourceWriter {
  private(set) var text = """
    #include <math.h>
    #include <stdbool.h>
    #include <stdint.h>
    #include <stdlib.h>

    """
  private var constants: [String: CConstant] = [:]
  private var functions: [String: CFunction] = [:]

  /// Dependencies come first, each once.
  mutating func add(_ function: CFunction, depth: Int) throws(NativeCodeError) {
    try check(name: function.name, of: function)
    if let known = functions[function.name] {
      guard known == function else { throw .twoMeanings(name: function.name, function: function.modelName) }
      return
    }
    guard depth < 100 else { throw .tooDeep(function: function.modelName) }
    functions[function.name] = function
    for dependency in function.dependencies { try add(dependency, depth: depth + 1) }
    for (name, value) in function.constants { try add(constant: name, value, of: function) }
    // Behind the text, so that a definition of other types is what the compiler complains about.
    text += "\n\(function.text)\n\(function.prototype);\n"
  }

  private mutating func add(constant name: String, _ value: CConstant, of function: CFunction) throws(NativeCodeError) {
    try check(name: name, of: function)
    if let known = constants[name] {
      // Bit for bit, so that a NaN is itself.
      guard known.definition(of: name) == value.definition(of: name) else { throw .twoMeanings(name: name, function: function.modelName) }
      return
    }
    constants[name] = value
    text += value.definition(of: name) + "\n"
  }

  private func check(name: String, of function: CFunction) throws(NativeCodeError) {
    if !name.isName || name == CSource.entry { throw .notAName(name, function: function.modelName) }
  }

  mutating func addEntry(of function: CFunction) {
    let arguments = function.arguments.enumerated().map { place, type in
      switch type {
      case .double: "((const double *)arguments[\(place)])[lane]"
      case .integer: "((const int64_t *)arguments[\(place)])[lane]"
      case .boolean: "((const int64_t *)arguments[\(place)])[lane] != 0"
      }
    }
    let list = ((function.takesElement ? ["elements[lane]"] : []) + arguments).joined(separator: ", ")
    let store = function.result == .double ? "double" : "int64_t"
    text += """

      void \(CSource.entry)(int64_t count, const int64_t *elements, const void *const *arguments, void *result) {
        for (int64_t lane = 0; lane < count; lane++) ((\(store) *)result)[lane] = \(function.name)(\(list));
      }

      """
  }
}

extension CConstant {
  fileprivate func definition(of name: String) -> String {
    switch self {
    case .double(let value): "static const double \(name) = \(Self.text(value));"
    case .integer(let value): "static const int64_t \(name) = \(Self.text(value));"
    case .boolean(let value): "static const bool \(name) = \(value);"
    case .doubles(let values): Self.array(name, "double", values.map(Self.text))
    case .integers(let values): Self.array(name, "int64_t", values.map(Self.text))
    }
  }

  /// C has no empty arrays: an empty one gets one element that nobody may read.
  private static func array(_ name: String, _ type: String, _ values: [String]) -> String {
    "static const \(type) \(name)[\(max(1, values.count))] = {\(values.isEmpty ? "0" : values.joined(separator: ", "))};"
  }

  /// Swift prints the shortest decimal that reads back as the same number, and C reads correctly rounded.
  private static func text(_ value: Double) -> String {
    if value.isNaN { return "NAN" }
    if value.isInfinite { return value < 0 ? "-INFINITY" : "INFINITY" }
    return "\(value)"
  }

  private static func text(_ value: Int64) -> String { value == .min ? "INT64_MIN" : "INT64_C(\(value))" }
}
