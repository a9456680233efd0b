internal import EngramHDF5
internal import EngramScalars
internal import EngramStorage
internal import Glibc

/// Writes an export to a file: under another name first, flushed, then renamed (HDF-11).
package enum ExportFile {
  /// - Parameters:
  ///   - states: name → state; a single one without a name lies at the root, several under `/checkpoints/<name>`.
  ///   - beforePublishing: the last word before the file gets its name, such as the verification of what was read (CKP-42).
  package static func write(
    to path: String, _ states: [(name: String?, network: ExportedNetwork, arrays: any ExportArrays)], options: ExportOptions = ExportOptions(),
    beforePublishing: () throws -> Void = {}
  ) throws {
    try checkSpace(for: path, states.map(\.arrays))
    let aside = try AsideFile(for: path)
    do {
      let file = try HDF5File.create(at: aside.openPath, called: path)
      for (name, network, arrays) in states {
        let group = try name.map { try file.root.group("checkpoints").group(escaped($0)) } ?? file.root
        try NetworkExporter(network, arrays, options: options).write(to: group)
      }
      if states.count != 1 || states.first?.name != nil {
        try file.root.set("format", text: NetworkExporter.formatName)
        try file.root.set("format_version", text: NetworkExporter.formatVersion)
      }
      try file.close()
      try beforePublishing()
      try aside.publish()
    } catch {
      aside.remove()
      throw error
    }
  }

  /// The library does not survive a disk that fills under it, so this is found out before.
  private static func checkSpace(for path: String, _ arrays: [any ExportArrays]) throws {
    var needed = 4 << 20
    for state in arrays {
      for key in state.keys {
        guard let shape = state.shape(key) else { continue }
        // Dimensions get the numbers of their elements as well.
        needed += shape.rows * (shape.rowLength * shape.scalarType.byteCount + 8)
      }
    }
    var status = statvfs()
    guard statvfs(AsideFile.directory(of: path), &status) == 0 else { return }
    if UInt64(status.f_bavail) * UInt64(status.f_frsize) < UInt64(needed) { throw ExportError(path: path, operation: "claim space", code: ENOSPC) }
  }

  /// Names of checkpoints are free texts; groups of HDF5 files are not (STO-14).
  static func escaped(_ name: String) -> String { CheckpointName.fileName(for: name) }
}

/// The system refused something on the way to an export.
package struct ExportError: Error, CustomStringConvertible {
  package let path: String
  package let operation: String
  package let code: Int32

  package var description: String {
    "the export '\(path)' could not be written (\(operation): \(String(cString: strerror(code)))); an older file of that name is untouched"
  }
}
