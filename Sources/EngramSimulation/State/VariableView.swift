/// A variable in the context of a group.
public struct VariableView {
  public let name: String
  let owner: any VariableOwner
  init(_ name: String, of owner: any VariableOwner) {
    self.name = name
    self.owner = owner
  }
  func check() throws {
    guard owner.variables.contains(name) else { throw VariableError.unknownVariable(name: name, owner: owner.name, nearest: nil) }
  }
}
