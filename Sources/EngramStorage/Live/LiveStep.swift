import EngramScalars
import EngramSystem

/// Says which step the live arrays belong to: the file `live/step.h5`, six integers and a time (FORMAT.md).
///
/// A step is counted in `begun` before anything of it is written, and in `ended` after all of it. Who reads `ended`, then arrays,
/// then `begun`, and finds the same number, has read what was there after that step. Between two steps there is hardly time for
/// that, so an onlooker can ask for more: it writes a number into the fifth word, and the run stands still at the next step boundary,
/// says so in the sixth, and goes on when the number is taken back, or after a second. Results do not depend on it.
///
/// Unchecked: written by the thread of the run only.
package final class LiveStep: @unchecked Sendable {
  private let words: UnsafeMutablePointer<Int64>
  private let time: UnsafeMutablePointer<Double>
  private let pack: LivePack
  private var count: Int64 = 0

  static let fileName = "step"
  private static let wordCount = 6
  private static let timeOffset = 64
  /// How long a run stands still for an onlooker at most, and how often it looks [µs].
  private static let patience = 1_000_000
  private static let glance = 100

  init(in space: LiveSpace) throws(StorageError) {
    let numbers = PayloadDataset(
      path: ["step"], scalarType: .int64, shape: [LiveStep.wordCount],
      attributes: [
        PayloadAttribute(
          "long_name", .text("steps begun, steps ended, timestep of the shortest clock, 1 while a run goes on, wish of an onlooker, answer to it"))
      ])
    let seconds = PayloadDataset(
      path: ["t"], scalarType: .float64, shape: [],
      attributes: [PayloadAttribute("units", .text("s")), PayloadAttribute("long_name", .text("time that the ended step has led to"))])
    let layout = try space.headers.layout([numbers, seconds], PayloadFileOptions())
    let places = [LiveFile.payloadOffset, LiveFile.payloadOffset + LiveStep.timeOffset]
    guard layout.offsets == places else { throw .mismatch(what: "places in step.h5", expected: "\(places)", found: "\(layout.offsets)") }
    let range = try AddressRange(needed: 1)
    let file = try space.makeFile(
      LiveStep.fileName, layout, rows: LiveStep.wordCount, payload: UnsafeRawBufferPointer(start: nil, count: 0), claiming: AddressRange.pageByteCount,
      at: range.start)
    range.noteMapped(upTo: 1)
    pack = LivePack(range, file)
    words = range.start.assumingMemoryBound(to: Int64.self)
    time = (range.start + LiveStep.timeOffset).assumingMemoryBound(to: Double.self)
  }

  /// A run begins or ends at this place.
  package func note(isRunning: Bool, timestep: Int64, seconds: Double) {
    begins()
    words[3] = isRunning ? 1 : 0
    ends(timestep: timestep, seconds: seconds)
  }

  @inline(__always) package func begins() {
    count += 1
    engram_step_begins(words, count)
  }

  /// - Parameter pending: changes that the step may have left to be carried out. While there are any, the step has not ended for
  ///   onlookers; who asks the run to stand still has them carried out.
  @inline(__always) package func ends(timestep: Int64, seconds: Double, pending: [any PendingChanges] = []) {
    words[2] = timestep
    time.pointee = seconds
    let isAsked = engram_step_wish(words) != 0
    if isAsked { for changes in pending { changes.carryOut() } }
    if isAsked || !pending.contains(where: \.areWaiting) { engram_step_ends(words, count) }
    if isAsked { standStill() }
  }

  private func standStill() {
    let wish = engram_step_wish(words)
    engram_step_answer(words, wish)
    var waited = 0
    while engram_step_wish(words) == wish, waited < LiveStep.patience {
      usleep(UInt32(LiveStep.glance))
      waited += LiveStep.glance
    }
    engram_step_answer(words, 0)
    engram_step_forget(words, wish)
  }
}
