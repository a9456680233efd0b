internal import EngramSimulation

/// What `run: {for: …, namespace: …}` adds to the constants of the file, before any step is carried out.
struct RunNamespaces {
  private let builder: ModelBuilder
  private(set) var all: [Namespace] = []
  /// Of the last run in the list: what a run beyond the steps has, too.
  var last: Namespace? { all.last }

  /// Reports values that cannot be read. Constants of repetitions have their first value.
  init(_ steps: [Step], _ builder: ModelBuilder) {
    self.builder = builder
    let (names, constants) = (builder.namespace, builder.reader.constants)
    collect(steps)
    (builder.namespace, builder.reader.constants) = (names, constants)
  }

  private mutating func collect(_ steps: [Step]) {
    for step in steps {
      switch step.verb {
      case .run(let run):
        var names = builder.namespace
        if let own = try? builder.values(run.namespace) { names.merge(own) }
        all.append(names)
      case .repetition(let repetition):
        builder.bind(repetition, round: 0)
        collect(repetition.steps)
      case .choice(let choice): collect(choice.then + choice.otherwise)
      default: break
      }
    }
  }

  /// Each once, so that equal runs are looked at once: that of the constants alone where nothing runs.
  var distinct: [Namespace] {
    var seen: Set<Namespace> = []
    return all.isEmpty ? [builder.namespace] : all.filter { seen.insert($0).inserted }
  }
}
