/// The shape of a neuron: sections in a tree (MOR-1), Brian 2's `Morphology`.
///
/// ```swift
/// var cell = try NeuronMorphology.soma(diameter: 30 * um)
/// cell.axon = try .cylinder(diameter: 1 * um, length: 100 * um, n: 10)
/// cell.dendrite = try .cylinder(diameter: 2 * um, length: 50 * um, n: 5)
/// cell.dendrite?.L = try .cylinder(diameter: 1 * um, length: 30 * um, n: 3)
/// print(cell.topology)
/// let area = cell.compartments.areas.reduce(0, +)      // [m²]
/// ```
///
/// A value: what is got from it is a copy, and what is put into it is copied. Branches have names, by which they are put in and got out:
/// `cell.axon` and `cell["axon"]` are the same, and are nil where there is no such branch. Each also has its number among its siblings as a
/// name, from `"1"` on. (`Foundation` has a type `Morphology` already, for words.)
@dynamicMemberLookup
public struct NeuronMorphology: Hashable, Sendable {
  /// A section with its place in the tree.
  public struct Node: Hashable, Sendable {
    /// The section.
    public var section: MorphologySection
    /// The place of its parent in ``NeuronMorphology/nodes``; -1 for the first.
    public var parent: Int
    /// The how manieth child of its parent it is, from 1 on.
    public var number: Int
    /// The name that it was given; nil: none.
    public var name: String?
    /// A second name: `L`, `R`, or a number, which sections of a file have.
    public var alias: String?

    package init(section: MorphologySection, parent: Int, number: Int, name: String? = nil, alias: String? = nil) {
      (self.section, self.parent, self.number, self.name, self.alias) = (section, parent, number, name, alias)
    }
  }

  /// The sections, each in front of its branches, which come one after the other. So is a branch a slice of the list.
  public internal(set) var nodes: [Node]

  /// A section without branches.
  public init(_ section: MorphologySection) { nodes = [Node(section: section, parent: -1, number: 1)] }

  /// - Parameter nodes: in the order of ``nodes``.
  /// - Throws: ``MorphologyError`` where they are no tree in that order, or a name stands twice.
  package init(nodes: [Node]) throws(MorphologyError) {
    guard let first = nodes.first, first.parent == -1 else { throw .noTree }
    // The sections from the first one to the present one.
    var path = [0]
    var names: [Int: Set<String>] = [:]
    var compartments = first.section.count
    for (place, node) in nodes.enumerated().dropFirst() {
      while let last = path.last, last != node.parent { path.removeLast() }
      guard !path.isEmpty else { throw .noTree }
      path.append(place)
      for name in [node.name, node.alias].compactMap(\.self) {
        guard names[node.parent, default: []].insert(name).inserted else { throw .nameTaken(name) }
      }
      compartments += node.section.count
    }
    guard compartments <= Int(Int32.max) else { throw .tooMany(compartments) }
    self.nodes = nodes
  }

  /// The first section, from which all others grow.
  public var root: MorphologySection { nodes[0].section }
  /// Number of sections.
  public var sectionCount: Int { nodes.count }
  /// Number of compartments of all sections.
  public var compartmentCount: Int { nodes.reduce(0) { $0 + $1.section.count } }

  /// The names of the branches of the first section: the name that each was given, else its number.
  public var childNames: [String] { children(of: 0).map { nodes[$0].name ?? "\(nodes[$0].number)" } }

  /// The branch with this name, with all that grows from it; nil: there is none. Names of several letters of `L`, `R` and `1` to `9` lead through as many
  /// sections: `"LLR"`.
  ///
  /// A branch that is put in takes the place of that with its name, or comes behind all others; nil takes a branch out. A name that no word
  /// can be (letters, digits and underscores) stops the program.
  ///
  /// - Complexity: O(n) for n sections.
  public subscript(name: String) -> NeuronMorphology? {
    get { place(of: name, from: 0).map(branch) }
    set {
      precondition(!name.isEmpty && name.utf8.allSatisfy(Self.isNamePart), "'\(name)' cannot name a branch: use letters, digits and underscores")
      if let place = place(of: name, from: 0) {
        replace(place, with: newValue)
      } else if let newValue {
        // `LLR` puts a branch `R` into `LL`.
        let isWay = name.count > 1 && name.allSatisfy(Self.isStep)
        let parent = isWay ? self.place(of: String(name.dropLast()), from: 0) : 0
        precondition(parent != nil, "there is no branch '\(name.dropLast())', into which '\(name)' could be put")
        insert(newValue, as: isWay ? String(name.suffix(1)) : name, into: parent ?? 0)
      }
    }
  }

  /// The same as `morphology["name"]`.
  public subscript(dynamicMember name: String) -> NeuronMorphology? {
    get { self[name] }
    set { self[name] = newValue }
  }

  // ---------------------------------------------------------------------------------------------------------------- places

  /// Behind the last section of a branch.
  func end(of place: Int) -> Int {
    var end = place + 1
    while end < nodes.count, nodes[end].parent >= place { end += 1 }
    return end
  }

  /// The sections that begin where one ends.
  func children(of place: Int) -> [Int] {
    var found: [Int] = []
    var next = place + 1
    while next < nodes.count, nodes[next].parent >= place {
      if nodes[next].parent == place { found.append(next) }
      next += 1
    }
    return found
  }

  func place(of name: String, from start: Int) -> Int? {
    let children = children(of: start)
    if let child = children.first(where: { nodes[$0].name == name }) ?? children.first(where: { nodes[$0].alias == name || "\(nodes[$0].number)" == name }) {
      return child
    }
    guard name.count > 1, name.allSatisfy(Self.isStep) else { return nil }
    var place: Int? = start
    for letter in name { place = place.flatMap { self.place(of: String(letter), from: $0) } }
    return place
  }

  private static func isStep(_ letter: Character) -> Bool { "LR123456789".contains(letter) }
  private static func isNamePart(_ byte: UInt8) -> Bool {
    byte == 0x5F || byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A || byte >= 0x61 && byte <= 0x7A
  }

  // --------------------------------------------------------------------------------------------------------------- changing

  private func branch(at place: Int) -> NeuronMorphology {
    var branch = self
    branch.nodes = nodes[place..<end(of: place)].map { node in
      var node = node
      node.parent -= place
      return node
    }
    branch.nodes[0] = Node(section: nodes[place].section, parent: -1, number: 1)
    return branch
  }

  private mutating func insert(_ branch: NeuronMorphology, as name: String, into parent: Int) {
    let last = children(of: parent).map { nodes[$0].number }.max() ?? 0
    splice(branch, Node(section: branch.root, parent: parent, number: last + 1, name: name), in: end(of: parent)..<end(of: parent))
  }

  private mutating func replace(_ place: Int, with branch: NeuronMorphology?) {
    var head = nodes[place]
    if let branch { head.section = branch.root }
    splice(branch, head, in: place..<end(of: place))
  }

  private mutating func splice(_ branch: NeuronMorphology?, _ head: Node, in range: Range<Int>) {
    var new = (branch?.nodes ?? []).map { node in
      var node = node
      node.parent += range.lowerBound
      return node
    }
    if !new.isEmpty { new[0] = head }
    let shift = new.count - range.count
    let behind = nodes[range.upperBound...].map { node in
      var node = node
      if node.parent >= range.upperBound { node.parent += shift }
      return node
    }
    nodes = nodes[..<range.lowerBound] + new + behind
  }
}
