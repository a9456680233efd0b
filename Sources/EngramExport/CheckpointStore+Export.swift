public import EngramCheckpoints
import EngramStorage
public import FoundationEssentials

extension CheckpointStore {
  /// Writes one flat HDF5 file (HDF-1…12).
  public func exportHDF5(_ name: String = "latest", to url: URL, options: ExportOptions = ExportOptions()) throws {
    let checkpoint = try directory.look(at: name)
    try ExportFile.write(to: url.path, [(nil, ExportedNetwork(try StoredNetwork(checkpoint)), CheckpointArrays(checkpoint))], options: options) {
      try checkpoint.waitForVerification()
    }
  }
}
