internal import EngramSystem
internal import Foundation

/// A file of somebody else that is read as a whole.
enum OrdinaryFile {
  /// No file of numbers that is read as a whole is larger [bytes].
  private static let limit = 8 << 30

  static func bytes(of path: String) throws -> [UInt8] {
    var status = stat()
    // A pipe or a device would let this wait for ever.
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw FileReadingError.noFile(path) }
    guard status.st_size <= limit else { throw FileReadingError.refused("the file has \(status.st_size) bytes, at most \(limit) are read") }
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
