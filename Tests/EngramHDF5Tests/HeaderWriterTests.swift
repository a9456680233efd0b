import EngramHDF5
import EngramScalars
import EngramTestSupport
import Foundation
import Testing

@testable import EngramStorage

@Suite("Headers of payload files") struct HeaderWriterTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Writes the file as the storage room would: metadata and payloads at their places, zeros elsewhere and behind.
  private func write(_ layout: PayloadLayout, _ payloads: [[UInt8]], named name: String) throws -> String {
    var bytes = [UInt8](repeating: 0, count: (layout.byteCount + 65535) / 65536 * 65536)
    for (offset, piece) in layout.metadata { bytes.replaceSubrange(offset..<offset + piece.count, with: piece) }
    for (offset, payload) in zip(layout.offsets, payloads) { bytes.replaceSubrange(offset..<offset + payload.count, with: payload) }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path(name)))
    return folder.path(name)
  }

  private func bytes(of values: [Double]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

  /// All before the first row.
  private func header(_ type: ScalarType, rows: Int, rowLength: Int) throws(StorageError) -> [UInt8] {
    let dataset = PayloadDataset(path: ["data"], scalarType: type, shape: rowLength == 1 ? [rows] : [rows, rowLength])
    var bytes = [UInt8](repeating: 0, count: 4096)
    for (offset, piece) in try HDF5HeaderWriter().layout([dataset], PayloadFileOptions()).metadata where offset < 4096 {
      bytes.replaceSubrange(offset..<offset + piece.count, with: piece)
    }
    return bytes
  }

  @Test(
    "STO-7: the headers of a recording as it grows are those that the library makes",
    arguments: [(.float64, 1), (.int32, 1), (.bool, 1), (.bool, 256), (.float32, 64), (.float64, 10_000), (.int64, 31_250)] as [(ScalarType, Int)])
  func template(type: ScalarType, rowLength: Int) throws {
    let template = try #require(
      HeaderTemplate(rowByteCount: rowLength * type.byteCount, start: 4096) { rows throws(StorageError) in
        try header(type, rows: rows, rowLength: rowLength)
      })
    for rows in [1, 2, 3, 77, 255, 256, 65_535, 65_536, 1 << 20, 987_654_321, 1 << 34, (1 << 40) - 1] {
      #expect(try template.header(rows: rows) == header(type, rows: rows, rowLength: rowLength), "\(rows)")
    }
    #expect(template.header(rows: 0) == nil && template.header(rows: 1 << 40) == nil)
  }

  @Test("STO-7: headers that differ in anything else are no pattern for others")
  func noTemplate() {
    func template(_ change: (inout [UInt8], Int) -> Void, rowByteCount: Int = 8) -> HeaderTemplate? {
      HeaderTemplate(rowByteCount: rowByteCount, start: 4096) { rows throws(StorageError) in
        var bytes = try header(.float64, rows: rows, rowLength: 1)
        change(&bytes, rows)
        return bytes
      }
    }
    #expect(template { _, _ in } != nil)
    #expect(template({ _, _ in }, rowByteCount: 4) == nil)
    #expect(template { bytes, rows in bytes[3000] = UInt8(rows % 251) } == nil)
    #expect(template { bytes, rows in bytes.removeLast(rows % 3) } == nil)
  }

  @Test("One array begins at byte 4096 exactly, whatever its size", arguments: [0, 1, 3, 511, 512, 100_000]) func single(count: Int) throws {
    let dataset = PayloadDataset(
      path: ["data"], scalarType: .float64, shape: [count],
      attributes: [
        PayloadAttribute("units", .text("mV")), PayloadAttribute("dimension", .numbers([2, 1, -3, -1, 0, 0, 0])), PayloadAttribute("n", .integer(7)),
      ])
    let layout = try HDF5HeaderWriter().layout([dataset], PayloadFileOptions())
    #expect(layout.offsets == [4096])
    #expect(layout.metadata.allSatisfy { $0.offset + $0.bytes.count <= 4096 })
    #expect(layout.byteCount == 4096 + count * 8)
    let values = (0..<count).map { Double($0) + 0.5 }
    let path = try write(layout, [bytes(of: values)], named: "single.h5")
    let file = try HDF5File.open(at: path)
    let back = try #require(try file.root.dataset("data"))
    #expect(try back.readAll(as: Double.self, atMost: count) == values)
    #expect(try back.text("units") == "mV")
    #expect(try back.numbers("dimension") == [2, 1, -3, -1, 0, 0, 0])
    #expect(count == 0 || back.fileOffset() == 4096)
  }

  @Test("Many arrays of all types and sizes share one file, each aligned, and all are read back") func packed() throws {
    var datasets: [PayloadDataset] = []
    var payloads: [[UInt8]] = []
    for number in 0..<200 {
      let type = ScalarType.allCases[number % ScalarType.allCases.count]
      let shape = number % 7 == 0 ? [] : number % 5 == 0 ? [number, 2] : number % 11 == 0 ? [0] : [number]
      let dataset = PayloadDataset(
        path: ["objects", "group_\(number / 10)", "v\(number)"], scalarType: type, shape: shape,
        attributes: [PayloadAttribute("units", .text("V"))])
      datasets.append(dataset)
      payloads.append((0..<dataset.byteCount).map { UInt8(truncatingIfNeeded: type == .bool ? $0 & 1 : $0 &+ number) })
    }
    var options = PayloadFileOptions()
    options.attributes = [PayloadAttribute("format", .text("engram"))]
    let layout = try HDF5HeaderWriter().layout(datasets, options)
    #expect(layout.offsets.allSatisfy { $0 % 64 == 0 && $0 >= 4096 })
    let path = try write(layout, payloads, named: "packed.h5")
    let file = try HDF5File.open(at: path)
    #expect(try file.root.text("format") == "engram")
    for (dataset, payload) in zip(datasets, payloads) {
      let found = try #require(try file.root.dataset(dataset.path.joined(separator: "/")))
      #expect(found.shape == dataset.shape)
      var back = [UInt8](repeating: 0, count: dataset.byteCount)
      try back.withUnsafeMutableBytes { try found.read(rows: 0..<(dataset.shape.first ?? 1), as: dataset.scalarType, into: $0) }
      #expect(back == payload)
    }
  }

  @Test("CKP-45: A user block at the front is left free", arguments: [512, 4096]) func userBlock(byteCount: Int) throws {
    var options = PayloadFileOptions()
    options.userBlockByteCount = byteCount
    let datasets = [
      PayloadDataset(path: ["manifest"], scalarType: .bool, shape: [33]), PayloadDataset(path: ["checkpoints", "a", "v"], scalarType: .float64, shape: [4]),
    ]
    let layout = try HDF5HeaderWriter().layout(datasets, options)
    #expect(layout.metadata.allSatisfy { $0.offset >= byteCount })
    #expect(layout.offsets.allSatisfy { $0 % 64 == 0 && $0 >= 4096 }, "\(layout.offsets) \(layout.byteCount)")
    let path = try write(layout, [[UInt8](repeating: 9, count: 33), bytes(of: [1, 2, 3, 4])], named: "block.h5")
    let file = try HDF5File.open(at: path)
    #expect(try file.root.dataset("checkpoints/a/v")?.readAll(as: Double.self, atMost: 4) == [1, 2, 3, 4])
    #expect(try file.root.dataset("manifest")?.readAll(as: UInt8.self, atMost: 33) == [UInt8](repeating: 9, count: 33))
  }

  @Test("HDF-12: The header of an enormous array costs neither time nor memory") func enormous() throws {
    let dataset = PayloadDataset(path: ["data"], scalarType: .float64, shape: [1 << 37])
    let layout = try HDF5HeaderWriter().layout([dataset], PayloadFileOptions())
    #expect(layout.offsets == [4096])
    #expect(layout.byteCount == 4096 + 1 << 40)
    #expect(layout.metadata.reduce(0) { $0 + $1.bytes.count } < 4096)
  }

  @Test("Equal input gives equal bytes") func reproducible() throws {
    let datasets = (0..<20).map { PayloadDataset(path: ["g", "x\($0)"], scalarType: .int32, shape: [$0]) }
    let first = try HDF5HeaderWriter().layout(datasets, PayloadFileOptions())
    let second = try HDF5HeaderWriter().layout(datasets, PayloadFileOptions())
    #expect(first.offsets == second.offsets && first.byteCount == second.byteCount)
    #expect(first.metadata.map(\.bytes) == second.metadata.map(\.bytes) && first.metadata.map(\.offset) == second.metadata.map(\.offset))
  }

  @Test("What cannot be laid out is refused") func refusals() {
    let long = PayloadDataset(
      path: ["data"], scalarType: .float64, shape: [1], attributes: [PayloadAttribute("text", .text(String(repeating: "x", count: 6000)))])
    #expect(throws: StorageError.self) { try HDF5HeaderWriter().layout([long], PayloadFileOptions()) }
    let wrong = PayloadDataset(path: ["data"], scalarType: .float64, shape: [1 << 40, 1 << 40])
    #expect(throws: StorageError.self) { try HDF5HeaderWriter().layout([wrong], PayloadFileOptions()) }
    let twice = [PayloadDataset(path: ["x"], scalarType: .float64, shape: [1]), PayloadDataset(path: ["x"], scalarType: .float64, shape: [1])]
    #expect(throws: StorageError.self) { try HDF5HeaderWriter().layout(twice, PayloadFileOptions()) }
  }

  @Test("h5dump reads a payload file", .enabled(if: H5Dump.isInstalled)) func dump() throws {
    let dataset = PayloadDataset(path: ["data"], scalarType: .float64, shape: [3], attributes: [PayloadAttribute("units", .text("V"))])
    let layout = try HDF5HeaderWriter().layout([dataset], PayloadFileOptions())
    let text = try H5Dump.output(try write(layout, [bytes(of: [1.5, 2.5, -3.5])], named: "dump.h5"))
    #expect(text.contains("1.5, 2.5, -3.5"))
    #expect(text.contains("\"V\""))
  }
}
