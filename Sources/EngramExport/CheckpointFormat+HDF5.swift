internal import EngramHDF5
package import EngramStorage

extension CheckpointFormat {
  /// Files that any tool opens that reads HDF5, with a view beside each checkpoint (HDF-8).
  package static var hdf5: CheckpointFormat { CheckpointFormat(headers: HDF5HeaderWriter(), views: VirtualCheckpoint()) }
}
