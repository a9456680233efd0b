internal import EngramScalars

/// The text of an SWC file: a point in each line, with its number, type, place, radius and parent (MOR-5).
///
/// - SeeAlso: Cannon et al. (1998), J. Neurosci. Methods 84; http://www.neuronland.org/NLMorphologyConverter/MorphologyFormats/SWC/Spec.html.
package enum SWCText {
  /// Types that have a name; others have none.
  private static let types = [1: "soma", 2: "axon", 3: "dend", 4: "apic"]
  /// The columns of what ``numbers(_:)`` gives: the line, then those of the file.
  package static let columns = 8

  /// The numbers of all lines, each with the number of its line in front of it.
  ///
  /// - Throws: ``MorphologyError`` with the line that is none of a file like this.
  package static func numbers(_ bytes: [UInt8]) throws(MorphologyError) -> [Double] {
    var numbers: [Double] = []
    var line = 1
    var start = 0
    // Files have `\n`, `\r\n`, or on old machines `\r`.
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
      try add(bytes[start..<end], line: line, to: &numbers)
      start = end + (end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A ? 2 : 1)
      line += 1
    }
    guard !numbers.isEmpty else { throw .file("the file has no point; each line of an SWC file has the 7 numbers of one: index type x y z radius parent") }
    return numbers
  }

  private static func add(_ bytes: ArraySlice<UInt8>, line: Int, to numbers: inout [Double]) throws(MorphologyError) {
    let words = bytes.split { $0 == 0x20 || $0 == 0x09 }
    guard let first = words.first, first.first != UInt8(ascii: "#") else { return }
    // What is no text has other characters than numbers do, which need not be shown.
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x09 }) else { throw .point(line: line, why: "this is no text of numbers; is it an SWC file?") }
    guard words.count == 7 else {
      throw .point(line: line, why: "a line of an SWC file has 7 numbers (index type x y z radius parent), found \(words.count)")
    }
    numbers.append(Double(line))
    for (place, word) in words.enumerated() {
      let text = String(decoding: word, as: UTF8.self)
      let name = ["index", "type", "x", "y", "z", "radius", "parent"][place]
      guard let value = Double(text), value.isFinite else { throw .point(line: line, why: "the \(name) is a number, found '\(text.prefix(40))'") }
      if [0, 1, 6].contains(place), Int32(exactly: value) == nil { throw .point(line: line, why: "the \(name) is a whole number, found '\(text.prefix(40))'") }
      numbers.append(value)
    }
  }

  /// Points from what ``numbers(_:)`` gives.
  package static func points(_ numbers: [Double]) throws(MorphologyError) -> [MorphologyPoint] {
    var points: [MorphologyPoint] = []
    points.reserveCapacity(numbers.count / columns)
    for start in stride(from: 0, to: numbers.count - columns + 1, by: columns) {
      let row = numbers[start..<start + columns].map { $0 }
      guard let line = Int(exactly: row[0]), let index = Int(exactly: row[1]), let type = Int(exactly: row[2]), let parent = Int(exactly: row[7]) else {
        throw .file("the numbers of the points are damaged")
      }
      points.append(MorphologyPoint(index, types[type], row[3], row[4], row[5], diameter: 2 * row[6], parent: parent, line: line))
    }
    return points
  }
}

extension NeuronMorphology {
  /// The shape that the text of an SWC file describes (MOR-5), Brian 2's `Morphology.from_file`; see ``init(points:sphericalSoma:)``.
  ///
  /// - Throws: ``MorphologyError`` with the line that is wrong.
  public init(swc text: String, sphericalSoma: Bool = true) throws(MorphologyError) {
    try self.init(points: SWCText.points(SWCText.numbers(Array(text.utf8))), sphericalSoma: sphericalSoma)
  }
}
