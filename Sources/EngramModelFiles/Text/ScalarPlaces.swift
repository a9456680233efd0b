internal import EngramExpressions

/// Finds for every character of a YAML text where it stands in the file (MDL-4), whatever the style: escapes of double quotes,
/// doubled single quotes, folded lines, the indentation of blocks.
///
/// The YAML reader has made the text already; here its bytes are found again in the file. A run is a stretch that stands in the
/// file as it is. Where a text does not come out as the reader made it, what follows keeps the place of the last thing found.
struct ScalarPlaces {
  /// Offsets in the text and in the file at which runs begin, ascending.
  private(set) var runs: [(text: Int, file: Int)] = []

  private let text: [UInt8]
  private let bytes: [UInt8]
  private var position: Int
  private var made = 0

  /// - Parameter start: offset of the first byte of the scalar: of its quote, or of its `|` or `>`.
  init(_ text: String, style: ScalarText.Style, in file: FileText, at start: Int) {
    self.text = Array(text.utf8)
    bytes = file.bytes
    position = start
    switch style {
    case .plain: flow(quote: nil)
    case .singleQuoted: flow(quote: UInt8(ascii: "'"))
    case .doubleQuoted: flow(quote: UInt8(ascii: "\""))
    case .literal: block(folded: false)
    case .folded: block(folded: true)
    }
    if runs.isEmpty { runs = [(0, start)] }
  }

  /// The runs as places of `file`.
  func places(in file: FileText) -> [SourceText.PlaceRun] {
    runs.map { run in
      let place = file.place(ofOffset: run.file)
      return SourceText.PlaceRun(offset: run.text, line: place.line, column: place.column)
    }
  }

  // ---------------------------------------------------------------------------------------------------------------- runs

  /// - Parameter onNewLine: whether a line break of the file lies before; without one a run may go on.
  private mutating func beginRun(at file: Int, onNewLine: Bool = false) {
    if let last = runs.last, last.text == made {
      runs[runs.count - 1].file = file
    } else if onNewLine || runs.last.map({ file - $0.file != made - $0.text }) ?? true {
      runs.append((made, file))
    }
  }

  private func byte(_ offset: Int = 0) -> UInt8 { position + offset < bytes.count ? bytes[position + offset] : 0 }

  private func breakLength() -> Int {
    position < bytes.count ? bytes.withUnsafeBufferPointer { FileText.breakLength($0, position) } : 0
  }

  // ------------------------------------------------------------------------------------------------- plain and quoted texts

  private mutating func flow(quote: UInt8?) {
    if quote != nil { position += 1 }
    beginRun(at: position)
    while made < text.count, position < bytes.count {
      if byte() == UInt8(ascii: " ") || byte() == UInt8(ascii: "\t") || breakLength() > 0 {
        guard blanks() else { return }
      } else if quote == UInt8(ascii: "'"), byte() == UInt8(ascii: "'") {
        // Two of them are one.
        guard byte(1) == UInt8(ascii: "'"), take(UInt8(ascii: "'"), of: 2) else { return }
        beginRun(at: position)
      } else if quote == UInt8(ascii: "\""), byte() == UInt8(ascii: "\\") {
        guard escape() else { return }
      } else {
        guard take(byte(), of: 1) else { return }
      }
    }
  }

  /// One byte of the text, made by several of the file.
  private mutating func take(_ value: UInt8, of length: Int) -> Bool {
    guard text[made] == value else { return false }
    made += 1
    position += length
    return true
  }

  /// Blanks inside a line stay; with a line break among them they become one blank, or the further breaks.
  private mutating func blanks(afterEscapedBreak: Bool = false) -> Bool {
    let start = position
    var breaks = 0
    while position < bytes.count {
      let length = breakLength()
      if length > 0 { breaks += 1 }
      guard length > 0 || byte() == UInt8(ascii: " ") || byte() == UInt8(ascii: "\t") else { break }
      position += max(1, length)
    }
    if breaks == 0, !afterEscapedBreak {
      for offset in start..<position where made < text.count {
        guard text[made] == bytes[offset] else { return false }
        made += 1
      }
      return true
    }
    // An escaped line break is none; the ones behind it count.
    let further = afterEscapedBreak ? breaks : breaks - 1
    if further == 0, !afterEscapedBreak {
      guard made < text.count, text[made] == UInt8(ascii: " ") else { return false }
      made += 1
    }
    for _ in 0..<further where made < text.count {
      guard text[made] == UInt8(ascii: "\n") else { return false }
      made += 1
    }
    beginRun(at: position, onNewLine: true)
    return true
  }

  private mutating func escape() -> Bool {
    position += 1
    let length = breakLength()
    if length > 0 {
      position += length
      return blanks(afterEscapedBreak: true)
    }
    beginRun(at: position - 1)
    let (codes, digits): (Int, Int) =
      switch byte() {
      case UInt8(ascii: "x"): (scalarLength(digits: 2), 2)
      case UInt8(ascii: "u"): (scalarLength(digits: 4), 4)
      case UInt8(ascii: "U"): (scalarLength(digits: 8), 8)
      case UInt8(ascii: "N"), UInt8(ascii: "_"): (2, 0)
      case UInt8(ascii: "L"), UInt8(ascii: "P"): (3, 0)
      default: (1, 0)
      }
    guard codes > 0, made + codes <= text.count else { return false }
    made += codes
    position += 1 + digits
    beginRun(at: position)
    return true
  }

  /// Bytes of the scalar whose number follows.
  private func scalarLength(digits: Int) -> Int {
    guard position + digits < bytes.count,
      let number = UInt32(String(decoding: bytes[position + 1...position + digits], as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(number)
    else { return 0 }
    return String(scalar).utf8.count
  }

  // -------------------------------------------------------------------------------------------------------------- blocks

  private mutating func block(folded: Bool) {
    let header = bytes[position...].prefix { $0 != 0x0A && $0 != 0x0D && $0 != UInt8(ascii: "#") }
    skipLine()
    let blanks = blanksOfFirstLine()
    // A stated indentation counts from that of the block around, which is not known here: it is the one that gives the text.
    let isStated = header.contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
    let start = self
    for indent in isStated ? 0...blanks : blanks...blanks {
      self = start
      block(folded: folded, indent: indent)
      if made == text.count { return }
    }
  }

  private mutating func block(folded: Bool, indent: Int) {
    var isFirst = true
    while made < text.count, position < bytes.count {
      let lineStart = position
      var blanks = 0
      while byte(blanks) == UInt8(ascii: " "), blanks < indent { blanks += 1 }
      position += blanks
      if breakLength() > 0 {
        // A line without text: one line break, of which the folding may have taken one in all.
        if !folded || isFirst {
          beginRun(at: position, onNewLine: true)
          guard text[made] == UInt8(ascii: "\n") else { return }
          made += 1
        }
        skipLine()
        continue
      }
      if folded, !isFirst { join() }
      beginRun(at: position, onNewLine: true)
      while made < text.count, position < bytes.count, breakLength() == 0 {
        guard text[made] == byte() else { return }
        made += 1
        position += 1
      }
      isFirst = false
      skipLine()
      if !folded, made < text.count {
        guard text[made] == UInt8(ascii: "\n") else { return }
        made += 1
      }
      if position == lineStart { return }
    }
  }

  /// What stands between two lines with text: a blank, or line breaks.
  private mutating func join() {
    if made < text.count, text[made] == UInt8(ascii: " ") {
      made += 1
      return
    }
    while made < text.count, text[made] == UInt8(ascii: "\n") { made += 1 }
  }

  private mutating func skipLine() {
    while position < bytes.count {
      let length = breakLength()
      position += max(1, length)
      if length > 0 { return }
    }
  }

  /// How many blanks stand before the first line that has more.
  private func blanksOfFirstLine() -> Int {
    var look = self
    while look.position < bytes.count {
      var blanks = 0
      while look.byte(blanks) == UInt8(ascii: " ") { blanks += 1 }
      look.position += blanks
      if look.breakLength() == 0, look.position < bytes.count { return blanks }
      look.skipLine()
    }
    return 0
  }
}
