/// Which variable of which object; ordered by bytes.
public struct StoredKey: Hashable, Sendable {
  /// The name of the object.
  public let owner: String
  /// The name of its variable.
  public let variable: String

  /// The variable of an object.
  public init(_ owner: String, _ variable: String) {
    self.owner = owner
    self.variable = variable
  }
}

extension StoredKey: Comparable, CustomStringConvertible {
  public static func < (left: StoredKey, right: StoredKey) -> Bool {
    if left.owner.utf8.elementsEqual(right.owner.utf8) {
      return left.variable.utf8.lexicographicallyPrecedes(right.variable.utf8)
    }
    return left.owner.utf8.lexicographicallyPrecedes(right.owner.utf8)
  }
  public var description: String { "\(owner).\(variable)" }
}

/// What a stranger needs to know about a stored array beside its numbers. The room only keeps it.
public struct StoredMetadata: Hashable, Sendable {
  /// What is special about an array.
  public struct Flags: OptionSet, Hashable, Sendable {
    /// As it is stored.
    public let rawValue: UInt32
    /// As it was stored.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// Users may not write it.
    public static let readOnly = Flags(rawValue: 1)
    /// It does not change during a run.
    public static let constant = Flags(rawValue: 2)
    /// One value for all elements.
    public static let scalar = Flags(rawValue: 4)
    /// Its length changes, as with the number of synapses.
    public static let dynamic = Flags(rawValue: 8)
    /// Kept for the simulation, not meant for users.
    public static let `internal` = Flags(rawValue: 16)
    /// Not part of the state in the sense of the digest.
    public static let scratch = Flags(rawValue: 32)
  }

  /// How the array lives (DESIGN.md §4).
  public enum Kind: UInt8, Sendable {
    /// It may change in every step.
    case hot = 0
    /// Does not change after construction; its memory may be given back once it is on disk.
    case sealed = 1
    /// It only grows: what a monitor records.
    case append = 2
  }

  /// How it lives.
  public var kind: Kind
  /// What is special about it.
  public var flags: Flags
  /// Exponents of metre, kilogram, second, ampere, kelvin, mole, candela.
  public var dimension: [Double]
  /// Readable unit, e.g. "V"; "1" where there is none.
  public var unit: String

  /// Facts about an array; by default a plain number for each element.
  public init(kind: Kind = .hot, flags: Flags = [], dimension: [Double] = [0, 0, 0, 0, 0, 0, 0], unit: String = "1") {
    precondition(dimension.count == 7, "a dimension has seven exponents")
    self.kind = kind
    self.flags = flags
    self.dimension = dimension
    self.unit = unit
  }
}
