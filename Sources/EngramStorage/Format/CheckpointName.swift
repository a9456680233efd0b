/// A name compared by its bytes; Swift's own comparison takes canonically equivalent texts as equal.
struct ExactName: Hashable, Comparable, Sendable {
  let text: String
  init(_ text: String) { self.text = text }

  static func == (left: ExactName, right: ExactName) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
  static func < (left: ExactName, right: ExactName) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }
  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// The rules for names of checkpoints (CKP-44) and of the files that carry them (STO-14).
package enum CheckpointName {
  package static let reserved = ["initial", "latest", "live"]

  package static func id(_ sequence: UInt64) -> String { "ck-\(sequence)" }

  /// No number of a checkpoint is greater: whatever a directory claims, the next number can be counted.
  static let greatestSequence: UInt64 = 1 << 62

  /// The sequence of `ck-<sequence>`; nil for anything else.
  package static func sequence(ofID text: String) -> UInt64? {
    guard text.hasPrefix("ck-"), let sequence = UInt64(text.dropFirst(3)), sequence <= greatestSequence, id(sequence) == text else { return nil }
    return sequence
  }

  /// Refuses what cannot name a checkpoint that a user stores.
  package static func check(_ name: String) throws(StorageError) {
    func refuse(_ reason: String) -> StorageError { .invalidName(name: name, reason: reason) }
    let bytes = Array(name.utf8)
    guard !bytes.isEmpty else { throw refuse("a name has at least one byte") }
    guard bytes.count <= 255 else { throw refuse("it has \(bytes.count) bytes, at most 255 are possible") }
    guard name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      throw refuse("control characters are not possible")
    }
    guard !bytes.contains(UInt8(ascii: "/")), !bytes.contains(UInt8(ascii: "@")) else {
      throw refuse("'/' and '@' are not possible, since 'DIRECTORY@NAME' means a checkpoint of a directory")
    }
    guard bytes[0] != UInt8(ascii: "."), bytes[0] != UInt8(ascii: "-") else { throw refuse("it must not begin with '.' or '-'") }
    guard !reserved.contains(where: { $0.utf8.elementsEqual(bytes) }) else {
      throw refuse("'\(name)' has a meaning of its own; choose another name")
    }
    guard sequence(ofID: name) == nil else { throw refuse("names like 'ck-12' are given by the system") }
  }

  /// A file name that stands for `name`: plain ones as they are, every other byte as `=XX`; never two names with one
  /// file name, whatever the case rules of the file system. Names too long for a directory entry end in a hash.
  package static func fileName(for name: String) -> String {
    var result = ""
    for (index, byte) in name.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): result.append(Character(UnicodeScalar(byte)))
      case UInt8(ascii: "-"), UInt8(ascii: "."):
        if index > 0 { result.append(Character(UnicodeScalar(byte))) } else { result += escape(byte) }
      default: result += escape(byte)
      }
    }
    guard result.utf8.count > 200 else { return result }
    return String(result.prefix(160)) + "=~" + ContentHash(of: Array(name.utf8)).description
  }

  private static func escape(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "=" + (digits.utf8.count == 1 ? "0" : "") + digits
  }

  /// One component, no surprises: what the room itself gives to files.
  static func isPlainFileName(_ name: String) -> Bool {
    let bytes = name.utf8
    return !bytes.isEmpty && bytes.count <= 200 && bytes.first != UInt8(ascii: ".")
      && bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
