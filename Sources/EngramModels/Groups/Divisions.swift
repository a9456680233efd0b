package import EngramSimulation

// What several processes can run together (see `Distribution`): whose elements are shared out, and which objects do their work in kernels, or
// do the same in every process.

extension SpikingGroup: DividedOwner {
  package var division: Division? { .elements(count: count) }
}

extension Subgroup: DividedOwner {
  /// That of the whole group, whose numbers its elements have in columns.
  package var division: Division? { parent.division }
}

extension Group {
  /// How the elements of the group are shared out; nil: they are not.
  var ownDivision: Division? { (self as? any DividedOwner)?.division }
}

extension SpikingGroup: RunsDivided {}
extension Subgroup: RunsDivided {}
extension StateUpdater: RunsDivided {}
extension Thresholder: RunsDivided {}
extension Resetter: RunsDivided {}
extension CodeRunner: RunsDivided {}
extension SubexpressionUpdater: RunsDivided {}
