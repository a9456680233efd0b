package import EngramCheckpoints
internal import EngramHDF5
public import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem

/// Writes an export to a file: under another name first, flushed, then renamed (HDF-11).
package enum ExportFile {
  /// - Parameters:
  ///   - states: name → state; a single one without a name lies at the root, several under `/checkpoints/<name>`.
  ///   - beforePublishing: the last word before the file gets its name, such as the verification of what was read (CKP-42).
  package static func write(
    to path: String, _ states: [(name: String?, network: ExportedNetwork, arrays: any ExportArrays)], options: ExportOptions = ExportOptions(),
    beforePublishing: () throws -> Void = {}
  ) throws {
    let exporters = try states.map { (name: $0.name, exporter: try NetworkExporter($0.network, $0.arrays, options: options)) }
    try checkSpace(for: path, exporters.map(\.exporter))
    let aside = try AsideFile(for: path)
    do {
      let file = try HDF5File.create(at: aside.openPath, called: path)
      for (name, exporter) in exporters {
        let group = try name.map { try file.root.group("checkpoints").group(escaped($0)) } ?? file.root
        try exporter.write(to: group)
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

  /// An earlier export gives way to a new one; anything else stays (HDF-11).
  package static func checkReplaceable(_ path: String) throws(ExportPlaceError) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR { throw ExportPlaceError(path: path, found: .directory) }
    if (try? PortableFile(at: path)) != nil { throw ExportPlaceError(path: path, found: .checkpoints) }
    let format = try? HDF5File.open(at: path).root.text("format")
    if format != NetworkExporter.formatName { throw ExportPlaceError(path: path, found: .somethingElse) }
  }

  /// The library does not survive a disk that fills under it, so this is found out before.
  private static func checkSpace(for path: String, _ exporters: [NetworkExporter]) throws {
    var needed = 4 << 20
    for exporter in exporters {
      for key in exporter.arrays.keys where exporter.selection.contains(key) {
        guard let shape = exporter.arrays.shape(key) else { continue }
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

/// Something lies where an export would be written that an export must not replace.
public struct ExportPlaceError: ExplainedError, Hashable {
  /// What lies there.
  public enum Found: Hashable, Sendable { case directory, checkpoints, somethingElse }

  /// Where the export was to go.
  public let path: String
  /// What lies there.
  public let found: Found

  public var description: String {
    switch found {
    case .directory: "'\(path)' is a directory; name a file for the export"
    case .checkpoints: "'\(path)' is a portable file that holds checkpoints; name another file for the export"
    case .somethingElse: "'\(path)' exists and is not an export of Engram; name another file, or remove it"
    }
  }
}

/// The system refused something on the way to an export.
public struct ExportError: ExplainedError {
  /// Where the export was to go.
  public let path: String
  /// What it was asked to do.
  public let operation: String
  /// An errno value.
  public let code: Int32

  public var description: String {
    "the export '\(path)' could not be written (\(operation): \(String(cString: strerror(code)))); an older file of that name is untouched"
  }
}
