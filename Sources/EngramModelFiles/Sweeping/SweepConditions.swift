/// The conditions of a sweep: each value with each, the last axis fastest, or the lists side by side.
package struct SweepConditions: Codable, Hashable, Sendable {
  package let axes: [SweepAxis]
  package let zips: Bool

  /// The most runs that one sweep may have.
  package static let greatestCount = 1_000_000

  /// - Throws: ``SweepProblem`` where there is nothing to vary, something twice, too much, or lists side by side differ in length.
  package init(_ axes: [SweepAxis], zips: Bool) throws(SweepProblem) {
    guard let first = axes.first else { throw .nothingToVary }
    var seen: Set<String> = []
    for axis in axes where !seen.insert(axis.name).inserted { throw .twice(axis.name) }
    if let axis = axes.first(where: \.values.isEmpty) { throw .noValue(axis.name) }
    if zips, let other = axes.first(where: { $0.values.count != first.values.count }) {
      throw .lengths(first.name, first.values.count, other.name, other.values.count)
    }
    var count = 1
    for axis in axes where !zips {
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.values.count)
      if overflow || product > Self.greatestCount { throw .tooMany }
      count = product
    }
    (self.axes, self.zips) = (axes, zips)
  }

  private enum CodingKeys: CodingKey { case axes, zips }

  /// A stored list obeys the same rules as one that somebody types.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(values.decode([SweepAxis].self, forKey: .axes), zips: values.decode(Bool.self, forKey: .zips))
  }

  package var count: Int { zips ? axes[0].values.count : axes.reduce(1) { $0 * $1.values.count } }

  /// The constants of a condition: what it varies beside the seed.
  ///
  /// - Parameter number: counted from 0.
  package func constants(_ number: Int) -> [(name: String, text: String)] {
    self[number].filter { $0.axis.name != SweepAxis.seed }.map { (name: $0.axis.name, text: $0.value.text) }
  }

  /// The values of a condition, one of each axis.
  ///
  /// - Parameter number: counted from 0.
  package subscript(number: Int) -> [(axis: SweepAxis, value: SweepAxis.Value)] {
    if zips { return axes.map { ($0, $0.values[number]) } }
    var rest = number
    var values: [(SweepAxis, SweepAxis.Value)] = []
    for axis in axes.reversed() {
      values.append((axis, axis.values[rest % axis.values.count]))
      rest /= axis.values.count
    }
    return values.reversed()
  }

  /// `w_exc = 1.5 mV, seed = 3`.
  package func text(_ number: Int) -> String {
    self[number].map { axis, value in "\(axis.name) = \(value.shown)\(axis.unit.isEmpty || value.number == nil ? "" : " \(axis.unit)")" }
      .joined(separator: ", ")
  }
}

/// Why something cannot be swept over.
package enum SweepProblem: Error, Hashable, CustomStringConvertible {
  case nothingToVary
  case twice(String)
  case noValue(String)
  case tooMany
  case lengths(String, Int, String, Int)

  package var description: String {
    switch self {
    case .nothingToVary: "nothing is varied: say --over NAME=VALUES, or 'sweep: {over: …}' in the model file"
    case .twice(let name): "'\(name)' is varied twice"
    case .noValue(let name): "'\(name)' takes no value"
    case .tooMany: "a sweep has at most \(SweepConditions.greatestCount) runs"
    case .lengths(let first, let count, let second, let other):
      "lists side by side are equally long; '\(first)' has \(count) values, '\(second)' \(other)"
    }
  }
}
