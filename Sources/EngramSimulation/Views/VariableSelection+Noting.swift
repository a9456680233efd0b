import EngramExpressions
import EngramUnits

extension VariableSelection {
  /// Notes an assignment that has just been carried out.
  ///
  /// - Parameters:
  ///   - values: the numbers that were stored, at `places` of the array.
  ///   - random: before an expression was evaluated.
  func note(
    _ assignment: VariableAssignment, values assigned: AssignedValues, places: @autoclosure () throws -> [Int], in array: ArrayVariable, names: Namespace,
    random: RandomState.Snapshot?
  ) rethrows {
    guard let owner = (array.owner as? Nameable) ?? (try? view.owner) as? Nameable else { return }
    let values = assigned.doubles
    var command = AssignmentCommand(
      target: described, object: view.ownerName, variable: view.name, value: .numbers(QuantityArray(si: values, dimension: view.dimension)))
    if case .quantity = assignment { command.value = .quantity(Quantity(si: values[0], dimension: view.dimension)) }
    if (try? view.owner)?.isPartOfGroup == true {
      // Parts of groups come and go and cannot be asked again.
      command.object = owner.name
      command.variable = array.name
      command.elements = .list(try places())
    } else {
      switch indices {
      case .all: command.elements = .all
      case .range(let lower, let upper): command.elements = .range(lower, upper)
      case .strided: command.elements = .list((try? elements()) ?? [])
      case .list(let list): command.elements = .list(list)
      case .mask(let mask): command.elements = .list(mask.indices.filter { mask[$0] })
      case .subgroup(let offset, let count, _): command.elements = .range(offset, offset + count)
      case .condition(let condition): (command.elements, command.namespace) = (.condition(condition.text), names.description)
      }
      if case .expression(let expression) = assignment {
        (command.value, command.namespace, command.random) = (.expression(expression.text), names.description, random)
      }
    }
    owner.note(.assign(command))
  }

  /// The assigned elements, as model files write them.
  private var described: String {
    let name = view.path
    return switch indices {
    case .all: name
    case .range(let lower, let upper): "\(name)[\(lower):\(upper == .max ? "" : "\(upper)")]"
    case .strided(let lower, let upper, let step): "\(name)[\(lower):\(upper == .max ? "" : "\(upper)"):\(step)]"
    case .list(let list): list.count <= 16 ? "\(name)\(list)" : "\(name)[\(list.count) elements]"
    case .mask: "\(name)[mask]"
    case .condition(let condition): "\(name)['\(condition.text)']"
    case .subgroup(_, _, let part): "\(name)[\(part)]"
    }
  }
}
