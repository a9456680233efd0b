/// Makes a shape of many sections that come in any order behind their parents, in time proportional to their number.
package struct MorphologyAssembly {
  private var nodes: [NeuronMorphology.Node]
  /// Sections by the names that they have at their parent.
  private var places: [[String: Int]]
  private var children: [[Int]]

  package init(_ morphology: NeuronMorphology) {
    nodes = morphology.nodes
    places = [[String: Int]](repeating: [:], count: nodes.count)
    children = [[Int]](repeating: [], count: nodes.count)
    for (place, node) in nodes.enumerated().dropFirst() { note(node, at: place) }
  }

  private mutating func note(_ node: NeuronMorphology.Node, at place: Int) {
    children[node.parent].append(place)
    for name in ["\(node.number)", node.alias, node.name].compactMap(\.self) { places[node.parent][name] = place }
  }

  /// Adds a section at the end of another one.
  ///
  /// - Parameters:
  ///   - section: the section.
  ///   - name: what it is called there; nil: by its number.
  ///   - path: the names that lead to its parent; empty: the first section.
  /// - Throws: ``MorphologyError`` where there is no such parent, or the name is taken.
  package mutating func add(_ section: MorphologySection, as name: String?, to path: String) throws(MorphologyError) {
    let parent = try place(of: path)
    let number = (children[parent].last.map { nodes[$0].number } ?? 0) + 1
    if let name, places[parent][name] != nil { throw .nameTaken(name) }
    let node = NeuronMorphology.Node(section: section, parent: parent, number: number, name: name)
    nodes.append(node)
    places.append([:])
    children.append([])
    note(node, at: nodes.count - 1)
  }

  private func place(of path: String) throws(MorphologyError) -> Int {
    var place = 0
    var way: [Substring] = []
    for name in path.isEmpty ? [] : path.split(separator: ".", omittingEmptySubsequences: false) {
      // A name, or letters that each are one.
      var found = places[place][String(name)]
      if found == nil, name.count > 1 {
        found = name.reduce(place) { place, letter in place.flatMap { places[$0][String(letter)] } }
      }
      guard let found else {
        throw .noBranch(
          String(name), of: way.isEmpty ? "the first section" : way.joined(separator: "."),
          known: children[place].map { nodes[$0].name ?? "\(nodes[$0].number)" })
      }
      way.append(name)
      place = found
    }
    return place
  }

  /// All sections, each in front of its branches.
  ///
  /// - Throws: ``MorphologyError`` where there are too many compartments.
  package func morphology() throws(MorphologyError) -> NeuronMorphology {
    var ordered: [NeuronMorphology.Node] = []
    ordered.reserveCapacity(nodes.count)
    var newPlaces = [Int](repeating: -1, count: nodes.count)
    var waiting = [0]
    while let place = waiting.popLast() {
      var node = nodes[place]
      newPlaces[place] = ordered.count
      if node.parent >= 0 { node.parent = newPlaces[node.parent] }
      ordered.append(node)
      waiting += children[place].reversed()
    }
    return try NeuronMorphology(nodes: ordered)
  }
}
