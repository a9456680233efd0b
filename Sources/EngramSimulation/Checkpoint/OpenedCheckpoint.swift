package import EngramStorage
package import FoundationEssentials

/// A checkpoint found at a place: in a run directory, or in a portable file.
package struct OpenedCheckpoint {
  package let source: any StateSource
  /// Nil for portable files, and where only reading was asked for.
  package let directory: RunDirectory?

  /// - Parameter forWriting: whether the run directory is to be continued; nobody else may be writing it then.
  package init(_ name: String, at url: URL, forWriting: Bool) throws {
    let services = try CheckpointServices.current
    let path = url.standardizedFileURL.path
    let found: (any StateSource, RunDirectory?) = try wrappingStorage {
      if FileManager.default.fileExists(atPath: url.appending(path: "FORMAT").path) {
        let opened = try RunDirectory(at: path, access: forWriting ? .write : .read, creating: false, headers: services.headers)
        do { return (try opened.load(name), forWriting ? opened : nil) } catch {
          opened.close()
          throw error
        }
      }
      guard let portable = services.portable else {
        throw CheckpointError.unsupported("'\(path)' is not a run directory, and portable files are not available here")
      }
      return (try portable.load(name, at: path), nil)
    }
    (source, directory) = found
  }
}
