package import EngramUnits

/// Something that was done to an object between steps, with enough to do it again (CKP-18, 28).
package enum ObjectCommand {
  case assign(AssignmentCommand)
  /// Anything else that an object knows how to repeat: ``BrianObject/repeatCall(_:_:in:)``.
  case call(object: String, verb: String, arguments: DescriptionValue)
  /// Something was done that no record can hold: in words.
  case unrecorded(String)

  /// Numbers that the command keeps.
  package var numberCount: Int {
    switch self {
    case .assign(let command): command.numberCount
    case .call(_, _, let arguments): arguments.numberCount
    case .unrecorded: 0
    }
  }

  /// One line for people.
  package var text: String {
    switch self {
    case .assign(let command): "\(command.target) = \(command.valueText)"
    case .call(let object, let verb, let arguments):
      "\(object).\(verb) = \(arguments.numberCount > 16 ? "\(arguments.numberCount) numbers" : arguments.readable)"
    case .unrecorded(let what): what
    }
  }
}

/// An assignment to elements of a variable, by the words of the program, or by places and numbers where these would not do.
package struct AssignmentCommand {
  package enum Elements {
    case all
    case range(Int, Int)
    case list([Int])
    case condition(String)
  }

  package enum Value {
    case quantity(Quantity)
    case numbers(QuantityArray)
    case expression(String)
  }

  /// As a model file would write it.
  package var target: String
  package var object: String
  package var variable: String
  package var elements = Elements.all
  package var value: Value
  /// Names for conditions and expressions that the group does not know.
  package var namespace = DescriptionValue.mapping([])
  /// Before the assignment, where it draws.
  package var random: RandomState.Snapshot?

  package init(target: String, object: String, variable: String, value: Value) {
    self.target = target
    self.object = object
    self.variable = variable
    self.value = value
  }

  package var numberCount: Int {
    var count = 0
    if case .list(let list) = elements { count += list.count }
    if case .numbers(let numbers) = value { count += numbers.count }
    return count
  }

  var valueText: String {
    switch value {
    case .quantity(let quantity): "\(quantity)"
    case .expression(let text): "'\(text)'"
    case .numbers(let numbers): numbers.count > 16 ? "\(numbers.count) values in \(unitText(numbers.dimension))" : "\(numbers)"
    }
  }
}

extension DescriptionValue {
  fileprivate var numberCount: Int {
    switch self {
    case .numbers(let numbers): numbers.count
    case .list(let items): items.reduce(0) { $0 + $1.numberCount }
    case .mapping(let fields): fields.reduce(0) { $0 + $1.value.numberCount }
    default: 0
    }
  }
}
