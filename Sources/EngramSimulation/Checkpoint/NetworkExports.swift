/// Writes networks to files of their own for other tools; nothing is ever restored from them.
package protocol NetworkExports: Sendable {
  /// Replaces an earlier export, and nothing else.
  func export(_ network: Network, to path: String, _ options: ExportOptions) throws
}

extension Network {
  /// Writes the present state for other tools, in place of an earlier export only.
  package func export(to path: String, _ options: ExportOptions) throws {
    guard let exports = try CheckpointServices.current.exports else { throw CheckpointError.unsupported("exports are not available here") }
    try exports.export(self, to: path, options)
  }
}
