internal import EngramExpressions
internal import EngramUnits

/// What a text of lists and numbers is worth: SI numbers with what they measure.
struct ArrayValue: Sendable, Hashable {
  enum Shape: Sendable, Hashable {
    case scalar
    case list
    case matrix(columns: Int)
  }

  /// One number, the numbers of a list, or rows one after the other.
  var values: [Double]
  var dimension: Dimension = .dimensionless
  var type: ValueType = .float
  var shape: Shape = .list
  /// Whether the values are known; in a rehearsal those are not that a run will measure.
  var isKnown = true

  static func scalar(_ value: Double, _ dimension: Dimension = .dimensionless, _ type: ValueType = .float) -> ArrayValue {
    ArrayValue(values: [value], dimension: dimension, type: type, shape: .scalar)
  }

  static func unknown(_ dimension: Dimension, _ type: ValueType = .float, _ shape: Shape = .scalar) -> ArrayValue {
    ArrayValue(values: [1], dimension: dimension, type: type, shape: shape, isKnown: false)
  }

  var count: Int { values.count }
  var isScalar: Bool { shape == .scalar }
  var columns: Int? { if case .matrix(let columns) = shape { columns } else { nil } }
  /// Values that fit beside any unit.
  var isBareZero: Bool { isKnown && dimension.isDimensionless && type != .boolean && values.allSatisfy { $0 == 0 } }

  /// As it is given to objects and constants.
  var fileValue: FileValue {
    switch shape {
    case .scalar where type == .boolean: .boolean(values.first != 0)
    case .scalar: .quantity(Quantity(values.first ?? 0, dimension))
    case .list where type == .boolean: .booleans(values.map { $0 != 0 })
    case .list: .array(QuantityArray(si: values, dimension: dimension))
    case .matrix(let columns): .matrix(QuantityArray(si: values, dimension: dimension), columns: columns)
    }
  }

  init(values: [Double], dimension: Dimension = .dimensionless, type: ValueType = .float, shape: Shape = .list, isKnown: Bool = true) {
    (self.values, self.dimension, self.type, self.shape, self.isKnown) = (values, dimension, type, shape, isKnown)
  }

  /// What a file gives; nil where it is model language.
  init?(_ value: FileValue) {
    switch value {
    case .boolean(let flag): self = .scalar(flag ? 1 : 0, .dimensionless, .boolean)
    case .quantity(let quantity): self = .scalar(quantity.si, quantity.dimension)
    case .array(let array): self.init(values: array.si, dimension: array.dimension)
    case .booleans(let flags): self.init(values: flags.map { $0 ? 1 : 0 }, type: .boolean)
    case .matrix(let array, let columns): self.init(values: array.si, dimension: array.dimension, shape: .matrix(columns: columns))
    case .expression: return nil
    }
  }
}
