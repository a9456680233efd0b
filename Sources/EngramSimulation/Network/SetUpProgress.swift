import EngramScalars
import Synchronization

/// What set-up is doing, for those who look on: one piece of work at a time in the process.
///
/// Costs whoever works one lock for each piece of news, so news are of hundreds of operations, not of one.
package enum SetUpProgress {
  private struct Work {
    let what: String
    let began = ContinuousClock.now
    var done = 0
    var total = 0
    var made = 0
    var unit = ""
  }

  private static let present = Mutex<Work?>(nil)

  /// Work that is short is nothing to talk about.
  private static let patience = Duration.milliseconds(500)

  /// How far a piece of work has got.
  ///
  /// - Parameters:
  ///   - what: the work, as `connecting 'S'`; another text begins another piece.
  ///   - done: parts that are done, of `total`.
  ///   - made: what has been made so far, of which `unit` is the plural.
  package static func note(_ what: String, _ done: Int, of total: Int, made: Int = 0, _ unit: String = "") {
    present.withLock { work in
      var now = work?.what == what ? work ?? Work(what: what) : Work(what: what)
      (now.done, now.total, now.made, now.unit) = (done, total, made, unit)
      work = now
    }
  }

  /// A piece of work whose parts are not counted.
  package static func during<R>(_ what: String, _ body: () throws -> R) rethrows -> R {
    present.withLock { $0 = Work(what: what) }
    defer { end() }
    return try body()
  }

  /// Nothing is going on any more.
  package static func end() { present.withLock { $0 = nil } }

  /// Does something with a line such as `connecting 'S': 41 %, 32.8 M synapses, 2 s`, which stays true until it has been done: work that
  /// ends waits. Nil: nothing that takes long is going on.
  package static func lend<R>(_ body: (String?) -> R) -> R {
    present.withLock { work in
      guard let work, ContinuousClock.now - work.began >= patience else { return body(nil) }
      return body(text(work))
    }
  }

  private static func text(_ work: Work) -> String {
    let share = work.total > 0 ? ["\(work.done * 100 / work.total) %"] : []
    let made = work.made > 0 ? ["\(countText(work.made)) \(work.unit)"] : []
    return "\(work.what): " + (share + made + [wallTimeText((ContinuousClock.now - work.began).inSeconds)]).joined(separator: ", ")
  }

  /// `812`, `41.3 k`, `32.8 M`.
  private static func countText(_ count: Int) -> String {
    for (scale, letter) in [(1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")] where count >= scale {
      return "\(shortText(Double(count) / Double(scale), digits: 3)) \(letter)"
    }
    return "\(count)"
  }
}
