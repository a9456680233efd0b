public import EngramScalars
public import EngramUnits
public import OrderedCollections

/// Names with values for model text (NSP): `["tau": 10 * ms, "n": 3, "f": function]`. A plain value: what a model sees is what it held
/// when a run began.
public struct Namespace: Sendable, Hashable {
  /// A value that a name can have.
  public enum Entry: Sendable, Hashable {
    case quantity(Quantity)
    case integer(Int)
    case boolean(Bool)
    case function(Function)
    /// Known, but not usable in model text (NSP-2). C text of functions has it as static data.
    case array(NamespaceArray)
  }

  /// In the order in which names were given.
  public private(set) var values: OrderedDictionary<String, Entry> = [:]

  /// No names.
  public init() {}
  /// These values.
  public init(_ values: OrderedDictionary<String, Entry>) { self.values = values }

  /// Each constant under its own name.
  public init(_ constants: [SymbolicConstant]) {
    for constant in constants { values[constant.name] = constant.namespaceValue }
  }

  /// The value of a name; nil where it has none.
  public subscript(name: String) -> Entry? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// The names, in the order in which they were given.
  public var names: [String] { Array(values.keys) }
  /// Whether there are no names.
  public var isEmpty: Bool { values.isEmpty }

  /// Adds the names of another namespace; its values win.
  public mutating func merge(_ other: Namespace) { values.merge(other.values) { $1 } }

  /// The stored properties of a value that are quantities, numbers, booleans or functions (NSP-9).
  public init(reflecting value: Any) throws(NamespaceError) {
    for child in Mirror(reflecting: value).children {
      guard let name = child.label else { continue }
      if let converted = Entry(reflecting: child.value) { values[name] = converted }
    }
    try checkUserKeys()
  }

  /// Keys that begin with an underscore are the system's (BAS-5).
  package func checkUserKeys() throws(NamespaceError) {
    for name in values.keys where name.hasPrefix("_") { throw .underscoreKey(name) }
  }
}

extension Namespace: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, any NamespaceConvertible)...) {
    for (name, value) in elements { values[name] = value.namespaceValue }
  }
}

/// What can be a value in a namespace.
public protocol NamespaceConvertible {
  /// What model text sees of it.
  var namespaceValue: Namespace.Entry { get }
}

extension Quantity: NamespaceConvertible {
  public var namespaceValue: Namespace.Entry { .quantity(self) }
}
extension Measured: NamespaceConvertible {
  public var namespaceValue: Namespace.Entry { .quantity(quantity) }
}
extension Double: NamespaceConvertible {
  public var namespaceValue: Namespace.Entry { .quantity(Quantity(si: self, dimension: .dimensionless)) }
}
extension Int: NamespaceConvertible {
  public var namespaceValue: Namespace.Entry { .integer(self) }
}
extension Bool: NamespaceConvertible {
  public var namespaceValue: Namespace.Entry { .boolean(self) }
}
extension Function: NamespaceConvertible {
  public var namespaceValue: Namespace.Entry { .function(self) }
}
extension SymbolicConstant: NamespaceConvertible {
  public var namespaceValue: Namespace.Entry { value.namespaceValue }
}
extension QuantityArray: NamespaceConvertible {
  public var namespaceValue: Namespace.Entry { .array(NamespaceArray(.floats(si))) }
}
extension Array: NamespaceConvertible {
  public var namespaceValue: Namespace.Entry { .array(NamespaceArray(self)) }
}
extension Namespace.Entry: NamespaceConvertible {
  public var namespaceValue: Namespace.Entry { self }
}

extension Namespace.Entry {
  /// `nil` for what model text cannot use: such values count as absent (NSP-2).
  init?(reflecting value: Any) {
    switch value {
    case let value as any NamespaceConvertible: self = value.namespaceValue
    case let value as Float: self = .quantity(Quantity(si: Double(value), dimension: .dimensionless))
    case let value as any BinaryInteger:
      guard let integer = Int(exactly: value) else { return nil }
      self = .integer(integer)
    default: return nil
    }
  }
}

/// What is wrong with the names of a namespace.
public enum NamespaceError: ExplainedError, Hashable, Sendable {
  case underscoreKey(String)
  case notScalar(name: String, count: Int)
  /// A function that a unit or a default constant of the same name hides.
  case hiddenFunction(name: String, place: String, by: String)

  public var description: String {
    switch self {
    case .underscoreKey(let name): "names in a namespace cannot begin with an underscore; '\(name)' does"
    case .hiddenFunction(let name, let place, let kind):
      "'\(name)' means the \(kind) of that name, which comes before the function in the \(place); give the function another name there"
    case .notScalar(let name, let count):
      "'\(name)' is an array of \(count) values and cannot be used in model text: external constants are scalars; make it a parameter "
        + "of the group, or a TimedArray"
    }
  }
}
