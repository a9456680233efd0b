public import EngramUnits

/// What a name means where a text is checked.
public enum Symbol: Sendable {
  /// Something of the model that has values.
  case variable(VariableSymbol)
  /// A number, unit or truth value.
  case constant(ConstantSymbol)
  /// Something to call.
  case function(FunctionSignature)
}

/// A number, unit or boolean that is fixed before the run.
public struct ConstantSymbol: Hashable, Sendable {
  /// In SI base units; booleans are 0 and 1.
  public var value: Double
  /// What it measures.
  public var dimension: Dimension
  /// Number, integer or truth value.
  public var type: ValueType

  /// A constant in SI base units.
  public init(_ value: Double, _ dimension: Dimension = .dimensionless, type: ValueType = .float) {
    self.value = value
    self.dimension = dimension
    self.type = type
  }

  /// A quantity under a name.
  public init(_ quantity: Quantity) { self.init(quantity.si, quantity.dimension) }
}

/// A variable of a model, as far as checking needs to know it.
public struct VariableSymbol: Hashable, Sendable {
  /// What it measures.
  public var dimension: Dimension
  /// Number, integer or truth value.
  public var type: ValueType
  /// One value for all elements.
  public var isScalar: Bool
  /// Whether code is refused that writes it.
  public var isReadOnly: Bool
  /// Whether it keeps its value during one step of the code's clock.
  public var isConstantOverStep: Bool
  /// Its value, if it is a constant scalar whose value is known before the run (COD-6).
  public var knownValue: Double?
  /// The formula of a subexpression.
  public var subexpression: Expression?
  /// The name of the index through which it is reached, if several elements may reach the same value (a postsynaptic
  /// variable in a synapse); nil if each element has its own.
  public var sharedIndex: String?

  /// A variable; by default a plain number for each element, which code may write.
  public init(
    _ dimension: Dimension = .dimensionless, type: ValueType = .float, isScalar: Bool = false, isReadOnly: Bool = false,
    isConstantOverStep: Bool = false, knownValue: Double? = nil, subexpression: Expression? = nil, sharedIndex: String? = nil
  ) {
    self.dimension = dimension
    self.type = type
    self.isScalar = isScalar
    self.isReadOnly = isReadOnly
    self.isConstantOverStep = isConstantOverStep
    self.knownValue = knownValue
    self.subexpression = subexpression
    self.sharedIndex = sharedIndex
  }
}

/// Answers what names mean. The rules of who wins when a name has several meanings (NSP-1) are the implementer's.
public protocol SymbolTable {
  /// What the name means; nil where it means nothing.
  func symbol(_ name: String) -> Symbol?
  /// Names a user may have meant, for suggestions.
  var suggestions: [String] { get }
  /// Says more about a name that means nothing here; nil for the usual message (NSP-3).
  func explainUnresolved(_ name: String) -> String?
}

extension SymbolTable {
  /// The usual message.
  public func explainUnresolved(_ name: String) -> String? { nil }
}

/// The constants, units and functions every text knows (NSP-1, second place).
public struct DefaultSymbols: SymbolTable, Sendable {
  /// The same for all.
  public init() {}

  public func symbol(_ name: String) -> Symbol? {
    if let value = DefaultConstants.byName[name] { return .constant(ConstantSymbol(value)) }
    if let unit = UnitCatalogue.standard.lookup(name) { return .constant(ConstantSymbol(unit)) }
    return DefaultFunctions.byName[name].map(Symbol.function)
  }

  public var suggestions: [String] {
    DefaultConstants.all.map(\.name) + DefaultFunctions.all.map(\.name) + UnitCatalogue.standard.names
  }
}

/// Names given in a dictionary, on top of the defaults unless told otherwise.
public struct DictionarySymbols: SymbolTable, Sendable {
  /// What the names mean; they win over the defaults.
  public var symbols: [String: Symbol]
  /// Whether constants, units and functions that every text knows have their meaning here, too.
  public var includesDefaults: Bool

  /// Names with their meanings.
  public init(_ symbols: [String: Symbol], includesDefaults: Bool = true) {
    self.symbols = symbols
    self.includesDefaults = includesDefaults
  }

  public func symbol(_ name: String) -> Symbol? { symbols[name] ?? (includesDefaults ? DefaultSymbols().symbol(name) : nil) }

  public var suggestions: [String] { symbols.keys.sorted() + (includesDefaults ? DefaultSymbols().suggestions : []) }
}
