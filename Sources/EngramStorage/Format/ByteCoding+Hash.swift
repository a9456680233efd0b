import EngramScalars

extension ByteWriter {
  mutating func append(_ hash: ContentHash) {
    append(hash.low)
    append(hash.high)
  }
}

extension ByteReader {
  mutating func hash() throws(FormatProblem) -> ContentHash {
    let low: UInt64 = try number()
    return ContentHash(high: try number(), low: low)
  }
}
