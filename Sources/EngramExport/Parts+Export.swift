public import EngramCheckpoints
public import EngramSimulation
public import FoundationEssentials

// What a network exports as a whole, in the same layout for an object or a variable alone (HDF-1).

extension BrianObject {
  /// Writes everything that this object and its parts hold, such as the recordings of a monitor, to an HDF5 file.
  ///
  /// The object may be in a network or not. Between runs only. Memory does not grow with the arrays.
  ///
  /// ```swift
  /// try monitor.exportHDF5(to: URL(filePath: "trace.h5"), options: ExportOptions(timeRange: 0.2...1))
  /// ```
  ///
  /// - Throws: `NetworkError.changedDuringRun` inside a step; `ExportSelectionError` when what was chosen is not there.
  public func exportHDF5(to url: URL, options: ExportOptions = ExportOptions()) throws {
    let state = try presentState(for: "export '\(name)' to HDF5")
    try ExportFile.write(to: url.path, [(nil, ExportedNetwork(state.network), PresentArrays(state.arrays))], options: options)
  }
}

extension ArrayVariable {
  /// Writes the values to an HDF5 file: `/objects/<owner>/<name>`. Between runs only.
  ///
  /// - Throws: `NetworkError.changedDuringRun` inside a step.
  public func exportHDF5(to url: URL, isChunked: Bool = false) throws {
    let state = try presentState(for: "export '\(path)' to HDF5")
    try ExportFile.write(
      to: url.path, [(nil, ExportedNetwork(state.network), PresentArrays(state.arrays))],
      options: ExportOptions(isChunked: isChunked, includesInternal: true))
  }
}

extension VariableView {
  /// Writes the values to an HDF5 file: `try G.v.exportHDF5(to: file)`. Between runs only.
  ///
  /// The dataset is `/objects/<group>/<variable>` with its unit; what a formula or a link gives is computed. The values pass through
  /// memory once.
  ///
  /// - Throws: `NetworkError.changedDuringRun` inside a step; for an unknown variable.
  public func exportHDF5(to url: URL, isChunked: Bool = false) throws { try self[...].exportHDF5(to: url, isChunked: isChunked) }
}

extension VariableSelection {
  /// The same for some elements: `try G.v[0..<10].exportHDF5(to: file)`. Their numbers are the scale `neuron` or `synapse` beside them.
  public func exportHDF5(to url: URL, isChunked: Bool = false) throws {
    let values = try presentValues(for: "export '\(view.path)' to HDF5")
    try ExportFile.write(
      to: url.path, [(nil, ExportedNetwork(values.network), PresentPart(values))],
      options: ExportOptions(isChunked: isChunked, includesInternal: true))
  }
}
