internal import EngramSimulation

extension ModelBuilder {
  /// Kinds that this release cannot make yet.
  func refuseKind(_ fields: Fields) {
    problems.report("objects of kind '\(fields.item.kind)' cannot be made by this release", at: fields.item.place)
  }
}
