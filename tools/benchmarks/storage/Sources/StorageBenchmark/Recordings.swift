import EngramScalars
import EngramStorage
import Glibc

extension Benchmark {
  mutating func measureRecordings() throws {
    let recorder = try RunDirectory(at: folder + "/recording", headers: PlainHeaderWriter(), options: benchmarkOptions())
    let recording = Recording(.float64, rowLength: 128)
    recorder.attach(recording)
    var recorded = StateToStore()
    recorded.add(recording, as: StoredKey("M", "v"))
    let row = [Double](repeating: 1.5, count: 128)
    func append(_ byteCount: Int) throws {
      for _ in 0..<byteCount / 1024 { try row.withUnsafeBytes { try recording.append($0) } }
    }
    /// Medians of many, since each contains flushes.
    func checkpoint() throws -> Double {
      try median((0..<25).map { _ in
        try append(16 << 20)
        return try seconds { try recorder.commit(recorded, .automatic).wait() }
      })
    }
    try append(128 << 20)
    try recorder.commit(recorded, .automatic).wait()
    let early = try checkpoint()
    let residentBefore = anonymousKilobytes()
    let appendSeconds = try seconds { try append(recordedByteCount) }
    let resident = anonymousKilobytes() - residentBefore
    let late0 = try seconds { try recorder.commit(recorded, .automatic).wait() }
    let late = try checkpoint()
    report(
      "checkpoint of 16 MB more rows after \(megabytes(128 << 20)) / \(megabytes(recording.rows * 1024))", "\(ms(early)) / \(ms(late))",
      "\(fixed(late / early, 2)) ×", "≤ 1.3", late <= 1.3 * early)
    report("checkpoint behind \(megabytes(recordedByteCount)) of unflushed rows", ms(late0))
    report(
      "recording", fixed(Double(recordedByteCount) / appendSeconds / 1e9, 2) + " GB/s", "memory grew by \(resident) kB", "flat", resident < 8192)
    recorder.close()
  }
}
