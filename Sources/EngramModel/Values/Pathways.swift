public import EngramExpressions
public import EngramUnits

/// The code of one side of synapses: a single text is the pathway `pre` (or `post`), a dictionary names pathways (SYN-4):
/// `onPre: ["fast": "g += w", "slow": "h += w"]`.
public struct Pathways: Sendable, Hashable, ExpressibleByStringInterpolation, ExpressibleByDictionaryLiteral {
  /// In the order given; the name nil means the side's default name.
  public private(set) var list: [(name: String?, code: ModelCode)] = []

  /// No pathway on this side.
  public init() {}
  /// One pathway with the default name of its side.
  public init(_ code: ModelCode) { list = [(nil, code)] }
  /// Named pathways, in the order in which they run.
  public init(_ named: [(name: String, code: ModelCode)]) { list = named.map { ($0.name, $0.code) } }
  /// An empty text makes no pathway, as in the reference; an entry of a dictionary always does.
  public init(stringLiteral text: String) {
    let code = ModelCode(stringLiteral: text)
    list = code.isBlank ? [] : [(nil, code)]
  }
  /// One pathway, whose text has values from Swift in it.
  public init(stringInterpolation: ModelTextInterpolation) { list = [(nil, ModelCode(stringInterpolation: stringInterpolation))] }
  public init(dictionaryLiteral elements: (String, ModelCode)...) { list = elements.map { ($0.0, $0.1) } }

  public static func == (a: Pathways, b: Pathways) -> Bool { a.list.elementsEqual(b.list) { $0.name == $1.name && $0.code == $1.code } }
  public func hash(into hasher: inout Hasher) { for entry in list { hasher.combine(entry.name) } }
}

extension Pathways: LocatedText {
  package func located(fileID: String, line: Int) -> Pathways {
    var result = self
    result.list = list.map { ($0.name, $0.code.located(fileID: fileID, line: line)) }
    return result
  }
}

/// Delays that are the same for all synapses of a pathway; a single quantity is that of `pre` (SYN-40). Other pathways have a delay for
/// each synapse, 0 at first: `synapses.delay`, `synapses.post.delay`.
public struct PathwayDelays: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// The delay of each pathway that is named [s].
  public private(set) var byPathway: [(name: String, delay: Quantity)] = []

  /// No uniform delay: each synapse has its own.
  public init() {}
  /// A delay for the pathway `pre`.
  public init(pre delay: some QuantityConvertible) { byPathway = [("pre", delay.quantity)] }
  /// Delays by the names of pathways.
  public init(_ named: [(name: String, delay: Quantity)]) { byPathway = named }
  public init(dictionaryLiteral elements: (String, any QuantityConvertible)...) {
    byPathway = elements.map { ($0.0, $0.1.quantity) }
  }

  public static func == (a: PathwayDelays, b: PathwayDelays) -> Bool {
    a.byPathway.elementsEqual(b.byPathway) { $0.name == $1.name && $0.delay == $1.delay }
  }
  public func hash(into hasher: inout Hasher) { for entry in byPathway { hasher.combine(entry.name) } }
}

/// The events that pathways react to: one name for all, or per pathway, others `spike` (SYN-6).
public struct PathwayEvents: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral {
  /// The event of pathways that have no entry; nil: `spike`.
  public var forAll: EventName?
  /// The events of single pathways.
  public var byPathway: [String: EventName] = [:]

  /// `spike` for all.
  public init() {}
  public init(stringLiteral name: String) { forAll = EventName(name) }
  /// The same event for all pathways.
  public init(_ name: EventName) { forAll = name }
  /// Events by the names of pathways.
  public init(_ byPathway: [String: EventName]) { self.byPathway = byPathway }
  public init(dictionaryLiteral elements: (String, EventName)...) { byPathway = Dictionary(elements, uniquingKeysWith: { $1 }) }

  package func event(of pathway: String) -> EventName { byPathway[pathway] ?? forAll ?? .spike }
}
