import Glibc

/// What the machine can do at best, measured in the same run.
struct RawLimits {
  /// Seconds to copy the whole state at once, and in sixteen pieces.
  var copy = 0.0, copyInPieces = 0.0
  /// Seconds to write and flush the whole state.
  var buffered = 0.0, direct = 0.0
  /// Seconds to publish a small file.
  var publication = 0.0
}

extension Benchmark {
  mutating func measureRawLimits(_ source: UnsafeMutableRawPointer) {
    let (byteCount, folder) = (stateByteCount, folder)
    let copy = warmMemory(byteCount)
    defer { munmap(copy, byteCount) }
    raw.copy = median((0..<9).map { _ in seconds { memcpy(copy, source, byteCount) } })
    // The C library copies pieces of a size that caches could hold in another way than very large ones.
    let piece = byteCount / 16
    raw.copyInPieces = median((0..<9).map { _ in
      seconds { for number in 0..<16 { memcpy(copy + number * piece, source + number * piece, piece) } }
    })
    raw.buffered = median((0..<3).map { _ in rawWrite(source, byteCount, to: folder + "/raw", direct: false) })
    raw.direct = median((0..<3).map { _ in rawWrite(source, byteCount, to: folder + "/raw", direct: true) })
    raw.publication = median((0..<10).map { number in
      seconds {
        _ = rawWrite(source, 8192, to: folder + "/raw.new", direct: false, keeps: true)
        rename(folder + "/raw.new", folder + "/raw\(number)")
        let parent = open(folder, O_RDONLY | O_DIRECTORY)
        fsync(parent)
        close(parent)
      }
    })
    let size = Double(byteCount)
    report("raw memcpy", ms(raw.copy), fixed(size / raw.copy / 1e9, 2) + " GB/s")
    report("raw memcpy in 16 pieces", ms(raw.copyInPieces), fixed(size / raw.copyInPieces / 1e9, 2) + " GB/s")
    report("raw write + fsync, page cache", ms(raw.buffered), fixed(size / raw.buffered / 1e9, 2) + " GB/s")
    report("raw write + fsync, O_DIRECT", ms(raw.direct), fixed(size / raw.direct / 1e9, 2) + " GB/s")
    report("raw 8 KB file + fsync + rename + fsync of the directory", ms(raw.publication))
  }
}

/// A loop beside which something else happens: a read and a write of 32 MB per step.
final class StepLoop {
  private let base: UnsafeMutablePointer<Double>
  private let count = 4 << 20

  init() {
    base = warmMemory(count * 8).assumingMemoryBound(to: Double.self)
    for _ in 0..<10 { step() }
  }

  deinit { munmap(base, count * 8) }

  func step() { for index in 0..<count { base[index] = base[index] * 0.999 + 0.1 } }

  /// Steps until `isDone`, then as many undisturbed ones at once: the machine's own speed drifts.
  func measure(until isDone: () -> Bool) -> Slowdown {
    var slowdown = Slowdown()
    while !isDone() { slowdown.beside.add(step) }
    for _ in 0..<max(50, slowdown.beside.wall.count / 2) { slowdown.quiet.add(step) }
    return slowdown
  }
}

struct StepTimes {
  var wall: [Double] = []
  var processor = 0.0

  mutating func add(_ step: () -> Void) {
    let before = processorSeconds()
    wall.append(seconds(step))
    processor += processorSeconds() - before
  }

  static func + (a: StepTimes, b: StepTimes) -> StepTimes { StepTimes(wall: a.wall + b.wall, processor: a.processor + b.processor) }
}

/// Steps beside some work, compared with undisturbed ones.
struct Slowdown {
  var beside = StepTimes()
  var quiet = StepTimes()

  var byMean: Double { mean(beside.wall) / mean(quiet.wall) }
  /// Processor time shows what other programs on the machine hide: caches and memory that are shared.
  var text: String {
    "median \(fixed(median(beside.wall) / median(quiet.wall), 2)) ×, mean \(fixed(byMean, 2)) ×, processor time "
      + "\(fixed(beside.processor / Double(beside.wall.count) / (quiet.processor / Double(quiet.wall.count)), 2)) × undisturbed"
  }
}

/// Runs `body` on a thread of its own; call the result to ask whether it has ended.
func inBackground(_ body: @escaping @Sendable () -> Void) -> () -> Bool {
  final class Job: @unchecked Sendable {
    let body: @Sendable () -> Void
    // Written once, by the thread; read without order.
    let isDone = UnsafeMutablePointer<Bool>.allocate(capacity: 1)
    init(_ body: @escaping @Sendable () -> Void) {
      self.body = body
      isDone.pointee = false
    }
  }
  let job = Job(body)
  var thread = pthread_t()
  pthread_create(&thread, nil, { argument in
    guard let argument else { return nil }
    let job = Unmanaged<Job>.fromOpaque(argument).takeRetainedValue()
    job.body()
    job.isDone.pointee = true
    return nil
  }, Unmanaged.passRetained(job).toOpaque())
  pthread_detach(thread)
  return { job.isDone.pointee }
}
