internal import EngramScalars
package import EngramSimulation
internal import EngramStorage

/// What a network takes of memory: its arrays, and those of synapses that a rehearsal expects.
///
/// Recordings are not in it, since they go to files while a run goes on.
public struct MemoryNeeds: Sendable, Hashable {
  /// What one object takes.
  public struct Part: Sendable, Hashable {
    /// The name of the object.
    public let object: String
    /// Bytes; `Int.max` where it is more than can be counted.
    public let byteCount: Int
    /// Of synapses: how many there will be.
    public let synapseCount: Int?
  }

  /// The greatest first.
  public let parts: [Part]
  /// Synapses of which more will be made than can be foreseen, because values of the groups decide.
  public let unforeseen: [String]

  private init(_ parts: [Part], unforeseen: [String]) { (self.parts, self.unforeseen) = (parts, unforeseen) }

  /// What each of several processes takes.
  ///
  /// - Parameter isShared: whether each of them has a part of the synapses of that name.
  package func ofEach(of processes: Int, _ isShared: (String) -> Bool) -> MemoryNeeds {
    let parts = parts.map { part in
      guard part.synapseCount != nil, isShared(part.object) else { return part }
      return Part(object: part.object, byteCount: part.byteCount / processes, synapseCount: part.synapseCount.map { $0 / processes })
    }
    return MemoryNeeds(parts.sorted { ($1.byteCount, $0.object) < ($0.byteCount, $1.object) }, unforeseen: unforeseen)
  }

  /// Bytes of all objects together; `Int.max` where that is more than can be counted.
  public var byteCount: Int { parts.reduce(0) { Self.sum($0, $1.byteCount) } }

  /// - Parameter network: with its objects; values and synapses need not be there.
  package init(_ network: Network) {
    var seen: Set<UInt64> = []
    var unforeseen: [String] = []
    let parts = network.allObjects.compactMap { object -> Part? in
      guard let owner = object as? any VariableOwner else { return nil }
      let columns = owner.variables.owned(by: owner).compactMap { $0.variable.array?.column }.filter { seen.insert($0.identity).inserted }
      let cable = (object as? SpatialNeuron).map { $0.count * CableUpdater.bytesPerCompartment } ?? 0
      let byteCount = columns.reduce(cable) { Self.sum($0, $1.byteCount) }
      guard let synapses = object as? Synapses else { return Part(object: object.name, byteCount: byteCount, synapseCount: nil) }
      if synapses.expectsMore { unforeseen.append(object.name) }
      let expected = synapses.expectedCount.rounded()
      return Part(
        object: object.name, byteCount: Self.sum(byteCount, Int(saturating: expected * Double(synapses.bytesPerSynapse))),
        synapseCount: Self.sum(synapses.synapseCount, Int(saturating: expected)))
    }
    self.parts = parts.filter { $0.byteCount > 0 }.sorted { ($1.byteCount, $0.object) < ($0.byteCount, $1.object) }
    self.unforeseen = unforeseen
  }

  private static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  /// `S 1.6 GB for 100 million synapses, G 8.0 MB`: the greatest parts.
  package var words: String {
    let shown = parts.prefix(3).map { part in
      "\(part.object) \(byteText(part.byteCount))" + (part.synapseCount.map { " for \(Self.words(count: $0)) synapses" } ?? "")
    }
    return shown.joined(separator: ", ") + (parts.count > shown.count ? ", …" : "")
  }

  private static func words(count: Int) -> String {
    count >= 10_000_000 ? "\(fixedText(Double(count) / 1e6, decimals: 0)) million" : "\(count)"
  }
}

extension Int {
  fileprivate init(saturating number: Double) { self = Int(exactly: number) ?? (number > 0 ? .max : 0) }
}
