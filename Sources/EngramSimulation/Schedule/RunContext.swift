import EngramExpressions
import EngramKernels
import EngramStorage

/// What an object is told when a run begins.
public final class RunContext {
  public let network: Network
  /// The namespace given to `run` (NSP-1, last place).
  public let namespace: Namespace
  /// Times of the run [s].
  public let startSeconds: Double
  public let endSeconds: Double
  /// Whether a run goes on that had stopped before its end: what passes from step to step must then still be there.
  package let isResumption: Bool
  /// Whether everything is prepared only to see what happens: nothing will run, and what passes from step to step stays.
  package let isRehearsal: Bool

  /// One for all kernels of a run, so that they share their threads.
  private lazy var compiler: InterpreterCompiler = {
    let elements = network.allObjects.map { ($0 as? any VariableOwner)?.elementCount ?? 0 }.max() ?? 0
    return InterpreterCompiler(threads: KernelThreads.count(elements: elements))
  }()

  init(
    network: Network, namespace: Namespace, startSeconds: Double, endSeconds: Double, isResumption: Bool = false,
    isRehearsal: Bool = false
  ) {
    self.network = network
    self.namespace = namespace
    self.startSeconds = startSeconds
    self.endSeconds = endSeconds
    self.isResumption = isResumption
    self.isRehearsal = isRehearsal
  }

  package var random: RandomState { network.random }

  /// Sees every kernel with what the code means.
  package var onKernel: ((PreparedKernel, CodeExplanation) -> Void)?

  /// Resolves, checks, lowers, compiles and binds model code. The result runs without failing look-ups.
  package func kernel(for request: CodeRequest) throws -> PreparedKernel {
    var preparation = CodePreparation(request, runNamespace: namespace, random: random)
    let prepared = try preparation.prepare(with: compiler)
    noteWrites { prepared.touchWritten() }
    if let onKernel { onKernel(prepared, try preparation.explanation()) }
    return prepared
  }

  /// For objects that write columns without a kernel: `touch` announces it, now and after each checkpoint inside the run.
  package func noteWrites(_ touch: @escaping () -> Void) {
    touch()
    announcements.append(touch)
  }

  private(set) var announcements: [() -> Void] = []
}
