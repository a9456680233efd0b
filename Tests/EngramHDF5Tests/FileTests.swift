import EngramHDF5
import EngramScalars
import EngramSystem
import EngramTestSupport
import Foundation
import Testing

@Suite("HDF5 files") struct FileTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func writeAndReopen(_ body: (HDF5Group) throws -> Void) throws -> HDF5File {
    let path = folder.path("file.h5")
    let file = try HDF5File.create(at: path)
    try body(file.root)
    try file.close()
    return try HDF5File.open(at: path)
  }

  @Test("CKP-32: A file that cannot be closed is an error, and no crash when the program ends") func failedClose() async throws {
    await #expect(processExitsWith: .exitCode(3)) {
      let folder = try TemporaryFolder()
      let file = try HDF5File.create(at: folder.path("file.h5"))
      try file.root.createDataset("d", .float64, shape: [2], layout: .contiguous).write([1, 2] as [Double])
      // What a medium does that fails at the last moment.
      for descriptor in Int32(3)..<256 where (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) == file.path {
        _ = EngramSystem.close(descriptor)
      }
      do { try file.close() } catch { exit(3) }
    }
  }

  @Test("HDF-3: All element types come back", arguments: [HDF5Layout.contiguous, .chunked(shape: [2])]) func types(layout: HDF5Layout) throws {
    let file = try writeAndReopen { root in
      try root.createDataset("d", .float64, shape: [3], layout: layout).write([1.5, -2, 3] as [Double])
      try root.createDataset("f", .float32, shape: [3], layout: layout).write([1.5, -2, 3] as [Float])
      try root.createDataset("l", .int64, shape: [3], layout: layout).write([1, -2, .max] as [Int64])
      try root.createDataset("i", .int32, shape: [3], layout: layout).write([1, -2, .min] as [Int32])
      try root.createDataset("b", .bool, shape: [3], layout: layout).write([1, 0, 1] as [UInt8])
    }
    #expect(try file.root.memberNames() == ["b", "d", "f", "i", "l"])
    #expect(try file.root.dataset("d")?.readAll(as: Double.self, atMost: 10) == [1.5, -2, 3])
    #expect(try file.root.dataset("f")?.readAll(as: Float.self, atMost: 10) == [1.5, -2, 3])
    #expect(try file.root.dataset("l")?.readAll(as: Int64.self, atMost: 10) == [1, -2, .max])
    #expect(try file.root.dataset("i")?.readAll(as: Int32.self, atMost: 10) == [1, -2, .min])
    #expect(try file.root.dataset("b")?.readAll(as: UInt8.self, atMost: 10) == [1, 0, 1])
    #expect(try file.root.dataset("i")?.readAll(as: Double.self, atMost: 10) == [1, -2, -2147483648])
  }

  @Test("HDF-10: NaN payloads, −0 and infinities keep every bit", arguments: [HDF5Layout.contiguous, .chunked(shape: [3])])
  func bits(layout: HDF5Layout) throws {
    let values = [Double(bitPattern: 0x7ff8_dead_beef_0001), -0.0, .infinity, .leastNonzeroMagnitude]
    let file = try writeAndReopen { try $0.createDataset("d", .float64, shape: [4], layout: layout).write(values) }
    let back = try #require(try file.root.dataset("d")).readAll(as: Double.self, atMost: 4)
    #expect(back.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test("HDF-3: Scalars are scalars, and arrays may be empty or have two dimensions") func shapes() throws {
    let file = try writeAndReopen { root in
      try root.createDataset("scalar", .float64, shape: []).write([7.0])
      try root.createDataset("empty", .float64, shape: [0]).write([] as [Double])
      try root.createDataset("emptyChunked", .float64, shape: [0, 3], layout: .chunked(shape: [4, 3])).write([] as [Double])
      let matrix = try root.createDataset("matrix", .int32, shape: [3, 2])
      let rows: [Int32] = [3, 4, 5, 6]
      try rows.withUnsafeBytes { try matrix.write(rows: 1..<3, .int32, from: $0) }
    }
    #expect(try file.root.dataset("scalar")?.shape == [])
    #expect(try file.root.dataset("scalar")?.readAll(as: Double.self, atMost: 1) == [7])
    #expect(try file.root.dataset("empty")?.readAll(as: Double.self, atMost: 1) == [])
    #expect(try file.root.dataset("emptyChunked")?.shape == [0, 3])
    let matrix = try #require(try file.root.dataset("matrix"))
    var rows = [Int32](repeating: 0, count: 4)
    try rows.withUnsafeMutableBytes { try matrix.read(rows: 1..<3, as: .int32, into: $0) }
    #expect(rows == [3, 4, 5, 6])
  }

  @Test("HDF-4: Attributes hold UTF-8 text, numbers and exponents, and can be replaced") func attributes() throws {
    let file = try writeAndReopen { root in
      let group = try root.group("objects").group("neuronengruppe_ß")
      let dataset = try group.createDataset("v", .float64, shape: [1])
      try dataset.set("units", text: "µV")
      try dataset.set("units", text: "V")
      try dataset.set("dimension", numbers: [2, 1, -3, -1, 0, 0, 0])
      try dataset.set("long_name", text: "")
      try dataset.set("count", integer: .max)
      try dataset.set("flag_values", bytes: [0, 1])
      try root.set("description", text: "Δt = 0,1 ms — τ")
    }
    let dataset = try #require(try file.root.dataset("objects/neuronengruppe_ß/v"))
    #expect(try dataset.text("units") == "V")
    #expect(try dataset.numbers("dimension") == [2, 1, -3, -1, 0, 0, 0])
    #expect(try dataset.text("long_name") == "")
    #expect(try dataset.numbers("flag_values") == [0, 1])
    #expect(try dataset.text("missing") == nil)
    #expect(try file.root.text("description") == "Δt = 0,1 ms — τ")
  }

  @Test("HDF-6: A second link means the same dataset") func links() throws {
    let file = try writeAndReopen { root in
      let pre = try root.group("pre")
      let delay = try pre.createDataset("delay", .float64, shape: [2])
      try delay.write([1.0, 2.0])
      try root.link("delay", to: delay)
    }
    #expect(try file.root.dataset("delay")?.readAll(as: Double.self, atMost: 2) == [1, 2])
    #expect(try file.root.dataset("delay")?.fileOffset() == file.root.dataset("pre/delay")?.fileOffset())
  }

  @Test("HDF-12: More than 4 GiB in one dataset are addressed rightly") func large() throws {
    let rows = 5 << 20  // of 128 doubles: 5 GiB, of which the disk holds only what is written
    let file = try writeAndReopen { root in
      let dataset = try root.createDataset("x", .float64, shape: [rows, 128])
      for row in [0, rows - 1] {
        try [Double](repeating: Double(row), count: 128).withUnsafeBytes { try dataset.write(rows: row..<row + 1, .float64, from: $0) }
      }
    }
    let dataset = try #require(try file.root.dataset("x"))
    var back = [Double](repeating: -1, count: 256)
    try back.withUnsafeMutableBytes { try dataset.read(rows: rows - 2..<rows, as: .float64, into: $0) }
    #expect(back == [Double](repeating: 0, count: 128) + [Double](repeating: Double(rows - 1), count: 128))
    // A reader that does not know the library finds the same bytes.
    let raw = try #require(FileHandle(forReadingAtPath: folder.path("file.h5")))
    try raw.seek(toOffset: UInt64(try #require(dataset.fileOffset()) + (rows * 128 - 1) * 8))
    #expect(try raw.read(upToCount: 8) == withUnsafeBytes(of: Double(rows - 1)) { Data($0) })
  }

  @Test("HDF-11: Equal content gives equal bytes") func reproducible() throws {
    func write(_ name: String) throws -> Data {
      let file = try HDF5File.create(at: folder.path(name))
      let dataset = try file.root.group("g").createDataset("x", .float64, shape: [3])
      try dataset.write([1.0, 2, 3])
      try dataset.set("units", text: "V")
      try file.root.createText("text", ["dv/dt = -v/τ : volt", ""], shape: [2])
      try file.close()
      return try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
    }
    #expect(try write("a") == write("b"))
  }

  @Test("HDF-8: A view shows rows of other files without copying them, and moves with its folder") func views() throws {
    for (name, values) in [("a.h5", [1.0, 2, 3, 4]), ("b.h5", [5.0, 6])] {
      let file = try HDF5File.create(at: folder.path(name))
      try file.root.createDataset("data", .float64, shape: [values.count / 2, 2]).write(values)
      try file.close()
    }
    let file = try HDF5File.create(at: folder.path("view.h5"))
    _ = try file.root.createVirtual(
      "v", .float64, shape: [4, 2],
      pieces: [
        VirtualPiece(file: "a.h5", sourceShape: [2, 2], rows: 0..<2),
        VirtualPiece(file: "b.h5", sourceShape: [1, 2], rows: 2..<3),
        VirtualPiece(file: "missing.h5", sourceShape: [1, 2], rows: 3..<4),
      ])
    _ = try file.root.createVirtual(
      "tail", .float64, shape: [1, 2],
      pieces: [
        VirtualPiece(file: "a.h5", sourceShape: [2, 2], sourceStart: 1, rows: 0..<1)
      ])
    try file.close()
    let moved = folder.path("moved")
    try FileManager.default.createDirectory(atPath: moved, withIntermediateDirectories: false)
    for name in ["a.h5", "b.h5", "view.h5"] { try FileManager.default.moveItem(atPath: folder.path(name), toPath: moved + "/" + name) }
    let view = try HDF5File.open(at: moved + "/view.h5")
    let values = try #require(try view.root.dataset("v")).readAll(as: Double.self, atMost: 8)
    #expect(Array(values[..<6]) == [1, 2, 3, 4, 5, 6])
    // A missing source must not look like data.
    #expect(values[6].isNaN && values[7].isNaN)
    #expect(try view.root.dataset("tail")?.readAll(as: Double.self, atMost: 2) == [3, 4])
  }

  @Test("HDF-3, HDF-5, HDF-7: h5dump reads text, scales, booleans and filters", .enabled(if: H5Dump.isInstalled)) func dump() throws {
    let path = folder.path("dump.h5")
    let file = try HDF5File.create(at: path)
    let time = try file.root.createDataset("t", .float64, shape: [2])
    try time.write([0, 1e-4])
    try time.makeScale("t")
    let voltage = try file.root.createDataset("v", .float32, shape: [2, 1], layout: .chunked(shape: [2, 1]))
    try voltage.write([1.5, 2.5] as [Float])
    try voltage.attachScale(time, dimension: 0)
    try file.root.createText("equations", "dv/dt = -v/tau : volt")
    try file.root.set("unit", text: "µV")
    try file.close()
    let text = try H5Dump.output("-p", path)
    #expect(text.contains("dv/dt = -v/tau : volt") && text.contains("H5T_CSET_ASCII") && text.contains("STRSIZE 21"))
    #expect(text.contains("H5T_CSET_UTF8"))
    #expect(text.contains("DIMENSION_LIST") && text.contains("DIMENSION_SCALE"))
    #expect(text.contains("PREPROCESSING SHUFFLE") && text.contains("CHECKSUM FLETCHER32"))
    #expect(text.contains("H5T_IEEE_F32LE") && text.contains("1.5") && text.contains("2.5"))
  }
}

@Suite("HDF5 refuses") struct RefusalTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("A missing file is an error with its name and the system's reason") func missing() {
    let error = #expect(throws: HDF5Error.self) { try HDF5File.open(at: folder.path("nothing.h5")) }
    #expect(error?.description.contains("nothing.h5") == true)
    #expect(error?.stack.contains { $0.contains("No such file") } == true)
  }

  @Test("A file that is not HDF5, or a cut one, is an error, never a crash") func damaged() throws {
    let junk = folder.path("junk.h5")
    try Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 37) }).write(to: URL(fileURLWithPath: junk))
    #expect(throws: HDF5Error.self) { try HDF5File.open(at: junk) }
    let path = folder.path("cut.h5")
    let file = try HDF5File.create(at: path)
    try file.root.createDataset("d", .float64, shape: [1000]).write([Double](repeating: 1, count: 1000))
    try file.close()
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for length in [0, 1, 100, 600, whole.count - 1] {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: HDF5Error.self) { try HDF5File.open(at: path) }
    }
  }

  @Test("Sizes are checked before anything is read or allocated") func sizes() throws {
    let file = try HDF5File.create(at: folder.path("x.h5"))
    let dataset = try file.root.createDataset("x", .float64, shape: [4, 2])
    #expect(throws: HDF5Error.self) { try dataset.write([1.0]) }
    #expect(throws: HDF5Error.self) { try dataset.readAll(as: Double.self, atMost: 7) }
    #expect(throws: HDF5Error.self) { try dataset.readAll(as: Int32.self, atMost: 8) }
    var buffer = [Double](repeating: 0, count: 4)
    #expect(throws: HDF5Error.self) { try buffer.withUnsafeMutableBytes { try dataset.read(rows: 3..<5, as: .float64, into: $0) } }
    #expect(throws: HDF5Error.self) { try buffer.withUnsafeMutableBytes { try dataset.read(rows: 0..<1, as: .float64, into: $0) } }
    let text = try file.root.createText("text", "words")
    let error = #expect(throws: HDF5Error.self) { try text.readAll(as: Double.self, atMost: 8) }
    #expect(error?.description.contains("its elements (text) do not fit into float64") == true)
    #expect(throws: HDF5Error.self) { try file.root.createDataset("y", .float64, shape: [-1]) }
    #expect(throws: HDF5Error.self) { try file.root.createDataset("x", .float64, shape: [1]) }
    #expect(try file.root.dataset("nothing/at/all") == nil)
  }

  @Test("What outlives its file fails with an error") func closed() throws {
    let file = try HDF5File.create(at: folder.path("closed.h5"))
    let group = try file.root.group("g")
    let dataset = try group.createDataset("x", .float64, shape: [1])
    try file.close()
    #expect(throws: HDF5Error.self) { try dataset.write([1.0]) }
    #expect(throws: HDF5Error.self) { try group.createDataset("y", .float64, shape: [1]) }
    #expect(throws: HDF5Error.self) { try dataset.set("units", text: "V") }
    #expect(throws: Never.self) { try file.close() }
  }

  @Test("Names are neither empty nor paths", arguments: ["", ".", "a/b", "a\0b"]) func names(name: String) throws {
    let file = try HDF5File.create(at: folder.path("names.h5"))
    #expect(throws: HDF5Error.self) { try file.root.group(name) }
    #expect(throws: HDF5Error.self) { try file.root.createDataset(name, .float64, shape: []) }
  }

  @Test("Many threads may use the library at once") func threads() async throws {
    try await withThrowingTaskGroup(of: [Double].self) { tasks in
      for number in 0..<8 {
        let path = folder.path("\(number).h5")
        tasks.addTask {
          for _ in 0..<5 {
            let file = try HDF5File.create(at: path)
            try file.root.group("g").createDataset("x", .float64, shape: [100]).write([Double](repeating: Double(number), count: 100))
            try file.close()
            _ = try? HDF5File.open(at: path + ".missing")
          }
          return try HDF5File.open(at: path).root.dataset("g/x")?.readAll(as: Double.self, atMost: 100) ?? []
        }
      }
      for try await values in tasks { #expect(values.count == 100 && Set(values).count == 1) }
    }
  }
}
