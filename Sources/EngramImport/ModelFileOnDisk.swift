package import EngramModelFiles
public import EngramScalars
internal import Foundation

/// A model file, read without trusting its size.
package struct ModelFileOnDisk {
  package let path: String
  package let bytes: [UInt8]

  package init(path: String) throws(ModelFileAccessError) {
    self.path = path
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      let others = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") } ?? []
      throw .missing(path: path, others: others.sorted())
    }
    guard !isDirectory.boolValue else { throw .folder(path: path) }
    guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: ModelText.byteLimit + 1) ?? Data() else {
      throw .unreadable(path: path)
    }
    bytes = Array(data)
  }

  /// The files that it names are found beside it.
  package var files: ImportedFiles { ImportedFiles(relativeTo: path) }

  /// - Throws: ``ModelFileError`` with all problems of the text.
  package func read() throws -> ModelFile { try Experiment.read(bytes, fileName: path, files: files) }
}

/// Why a model file could not be read at all.
public enum ModelFileAccessError: ExplainedError, Hashable, Sendable {
  /// - Parameter others: model files in the same folder.
  case missing(path: String, others: [String])
  case folder(path: String)
  case unreadable(path: String)

  public var description: String {
    switch self {
    case .missing(let path, let others):
      "there is no model file '\(path.visibleLine)'"
        + (others.isEmpty ? "" : "; in that folder: \(others.prefix(8).joined(separator: ", ").visibleLine)")
    case .folder(let path): "'\(path.visibleLine)' is a folder; to continue a run directory use: engram resume \(path.visibleLine)"
    case .unreadable(let path): "'\(path.visibleLine)' cannot be read; check its permissions"
    }
  }
}
