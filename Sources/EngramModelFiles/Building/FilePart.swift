internal import EngramScalars

/// A part of an array in a file: a position or a range for each of its first dimensions. Without any it is the whole.
package struct FilePart: Hashable, Sendable {
  package enum Selector: Hashable, Sendable {
    /// One position, counted from 0; negative from the end. The dimension is gone from what is read.
    case index(Int)
    /// From the first up to, and not including, the second.
    case range(Int?, Int?)
  }

  package var selectors: [Selector]

  package init(_ selectors: [Selector] = []) { self.selectors = selectors }

  /// The ranges of an array of this shape, and the shape of what is left.
  ///
  /// - Throws: ``FilePartError`` where the array has no such part, or more than two dimensions are left.
  package func ranges(of shape: [Int]) throws(FilePartError) -> (box: [Range<Int>], left: [Int]) {
    guard selectors.count <= shape.count else { throw .tooManySelectors(selectors.count, dimensions: shape.count) }
    var (box, left): ([Range<Int>], [Int]) = ([], [])
    for (number, length) in shape.enumerated() {
      switch number < selectors.count ? selectors[number] : .range(nil, nil) {
      case .index(let index):
        let place = index < 0 ? index + length : index
        guard (0..<length).contains(place) else { throw .noIndex(index, length: length, dimension: number) }
        box.append(place..<place + 1)
      case .range(let low, let high):
        let range = Range(slice: low, high, of: length)
        box.append(range)
        left.append(range.count)
      }
    }
    guard left.count <= 2 else { throw .tooManyDimensions(left.count) }
    return (box, left)
  }

  /// The values of an array of this shape, row after row, that belong to the part.
  package func values(of values: [Double], shape: [Int]) throws(FilePartError) -> (values: [Double], columns: Int?) {
    let (box, left) = try ranges(of: shape)
    return (Self.values(of: values, in: box, shape: shape), left.count == 2 ? left[1] : nil)
  }

  /// Those of an array of this shape, row after row, that lie in a box.
  package static func values(of values: [Double], in box: [Range<Int>], shape: [Int]) -> [Double] {
    if zip(box, shape).allSatisfy({ $0.count == $1 }) { return values }
    var places = [0]
    for (range, length) in zip(box, shape) { places = places.flatMap { place in range.map { place * length + $0 } } }
    return places.map { values[$0] }
  }
}

extension FilePart: CustomStringConvertible {
  /// `[1, 0:5]`; empty for the whole.
  package var description: String {
    selectors.isEmpty ? "" : "[" + selectors.map(\.text).joined(separator: ", ") + "]"
  }

  /// - Returns: nil for what is no part.
  package init?(_ text: String) {
    guard !text.isEmpty else {
      self.init()
      return
    }
    guard let reference = try? Reference("x\(text)"), reference.names == ["x"] else { return nil }
    self.init(reference)
  }

  /// The part that brackets behind a name mean; nil for conditions and lists.
  init?(_ reference: Reference) {
    var selectors: [Selector] = []
    for selector in reference.selection {
      switch selector {
      case .index(let index): selectors.append(.index(index))
      case .slice(let low, let high): selectors.append(.range(low, high))
      case .list, .condition: return nil
      }
    }
    self.init(selectors)
  }
}

extension FilePart.Selector {
  fileprivate var text: String {
    switch self {
    case .index(let index): "\(index)"
    case .range(let low, let high): "\(low.map(String.init) ?? ""):\(high.map(String.init) ?? "")"
    }
  }
}

/// Why an array has no such part.
package enum FilePartError: ExplainedError, Hashable, Sendable {
  case tooManySelectors(Int, dimensions: Int)
  case noIndex(Int, length: Int, dimension: Int)
  case tooManyDimensions(Int)

  package var description: String {
    switch self {
    case .tooManySelectors(let count, let dimensions):
      "\(count) positions are asked for, and the array has \(dimensions) dimension\(dimensions == 1 ? "" : "s")"
    case .noIndex(let index, let length, let dimension): "there is no position \(index) in dimension \(dimension) (counted from 0), whose length is \(length)"
    case .tooManyDimensions(let count): "\(count) dimensions are left, at most 2 expected; a position in brackets takes one away, as in [0, :, :]"
    }
  }
}
