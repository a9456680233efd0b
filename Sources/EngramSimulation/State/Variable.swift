public import EngramExpressions
public import EngramScalars
public import EngramUnits

/// A description of a variable: what it is called, what it means and how it may be used (VAR-1). Values are elsewhere.
public class Variable {
  /// What a variable may be used for.
  public struct Flags: OptionSet, Hashable, Sendable {
    /// As bits.
    public let rawValue: Int
    /// From bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// One value for the whole group.
    public static let scalar = Flags(rawValue: 1)
    /// Does not change during a run.
    public static let constant = Flags(rawValue: 2)
    /// Code of users cannot write it.
    public static let readOnly = Flags(rawValue: 4)
    /// The size can change.
    public static let dynamic = Flags(rawValue: 8)
    /// Has stored values.
    public static let array = Flags(rawValue: 16)
    /// No element occurs twice (index arrays).
    public static let unique = Flags(rawValue: 32)
    /// Working space that says nothing about the state, such as event lists: left out of checkpoints and digests.
    public static let scratch = Flags(rawValue: 64)
    /// A parameter that has no values until it is linked (LNK-1).
    public static let linked = Flags(rawValue: 128)
    /// Times at which something happened [s], kept by the simulator. What matters is how long ago that was, so a restore of parts
    /// into a network at another time moves them along (CKP-25).
    public static let timeOfEvent = Flags(rawValue: 256)

    fileprivate static let words: [(Flags, String)] = [
      (.scalar, "scalar"), (.constant, "constant"), (.readOnly, "read-only"), (.dynamic, "dynamic"), (.array, "array"), (.unique, "unique"),
      (.scratch, "scratch"), (.linked, "linked"), (.timeOfEvent, "time of an event"),
    ]
  }

  /// The name in the owner, whatever others call it.
  public let name: String
  /// What its values measure.
  public let dimension: Dimension
  /// How its values are stored.
  public let scalarType: ScalarType
  /// What it may be used for.
  public let flags: Flags
  /// The owner, as long as there is one.
  public private(set) weak var owner: (any VariableOwner)?
  /// The owner's name, also after the owner is gone.
  public let ownerName: String

  /// A variable that has no values by itself.
  public init(
    _ name: String, dimension: Dimension = .dimensionless, type: ScalarType = .float64, flags: Flags = [],
    owner: (any VariableOwner)?
  ) throws {
    if type == .bool, dimension != .dimensionless { throw VariableError.dimensionalBoolean(name: name, dimension: dimension) }
    self.name = name
    self.dimension = dimension
    scalarType = type
    self.flags = flags
    self.owner = owner
    ownerName = owner?.name ?? ""
  }

  init(unchecked name: String, dimension: Dimension, type: ScalarType, flags: Flags, owner: (any VariableOwner)?) {
    self.name = name
    self.dimension = dimension
    scalarType = type
    self.flags = flags
    self.owner = owner
    ownerName = owner?.name ?? ""
  }

  /// Whether there is one value for the whole group.
  public var isScalar: Bool { flags.contains(.scalar) }
  /// Whether it does not change during a run.
  public var isConstant: Bool { flags.contains(.constant) }
  /// Whether code of users cannot write it.
  public var isReadOnly: Bool { flags.contains(.readOnly) }
  /// Whether the number of its values can change.
  public var isDynamic: Bool { flags.contains(.dynamic) }
  /// Whether it has stored values.
  public var isArray: Bool { flags.contains(.array) }
  /// Whether it is working space that says nothing about the state.
  public var isScratch: Bool { flags.contains(.scratch) }

  /// What it is, to be asked by a `switch`.
  public var kind: Kind { .auxiliary }

  /// Its stored values; nil: it has none.
  public final var array: ArrayVariable? {
    switch kind {
    case .array(let array): array
    case .constant, .subexpression, .elementIndex, .auxiliary: nil
    }
  }

  /// Its stored values, if their number can change.
  public final var dynamicArray: DynamicArrayVariable? { array?.resizable }

  /// Whether it has values: stored ones, a constant, or such as can be computed.
  package final var hasValues: Bool {
    switch kind {
    case .array, .constant, .subexpression, .elementIndex: true
    case .auxiliary: false
    }
  }

  /// Whether it is a formula, whose names mean something in its own group only.
  package final var isFormula: Bool {
    switch kind {
    case .subexpression: true
    case .array, .constant, .elementIndex, .auxiliary: false
    }
  }

  /// `owner.name`, for messages.
  public var path: String { ownerName.isEmpty ? name : "\(ownerName).\(name)" }
}

extension Variable {
  /// The kinds of variables, of which there are no others.
  public enum Kind {
    /// With stored values, whose number may be fixed or not.
    case array(ArrayVariable)
    case constant(Constant)
    case subexpression(Subexpression)
    case elementIndex(ElementIndexVariable)
    /// A name with a type and a unit, and no value.
    case auxiliary
  }
}

/// A single value fixed at construction (VAR-2).
public final class Constant: Variable {
  /// The value of a constant.
  public enum Value: Hashable, Sendable {
    case float(Double), integer(Int64), boolean(Bool)

    /// How such a value is stored.
    public var scalarType: ScalarType {
      switch self {
      case .float: .float64
      case .integer: .int64
      case .boolean: .bool
      }
    }
    /// The value as a number; true is 1.
    public var asDouble: Double {
      switch self {
      case .float(let value): value
      case .integer(let value): Double(value)
      case .boolean(let value): value ? 1 : 0
      }
    }
  }

  /// The value.
  public let value: Value
  public override var kind: Kind { .constant(self) }

  /// A constant of an owner.
  public init(_ name: String, _ value: Value, dimension: Dimension = .dimensionless, owner: (any VariableOwner)?) throws {
    self.value = value
    try super.init(name, dimension: dimension, type: value.scalarType, flags: [.scalar, .constant, .readOnly], owner: owner)
  }
}

/// A name with a type and a unit but no value of its own (VAR-3), such as the noise term of an equation.
public final class AuxiliaryVariable: Variable {}

/// A formula that stands for its value wherever it is used (VAR-7).
public final class Subexpression: Variable {
  /// The formula.
  public let expression: Expression
  public override var kind: Kind { .subexpression(self) }

  /// A formula of an owner.
  public init(
    _ name: String, _ expression: Expression, dimension: Dimension = .dimensionless, type: ScalarType = .float64,
    flags: Flags = [], owner: (any VariableOwner)?
  ) throws {
    self.expression = expression
    try super.init(name, dimension: dimension, type: type, flags: flags.union(.readOnly), owner: owner)
  }
}

/// The number of an element in its group (`i`): never stored, always known.
public final class ElementIndexVariable: Variable {
  /// Added to the element's number.
  public let offset: Int
  public override var kind: Kind { .elementIndex(self) }

  init(_ name: String, offset: Int, owner: (any VariableOwner)?) {
    self.offset = offset
    super.init(
      unchecked: name, dimension: .dimensionless, type: .int32, flags: [.readOnly, .constant, .unique], owner: owner)
  }
}

extension Variable.Flags: CustomStringConvertible {
  /// The words of the flags that are set, such as `[constant, read-only]`.
  public var description: String { "[" + Self.words.filter { contains($0.0) }.map(\.1).joined(separator: ", ") + "]" }
}
