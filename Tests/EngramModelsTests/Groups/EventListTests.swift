import Testing

@testable import EngramModels

@Suite("Events of a step") struct EventListTests {
  @Test(
    "CKP-16: stored events are elements of the group, ascending, each once; everything else is refused",
    arguments: [
      ([], true), ([0], true), ([2], true), ([0, 1, 2], true), ([3], false), ([-1], false), ([1, 1], false), ([2, 1], false), ([0, 3], false),
      ([Int32.max], false), ([Int32.min], false), ([0, 1, 2, 2], false),
    ] as [([Int32], Bool)])
  func stored(elements: [Int32], isPossible: Bool) throws {
    let list = EventList(capacity: 3)
    let bytes = elements.flatMap { element in withUnsafeBytes(of: element.littleEndian, Array.init) }
    #expect(list.decoded(bytes) == (isPossible ? elements : nil))
    // A piece of a number is none.
    if !bytes.isEmpty { #expect(list.decoded(Array(bytes.dropLast())) == nil) }
  }
}
