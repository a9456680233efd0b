package import EngramCheckpoints
package import EngramSimulation
internal import FoundationEssentials

/// Exports to HDF5, for the rooms that know nothing of it.
package struct ExportedNetworks: NetworkExports {
  package init() {}

  package func export(_ network: Network, to path: String, _ options: ExportOptions) throws {
    try ExportFile.checkReplaceable(path)
    try network.exportHDF5(to: URL(filePath: path), options: options)
  }
}
