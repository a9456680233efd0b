package import EngramModelFiles
internal import Foundation

/// Files that a model file names; paths are relative to it (MDL-21).
package struct ImportedFiles: ArrayFileReader {
  private let folder: URL?

  /// - Parameter modelFile: its path; nil: unknown, so that only absolute paths can be found.
  package init(relativeTo modelFile: String?) {
    folder = modelFile.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
  }

  /// The absolute path; nil for a relative one where the model file's place is not known.
  package func location(of path: String) -> String? {
    if path.hasPrefix("/") { return URL(fileURLWithPath: path).standardizedFileURL.path }
    return folder?.appendingPathComponent(path).standardizedFileURL.path
  }

  /// Reads what is wanted, at most 2³⁰ numbers.
  ///
  /// - Throws: ``FileReadingError``.
  package func read(_ request: FileRequest) throws -> [FileArray] { try read(request, atMost: FileRequest.Content.elementLimit) }

  /// Reads what is wanted; a file that has more numbers than `count` is refused before it is read.
  ///
  /// - Throws: ``FileReadingError``.
  package func read(_ request: FileRequest, atMost count: Int) throws -> [FileArray] {
    guard let location = location(of: request.path) else { throw FileReadingError.noFile(request.path) }
    return try request.content.readSafely(from: location, atMost: count)
  }
}
