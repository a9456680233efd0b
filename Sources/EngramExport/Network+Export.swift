public import EngramCheckpoints
public import EngramSimulation
internal import EngramStorage
public import FoundationEssentials

extension Network {
  /// Writes the present state to an HDF5 file that any tool opens (HDF-1): aside first, then in place of an older one.
  ///
  /// ```swift
  /// try network.exportHDF5(to: URL(filePath: "week1.h5"))
  /// ```
  ///
  /// Between runs only. Values are SI; `/objects`, `/recordings`, `/clocks` and `/model` hold what their names say. Memory does not
  /// grow with the arrays.
  ///
  /// - Throws: `NetworkError.changedDuringRun` inside a step; `ExportSelectionError` when what was chosen is not there.
  public func exportHDF5(to url: URL, options: ExportOptions = ExportOptions()) throws {
    try checkIdle("export the network to HDF5")
    try withContents { _ in
      try waitForVerification()
      let state = try gatherState()
      try ExportFile.write(
        to: url.path, [(nil, ExportedNetwork(try StoredNetwork(sections: state.sections)), PresentArrays(state))], options: options)
    }
  }
}
