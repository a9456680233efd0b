package import EngramHDF5
package import EngramStorage

/// What an export says about a network beside its numbers: a plain description, made from a checkpoint by the room that
/// knows how checkpoints are written.
package struct ExportedNetwork: Sendable {
  package var name: String
  /// Network time [s].
  package var timeSeconds: Double
  package var clocks: [Clock] = []
  package var objects: [Object] = []
  /// Name → text of the constants in force, and their numbers where they have some.
  package var constants: [(name: String, text: String, numbers: Numbers?)] = []
  /// Text of the whole model, in the language of model files.
  package var modelText = ""
  /// Where the numbers come from: version, date, host, seed, …
  package var provenance: [(name: String, text: String)] = []

  /// Numbers with the exponents of their unit.
  package struct Numbers: Sendable {
    package var values: [Double]
    /// Whether it is one number, and no list of one.
    package var isSingle: Bool
    package var exponents: [Double]

    package init(values: [Double], isSingle: Bool, exponents: [Double]) {
      self.values = values
      self.isSingle = isSingle
      self.exponents = exponents
    }
  }

  package struct Clock: Sendable {
    package var name: String
    package var stepSeconds: Double?
    package init(name: String, stepSeconds: Double?) {
      self.name = name
      self.stepSeconds = stepSeconds
    }
  }

  package struct Object: Sendable {
    package enum Role: Sendable, Hashable {
      /// Variables per neuron.
      case group
      /// Variables per synapse; the names and offsets of source and target.
      case synapses(source: String, sourceOffset: Int, target: String, targetOffset: Int)
      /// A part of synapses, such as a pathway: its arrays belong to `synapses`.
      case pathway(of: String, name: String)
      /// Records variables over time, of elements with these numbers in the source; nil: 0, 1, 2, …
      case stateMonitor(elements: [Int]?, perSynapse: Bool)
      case eventMonitor
      case rateMonitor
      case other
    }

    package var name: String
    package var kind: String
    package var role: Role
    package var clock: String
    package var when: String
    package var order: Int
    package var isActive: Bool
    /// Texts of the model: equations, threshold, …
    package var texts: [(key: String, text: String)] = []
    /// The group that a monitor records, and the element of it that its source begins with.
    package var source: (name: String, offset: Int)?

    package init(name: String, kind: String, role: Role, clock: String, when: String, order: Int, isActive: Bool, texts: [(key: String, text: String)] = []) {
      self.name = name
      self.kind = kind
      self.role = role
      self.clock = clock
      self.when = when
      self.order = order
      self.isActive = isActive
      self.texts = texts
    }

    var isMonitor: Bool {
      switch role {
      case .stateMonitor, .eventMonitor, .rateMonitor: true
      case .group, .synapses, .pathway, .other: false
      }
    }
  }

  package init(name: String, timeSeconds: Double) {
    self.name = name
    self.timeSeconds = timeSeconds
  }
}

/// Where the arrays of an export come from.
package protocol ExportArrays {
  /// Whether arrays are shown where they lie rather than written out.
  var isView: Bool { get }
  var keys: [StoredKey] { get }
  func metadata(_ key: StoredKey) -> StoredMetadata?
  func shape(_ key: StoredKey) -> ArrayShape?
  /// The numbers of the elements of an array that is a part of another one; nil: 0, 1, 2, …
  func numbers(_ key: StoredKey) -> [Int]?
  /// Where the array lies in other files, from the place of a view; nil: it is copied.
  func pieces(_ key: StoredKey, shape: [Int]) throws -> [VirtualPiece]?
  /// What all elements of an array are, where that is known; nil: they have to be looked at.
  func repeated(_ key: StoredKey) -> RepeatedElement?
  /// Lends the bytes of some rows piece by piece, in order.
  func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws
}

extension ExportArrays {
  package var isView: Bool { false }
  package func numbers(_ key: StoredKey) -> [Int]? { nil }
  package func pieces(_ key: StoredKey, shape: [Int]) throws -> [VirtualPiece]? { nil }
  package func repeated(_ key: StoredKey) -> RepeatedElement? { nil }
}
