import EngramScalars
import Testing

@Suite("Numbers and texts as bytes") struct ByteCodingTests {
  private var sample: [UInt8] {
    var writer = ByteWriter()
    writer.append(UInt16(0x0102))
    writer.append(-2.5)
    writer.append("µ")
    writer.append("ab", countedBy: UInt64.self)
    writer.append(block: [7, 8, 9], countedBy: Int64.self)
    writer.pad(to: 4)
    return writer.bytes
  }

  @Test("CKP-31: numbers are little-endian, texts and blocks are preceded by their length") func layout() {
    #expect(
      sample == [2, 1] + [0, 0, 0, 0, 0, 0, 0x04, 0xC0] + [2, 0, 0, 0, 0xC2, 0xB5] + [2, 0, 0, 0, 0, 0, 0, 0, 0x61, 0x62]
        + [3, 0, 0, 0, 0, 0, 0, 0, 7, 8, 9] + [0, 0, 0])
  }

  @Test("CKP-31, CKP-16: what was written is read; every prefix ends with an error that says where") func reading() throws {
    func read(_ bytes: [UInt8]) throws -> [String] {
      var reader = ByteReader(bytes)
      var found = ["\(try reader.number(UInt16.self))", "\(try reader.double())", try reader.text(), try reader.text(countedBy: UInt64.self)]
      found.append("\(try reader.block(countedBy: Int64.self))")
      _ = try reader.take(3)
      try reader.end()
      return found
    }
    #expect(try read(sample) == ["258", "-2.5", "µ", "ab", "[7, 8, 9]"])
    for count in sample.indices {
      let problem = #expect(throws: FormatProblem.self, "\(count)") { try read(Array(sample[..<count])) }
      #expect(problem.map { $0.offset <= count && $0.what.contains("left") } == true)
    }
    #expect(throws: FormatProblem(what: "1 bytes too many", offset: sample.count)) { try read(sample + [0]) }
  }

  @Test("CKP-16: lengths that nothing can have, and texts that are none, are refused before any memory is taken") func hostile() {
    let reads: [(inout ByteReader) throws -> Void] = [
      { _ = try $0.text(countedBy: UInt64.self) }, { _ = try $0.block(countedBy: Int64.self) },
      { _ = try $0.count(ofAtLeast: 1, countedBy: Int64.self) },
    ]
    for length in [UInt64.max, 1 << 63, 1 << 40] {
      var writer = ByteWriter()
      writer.append(length)
      for read in reads {
        var reader = ByteReader(writer.bytes)
        #expect(throws: FormatProblem.self) { try read(&reader) }
      }
    }
    #expect(throws: FormatProblem(what: "text is not valid UTF-8", offset: 4)) {
      var reader = ByteReader([1, 0, 0, 0, 0xFF])
      _ = try reader.text()
    }
  }
}
