/// A type that the C text of a function gets or gives.
public enum CType: String, Sendable, Hashable {
  /// `double`
  case double
  /// `int64_t`
  case integer
  /// `bool`
  case boolean

  /// As C spells it.
  public var spelling: String {
    switch self {
    case .double: "double"
    case .integer: "int64_t"
    case .boolean: "bool"
    }
  }
}

/// A constant that C text uses: static data of the library.
package enum CConstant: Hashable, Sendable {
  case double(Double)
  case integer(Int64)
  case boolean(Bool)
  case doubles([Double])
  case integers([Int64])
}

/// A function given as C text, for one element.
package struct CFunction: Hashable, Sendable {
  /// What messages call it.
  package let modelName: String
  /// What its text calls it.
  package let name: String
  package let text: String
  package let arguments: [CType]
  package let result: CType
  /// Whether it gets the number of the element before its arguments, as an `int64_t`.
  package let takesElement: Bool
  /// In the order in which they are written.
  package let constants: [(name: String, value: CConstant)]
  package let dependencies: [CFunction]
  /// For the compiler, beside the usual ones.
  package let flags: [String]

  package init(
    modelName: String, name: String, text: String, arguments: [CType], result: CType, takesElement: Bool = false,
    constants: [(name: String, value: CConstant)] = [], dependencies: [CFunction] = [], flags: [String] = []
  ) {
    self.modelName = modelName
    self.name = name
    self.text = text
    self.arguments = arguments
    self.result = result
    self.takesElement = takesElement
    self.constants = constants
    self.dependencies = dependencies
    self.flags = flags
  }

  package static func == (a: CFunction, b: CFunction) -> Bool {
    a.name == b.name && a.text == b.text && a.arguments == b.arguments && a.result == b.result && a.takesElement == b.takesElement
      && a.flags == b.flags && a.dependencies == b.dependencies && a.constants.elementsEqual(b.constants, by: ==)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(text)
  }

  /// The prototype that the text has to agree with: `double f(double, int64_t)`.
  package var prototype: String {
    let list = (takesElement ? [CType.integer] : []) + arguments
    return "\(result.spelling) \(name)(\(list.isEmpty ? "void" : list.map(\.spelling).joined(separator: ", ")))"
  }

  /// The flags of the function and of all that it needs, in order, each once.
  package var allFlags: [String] {
    var found: [String] = []
    func add(_ function: CFunction) {
      for flag in function.flags where !found.contains(flag) { found.append(flag) }
      function.dependencies.forEach(add)
    }
    add(self)
    return found
  }
}

/// Computes the value for `count` elements at once.
///
/// `arguments` has a pointer per argument, to doubles, or to 64-bit integers for integers and for booleans as 0 and 1;
/// `result` takes doubles, or 64-bit integers likewise.
package typealias CEntry =
  @convention(c) (
    _ count: Int64, _ elements: UnsafePointer<Int64>?, _ arguments: UnsafePointer<UnsafeRawPointer?>?, _ result: UnsafeMutableRawPointer?
  ) -> Void
