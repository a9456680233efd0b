package import EngramSimulation

/// Writes networks to files of their own for other tools; nothing is ever restored from them.
package protocol NetworkExports: Sendable {
  /// Writes the present state, in place of an earlier export only.
  func export(_ network: Network, to path: String, _ options: ExportOptions) throws
}
