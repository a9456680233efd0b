internal import EngramCheckpoints
public import EngramEquations
public import EngramExpressions
public import EngramSimulation

/// What is made of the models of a network: equations as trees with the unit of every part, the method that integrates
/// them and why, and all code that a step runs.
///
/// ```swift
/// print(try network.explanation())
/// ```
public struct NetworkExplanation: Sendable {
  /// Groups and other owners of code, in the order of the network.
  public let owners: [OwnerExplanation]
  private let places: [String: Int]

  init(owners: [OwnerExplanation]) {
    self.owners = owners
    places = Dictionary(owners.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// What is made of the object with this name; nil where it has no code.
  public subscript(name: String) -> OwnerExplanation? { places[name].map { owners[$0] } }
}

/// What is made of the model of one group.
public struct OwnerExplanation: Sendable {
  /// How the differential equations are integrated.
  public struct Integration: Sendable, Hashable {
    /// The name of the method, such as `exact` or `euler`.
    public let method: String
    /// Why this method was chosen; empty where the user named it.
    public let reason: String
    /// The methods of a list that were tried before, each with its reason.
    public let passedOver: [UnsupportedEquationsError]
    /// The statements of one step, in the order in which they run.
    public let statements: [Statement]
    /// What they read that is computed in numbers when a run starts.
    public let matrices: [PreparedMatrix]
  }

  /// The name of the object.
  public let name: String
  /// Its class, such as `NeuronGroup`.
  public let kind: String
  /// Its equations, each with the unit of every part.
  public let equations: [EquationExplanation]
  /// Nil where no equation is integrated in every step.
  public let integration: Integration?
  /// Variables that are integrated when a spike arrives, as part of a pathway's code.
  public let eventDriven: [String]
  /// The code of this group in the order of a step, statement by statement with the unit of every part.
  public let code: [CodeExplanation]
}

extension Network {
  /// Says what a run would make of the models. Prepares everything as a run does, changes nothing and executes nothing.
  ///
  /// - Parameter namespace: as of a run.
  /// - Throws: the first problem that a run would throw.
  public func explanation(namespace: Namespace = [:]) throws -> NetworkExplanation {
    let (explanation, problems) = explanation(namespace: namespace, onKernel: { _, _ in })
    if let problem = problems.first { throw problem }
    return explanation
  }

  /// The same for tools, with all problems; what has a problem is left out.
  package func explanation(
    namespace: Namespace, onKernel: (PreparedKernel, CodeExplanation) -> Void
  ) -> (NetworkExplanation, [any Error]) {
    var code: [(PreparedKernel, CodeExplanation)] = []
    var (problems, messages) = rehearse(namespace: namespace) { code.append(($0, $1)) }
    // What a run would warn of; which methods it would choose is told below.
    for message in messages where message.level >= .warning { Messages.emit(message.level, message.category, message.text) }
    for (kernel, text) in code { onKernel(kernel, text) }
    var names = inheritedNamespace
    names.merge(namespace)
    var owners: [OwnerExplanation] = []
    for object in allObjects {
      let own = code.map(\.1).filter { $0.owner == object.name }
      do {
        let made = try (object as? any ExplainedModel)?.explainModel(namespace: names) ?? (equations: [], integration: nil, eventDriven: [])
        if made.equations.isEmpty, own.isEmpty { continue }
        owners.append(
          OwnerExplanation(
            name: object.name, kind: "\(type(of: object))", equations: made.equations, integration: made.integration,
            eventDriven: made.eventDriven, code: own))
      } catch {
        // What is wrong with the equations was found by the rehearsal, too.
        if problems.isEmpty { problems.append(error) }
      }
    }
    return (NetworkExplanation(owners: owners), problems)
  }
}

/// A group with equations.
private protocol ExplainedModel: Group {
  var checked: CheckedEquations { get }
}

extension ExplainedModel {
  func explainModel(
    namespace: Namespace
  ) throws -> (equations: [EquationExplanation], integration: OwnerExplanation.Integration?, eventDriven: [String]) {
    let names = OutsideCode.names(of: self, namespace: namespace)
    let symbols = try SymbolsOfEquations(names, equations: checked.equations)
    let updater = containedObjects.lazy.compactMap { $0 as? StateUpdater }.first
    var integration: OwnerExplanation.Integration?
    if let update = updater?.update, !checked.clockDrivenNames.isEmpty {
      integration = .init(
        method: update.methodName, reason: update.message, passedOver: update.passedOver, statements: update.statements, matrices: update.matrices)
    }
    return (try checked.equations.explained(symbols: symbols), integration, checked.eventDrivenNames)
  }
}

extension NeuronGroup: ExplainedModel {}
extension Synapses: ExplainedModel {}
