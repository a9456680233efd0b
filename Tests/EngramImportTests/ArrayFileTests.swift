import EngramImport
import EngramModelFiles
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

@Suite("Arrays of NumPy, tables of numbers, and parts of datasets") struct ArrayFileTests {
  @Test("MDL-21: arrays saved by NumPy are read whatever their type, order of bytes and order of dimensions")
  func numpy() throws {
    #expect(try read("list.npy", .numpy(FilePart())) == [FileArray(values: [0.5, -1.25, 3e300])])
    #expect(try read("table.npy", .numpy(FilePart())) == [FileArray(values: [0, 1, 2, 3, 4, 5], columns: 2)])
    #expect(try read("flags.npy", .numpy(FilePart())) == [FileArray(values: [1, 0, 1])])
    #expect(try read("one.npy", .numpy(FilePart())) == [FileArray(values: [2.5])])
    #expect(try read("half.npy", .numpy(FilePart()))[0].values == [1.5, -0.25, 5.9604644775390625e-08])
    let part = try #require(FilePart("[1, :, 1:3]"))
    #expect(try read("columns.npy", .numpy(part)) == [FileArray(values: [13, 14, 17, 18, 21, 22], columns: 2)])
  }

  @Test("MDL-21: tables of numbers are read with or without names of columns, whatever divides them")
  func tables() throws {
    #expect(try read("column.csv", .table(column: nil, FilePart())) == [FileArray(values: [1, 2.5, -3])])
    #expect(try read("table.csv", .table(column: nil, FilePart())) == [FileArray(values: [0, 1, 2, 3, 4, 5], columns: 2)])
    #expect(try read("table.csv", .table(column: "1", FilePart())) == [FileArray(values: [1, 3, 5])])
    #expect(try read("named.csv", .table(column: "weight", FilePart())) == [FileArray(values: [0.5, 0.25])])
    #expect(try read("named.csv", .table(column: "used", FilePart())) == [FileArray(values: [1, 0])])
    #expect(try read("table.csv", .table(column: nil, #require(FilePart("[1, :]")))) == [FileArray(values: [2, 3])])
  }

  @Test("MDL-21: a part of a dataset is read alone, also of one with more dimensions, with its unit")
  func parts() throws {
    let row = try #require(FilePart("[1, -1]"))
    #expect(try read("cube.h5", .part("trials", row)) == [FileArray(values: [20, 21, 22, 23], unit: "mV")])
    let plane = try #require(FilePart("[0, 1:, 1:3]"))
    #expect(try read("cube.h5", .part("trials", plane)) == [FileArray(values: [5, 6, 9, 10], columns: 2, unit: "mV")])
    let one = try #require(FilePart("[1, 2, 3]"))
    #expect(try read("cube.h5", .part("trials", one))[0].values == [23])
    #expect(try FileRequest.Content.part("trials", row).readSafely(from: inputs.appending(path: "cube.h5").path, atMost: 4)[0].values.count == 4)
  }

  @Test("MDL-21: of a part only as many numbers are asked for as it has, however large the array; the rest of the file is not read")
  func smallPartOfLargeFiles() throws {
    func answer(_ name: String, _ content: FileRequest.Content, atMost count: Int) throws -> [Double] {
      try content.readSafely(from: inputs.appending(path: name).path, atMost: count)[0].values
    }
    #expect(try answer("table.npy", .numpy(#require(FilePart("[1]"))), atMost: 2) == [2, 3])
    #expect(try answer("table.npy", .numpy(#require(FilePart("[1:, 1]"))), atMost: 2) == [3, 5])
    #expect(try answer("table.npy", .numpy(#require(FilePart("[-1, :1]"))), atMost: 1) == [4])
    #expect(try answer("columns.npy", .numpy(#require(FilePart("[1, 2, 3]"))), atMost: 1) == [23])
    #expect(try answer("column.csv", .table(column: nil, #require(FilePart("[1:]"))), atMost: 2) == [2.5, -3])
    #expect(throws: (any Error).self) { try answer("table.npy", .numpy(FilePart()), atMost: 5) }
    #expect(throws: (any Error).self) { try answer("column.csv", .table(column: nil, FilePart()), atMost: 2) }

    // Eighty gigabytes that take no room on the disk.
    let folder = try TemporaryFolder()
    let path = folder.path("sparse.npy")
    var head = Array("{'descr': '<f8', 'fortran_order': False, 'shape': (100000, 100000), }".utf8)
    head += [UInt8](repeating: 32, count: 117 - head.count) + [10]
    let bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + head
    try Data(bytes).write(to: URL(filePath: path))
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.truncate(atOffset: UInt64(bytes.count) + 80_000_000_000)
    try file.close()
    let row = FileRequest.Content.numpy(try #require(FilePart("[99999, 5:8]")))
    #expect(try row.readSafely(from: path, atMost: 3)[0].values == [0, 0, 0])
    for part in ["[:, 0]", ""] {
      let content = FileRequest.Content.numpy(try #require(FilePart(part)))
      #expect(throws: (any Error).self) { try content.readSafely(from: path, atMost: 100_000) }
    }
  }

  @Test(
    "MDL-21: what cannot be read, or is not there, is told",
    arguments: [
      ("complex.npy", FileRequest.Content.numpy(FilePart()), "its elements are of the type '<c16'; numbers and booleans can be read"),
      ("cut.npy", .numpy(FilePart()), "it ends before its 6 numbers do"), ("table.csv", .numpy(FilePart()), "it does not begin as one"),
      ("several.npz", .numpy(FilePart()), "it does not begin as one"),
      ("columns.npy", .numpy(FilePart()), "3 dimensions are left, at most 2 expected"),
      ("uneven.csv", .table(column: nil, FilePart()), "line 2 has 1 columns, 2 expected"),
      ("words.csv", .table(column: nil, FilePart()), "line 2: 'four' is not a number"),
      ("named.csv", .table(column: "wieght", FilePart()), "there is no column 'wieght'; columns: i, weight, used"),
      ("cube.h5", .part("trials", FilePart([.index(2)])), "there is no position 2 in dimension 0 (counted from 0), whose length is 2"),
      ("cube.h5", .part("trials", FilePart([])), "3 dimensions are left"),
      ("cube.h5", .part("trial", FilePart()), "the file has no dataset 'trial'; there: trials"),
    ])
  func refused(file: String, content: FileRequest.Content, reason: String) { #expect(refusal(file, content).contains(reason)) }

  @Test("MDL-21: Swift programs read the same files")
  func swiftCalls() throws {
    #expect(try QuantityArray(numpy: inputs.appending(path: "list.npy"), unit: mV).si == [0.5e-3, -1.25e-3, 3e300 * 1e-3])
    #expect(try QuantityArray(csv: inputs.appending(path: "named.csv"), column: "weight").si == [0.5, 0.25])
    #expect(throws: FileArrayError.hasColumns(2)) { try QuantityArray(numpy: inputs.appending(path: "table.npy")) }
  }
}
