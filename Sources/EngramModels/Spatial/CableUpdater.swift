internal import CEngramMath
internal import EngramEquations
internal import EngramExpressions
internal import EngramMorphology
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// Advances the potential of the compartments of a ``SpatialNeuron`` by one step, all at once (SPA-3, SPA-4).
///
/// The current through the membrane is taken at the end of the step, linear in `v`, and so are the currents between compartments: a system of
/// equations that is solved in time proportional to its size.
public final class CableUpdater: BrianObject {
  private let whole: Whole<Group>
  private let tree: CableTree
  private var kernel: PreparedKernel?
  /// The system of the present run, and where its results go.
  private var conductances: [Double] = []
  private var own: Column?
  private var rhs: Column?
  /// Where the compartments are divided among processes: each computes what the system consists of for its own, and all solve the whole system.
  private var distribution: Distribution?
  private var columns: [String: ArrayVariable] = [:]

  init(of neuron: SpatialNeuron, _ compartments: Compartments, order: Int) throws {
    whole = Whole(neuron)
    tree = CableTree(compartments.sections, compartmentCount: compartments.count)
    try super.init(clock: neuron.clock, when: .groups, order: order, name: ObjectName(validating: "\(neuron.name)_spatialstateupdater"))
  }

  /// What the system of equations takes for each compartment while a run goes on: two numbers, a conductance, and its neighbours.
  static let bytesPerCompartment = 3 * MemoryLayout<Double>.size + 2 * MemoryLayout<Int32>.size

  public override func beforeRun(_ context: RunContext) throws {
    let group = try whole.required(by: self)
    guard let step = clock.stepSeconds, step > 0 else { throw SpatialNeuronError.noStep(neuron: group.name) }
    for name in ["v", "Ic", "Cm", "Ri", "area", "r_length_1", "r_length_2"] {
      guard let array = group.variables[name]?.array else { preconditionFailure("compartments have a variable '\(name)'") }
      columns[name] = array
    }
    let isRehearsal = context.isRehearsal
    if !isRehearsal { try check(group) }
    // Room for the points behind the compartments.
    let (own, rhs) = (try Column(.float64, rows: tree.rowCount), try Column(.float64, rows: tree.rowCount))
    (self.own, self.rhs) = (own, rhs)
    func scratch(_ name: String, _ column: Column, _ dimension: Dimension) throws -> Variables.Entry {
      Variables.Entry(try ArrayVariable(name, column: column, dimension: dimension, flags: .scratch, owner: nil), access: .element)
    }
    let additional = try [Self.ground: scratch(Self.ground, own, .conductance), Self.current: scratch(Self.current, rhs, .current)]
    var request = try CodeRequest(
      .statements(Self.statements()), owner: group, objectName: name, purpose: "cable", clock: clock,
      userWritten: (group as? NeuronGroup)?.equations.identifiers, additional: additional)
    request.isGenerated = true
    request.codeText = (group as? NeuronGroup)?.equations.source.text
    kernel = try context.kernel(for: request)
    distribution = context.distribution
    if !isRehearsal { conductances = conductancesOfRun() }
    if let current = columns["Ic"], let division = group.ownDivision { context.noteOwnWrite(of: current, division) }
    context.noteWrites { [columns] in
      columns["v"]?.column.touch()
      columns["Ic"]?.column.touch()
    }
  }

  private static let ground = "_ground"
  private static let current = "_current"
  /// `(own + L) v = rhs` for each compartment: what goes to ground for each volt, and what comes in.
  private static func statements() throws -> [Statement] {
    try ExpressionParser.parseStatements(
      """
      \(ground) = (Cm/dt + \(CompartmentEquations.conductanceName))*area
      \(current) = (Cm/dt*v + \(CompartmentEquations.restName))*area
      """)
  }

  private func values(_ name: String) -> UnsafeMutablePointer<Double> {
    guard let array = columns[name] else { preconditionFailure("'\(name)' is looked up when a run begins") }
    return array.column.base.assumingMemoryBound(to: Double.self)
  }

  /// Values that no cable has, which a user or a file may have set.
  private func check(_ group: Group) throws {
    for name in ["area", "Cm", "r_length_1", "r_length_2", "Ri"] {
      let count = name == "Ri" && columns[name]?.isScalar == true ? 1 : tree.compartmentCount
      let list = values(name)
      for place in 0..<count where !(list[place] > 0 && list[place].isFinite) {
        throw SpatialNeuronError.notPositive(neuron: group.name, variable: name, compartment: count == 1 ? nil : place, value: list[place])
      }
    }
  }

  private func conductancesOfRun() -> [Double] {
    let resistivity = values("Ri")
    let isShared = columns["Ri"]?.isScalar == true
    return tree.conductances(starts: values("r_length_1"), ends: values("r_length_2")) { resistivity[isShared ? 0 : $0] }
  }

  public override func run() throws {
    guard let kernel, let own, let rhs else { return }
    try kernel.run(0..<tree.compartmentCount)
    for column in [own, rhs] { distribution?.refresh(column) }
    let (ground, current) = (own.base.assumingMemoryBound(to: Double.self), rhs.base.assumingMemoryBound(to: Double.self))
    // Points have neither a membrane nor a current.
    for row in tree.compartmentCount..<tree.rowCount { (ground[row], current[row]) = (0, 0) }
    tree.runs.withUnsafeBufferPointer { runs in
      tree.batches.withUnsafeBufferPointer { batches in
        conductances.withUnsafeBufferPointer { conductances in
          engram_cable_solve(
            runs.baseAddress, batches.baseAddress, Int32(batches.count), Int64(tree.root), conductances.baseAddress, ground, current)
        }
      }
    }
    engram_cable_finish(
      Int64(tree.compartmentCount), clock.stepSeconds ?? 0, current, values("Cm"), values("v"), values("Ic"))
    // The same in every process, unlike `Ic`, which depends on what `v` was before.
    columns["v"].map { distribution?.isComplete($0.column) }
  }
}
