internal import EngramScalars
package import EngramUnits

/// Compartments by the names of sections, by numbers and by distances (MOR-6): `axon`, `dendrite.L[10 um:20 um]`, `[2:5]`, `main`.
///
/// Without brackets a name means the section with all that grows from it, and `main` behind it the section alone. In brackets stand numbers of
/// compartments, counted within what stands in front of them, or distances from the beginning of the section.
public struct CompartmentPath: Hashable, Sendable {
  /// What stands in brackets.
  public enum Selector: Hashable, Sendable {
    /// One compartment; negative numbers count from the end.
    case index(Int)
    /// From a compartment up to another, which is not among them.
    case indices(Int?, Int?)
    /// The compartment at a distance [m].
    case place(Double)
    /// From a distance up to another [m].
    case stretch(Double?, Double?)
  }

  /// Names of sections, each a branch of the one in front of it.
  public var names: [String]
  /// Which compartments of them; nil: all.
  public var selector: Selector?
  private let text: String

  /// - Parameter text: names divided by dots, and brackets behind them; a bound is a plain number or a length with a unit.
  /// - Throws: ``MorphologyError`` for what is no path.
  public init(_ text: String) throws(MorphologyError) {
    try self.init(text) { text throws(MorphologyError) in
      let value: Quantity
      do throws(UnitParseError) { value = try Quantity.parse(text.replacingMultiplication) } catch { throw .path(text, why: error.description) }
      return try Self.bound(value, text)
    }
  }

  /// A number in brackets: of a compartment, or a distance.
  package enum Bound: Hashable, Sendable { case number(Int), distance(Double) }

  package init(_ text: String, evaluate: (String) throws(MorphologyError) -> Bound) throws(MorphologyError) {
    self.text = text
    let open = text.firstIndex(of: "[") ?? text.endIndex
    let front = text[..<open].trimmingWhitespace()
    names = front.split(separator: ".", omittingEmptySubsequences: false).map { $0.trimmingWhitespace() }
    if names == [""], open < text.endIndex { names = [] }
    for name in names where name.isEmpty || !name.utf8.allSatisfy(\.isNamePart) {
      throw .path(text, why: name.isEmpty ? "a name is missing" : "'\(name)' is no name")
    }
    guard open < text.endIndex else { return }
    let rest = text[open...].trimmingWhitespace()
    guard rest.hasSuffix("]"), !rest.dropFirst().dropLast().contains(where: { "[]".contains($0) }) else { throw .path(text, why: "']' is expected at its end") }
    let parts = rest.dropFirst().dropLast().split(separator: ":", omittingEmptySubsequences: false).map { $0.trimmingWhitespace() }
    var bounds: [Bound?] = []
    for part in parts { bounds.append(part.isEmpty ? nil : try evaluate(part)) }
    switch (bounds.count, bounds.first ?? nil, bounds.last ?? nil) {
    case (1, .number(let index)?, _): selector = .index(index)
    case (1, .distance(let place)?, _): selector = .place(place)
    case (2, nil, nil): selector = nil
    case (2, .distance(let low)?, .distance(let high)?): selector = .stretch(low, high)
    case (2, .distance(let low)?, nil): selector = .stretch(low, nil)
    case (2, nil, .distance(let high)?): selector = .stretch(nil, high)
    case (2, .number(let low)?, .number(let high)?): selector = .indices(low, high)
    case (2, .number(let low)?, nil): selector = .indices(low, nil)
    case (2, nil, .number(let high)?): selector = .indices(nil, high)
    default: throw .path(text, why: "in brackets stand one or two numbers, or one or two lengths: [3], [2:5], [10 um], [10 um:20 um]")
    }
  }

  /// What a value in brackets is.
  package static func bound(_ value: Quantity, _ text: String) throws(MorphologyError) -> Bound {
    if value.dimension == .length { return .distance(value.si) }
    guard value.isDimensionless, let number = Int(exactly: value.si) else {
      throw .path(text, why: "a whole number or a length is expected in brackets, found \(value)")
    }
    return .number(number)
  }
}

extension String {
  /// `10*um` as `10 um`, as quantities are written.
  fileprivate var replacingMultiplication: String { split(separator: "*", maxSplits: 1).map { $0.trimmingWhitespace() }.joined(separator: " ") }
}

extension CompartmentPath: CustomStringConvertible {
  public var description: String { text }
}

/// Finds compartments of a morphology by paths: made once, asked often.
public struct CompartmentIndex: Sendable {
  /// The shape.
  public let morphology: NeuronMorphology
  /// What it is cut into.
  public let compartments: Compartments

  /// - Complexity: O(n) for n compartments.
  public init(_ morphology: NeuronMorphology) {
    self.morphology = morphology
    compartments = morphology.compartments
  }

  /// The compartments that a path means: a section or a branch is a range.
  ///
  /// - Throws: ``MorphologyError`` where there is no such branch or place.
  public func range(of path: CompartmentPath) throws(MorphologyError) -> Range<Int> {
    let (section, whole) = try named(by: path)
    switch path.selector {
    case nil: return whole
    case .index(let index)?:
      guard let element = index.element(of: whole.count) else {
        throw .outside("\(path)", what: "compartment \(index)", allowed: "from 0 to \(whole.count - 1)")
      }
      return whole.lowerBound + element..<whole.lowerBound + element + 1
    case .indices(let low, let high)?:
      let chosen = Range(slice: low, high, of: whole.count)
      guard !chosen.isEmpty else { throw .outside("\(path)", what: "an empty range", allowed: "from 0 to \(whole.count - 1)") }
      return whole.lowerBound + chosen.lowerBound..<whole.lowerBound + chosen.upperBound
    case .place(let distance)?: return try compartment(at: distance, of: section, path)
    case .stretch(let low, let high)?: return try stretch(from: low, to: high, of: section, path)
    }
  }

  /// What is to be told of a range of numbers that goes beyond the compartments in front of the brackets, and is cut; nil: it does not.
  package func cut(by path: CompartmentPath) -> String? {
    guard case .indices(let low, let high)? = path.selector, let whole = try? named(by: path).whole else { return nil }
    guard [low, high].contains(where: { bound in bound.map { $0 > whole.count || $0 < -whole.count } ?? false }) else { return nil }
    let chosen = Range(slice: low, high, of: whole.count)
    let name = path.names.isEmpty ? "the neuron" : "'\(path.names.joined(separator: "."))'"
    return chosen.isEmpty
      ? nil : "goes beyond \(name), which has \(whole.count) compartments; taken are \(chosen.lowerBound) to \(chosen.upperBound - 1)"
  }

  /// The section that the names of a path lead to, and its compartments with or without what grows from it.
  private func named(by path: CompartmentPath) throws(MorphologyError) -> (Compartments.Section, whole: Range<Int>) {
    var isMain = false
    var names = path.names[...]
    if names.last == "main", morphology.place(of: "main", from: try section(of: names.dropLast(), path)) == nil {
      names = names.dropLast()
      isMain = true
    }
    let section = compartments.sections[try section(of: names, path)]
    return (section, isMain ? section.range : section.range.lowerBound..<section.branchEnd)
  }

  /// The same for a text.
  public func range(of path: String) throws(MorphologyError) -> Range<Int> { try range(of: CompartmentPath(path)) }

  private func section(of names: ArraySlice<String>, _ path: CompartmentPath) throws(MorphologyError) -> Int {
    var place = 0
    for (number, name) in names.enumerated() {
      guard let next = morphology.place(of: name, from: place) else {
        let known = morphology.children(of: place).map { morphology.nodes[$0].name ?? "\(morphology.nodes[$0].number)" }
        throw .noBranch(name, of: number == 0 ? "the first section" : names.prefix(number).joined(separator: "."), known: known)
      }
      place = next
    }
    return place
  }

  /// A place so near to the end of a compartment is that end.
  private static let nearness = 1e-12

  /// Where the compartments of a section end, counted from its beginning.
  private func boundaries(_ section: Compartments.Section) -> [Double] {
    var way = 0.0
    return section.range.map {
      way += compartments.lengths[$0]
      return way
    }
  }

  private func compartment(at distance: Double, of section: Compartments.Section, _ path: CompartmentPath) throws(MorphologyError) -> Range<Int> {
    let bounds = [0] + boundaries(section)
    let whole = bounds[bounds.count - 1]
    guard distance >= 0, distance <= (1 + Self.nearness) * whole else {
      throw .outside("\(path)", what: "\(Quantity(distance, .length))", allowed: "from 0 to \(Quantity(whole, .length))")
    }
    let near = bounds.firstIndex { abs(distance - $0) < Self.nearness * whole }
    let found = near ?? (bounds.firstIndex { $0 >= distance } ?? bounds.count) - 1
    let place = section.range.lowerBound + min(max(found, 0), section.range.count - 1)
    return place..<place + 1
  }

  private func stretch(
    from low: Double?, to high: Double?, of section: Compartments.Section, _ path: CompartmentPath
  ) throws(MorphologyError) -> Range<Int> {
    let bounds = boundaries(section)
    let whole = bounds[bounds.count - 1]
    for end in [low, high] {
      guard let end, end < 0 || end > (1 + Self.nearness) * whole else { continue }
      throw .outside("\(path)", what: "\(Quantity(end, .length))", allowed: "from 0 to \(Quantity(whole, .length))")
    }
    func near(_ distance: Double) -> Int? { bounds.firstIndex { abs(distance - $0) < Self.nearness * whole } }
    func behind(_ distance: Double) -> Int { bounds.firstIndex { $0 >= distance } ?? bounds.count }
    let first = low.map { low in near(low).map { $0 + 1 } ?? behind(low) } ?? 0
    let last = high.map { high in near(high).map { $0 + 1 } ?? behind(high) + 1 } ?? bounds.count
    guard first < min(last, bounds.count), (high ?? whole) > 0 else {
      throw .outside("\(path)", what: "an empty stretch", allowed: "from 0 to \(Quantity(whole, .length))")
    }
    return section.range.lowerBound + first..<section.range.lowerBound + min(last, bounds.count)
  }
}
