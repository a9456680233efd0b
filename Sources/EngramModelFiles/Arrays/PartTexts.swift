internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation

/// Parts of groups with brackets in texts that look at the network: `max(cell.axon[10 um:20 um].v)`.
///
/// The grammar of model text knows no names behind brackets, so that such a part gets a name of its own, which holds its text.
enum PartTexts {
  private static let mark = "_part_"

  /// The text with names in place of `G[2:5].` and the like.
  static func named(in source: SourceText) -> SourceText {
    let bytes = Array(source.text.utf8)
    guard bytes.contains(UInt8(ascii: "[")) else { return source }
    var edits: [(range: Range<Int>, text: String)] = []
    var position = 0
    while position < bytes.count {
      guard bytes[position].isNameStart else {
        // Behind a digit or a dot no name begins.
        while position < bytes.count, bytes[position].isNamePart || bytes[position] == UInt8(ascii: ".") { position += 1 }
        if position < bytes.count, !bytes[position].isNameStart { position += 1 }
        continue
      }
      let start = position
      while position < bytes.count, bytes[position].isNamePart || bytes[position] == UInt8(ascii: ".") { position += 1 }
      guard let end = endOfBrackets(bytes, from: position), end + 1 < bytes.count, bytes[end] == UInt8(ascii: "."), bytes[end + 1].isNameStart else { continue }
      let text = String(decoding: bytes[start..<end], as: UTF8.self)
      edits.append((start..<end, mark + text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()))
      position = end
    }
    return edits.isEmpty ? source : source.replacing(edits)
  }

  private static func endOfBrackets(_ bytes: [UInt8], from start: Int) -> Int? {
    guard start < bytes.count, bytes[start] == UInt8(ascii: "[") else { return nil }
    var depth = 0
    for place in start..<bytes.count {
      if bytes[place] == UInt8(ascii: "[") { depth += 1 }
      if bytes[place] == UInt8(ascii: "]") { depth -= 1 }
      if depth == 0 { return place + 1 }
    }
    return nil
  }

  /// A name as it was written.
  static func written(_ name: String) -> String {
    guard name.hasPrefix(mark) else { return name }
    let digits = Array(name.dropFirst(mark.count).prefix { $0 != "." }.utf8)
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: digits.count - 1, by: 2) {
      guard let byte = UInt8(String(decoding: digits[place...place + 1], as: UTF8.self), radix: 16) else { return name }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self) + name.dropFirst(mark.count + digits.count)
  }
}
