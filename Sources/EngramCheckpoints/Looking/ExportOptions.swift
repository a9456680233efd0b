public import EngramScalars
import EngramSimulation

/// What to export and how it lies in the file (HDF-8).
///
/// ```swift
/// try network.exportHDF5(to: file, options: ExportOptions(only: ["P.v", ExportItem("trace", elements: 0..<10)], timeRange: 0.2...1))
/// ```
public struct ExportOptions: Sendable {
  /// What to export; empty: everything.
  public var items: [ExportItem]
  /// Simulated times of recordings to export [s], ends included. State is exported as it is, whatever its time.
  public var timeRange: ClosedRange<Double>?
  /// Chunked, shuffled and deflated instead of contiguous.
  public var isChunked: Bool
  /// Variables whose names begin with an underscore. Those that an item names are exported in any case.
  public var includesInternal: Bool
  /// Longest dimension that gets the numbers 0, 1, 2, … written down; they say no more than the position.
  package var longestNumberedDimension = 100_000

  /// What to export; by default everything, contiguous.
  ///
  /// - Parameters:
  ///   - items: names of objects, variables and parts of them; empty: everything.
  ///   - timeRange: simulated times of recordings [s], ends included; nil: all.
  ///   - isChunked: chunked, shuffled and deflated instead of contiguous.
  ///   - includesInternal: variables whose names begin with an underscore, too.
  public init(only items: [ExportItem] = [], timeRange: ClosedRange<Double>? = nil, isChunked: Bool = false, includesInternal: Bool = false) {
    self.items = items
    self.timeRange = timeRange
    self.isChunked = isChunked
    self.includesInternal = includesInternal
  }
}

/// An object or one variable of it, or some elements of these (HDF-8).
///
/// Names are written as in model files: `P`, `P.v`, `S.pre.delay`. A text is an item by itself: `["P", "S.w"]`.
///
/// An item that names a variable says more than one that names its object: of `P` and `P.v` with elements, everything of `P` is
/// exported, and those elements of `v`. A variable of a monitor brings the times, and the indices of events, with it.
public struct ExportItem: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// Which elements of the arrays that have a value for each.
  public enum Elements: Hashable, Sendable {
    case all
    /// From one element up to, and without, another one. Negative numbers count from the end; what lies outside is left out.
    case slice(Int?, Int?)
    /// In this order. Negative numbers count from the end; an element that does not exist is an error.
    case list([Int])
  }

  /// The dotted names.
  public let names: [String]
  /// Of a state or event monitor: the numbers of the recorded neurons or synapses in their source.
  public let elements: Elements

  /// An object or a variable by name, `G` or `G.v`, with some of its elements.
  public init(_ name: String, elements: Elements = .all) {
    names = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    self.elements = elements
  }

  /// The same with a list of elements.
  public init(_ name: String, elements: [Int]) { self.init(name, elements: .list(elements)) }
  /// The same with consecutive elements.
  public init(_ name: String, elements: Range<Int>) { self.init(name, elements: .slice(elements.lowerBound, elements.upperBound)) }
  public init(stringLiteral name: String) { self.init(name) }

  public var description: String {
    let name = names.joined(separator: ".")
    return switch elements {
    case .all: name
    case .slice(let lower, let upper): "\(name)[\(lower.map(String.init) ?? ""):\(upper.map(String.init) ?? "")]"
    case .list(let list): "\(name)[\(list)]"
    }
  }
}

extension ExportItem.Elements {
  /// The elements of an array with `count` of them; nil: all.
  package func places(count: Int, of item: ExportItem) throws(ExportSelectionError) -> [Int]? {
    switch self {
    case .all: return nil
    case .slice(let lower, let upper): return Array(Range(slice: lower, upper, of: count))
    case .list(let list):
      var places: [Int] = []
      for index in list {
        guard let place = index.element(of: count) else { throw .noSuchElement(index, of: "\(item)", count: count) }
        places.append(place)
      }
      return places
    }
  }

  /// The same among elements with numbers of their own, such as the recorded ones of a monitor: places of the wanted ones.
  package func places(numbers: [Int], of item: ExportItem) throws(ExportSelectionError) -> [Int]? {
    switch self {
    case .all: return nil
    case .slice(let lower, let upper):
      if let negative = [lower, upper].compactMap(\.self).first(where: { $0 < 0 }) { throw .negativeNumber(negative, of: "\(item)") }
      return numbers.indices.filter { numbers[$0] >= lower ?? 0 && numbers[$0] < upper ?? .max }
    case .list(let list):
      let placeOf = Dictionary(zip(numbers, numbers.indices), uniquingKeysWith: { first, _ in first })
      var places: [Int] = []
      for number in list {
        guard let place = placeOf[number] else { throw .notRecorded(number, of: "\(item)") }
        places.append(place)
      }
      return places
    }
  }

  /// Whether the number of a source element is wanted.
  package func isWanted(_ item: ExportItem) throws(ExportSelectionError) -> (Int) -> Bool {
    switch self {
    case .all: return { _ in true }
    case .slice(let lower, let upper):
      if let negative = [lower, upper].compactMap(\.self).first(where: { $0 < 0 }) { throw .negativeNumber(negative, of: "\(item)") }
      return { $0 >= lower ?? 0 && $0 < upper ?? .max }
    case .list(let list):
      if let negative = list.first(where: { $0 < 0 }) { throw .negativeNumber(negative, of: "\(item)") }
      let wanted = Set(list)
      return { wanted.contains($0) }
    }
  }
}

/// What was chosen for an export is not there.
public enum ExportSelectionError: ExplainedError, Hashable, Sendable {
  case unknownObject(String, nearest: String?, known: [String])
  case unknownVariable(String, object: String, nearest: String?, known: [String])
  case selectedTwice(String)
  case noSuchElement(Int, of: String, count: Int)
  case negativeNumber(Int, of: String)
  case notRecorded(Int, of: String)
  case noElements(of: String)

  public var description: String {
    switch self {
    case .unknownObject(let name, let nearest, let known):
      "there is no object '\(name)' to export" + (nearest.map { "; did you mean '\($0)'?" } ?? "; there are \(known.joined(separator: ", "))")
    case .unknownVariable(let name, let object, let nearest, let known):
      "'\(object)' has no stored variable '\(name)' to export"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "; it has \(known.joined(separator: ", "))")
    case .selectedTwice(let name): "'\(name)' is chosen twice for the export, with other elements; name it once, with all of them"
    case .noSuchElement(let index, let item, let count): "'\(item)': \(index) is not one of \(count) elements, which count from 0"
    case .negativeNumber(let number, let item):
      "'\(item)': \(number) is no number of an element; elements of a monitor have the numbers of its source, counted from 0"
    case .notRecorded(let number, let item): "'\(item)': the monitor does not record element \(number) of its source"
    case .noElements(let item): "'\(item)' has no value per element, so none can be chosen; leave the brackets out"
    }
  }
}
