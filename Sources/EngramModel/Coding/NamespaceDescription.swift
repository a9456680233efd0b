public import EngramUnits

/// Names with values, as far as they can be said: functions by what they are called and what they take and give.
public struct NamespaceDescription: Hashable, Sendable {
  /// In the order in which names were given.
  public var entries: [Named<Entry>]

  public init(_ entries: [Named<Entry>] = []) { self.entries = entries }

  public var isEmpty: Bool { entries.isEmpty }

  /// What a name stands for.
  public enum Entry: Hashable, Sendable {
    case quantity(Quantity)
    case integer(Int64)
    case boolean(Bool)
    /// Several values, of which only the number is kept.
    case array(count: Int64)
    case function(FunctionReference)
  }

  /// What is said of a function whose body is somewhere else.
  public struct FunctionReference: Hashable, Sendable {
    /// What a program calls the function.
    public var name: String
    /// Arguments with their units and kinds, then the result, on one line.
    public var signature: String
    /// Which version of the function it was.
    public var version: String?
    /// Of a function in C: a hash of its text.
    public var code: String?
    /// Of a function made of values: a hash of them.
    public var content: String?

    public init(name: String, signature: String, version: String? = nil, code: String? = nil, content: String? = nil) {
      self.name = name
      self.signature = signature
      self.version = version
      self.code = code
      self.content = content
    }
  }
}

extension NamespaceDescription {
  package var stored: DescriptionValue { .mapping(entries.map { DescriptionField($0.name, $0.value.stored) }) }

  package init(stored: DescriptionValue) throws(DescriptionError) {
    guard let fields = stored.asFields else { throw .damaged("a namespace cannot be \(stored.readable)") }
    var entries: [Named<Entry>] = []
    for field in fields { entries.append(Named(field.key, try Entry(stored: field.value, name: field.key))) }
    self.init(entries)
  }
}

extension NamespaceDescription.Entry {
  var stored: DescriptionValue {
    switch self {
    case .quantity(let quantity): .quantity(quantity)
    case .integer(let integer): .integer(integer)
    case .boolean(let boolean): .boolean(boolean)
    case .array(let count): .mapping([PartKey.array.field(.integer(count))])
    case .function(let function): .mapping(function.fields().fields)
    }
  }

  init(stored: DescriptionValue, name: String) throws(DescriptionError) {
    switch stored {
    case .quantity(let quantity): self = .quantity(quantity)
    case .integer(let integer): self = .integer(integer)
    case .boolean(let boolean): self = .boolean(boolean)
    case .mapping:
      if let count = stored[PartKey.array]?.asInteger {
        self = .array(count: count)
      } else if let function = try StoredForm<NamespaceDescription.FunctionReference>.fields.read(stored) {
        self = .function(function)
      } else {
        throw .damaged("'\(name)' cannot be \(stored.readable)")
      }
    case .text, .real, .list, .reference, .numbers: throw .damaged("'\(name)' cannot be \(stored.readable)")
    }
  }
}

extension NamespaceDescription.FunctionReference {
  /// For messages: one line.
  package var readable: String { DescriptionValue.mapping(fields().fields).readable }
}

extension NamespaceDescription.FunctionReference: WalkedFields {
  init(_ walk: inout FieldWalk<Self, PartKey>) throws(DescriptionError) {
    name = try walk(.function, \.name, .text)
    signature = try walk(.signature, \.signature, .text)
    version = try walk(.version, \.version, .maybe(.text))
    code = try walk(.code, \.code, .maybe(.text))
    content = try walk(.content, \.content, .maybe(.text))
  }
}
