/// The one line-oriented file of a run directory: what it is, in which version, and which run.
///
/// It is written last when a directory is created; a directory without it is not a run directory.
struct FormatFile: Equatable {
  static let name = "FORMAT"
  var runID: String
  /// 1 where a journal is kept: an older release would write past it, so it must not open the directory.
  var minorVersion: UInt16 = SectionedFile.minorVersion

  private var body: String {
    """
    engram run directory
    format \(SectionedFile.majorVersion).\(minorVersion)
    readable since \(SectionedFile.majorVersion).\(minorVersion)
    run \(runID)

    """
  }

  var encoded: [UInt8] {
    let bytes = Array(body.utf8)
    return bytes + Array("check \(hexadecimal(ContentHash(of: bytes).low))\n".utf8)
  }

  init(runID: String, minorVersion: UInt16 = SectionedFile.minorVersion) {
    self.runID = runID
    self.minorVersion = minorVersion
  }

  init(decoding bytes: [UInt8], path: String) throws(StorageError) {
    func damaged(_ what: String) -> StorageError { .damaged(file: path, what: what, place: "its text") }
    guard let text = String(validating: bytes, as: UTF8.self), text.hasPrefix("engram run directory\n") else {
      throw .notARunDirectory(path: path, reason: "the file FORMAT is not one of Engram")
    }
    let checkStart = bytes.count - 23
    guard checkStart > 0 else { throw damaged("it is too short") }
    let check = "check \(hexadecimal(ContentHash(of: Array(bytes[..<checkStart])).low))\n"
    guard Array(check.utf8) == Array(bytes[checkStart...]) else { throw damaged("the check number does not agree") }
    // Now the words are those that were written; is it a version for this reader?
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 5, lines[1].hasPrefix("format "), lines[2].hasPrefix("readable since "), lines[3].hasPrefix("run ") else {
      throw damaged("a line is missing")
    }
    let found = String(lines[1].dropFirst("format ".count))
    let least = lines[2].dropFirst("readable since ".count).split(separator: ".").compactMap { UInt16($0) }
    guard least.count == 2, found.hasPrefix("\(SectionedFile.majorVersion)."), least[0] == SectionedFile.majorVersion,
      least[1] <= SectionedFile.minorVersion
    else {
      throw .unsupportedVersion(file: path, found: found, supported: "\(SectionedFile.majorVersion).\(SectionedFile.minorVersion)")
    }
    runID = String(lines[3].dropFirst("run ".count))
    minorVersion = least[1]
  }
}
