import EngramExpressions
import EngramNative
import EngramStorage
import EngramUnits
import OrderedCollections

// Functions given as C text: what the compiler gets, and what checkpoints know of it.

extension Function {
  /// Compiles the text, unless that has been done, and loads it.
  func entry(of implementation: FunctionImplementation, _ code: String) throws -> CEntry {
    let preferences = Environment.current.preferences
    let compiler = try CCompiler(named: preferences[.cCompiler], flags: preferences[.cFlags])
    return try LibraryCache(path: preferences[.cCache]).entry(of: try cFunction(implementation, code), compiler: compiler)
  }

  private func cFunction(_ implementation: FunctionImplementation, _ code: String) throws -> CFunction {
    var constants: [(name: String, value: CConstant)] = []
    var needed = implementation.dependencies
    for (name, entry) in implementation.namespace.values {
      switch entry {
      case .quantity(let quantity): constants.append((name, .double(quantity.si)))
      case .integer(let integer): constants.append((name, .integer(Int64(integer))))
      case .boolean(let flag): constants.append((name, .boolean(flag)))
      case .function(let function): needed.append(function)
      case .array(let array):
        switch array.values {
        case .floats(let numbers): constants.append((name, .doubles(numbers)))
        case .integers(let numbers): constants.append((name, .integers(numbers)))
        case .other: throw FunctionCallError.notANumber(function: self.name, name: name)
        }
      }
    }
    let dependencies = try needed.map { dependency in
      guard let found = dependency.textImplementation, let text = found.code else {
        throw FunctionCallError.dependencyWithoutCode(function: name, dependency: dependency.name)
      }
      return try dependency.cFunction(found, text)
    }
    return CFunction(
      modelName: name, name: implementation.name ?? name, text: code, arguments: signature.arguments.map(\.cType),
      result: signature.returnType.cType, takesElement: implementation.takesElement, constants: constants, dependencies: dependencies,
      flags: implementation.compilerFlags)
  }

  /// The implementation that has C text.
  private var textImplementation: FunctionImplementation? {
    ExecutionTarget.compiled.lineage.compactMap { implementations[$0] }.first { $0.code != nil }
  }

  /// Hash of all C text and what it needs; `nil` without any. Checkpoints cannot store what computes a function, but they notice that
  /// it has changed (CKP-21).
  package var codeKey: String? {
    let parts = implementations.targets.compactMap { target -> String? in
      guard let implementation = implementations[ExecutionTarget(target)], let code = implementation.code else { return nil }
      let names = implementation.namespace.values.map { "\($0) \(Self.exactText($1))" }
      let dependencies = implementation.dependencies.map { "\($0.name) \($0.codeKey ?? "")" }
      return ([target, implementation.name ?? name, code] + implementation.compilerFlags + names + dependencies).joined(separator: "\n")
    }
    return parts.isEmpty ? nil : "\(ContentHash(of: Array(parts.joined(separator: "\u{0}").utf8)))"
  }
}

extension Function {
  /// Equal only for equal entries.
  private static func exactText(_ entry: Namespace.Entry) -> String {
    switch entry {
    case .quantity(let quantity): "\(quantity.si)"
    case .integer(let integer): "\(integer)"
    case .boolean(let flag): "\(flag)"
    case .function(let function): "\(function.name) \(function.codeKey ?? "")"
    case .array(let array):
      switch array.values {
      case .floats(let numbers): "\(numbers)"
      case .integers(let numbers): "\(numbers)"
      case .other(let count): "\(count) values"
      }
    }
  }
}

extension FunctionArgument {
  fileprivate var cType: CType {
    switch type {
    case .boolean: .boolean
    case .integer: .integer
    case .float, .any: .double
    }
  }
}

extension ReturnType {
  /// Of the highest type among the arguments: converted by who calls.
  fileprivate var cType: CType {
    switch self {
    case .boolean: .boolean
    case .integer: .integer
    case .float, .highest: .double
    }
  }
}
