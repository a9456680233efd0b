public import EngramUnits

/// A function made of values, which a checkpoint can hold.
public struct FunctionDescription: Hashable, Sendable {
  /// What model text calls it.
  public var name: String
  /// What it computes, and from which values.
  public var kind: Kind

  public init(name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// The kinds of functions that are made of values.
  public enum Kind: Hashable, Sendable {
    case timedArray(TimedArrayDescription)
    case binomial(BinomialDescription)
  }
}

/// Values that hold one after the other: what a `TimedArray` is made with.
public struct TimedArrayDescription: Hashable, Sendable {
  /// What messages call values that were given no name: no text can use them by that name.
  public static let usualName = "_timedarray"

  /// What holds, time after time.
  public var values: Values
  /// How long each value holds.
  public var dt: Quantity

  public init(_ values: Values, dt: Quantity) {
    self.values = values
    self.dt = dt
  }

  /// Numbers with their unit, in rows.
  public struct Values: Hashable, Sendable {
    /// In SI units, time after time.
    public var numbers: [Double]
    /// What one of them is.
    public var unit: Quantity
    /// How many there are for each time; nil: one.
    public var columns: Int?

    public init(_ numbers: [Double], unit: Quantity, columns: Int? = nil) {
      self.numbers = numbers
      self.unit = unit
      self.columns = columns
    }
  }
}

/// Draws from a binomial distribution: what a `BinomialFunction` is made with.
public struct BinomialDescription: Hashable, Sendable {
  /// Whether a normal distribution may stand in where nothing was said of it.
  public static let isUsuallyApproximate = true
  /// What messages call a function that was given no name: no text can use it by that name.
  public static let usualName = "_binomial"

  /// Number of trials.
  public var n: Int
  /// Probability of success, from 0 to 1.
  public var p: Double
  /// Whether a normal distribution may stand in.
  public var isApproximate: Bool

  public init(n: Int, p: Double, isApproximate: Bool = isUsuallyApproximate) {
    self.n = n
    self.p = p
    self.isApproximate = isApproximate
  }
}

extension TimedArrayDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, FunctionKey>) throws(DescriptionError) {
    values = try walk(.values, \.values, .fields)
    dt = try walk(.dt, \.dt, .quantity)
  }
}

extension TimedArrayDescription.Values: WalkedFields {
  init(_ walk: inout FieldWalk<Self, PartKey>) throws(DescriptionError) {
    numbers = try walk(.numbers, \.numbers, .series)
    unit = try walk(.unit, \.unit, .quantity)
    columns = try walk(.columns, \.columns, .maybe(.integer))
  }
}

extension BinomialDescription: WalkedFields {
  init(_ walk: inout FieldWalk<Self, FunctionKey>) throws(DescriptionError) {
    n = try walk(.n, \.n, .integer)
    p = try walk(.p, \.p, .real)
    isApproximate = try walk(.approximate, \.isApproximate, .boolean.unless(Self.isUsuallyApproximate))
  }
}

extension FunctionDescription {
  /// With all its numbers.
  package var stored: DescriptionValue {
    switch kind {
    case .timedArray(let array): DescriptionValue(kind: .timedArray, name: name, fields: array.fields().fields)
    case .binomial(let function): DescriptionValue(kind: .binomialFunction, name: name, fields: function.fields().fields)
    }
  }

  /// What is stored where many numbers are stored somewhere else, and these numbers; nil: there are none.
  package var storedApart: (DescriptionValue, numbers: [Double]?) {
    switch kind {
    case .timedArray(let array):
      let values = array.values.fields().fields.filter { $0.key != PartKey.numbers.rawValue }
      let fields = array.fields().fields.map { $0.key == FunctionKey.values.rawValue ? DescriptionField($0.key, .mapping(values)) : $0 }
      return (DescriptionValue(kind: .timedArray, name: name, fields: fields), array.values.numbers)
    case .binomial: return (stored, nil)
    }
  }

  /// - Parameter numbers: those that were stored somewhere else.
  package init(stored: DescriptionValue, numbers: [Double]?) throws(DescriptionError) {
    let (kind, name, fields) = try stored.outerFields()
    switch ModelKind(rawValue: kind) {
    case .timedArray:
      let apart = fields.map { field in
        guard field.key == FunctionKey.values.rawValue, let numbers, let parts = field.value.asFields else { return field }
        return DescriptionField(field.key, .mapping([PartKey.numbers.field(.numbers(numbers))] + parts))
      }
      self.init(name: name, .timedArray(try TimedArrayDescription(reading: apart, of: name)))
    case .binomialFunction: self.init(name: name, .binomial(try BinomialDescription(reading: fields, of: name)))
    default: throw .unknown("functions of kind '\(kind)', such as '\(name)', are not known to this release")
    }
  }
}
