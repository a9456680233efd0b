import EngramExpressions
import Foundation
import Testing

@Suite("Depth") struct StackTests {
  @Test("COD-1: the deepest texts need no more than half of the usual stack, even in a debug build")
  func halfStack() async {
    let level = "a or a and not a < a + a * -a ** ("
    let nested = String(repeating: level, count: 45) + "a" + String(repeating: ")", count: 45)
    let tooDeep = String(repeating: level, count: 300)
    let chain = "a" + String(repeating: " + a", count: 380)
    let done = await withCheckedContinuation { (continuation: CheckedContinuation<Int, Never>) in
      let thread = Thread {
        var accepted = 0
        for text in [nested, tooDeep, chain] {
          guard let tree = try? ExpressionParser.parse(text) else { continue }
          let again = try? ExpressionParser.parse(tree.description)
          _ = try? ExpressionChecker(sampleSymbols).check(tree)
          accepted += again == tree && again?.hashValue == tree.hashValue ? 1 : 0
        }
        continuation.resume(returning: accepted)
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    #expect(done == 2)
  }
}
