import EngramExpressions
import EngramUnits

// What a program assigned since the parent checkpoint: stored beside the runs, as provenance (CKP-18, 35).

extension Nameable {
  /// Remembers an assignment to something of this object.
  package func noteAssignment(_ target: String, _ value: DescriptionValue) {
    scope?.noteAssignment(to: name, .mapping([DescriptionField("set", .text(target)), DescriptionField("to", value)]))
  }
}

extension Network {
  /// Takes over the assignments to objects and clocks of this network.
  func collectAssignments() {
    let objects = allObjects
    guard let found = scope?.takeAssignments(to: Set(objects.map(\.name) + distinctClocks(of: objects).map(\.name))) else { return }
    commands += found
  }
}

extension VariableAssignment {
  /// One value as it is, an expression as its text; long lists by their length, as the values are in the checkpoint.
  var described: DescriptionValue {
    switch self {
    case .quantity(let quantity): .quantity(quantity)
    case .expression(let expression): .text(expression.text)
    case .quantities(let list) where list.count <= 16: .list(list.si.map { .quantity(Quantity(si: $0, dimension: list.dimension)) })
    case .quantities(let list): .text("\(list.count) values in \(unitText(list.dimension))")
    }
  }
}

extension VariableSelection {
  /// The assigned elements, as model files write them.
  var described: String {
    let name = view.path
    return switch indices {
    case .all: name
    case .range(let lower, let upper): "\(name)[\(lower):\(upper == .max ? "" : "\(upper)")]"
    case .list(let list): list.count <= 16 ? "\(name)[\(list)]" : "\(name)[\(list.count) elements]"
    case .mask: "\(name)[mask]"
    case .condition(let condition): "\(name)['\(condition.text)']"
    case .subgroup(_, _, let part): "\(name)[\(part)]"
    }
  }
}
