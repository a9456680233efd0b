import EngramTestSupport
import Testing

@testable import EngramKernels

@Suite("Threads where they pay") struct ThreadChoiceTests {
  /// A clock that is set by the steps of a run.
  private final class Time {
    var now = ContinuousClock.now
  }

  /// Steps that take so long, with threads and alone.
  private struct Run {
    let time = Time()
    let pool = WorkerPool(threads: 2)
    let choice: ThreadChoice

    init() {
      let time = time
      choice = ThreadChoice(pool) { time.now }
    }

    /// - Returns: how many of the steps shared their work.
    func step(_ count: Int, together: Duration, alone: Duration) -> Int {
      var shared = 0
      for _ in 0..<count {
        shared += choice.sharesWork ? 1 : 0
        time.now += choice.sharesWork ? together : alone
        choice.stepEnded()
      }
      return shared
    }
  }

  @Test("COD-13: steps that are faster with threads have them but for some trials; those that are slower have not")
  func choosing() {
    let fast = Run().step(100_000, together: .microseconds(60), alone: .microseconds(100))
    #expect(fast >= 97_000 && fast < 100_000)
    let slow = Run().step(100_000, together: .microseconds(100), alone: .microseconds(60))
    #expect(slow > 0 && slow <= 3000)
    // A gain too small to take a processor from others.
    #expect(Run().step(100_000, together: .microseconds(99), alone: .microseconds(100)) <= 3000)
  }

  @Test("COD-13: what is faster is asked again, and a run whose steps change changes its mind")
  func changing() {
    let run = Run()
    #expect(run.step(20_000, together: .microseconds(30), alone: .microseconds(50)) >= 19_000)
    #expect(run.step(2_000_000, together: .microseconds(50), alone: .microseconds(30)) <= 1_000_000)
    #expect(!run.choice.sharesWork)
  }

  @Test("COD-13: long steps are tried one by one, and one that others disturb decides nothing")
  func disturbed() {
    let run = Run()
    var shared = 0
    for step in 0..<2000 {
      let isDisturbed = step % 7 == 3
      shared += run.step(1, together: .milliseconds(isDisturbed ? 50 : 6), alone: .milliseconds(10))
    }
    #expect(shared >= 1900)
  }

  @Test("COD-13: kernels give the same bits while their threads rest")
  func resting() throws {
    let compiler = InterpreterCompiler(threads: 2)
    let choice = try #require(compiler.threadChoice())
    let (one, two) = (Bench.mixed(count: 50_000), Bench.mixed(count: 50_000))
    two.compiler = compiler
    let code = "v = v*exp(-h) + rand(); x_post += v"
    let (left, right) = (try one.kernel(one.program(code)), try two.kernel(two.program(code)))
    var ways: Set<Bool> = []
    for step in 0..<200 {
      #expect(left.run(range: 0..<50_000, step: Int64(step)) == nil && right.run(range: 0..<50_000, step: Int64(step)) == nil)
      ways.insert(choice.sharesWork)
      choice.stepEnded()
    }
    #expect(ways == [true, false] && one.state == two.state)
    #expect(InterpreterCompiler(threads: 1).threadChoice() == nil)
  }
}
