/// Numbers of elements in a given order; consecutive ones without a list of them, however many they are.
package enum ElementList: RandomAccessCollection {
  case consecutive(Range<Int>)
  case listed([Int])

  package var startIndex: Int { 0 }
  package var endIndex: Int {
    switch self {
    case .consecutive(let range): range.count
    case .listed(let list): list.count
    }
  }
  package subscript(place: Int) -> Int {
    switch self {
    case .consecutive(let range): range.lowerBound + place
    case .listed(let list): list[place]
    }
  }

  /// All numbers greater by as much.
  package func shifted(by offset: Int) -> ElementList {
    if offset == 0 { return self }
    return switch self {
    case .consecutive(let range): .consecutive(range.lowerBound + offset..<range.upperBound + offset)
    case .listed(let list): .listed(list.map { $0 + offset })
    }
  }

  /// Calls `body` with the place in the list, and the number there: one decision for all of them.
  func forEachNumbered(_ body: (_ place: Int, _ number: Int) throws -> Void) rethrows {
    switch self {
    case .consecutive(let range): for place in 0..<range.count { try body(place, range.lowerBound + place) }
    case .listed(let list): for (place, number) in list.enumerated() { try body(place, number) }
    }
  }
}
