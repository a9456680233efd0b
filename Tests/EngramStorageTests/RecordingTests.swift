import EngramScalars
import EngramSystem
import EngramTestSupport
import Testing

@testable import EngramStorage

/// Appends the rows `range` of a recording of Int64 rows of two: `[row, -row]`.
func append(_ range: Range<Int>, to recording: Recording) throws {
  for row in range {
    try withUnsafeBytes(of: (Int64(row), Int64(-row))) { bytes throws(StorageError) in try recording.append(bytes) }
  }
}

func rows(_ contents: RecordingContents, _ range: Range<Int>? = nil) throws -> [Int64] {
  try contents.withBytes(rows: range ?? 0..<contents.rows) { bytes in Array(bytes.bindMemory(to: Int64.self)) }
}

func expected(_ range: Range<Int>) -> [Int64] { range.flatMap { [Int64($0), Int64(-$0)] } }

@Suite("Recordings in memory") struct RecordingTests {
  @Test("MON-3: rows come back in order, whatever the pieces they lie in", arguments: [0, 1, 255, 256, 300_000])
  func order(count: Int) throws {
    let recording = Recording(.int64, rowLength: 2)
    try append(0..<count, to: recording)
    #expect(recording.rows == count)
    #expect(try rows(recording.contents()) == expected(0..<count))
    let middle = count / 3..<count / 2
    #expect(try rows(recording.contents(), middle) == expected(middle))
  }

  @Test("CKP-4: going back to a snapshot drops later rows and never harms other snapshots")
  func truncation() throws {
    let recording = Recording(.int64, rowLength: 2)
    try append(0..<1000, to: recording)
    let early = recording.contents()
    try append(1000..<5000, to: recording)
    let late = recording.contents()
    try recording.assign(early)
    try append(7000..<9000, to: recording)
    #expect(try rows(recording.contents()) == expected(0..<1000) + expected(7000..<9000))
    #expect(try rows(late) == expected(0..<5000))
    recording.truncate(rows: 500)
    try append(0..<1, to: recording)
    #expect(try rows(recording.contents()) == expected(0..<500) + expected(0..<1))
    #expect(try rows(early) == expected(0..<1000))
  }

  @Test("MON-4: rows without elements are counted")
  func emptyRows() throws {
    let recording = Recording(.float64, rowLength: 0)
    for _ in 0..<5 { try recording.append(UnsafeRawBufferPointer(start: nil, count: 0)) }
    #expect(recording.rows == 5)
    recording.truncate(rows: 3)
    #expect(recording.contents().rows == 3)
    #expect(try recording.contents().withBytes(rows: 0..<3) { $0.count } == 0)
  }

  @Test("ACC-8: recording far more than the memory allowed for it keeps memory bounded, and a checkpoint costs the new rows")
  func bounded() throws {
    func anonymousKilobytes() throws -> Int {
      let file = try #require(fopen("/proc/self/status", "r"))
      defer { fclose(file) }
      var buffer = [UInt8](repeating: 0, count: 8192)
      let count = fread(&buffer, 1, buffer.count, file)
      let line = try #require(String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
      return try #require(Int(line.drop { !$0.isNumber }.prefix { $0.isNumber }))
    }
    let temporary = try TemporaryFolder()
    var options = testOptions(segment: 16 << 20)
    options.retention = RetentionPolicy(automatic: 1)
    let directory = try open(temporary.path + "/run", options: options)
    let recording = Recording(.float64, rowLength: 1024)
    directory.attach(recording)
    var state = StateToStore()
    state.add(recording, as: StoredKey("M", "v"))
    let row = (0..<1024).map(Double.init)
    func append(_ rows: Int) throws { for _ in 0..<rows { try row.withUnsafeBytes { try recording.append($0) } } }
    try append(256)
    try directory.commit(state, .automatic).wait()
    let before = try anonymousKilobytes()
    let rows = isCampaign ? 262_144 : 16384
    try append(rows)
    #expect(recording.fault == nil)
    // Other tests run beside this one and take memory too.
    #expect(try anonymousKilobytes() - before < (isCampaign ? 200_000 : 100_000))
    try directory.commit(state, .automatic).wait()
    try append(16)
    let info = try directory.commit(state, .automatic).wait()
    #expect(info.writtenByteCount == 16 * 8192)
    #expect(try recording.contents().withBytes(rows: rows..<rows + 1) { Array($0.bindMemory(to: Double.self)) } == row)
  }
}
