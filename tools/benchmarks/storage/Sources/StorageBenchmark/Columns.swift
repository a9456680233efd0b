import EngramScalars
import EngramStorage
import Glibc

extension Benchmark {
  /// From a run directory to the first step, and what steps cost afterwards.
  mutating func measureRestoring(_ source: UnsafeMutableRawPointer) throws {
    let rows = stateByteCount / 8 / 16
    var kept: [Column] = []
    var restores: [Double] = []
    for _ in 0..<rounds {
      let fresh = try (0..<16).map { _ in try Column(.float64, rows: rows) }
      restores.append(
        try seconds {
          let again = try RunDirectory(at: folder + "/run", headers: PlainHeaderWriter(), options: benchmarkOptions())
          let loaded = try again.load("base")
          for (number, column) in fresh.enumerated() { try loaded.fill(column, from: StoredKey("G", "v\(number)")) }
          fresh[0].withElements(of: Double.self) { $0[0] += 1 }
          again.close()
        })
      kept = fresh
    }
    report(
      "restore of \(megabytes(stateByteCount)) to the first step", ms(median(restores)), "16 columns", "≤ 20 ms + 0.1 ms per column",
      median(restores) <= 0.02 + 0.0001 * 16)

    for column in kept { _ = pass(column.base, rows) }
    for number in 0..<16 { _ = pass(source + number * rows * 8, rows) }
    let before = deviceBytes()
    var hot: [Double] = [], plain: [Double] = []
    for _ in 0..<12 {
      hot.append(kept.reduce(0) { $0 + pass($1.base, rows) })
      plain.append((0..<16).reduce(0) { $0 + pass(source + $1 * rows * 8, rows) })
    }
    let ratio = (hot.min() ?? .nan) / (plain.min() ?? .nan)
    report(
      "a pass over restored columns", ms(hot.min() ?? .nan), "\(fixed(ratio, 3)) × anonymous memory; \(deviceBytes() - before) bytes written",
      "≤ 1.05, none written", ratio <= 1.05 && deviceBytes() == before)
  }

  /// STO-13: what columns in mapped files cost a step loop, compared with columns in memory; both kinds in turn.
  mutating func measureMappedColumns() throws {
    let space = try ScratchSpace(path: folder)
    for byteCount in [1 << 20, 16 << 20, 64 << 20] {
      let rows = byteCount / 8
      let memory = try Column(.float64, rows: rows)
      let mapped = try Column(.float64, rows: rows, placement: .file(space))
      // Pages are touched once before anything is measured.
      for _ in 0..<3 { for column in [memory, mapped] { _ = pass(column.base, rows) } }
      func counters() -> (calls: Int, device: Int) { (systemCalls(), deviceBytes()) }
      // Reading the counters is itself some calls.
      let (first, before) = (counters(), counters())
      var inMemory: [Double] = [], inFile: [Double] = []
      for _ in 0..<max(40, (1 << 30) / byteCount) {
        inMemory.append(pass(memory.base, rows))
        inFile.append(pass(mapped.base, rows))
      }
      let after = counters()
      let calls = after.calls - before.calls - (before.calls - first.calls)
      report(
        "a pass over \(megabytes(byteCount)) in a mapped file", ms(median(inFile)),
        "median \(fixed(median(inFile) / median(inMemory), 3)) ×, mean \(fixed(mean(inFile) / mean(inMemory), 3)) × memory; "
          + "\(calls) reads and writes by call, \(megabytes(after.device - before.device)) written back")
    }
  }
}

/// Seconds for one step over an array.
private func pass(_ base: UnsafeMutableRawPointer, _ rows: Int) -> Double {
  let elements = UnsafeMutableBufferPointer(start: base.assumingMemoryBound(to: Double.self), count: rows)
  return seconds { for index in elements.indices { elements[index] = elements[index] * 0.999 + 0.1 } }
}
