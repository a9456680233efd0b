import EngramExpressions
package import EngramKernels
import EngramStorage

/// What an object is told when a run begins.
public final class RunContext {
  /// The network that runs.
  public let network: Network
  /// The namespace given to `run` (NSP-1, last place).
  public let namespace: Namespace
  /// Time at which the run begins [s].
  public let startSeconds: Double
  /// Time at which the run will end [s].
  public let endSeconds: Double
  /// Whether a run goes on that had stopped before its end: what passes from step to step must then still be there.
  package let isResumption: Bool
  /// Whether everything is prepared only to see what happens: nothing will run, and what passes from step to step stays.
  package let isRehearsal: Bool
  /// The active objects in the order in which they run in a step.
  private let schedule: [BrianObject]
  private lazy var places = Dictionary(
    schedule.enumerated().map { (ObjectIdentifier($1), $0) }, uniquingKeysWith: { first, _ in first })

  /// One for all kernels of a run, so that they share their threads.
  private lazy var compiler: InterpreterCompiler = {
    let elements = network.allObjects.map { ($0 as? any VariableOwner)?.elementCount ?? 0 }.max() ?? 0
    let environment = network.environment
    // Processes have a core each, unless it is said that they have several.
    let wanted = environment.preferences[.threads]
    let threads = network.distribution != nil && wanted == 0 ? 1 : KernelThreads.count(elements: elements, wanted: wanted)
    return InterpreterCompiler(
      threads: threads,
      native: isRehearsal ? nil : KernelMode(environment.preferences).kernels(telling: environment.messages))
  }()

  package init(
    network: Network, namespace: Namespace, startSeconds: Double, endSeconds: Double, isResumption: Bool = false,
    isRehearsal: Bool = false, schedule: [BrianObject] = []
  ) {
    self.network = network
    self.namespace = namespace
    self.startSeconds = startSeconds
    self.endSeconds = endSeconds
    self.isResumption = isResumption
    self.isRehearsal = isRehearsal
    self.schedule = schedule
  }

  package var random: RandomState { network.random }
  /// Where this process is one of several that run the network together: how they do.
  package var distribution: Distribution? { network.distribution }

  /// Sees every kernel with what the code means.
  package var onKernel: ((PreparedKernel, CodeExplanation) -> Void)?

  /// Where it is counted what kernels do: set by a run that is profiled.
  var profile: RunProfile?

  /// Resolves, checks, lowers, compiles and binds model code. The result runs without failing look-ups.
  package func kernel(for request: CodeRequest) throws -> PreparedKernel {
    var preparation = CodePreparation(request, runNamespace: namespace, random: random)
    let prepared = try preparation.prepare(with: compiler)
    noteWrites { prepared.touchWritten() }
    profile?.add(prepared)
    kernels.append(prepared)
    if let onKernel { onKernel(prepared, try preparation.explanation()) }
    return prepared
  }

  /// What names of model code mean in this run.
  package func names(of owner: any VariableOwner) -> ModelNames { ModelNames(owner: owner, runNamespace: namespace) }

  /// The objects that do work between two others in each step; `nil` when `last` does not follow `first` at every step of both.
  ///
  /// - Parameter limit: where more lie between them, `nil`: each of many groups would look at all the others.
  package func objects(between first: BrianObject, and last: BrianObject, atMost limit: Int = 64) -> [BrianObject]? {
    guard first.clock === last.clock, let start = places[ObjectIdentifier(first)], let end = places[ObjectIdentifier(last)], start < end,
      end - start <= limit
    else { return nil }
    return schedule[start + 1..<end].filter(\.doesWork)
  }

  /// One kernel in place of two that run in turn: `first`, then the selection by `condition`.
  ///
  /// - Parameter between: what runs between the two.
  /// - Returns: `nil` where the result could be another.
  package func kernel(
    _ first: PreparedKernel, selecting condition: PreparedKernel, between: [PreparedKernel]
  ) throws -> PreparedKernel? {
    let touched = Set(condition.touched.map(ObjectIdentifier.init))
    for kernel in between where kernel.written.contains(where: { touched.contains(ObjectIdentifier($0)) }) { return nil }
    let joined = try first.selecting(where: condition, compiler: compiler)
    if let joined {
      profile?.add(joined, inPlaceOf: first)
      kernels.append(joined)
    }
    return joined
  }

  /// The same code for elements that have a time each, once for each thread of the ``pool``: a thread runs its own beside the others.
  ///
  /// - Returns: `nil` where it depends on more than the elements themselves and the time.
  package func kernels(
    _ kernel: PreparedKernel, withTimes times: UnsafeMutableBufferPointer<Double>, inPlaceOf time: ArrayVariable?
  ) throws -> [PreparedKernel]? {
    var timed: [PreparedKernel] = []
    for _ in 0..<(pool?.count ?? 1) {
      guard let next = try kernel.withTimes(times, inPlaceOf: time, compiler: compiler.alone(telling: pool == nil)) else { return nil }
      profile?.add(next, inPlaceOf: kernel)
      timed.append(next)
    }
    return timed
  }

  /// The threads of this run, where it has several.
  package var pool: WorkerPool? { compiler.pool }

  /// For objects that write columns without a kernel: `touch` announces it, now and after each checkpoint inside the run.
  package func noteWrites(_ touch: @escaping () -> Void) {
    touch()
    announcements.append(touch)
  }

  package private(set) var announcements: [() -> Void] = []

  /// For objects that write, without a kernel, elements that are shared out among processes.
  package func noteOwnWrite(of variable: ArrayVariable, _ division: Division) { ownWrites.append(Distribution.OwnWrite(variable, division)) }
  private var ownWrites: [Distribution.OwnWrite] = []

  /// Objects whose code every one of several processes executes for all elements, with why; others share their elements out.
  package var undividedOwners: [String: String] {
    let code = DividedCode(kernels, ownWrites: ownWrites)
    let found = kernels.compactMap { kernel in code.reason(kernel).flatMap { why in kernel.owner.map { ($0.name, why) } } }
    return Dictionary(found) { first, _ in first }
  }

  /// How several processes divide what has been prepared; nil where there is one.
  package func verdict(_ objects: [BrianObject]) -> Distribution.Verdict? {
    network.distribution?.verdict(kernels, ownWrites: ownWrites, objects: objects)
  }

  /// Whether the kernels of this run share their work is decided there.
  func threadChoice() -> ThreadChoice? { compiler.threadChoice() }

  /// What runs model code in this run; all of it once the first step begins.
  package private(set) var kernels: [PreparedKernel] = []
}
