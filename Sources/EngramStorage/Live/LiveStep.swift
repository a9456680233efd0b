import CEngramSystem
import EngramScalars

/// Says which step the live arrays belong to: the file `live/step.h5`, four integers and a time (FORMAT.md).
///
/// A step is counted in `begun` before anything of it is written, and in `ended` after all of it. Who reads `ended`, then arrays,
/// then `begun`, and finds the same number, has read what was there after that step.
///
/// Unchecked: written by the thread of the run only.
package final class LiveStep: @unchecked Sendable {
  private let words: UnsafeMutablePointer<Int64>
  private let time: UnsafeMutablePointer<Double>
  private let pack: LivePack
  private var count: Int64 = 0

  static let fileName = "step"
  private static let timeOffset = 64

  init(in space: LiveSpace) throws(StorageError) {
    let numbers = PayloadDataset(
      path: ["step"], scalarType: .int64, shape: [4],
      attributes: [PayloadAttribute("long_name", .text("steps begun, steps ended, timestep of the shortest clock, 1 while a run goes on"))])
    let seconds = PayloadDataset(
      path: ["t"], scalarType: .float64, shape: [],
      attributes: [PayloadAttribute("units", .text("s")), PayloadAttribute("long_name", .text("time that the ended step has led to"))])
    let layout = try space.headers.layout([numbers, seconds], PayloadFileOptions())
    let places = [LiveFile.payloadOffset, LiveFile.payloadOffset + LiveStep.timeOffset]
    guard layout.offsets == places else { throw .mismatch(what: "places in step.h5", expected: "\(places)", found: "\(layout.offsets)") }
    let range = try AddressRange(needed: 1)
    let file = try space.makeFile(
      LiveStep.fileName, layout, rows: 4, payload: UnsafeRawBufferPointer(start: nil, count: 0), claiming: AddressRange.pageByteCount, at: range.start)
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

  @inline(__always) package func ends(timestep: Int64, seconds: Double) {
    words[2] = timestep
    time.pointee = seconds
    engram_step_ends(words, count)
  }
}
