public import EngramUnits

/// An expression as it was understood: the tree, and for each part what it measures and which kind of number it is.
public struct ExplainedExpression: Hashable, Sendable {
  /// The expression, or the part of it that this is.
  public let expression: Expression
  /// What it measures, and which kind of number it is.
  public let info: TypedInfo
  /// Operands and arguments, in order.
  public let parts: [ExplainedExpression]
  /// The value behind the name of a constant.
  public let value: Quantity?

  init(_ expression: Expression, _ info: TypedInfo, parts: [ExplainedExpression], value: Quantity? = nil) {
    self.expression = expression
    self.info = info
    self.parts = parts
    self.value = value
  }

  /// What stands at this place of the tree: an operator, a function, a name or a number.
  public var label: String {
    switch expression.node {
    case .unary(let op, _): "\(op.rawValue)"
    case .binary(let op, _, _): op.rawValue
    case .call(let function, _): "\(function)()"
    case .name, .float, .integer, .boolean: expression.description
    }
  }

  /// The unit for people: `volt/second`, `1` for plain numbers, `boolean` for what is true or false.
  public var unit: String { info.type == .boolean ? "boolean" : info.dimension.readableUnit }

  /// The tree, one part a line, each with its unit; constants with their values. A quantity such as `20 * mV` is one part.
  ///
  /// ```
  /// /         volt/second
  /// ├─ -      volt
  /// │  ├─ E   volt    -70 mV
  /// │  └─ v   volt
  /// └─ tau    second  10 ms
  /// ```
  public var drawing: String {
    var rows: [(tree: String, unit: String, value: String)] = []
    add(to: &rows, before: "", below: "")
    let treeWidth = rows.map(\.tree.count).max() ?? 0
    let unitWidth = rows.filter { !$0.value.isEmpty }.map(\.unit.count).max() ?? 0
    return rows.map { row in
      let tree = row.tree + String(repeating: " ", count: treeWidth - row.tree.count)
      if row.value.isEmpty { return "\(tree)  \(row.unit)" }
      return "\(tree)  \(row.unit)\(String(repeating: " ", count: unitWidth - row.unit.count))  \(row.value)"
    }.joined(separator: "\n")
  }

  private func add(to rows: inout [(tree: String, unit: String, value: String)], before: String, below: String) {
    let isQuantity = expression.size > 1 && expression.size <= 12 && expression.isWrittenQuantity
    rows.append((before + (isQuantity ? expression.description : label), unit, readableValue))
    if isQuantity { return }
    for (place, part) in parts.enumerated() {
      let isLast = place == parts.count - 1
      part.add(to: &rows, before: below + (isLast ? "└─ " : "├─ "), below: below + (isLast ? "   " : "│  "))
    }
  }

  private var readableValue: String {
    guard let value else { return "" }
    if info.type == .boolean { return value.si == 0 ? "False" : "True" }
    // Where no unit has a name of its own, the number counts in the unit beside it.
    let dimension = value.dimension
    if dimension.unitName != dimension.readableUnit { return "\(value.si)" }
    let text = value.description.replacing(". ", with: " ")
    return text.last == "." ? String(text.dropLast()) : text
  }
}

extension Expression {
  /// A number in units, without any name of the model.
  fileprivate var isWrittenQuantity: Bool {
    switch node {
    case .float, .integer: true
    case .name(let name): UnitCatalogue.standard.lookup(name) != nil
    case .unary(.minus, let operand), .unary(.plus, let operand): operand.isWrittenQuantity
    case .binary(let op, let left, let right):
      [.multiply, .divide, .power].contains(op) && left.isWrittenQuantity && right.isWrittenQuantity
    case .boolean, .unary, .call: false
    }
  }
}
